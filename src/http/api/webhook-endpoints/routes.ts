import { Hono } from 'hono';
import { webhookEndpointIdOf } from '../../../core/derive.ts';
import { createEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import { deleteEndpoint } from '../../../domain/webhooks/endpoints/delete-endpoint.ts';
import { listEndpoints } from '../../../domain/webhooks/endpoints/list-endpoints.ts';
import { pingEndpoint } from '../../../domain/webhooks/endpoints/ping-endpoint.ts';
import { readEndpoint } from '../../../domain/webhooks/endpoints/read-endpoint.ts';
import { rotateSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import { updateEndpoint } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { enableEndpoint } from '../../../domain/webhooks/replay/enable-endpoint.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { presentDelivery } from '../deliveries/present-delivery.ts';
import { parseTimePageQuery, timeListAnswer } from '../paging.ts';
import { parseEndpointChange, parseNewEndpoint, parseRotation } from './parse-webhook-endpoint.ts';
import { presentRotatedSecret, presentWebhookEndpoint } from './present-webhook-endpoint.ts';

const READ = 'service.payments.webhooks.read';
const WRITE = 'service.payments.webhooks.write';
const noInput = () => ({ ok: true as const, input: null });

/** `/webhook-endpoints`: where a workspace is told of its events. What tells a secret is sealed in the gate. */
export const webhookEndpoints = new Hono<ApiEnv>();

webhookEndpoints.get('/', secretKey(), requireScope(READ), query(parseTimePageQuery), admit(), async (c) => {
  const request = c.var.query;
  const page = await listEndpoints(c.var.context, request);
  return c.json(timeListAnswer(page, request, presentWebhookEndpoint));
});

webhookEndpoints.post(
  '/',
  secretKey(),
  requireScope(WRITE),
  jsonBody(parseNewEndpoint),
  admit({ sealed: true }),
  async (c) => {
    const id = await webhookEndpointIdOf(c.var.operation.id);
    const { endpoint, secret } = await createEndpoint(c.var.context, c.var.input, id);
    return c.json({ data: { ...presentWebhookEndpoint(endpoint), secret } }, 201);
  },
);

webhookEndpoints.get('/:id', secretKey(), requireScope(READ), admit(), async (c) => {
  const endpoint = await readEndpoint(c.var.context, c.req.param('id'));
  return c.json({ data: presentWebhookEndpoint(endpoint) });
});

webhookEndpoints.patch('/:id', secretKey(), requireScope(WRITE), jsonBody(parseEndpointChange), admit(), async (c) => {
  const endpoint = await updateEndpoint(c.var.context, c.req.param('id'), c.var.input);
  return c.json({ data: presentWebhookEndpoint(endpoint) });
});

webhookEndpoints.delete('/:id', secretKey(), requireScope(WRITE), admit(), async (c) => {
  await deleteEndpoint(c.var.context, c.req.param('id'));
  return c.body(null, 204);
});

webhookEndpoints.post(
  '/:id/rotate-secret',
  secretKey(),
  requireScope(WRITE),
  jsonBody(parseRotation, { optional: true }),
  admit({ sealed: true }),
  async (c) => {
    const rotation = { operationId: c.var.operation.id, force: c.var.input.force };
    const rotated = await rotateSecret(c.var.context, c.req.param('id'), rotation);
    return c.json({ data: presentRotatedSecret(rotated) });
  },
);

webhookEndpoints.post(
  '/:id/ping',
  secretKey(),
  requireScope(WRITE),
  jsonBody(noInput, { optional: true }),
  admit(),
  async (c) => {
    const delivery = await pingEndpoint(c.var.context, c.req.param('id'), c.var.operation.id);
    return c.json({ data: presentDelivery(delivery) }, 202);
  },
);

webhookEndpoints.post(
  '/:id/enable',
  secretKey(),
  requireScope(WRITE),
  jsonBody(noInput, { optional: true }),
  admit(),
  async (c) => {
    const queued = await enableEndpoint(c.var.context, c.req.param('id'));
    return c.json({ data: { queued } }, 202);
  },
);
