import { Hono } from 'hono';
import { listEndpointDeliveries } from '../../../domain/webhooks/delivery/list-deliveries.ts';
import { replay } from '../../../domain/webhooks/replay/replay.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { presentDelivery } from '../deliveries/present-delivery.ts';
import { parseDeliveriesQuery } from '../events/parse-repair-queries.ts';
import { timeListAnswer } from '../paging.ts';
import { parseReplay } from './parse-replay.ts';

const READ = 'service.payments.webhooks.read';
const WRITE = 'service.payments.webhooks.write';

/** Below `/webhook-endpoints/:id`: what an endpoint was sent, and sending it again. */
export const webhookRepairs = new Hono<ApiEnv>();

webhookRepairs.get(
  '/:id/deliveries',
  secretKey(),
  requireScope(READ),
  query(parseDeliveriesQuery),
  admit(),
  async (c) => {
    const { filter, page } = c.var.query;
    const listed = await listEndpointDeliveries(c.var.context, c.req.param('id'), filter, page);
    return c.json(timeListAnswer(listed, page, presentDelivery));
  },
);

webhookRepairs.post('/:id/replay', secretKey(), requireScope(WRITE), jsonBody(parseReplay), admit(), async (c) => {
  const queued = await replay(c.var.context, c.req.param('id'), c.var.input);
  return c.json({ data: { queued } }, 202);
});
