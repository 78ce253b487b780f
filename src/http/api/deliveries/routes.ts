import { Hono } from 'hono';
import { redeliver } from '../../../domain/webhooks/replay/redeliver.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, validParam } from '../../middleware/validate.ts';
import { noBody, textIdParam } from '../fields.ts';
import { presentDelivery } from './responses.ts';

const WRITE = 'service.payments.webhooks.write';

/** `/deliveries`: events on their way to an endpoint, one by one. */
export const deliveries = new Hono<ApiEnv>();

deliveries.post(
  '/:id/redeliver',
  secretKey(WRITE),
  validParam(textIdParam),
  jsonBody(noBody, { optional: true }),
  admit(),
  async (c) => {
    const delivery = await redeliver(c.var.context, c.req.valid('param').id);
    return c.json({ data: presentDelivery(delivery) }, 202);
  },
);
