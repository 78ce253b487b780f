import { Hono } from 'hono';
import { webhookEndpointIdOf } from '../../../core/derive.ts';
import { listWebhookEndpoints } from '../../../db/webhook-endpoints.ts';
import { createEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import { deleteEndpoint } from '../../../domain/webhooks/endpoints/delete-endpoint.ts';
import { pingEndpoint } from '../../../domain/webhooks/endpoints/ping-endpoint.ts';
import { rotateSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import { updateEndpoint } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { readEndpoint, readEndpointDeliveries } from '../../../domain/webhooks/queries.ts';
import { enableEndpoint } from '../../../domain/webhooks/replay/enable-endpoint.ts';
import { replay } from '../../../domain/webhooks/replay/replay.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, validQuery } from '../../middleware/validate.ts';
import { presentDelivery } from '../deliveries/responses.ts';
import { noBody, textId } from '../fields.ts';
import { listAnswer } from '../paging.ts';
import { endpointBodiesOf, listDeliveriesQuery, listEndpointsQuery, replayBody, rotationBody } from './requests.ts';
import { presentNewWebhookEndpoint, presentRotatedSecret, presentWebhookEndpoint } from './responses.ts';

const READ = 'service.payments.webhooks.read';
const WRITE = 'service.payments.webhooks.write';

/** `/webhook-endpoints`: the URLs to which the events of a workspace are sent, with their secrets and deliveries. */
export const webhookEndpoints = new Hono<ApiEnv>();

webhookEndpoints.get('/', secretKey(READ), validQuery(listEndpointsQuery), async (c) => {
  const { database, workspace } = c.var.context;
  const page = c.req.valid('query');
  return c.json(listAnswer(await listWebhookEndpoints(database, workspace.id, page), page, presentWebhookEndpoint));
});

webhookEndpoints.post(
  '/',
  secretKey(WRITE),
  jsonBody((c) => endpointBodiesOf(c.var.config).create),
  admit({ sealed: true }),
  async (c) => {
    const { context, operation } = c.var;
    const id = await webhookEndpointIdOf(operation.id);
    const { endpoint, secret } = await createEndpoint(context, { ...c.req.valid('json'), id });
    return c.json({ data: presentNewWebhookEndpoint(endpoint, secret) }, 201);
  },
);

webhookEndpoints.get('/:id', secretKey(READ), textId, async (c) => {
  const endpoint = await readEndpoint(c.var.context, c.req.valid('param').id);
  return c.json({ data: presentWebhookEndpoint(endpoint) });
});

webhookEndpoints.patch(
  '/:id',
  secretKey(WRITE),
  textId,
  jsonBody((c) => endpointBodiesOf(c.var.config).change),
  admit(),
  async (c) => {
    const endpoint = await updateEndpoint(c.var.context, { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json({ data: presentWebhookEndpoint(endpoint) });
  },
);

webhookEndpoints.delete('/:id', secretKey(WRITE), textId, admit(), async (c) => {
  await deleteEndpoint(c.var.context, c.req.valid('param').id);
  return c.body(null, 204);
});

webhookEndpoints.post(
  '/:id/rotate-secret',
  secretKey(WRITE),
  textId,
  jsonBody(rotationBody, { optional: true }),
  admit({ sealed: true }),
  async (c) => {
    const { context, operation } = c.var;
    const rotation = { ...c.req.valid('param'), ...c.req.valid('json'), operationId: operation.id };
    const rotated = await rotateSecret(context, rotation);
    return c.json({ data: presentRotatedSecret(rotated) });
  },
);

webhookEndpoints.post('/:id/ping', secretKey(WRITE), textId, noBody, admit(), async (c) => {
  const delivery = await pingEndpoint(c.var.context, { ...c.req.valid('param'), operationId: c.var.operation.id });
  return c.json({ data: presentDelivery(delivery) }, 202);
});

webhookEndpoints.post('/:id/enable', secretKey(WRITE), textId, noBody, admit(), async (c) => {
  const queued = await enableEndpoint(c.var.context, c.req.valid('param').id);
  return c.json({ data: { queued } }, 202);
});

webhookEndpoints.get('/:id/deliveries', secretKey(READ), textId, validQuery(listDeliveriesQuery), async (c) => {
  const query = c.req.valid('query');
  const listed = await readEndpointDeliveries(c.var.context, { ...c.req.valid('param'), ...query });
  return c.json(listAnswer(listed, query.page, presentDelivery));
});

webhookEndpoints.post('/:id/replay', secretKey(WRITE), textId, jsonBody(replayBody), admit(), async (c) => {
  const queued = await replay(c.var.context, { ...c.req.valid('param'), ...c.req.valid('json') });
  return c.json({ data: { queued } }, 202);
});
