import { Hono } from 'hono';
import { redeliver } from '../../../domain/webhooks/replay/redeliver.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { noBody, textId } from '../fields.ts';
import { presentDelivery } from './responses.ts';

const WRITE = 'service.payments.webhooks.write';

/** `/deliveries`: sends an event once more to a webhook endpoint. A delivery is one event for one endpoint. */
export const deliveries = new Hono<ApiEnv>();

deliveries.post('/:id/redeliver', secretKey(WRITE), textId, noBody, admit(), async (c) => {
  const delivery = await redeliver(c.var.context, c.req.valid('param').id);
  return c.json({ data: presentDelivery(delivery) }, 202);
});
