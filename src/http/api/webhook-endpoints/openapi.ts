import { DELIVERY_EXAMPLE } from '../deliveries/openapi.ts';
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

const endpoint = {
  id: 'we_0b1946ac92492d2347c6235b4d',
  url: 'https://hooks.yoursite.com/softsolz',
  events: ['payments.payment.succeeded', 'payments.payment.refunded'],
  description: 'Orders',
  metadata: {},
  status: 'enabled',
  disabled_reason: null,
  created_at: '2026-05-19T18:00:00Z',
  updated_at: '2026-05-19T18:00:00Z',
};

const id = { description: 'The `id` of the webhook endpoint.', example: endpoint.id };

const tag = 'Webhook endpoints';

const read = {
  tag,
  scopes: ['service.payments.webhooks.read'],
} as const;

const write = {
  tag,
  scopes: ['service.payments.webhooks.write'],
} as const;

export const WEBHOOK_ENDPOINT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    method: 'get',
    path: '/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'List webhook endpoints',
    description: 'Returns the webhook endpoints of your workspace, newest first. Their secrets are not shown.',
    success: { status: 200, schema: webhookEndpointSchema(), description: 'A page of endpoints.', example: endpoint },
    query: listEndpointsQuery,
  },
  {
    ...write,
    method: 'post',
    path: '/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Create a webhook endpoint',
    description:
      'Creates an endpoint. From now on events are sent to its `url`. The URL must use https on port 443 and a public host name. An IP address in any spelling is refused, and so is a name that stands for one. Redirects are not followed. Keep `data.secret`: it is shown only in this answer, and again if you send the same `Idempotency-Key` again. A workspace has at most 20 endpoints: for one more the answer is 409 `limit_reached`.',
    request: [{ name: 'WebhookEndpointRequest', schema: PUBLIC_ENDPOINT_BODIES.create }],
    requestExamples: {
      orders: {
        summary: 'Some event types',
        value: {
          url: 'https://hooks.yoursite.com/softsolz',
          events: ['payments.payment.succeeded', 'payments.payment.refunded'],
          description: 'Orders',
        },
      },
    },
    success: {
      status: 201,
      schema: newWebhookEndpointSchema(),
      description: 'The endpoint with its signing secret.',
      example: { ...endpoint, secret: 'whsec_…' },
    },
    errors: ['limit_reached'],
  },
  {
    ...read,
    method: 'get',
    id,
    path: '/webhook-endpoints/{id}',
    operationId: 'getWebhookEndpoint',
    summary: 'Read a webhook endpoint',
    description: 'Returns one endpoint without its secret. If it is disabled, `disabled_reason` says why.',
    success: { status: 200, schema: webhookEndpointSchema(), description: 'The endpoint.', example: endpoint },
  },
  {
    ...write,
    method: 'patch',
    id,
    path: '/webhook-endpoints/{id}',
    operationId: 'updateWebhookEndpoint',
    summary: 'Update a webhook endpoint',
    description:
      'Send only what you want to change. null clears `description` and `metadata`. `status: "disabled"` takes the endpoint out of service: deliveries that are still waiting then fail. The secret stays the same when you change `url`.',
    request: [{ name: 'WebhookEndpointUpdate', schema: PUBLIC_ENDPOINT_BODIES.change }],
    requestExamples: {
      move: {
        summary: 'Another URL and all event types',
        value: { url: 'https://hooks.yoursite.com/softsolz-v2', events: ['*'] },
      },
      disable: { summary: 'Out of service', value: { status: 'disabled' } },
    },
    success: {
      status: 200,
      schema: webhookEndpointSchema(),
      description: 'The changed endpoint.',
      example: { ...endpoint, url: 'https://hooks.yoursite.com/softsolz-v2', events: ['*'] },
    },
  },
  {
    ...write,
    method: 'delete',
    id,
    path: '/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint',
    description: 'Deletes an endpoint. Nothing more is sent to it, also not what is still waiting.',
    success: { status: 204, schema: null, description: 'The endpoint is deleted.' },
  },
  {
    ...write,
    method: 'post',
    id,
    path: '/webhook-endpoints/{id}/rotate-secret',
    operationId: 'rotateWebhookEndpointSecret',
    summary: 'Rotate a signing secret',
    description:
      'Returns a new secret, which is valid at once. The previous secret stays valid for 7 days: each delivery is signed with both secrets, so you can verify it with either one. During these days another rotation is refused, unless you send `force: true`. That ends the oldest secret at once.',
    request: [{ name: 'SecretRotationRequest', schema: rotationBody }],
    optionalBody: true,
    requestExamples: {
      rotate: { summary: 'A new secret', value: {} },
      force: { summary: 'End an earlier rotation', value: { force: true } },
    },
    success: {
      status: 200,
      schema: rotatedSecretSchema(),
      description: 'The new secret, shown only here.',
      example: { secret: 'whsec_…', previous_valid_until: '2026-05-26T18:00:00Z' },
    },
    errors: ['rotation_in_progress'],
  },
  {
    ...write,
    method: 'post',
    id,
    path: '/webhook-endpoints/{id}/ping',
    operationId: 'pingWebhookEndpoint',
    summary: 'Ping a webhook endpoint',
    description:
      'Sends the event `webhook.ping` to the endpoint, even if it is not subscribed to it. The ping is signed and retried like every event.',
    optionalBody: true,
    success: {
      status: 202,
      schema: deliverySchema(),
      description: 'The delivery of the ping.',
      example: { ...DELIVERY_EXAMPLE, event_type: 'webhook.ping', attempts: [] },
    },
    errors: ['webhook_endpoint_disabled'],
  },
  {
    ...write,
    method: 'post',
    id,
    path: '/webhook-endpoints/{id}/enable',
    operationId: 'enableWebhookEndpoint',
    summary: 'Enable a webhook endpoint',
    description:
      'Takes a disabled endpoint into service again. The events of the last 30 days that it missed are sent, in any order. Of more than 5,000 events the rest is queued after the answer, up to 5,000 events a minute. If the endpoint is already enabled, `queued` is 0.',
    optionalBody: true,
    success: {
      status: 202,
      schema: queuedSchema(),
      description: 'The number of deliveries that were queued.',
      example: { queued: 3 },
    },
  },
  {
    ...read,
    method: 'get',
    id,
    path: '/webhook-endpoints/{id}/deliveries',
    operationId: 'listDeliveries',
    summary: 'List the deliveries of a webhook endpoint',
    description:
      'Returns what was sent to an endpoint, newest event first. Each delivery shows its attempts, with the first 8 KB of its answer, and the time of the next attempt. A page shows at most 512 KB of answers. Beyond that, `response_body` of older deliveries is null: use a smaller `limit` or the cursor to read them.',
    success: { status: 200, schema: deliverySchema(), description: 'A page of deliveries.', example: DELIVERY_EXAMPLE },
    query: listDeliveriesQuery,
  },
  {
    ...write,
    method: 'post',
    id,
    path: '/webhook-endpoints/{id}/replay',
    operationId: 'replayEvents',
    summary: 'Replay events',
    description:
      'Sends the events from `since` to `until` again, both times included. They may arrive in any order. Without `status`, these are the events whose delivery to this endpoint failed, and those that were never sent to it. With `status`, these are the deliveries with that status. Events of the last 30 days can be replayed, if the endpoint is subscribed to their type now. Pings are never replayed. A delivery that is already waiting is not sent twice. Of more than 5,000 events the rest is queued after the answer, up to 5,000 events a minute; while the endpoint is disabled it waits, for 30 days. Until all are queued, another replay to this endpoint is answered 409 `replay_in_progress`.',
    request: [{ name: 'ReplayRequest', schema: replayBody }],
    requestExamples: {
      failed: {
        summary: 'What failed on one day',
        value: { since: '2026-05-19T00:00:00Z', until: '2026-05-20T00:00:00Z', status: 'failed' },
      },
    },
    success: {
      status: 202,
      schema: queuedSchema(),
      description: 'The number of deliveries that are queued by now.',
      example: { queued: 3 },
    },
    errors: ['webhook_endpoint_disabled', 'replay_in_progress'],
  },
];
