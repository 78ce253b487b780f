import { deliverySchema } from '../deliveries/responses.ts';
import type { RouteDescription } from '../route-description.ts';
import {
  listDeliveriesQuery,
  listEndpointsQuery,
  PUBLIC_ENDPOINT_BODIES,
  replayBody,
  rotationBody,
} from './requests.ts';
import { newWebhookEndpointSchema, queuedSchema, rotatedSecretSchema, webhookEndpointSchema } from './responses.ts';

const read = {
  scopes: ['service.payments.webhooks.read'],
  request: [],
  idempotent: false,
  id: 'token',
} as const;

const write = {
  scopes: ['service.payments.webhooks.write'],
  idempotent: true,
  id: 'token',
} as const;

export const WEBHOOK_ENDPOINT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    method: 'get',
    path: '/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'List webhook endpoints',
    description: 'The webhook endpoints of your workspace, newest first: 20 at most. Their secrets are not shown.',
    success: { status: 200, schema: webhookEndpointSchema(), description: 'A page of endpoints.' },
    errors: ['validation_failed'],
    query: listEndpointsQuery,
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Create a webhook endpoint',
    description:
      'Events go to `url` from now on. It must be https on port 443 with a public host name: no IP address in any spelling, no name that stands for one, no redirect to another place. Keep `data.secret`: it is shown only here, and again to a replay of the same `Idempotency-Key`. A workspace has at most 20 endpoints.',
    request: [PUBLIC_ENDPOINT_BODIES.create],
    requestExample: {
      url: 'https://hooks.yoursite.com/softsolz',
      events: ['payments.payment.succeeded', 'payments.payment.refunded'],
      description: 'Orders',
    },
    success: { status: 201, schema: newWebhookEndpointSchema(), description: 'The endpoint with its signing secret.' },
    errors: [],
  },
  {
    ...read,
    method: 'get',
    path: '/webhook-endpoints/{id}',
    operationId: 'getWebhookEndpoint',
    summary: 'Read a webhook endpoint',
    description: 'One endpoint by its id, without its secret. `disabled_reason` says why it takes no events.',
    success: { status: 200, schema: webhookEndpointSchema(), description: 'The endpoint.' },
    errors: ['not_found'],
  },
  {
    ...write,
    method: 'patch',
    path: '/webhook-endpoints/{id}',
    operationId: 'updateWebhookEndpoint',
    summary: 'Update a webhook endpoint',
    description:
      'Send only what is to change; null clears `description` and `metadata`. `status: "disabled"` takes the endpoint out of service: what is still to be delivered to it then fails. With another `url` the secret stays.',
    request: [PUBLIC_ENDPOINT_BODIES.change],
    requestExample: { url: 'https://hooks.yoursite.com/softsolz-v2', events: ['*'] },
    success: { status: 200, schema: webhookEndpointSchema(), description: 'The endpoint as it is now.' },
    errors: ['not_found'],
  },
  {
    ...write,
    method: 'delete',
    path: '/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint',
    description: 'It is sent nothing more; what was still to be delivered to it has failed.',
    request: [],
    idempotent: false,
    success: { status: 204, schema: null, description: 'It is gone.' },
    errors: ['not_found'],
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints/{id}/rotate-secret',
    operationId: 'rotateWebhookEndpointSecret',
    summary: 'Rotate a signing secret',
    description:
      'A new secret at once. The one before it stays valid for 7 days, and each delivery is signed with both: a verifier that holds either accepts it. Within those days another rotation is refused, unless `force` ends the oldest secret at once.',
    request: [rotationBody],
    optionalBody: true,
    success: { status: 200, schema: rotatedSecretSchema(), description: 'The new secret, shown only here.' },
    errors: ['not_found', 'rotation_in_progress'],
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints/{id}/ping',
    operationId: 'pingWebhookEndpoint',
    summary: 'Ping a webhook endpoint',
    description: 'Sends a `webhook.ping`, whatever the endpoint is subscribed to, signed and retried as every event.',
    request: [],
    optionalBody: true,
    success: { status: 202, schema: deliverySchema(), description: 'The delivery of the ping.' },
    errors: ['not_found', 'webhook_endpoint_disabled'],
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints/{id}/enable',
    operationId: 'enableWebhookEndpoint',
    summary: 'Enable a webhook endpoint',
    description:
      'Takes a disabled endpoint into service again and sends what it has missed or still waits for another try, at most 30 days back, in the order of creation. One that is enabled already answers 0.',
    request: [],
    optionalBody: true,
    success: { status: 202, schema: queuedSchema(), description: 'How many deliveries were queued.' },
    errors: ['not_found'],
  },
  {
    ...read,
    method: 'get',
    path: '/webhook-endpoints/{id}/deliveries',
    operationId: 'listDeliveries',
    summary: 'List the deliveries of a webhook endpoint',
    description:
      'What was sent to an endpoint, newest event first: how each attempt went, with the first 8 KB of its answer, and when the next one is. A page shows at most 512 KB of answers: those of older deliveries are null then, and a smaller `limit` or a cursor shows them.',
    success: { status: 200, schema: deliverySchema(), description: 'A page of deliveries.' },
    errors: ['validation_failed', 'not_found'],
    query: listDeliveriesQuery,
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints/{id}/replay',
    operationId: 'replayEvents',
    summary: 'Send the events of a time again',
    description:
      'Queues the events from `since` to `until`, both included, in the order in which they happened: those whose delivery to this endpoint has failed, and those that were never sent to it. With `status` only deliveries of that status. At most 30 days back, only event types that the endpoint is subscribed to now, never pings. What is on its way already is not doubled.',
    request: [replayBody],
    requestExample: { since: '2026-05-19T00:00:00Z', until: '2026-05-20T00:00:00Z', status: 'failed' },
    success: { status: 202, schema: queuedSchema(), description: 'How many deliveries were queued.' },
    errors: ['not_found', 'webhook_endpoint_disabled'],
  },
];
