import { Hono } from 'hono';
import { redeliver } from '../../../domain/webhooks/replay/redeliver.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { presentDelivery } from './present-delivery.ts';

/** `/deliveries`: events on their way to an endpoint, one by one. */
export const deliveries = new Hono<ApiEnv>();

deliveries.post(
  '/:id/redeliver',
  secretKey(),
  requireScope('service.payments.webhooks.write'),
  jsonBody(() => ({ ok: true, input: null }), { optional: true }),
  admit(),
  async (c) => {
    const delivery = await redeliver(c.var.context, c.req.param('id'));
    return c.json({ data: presentDelivery(delivery) }, 202);
  },
);
