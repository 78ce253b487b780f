import { DELIVERY_STATUSES } from '../../src/db/schema.ts';
import { EVENT_DATA } from '../../src/domain/webhooks/event-schemas.ts';
import { deliverySchema, queuedSchema } from '../../src/http/api/deliveries/answer.ts';
import { replaySchema } from '../../src/http/api/webhook-endpoints/replay-schema.ts';
import { anyEvent } from './events.ts';
import type { Filter, RouteDescription } from './routes.ts';

const read = {
  method: 'get',
  scopes: ['service.payments.webhooks.read'],
  request: [],
  idempotent: false,
  id: 'token',
} as const;

const write = {
  method: 'post',
  scopes: ['service.payments.webhooks.write'],
  idempotent: true,
  id: 'token',
} as const;

/** A range of time: when rows were created. */
export const TIMES: readonly Filter[] = [
  {
    name: 'created_after',
    description: 'From this moment on: it is part of the range. RFC 3339, with any offset.',
    schema: { type: 'string', format: 'date-time' },
  },
  {
    name: 'created_before',
    description: 'Earlier than this moment: it is not part of the range. RFC 3339, with any offset.',
    schema: { type: 'string', format: 'date-time' },
  },
];

/** What has happened, what an endpoint was sent of it, and sending it again. */
export const WEBHOOK_REPAIR_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/events',
    operationId: 'listEvents',
    summary: 'List events',
    description:
      'The events of your workspace, newest first, each as its deliveries send it: also those that no endpoint is subscribed to. Kept for 30 days.',
    success: { status: 200, schema: anyEvent, description: 'A page of events.' },
    errors: ['validation_failed'],
    list: true,
    filters: [
      { name: 'type', description: 'One event type.', schema: { type: 'string', enum: Object.keys(EVENT_DATA) } },
      { name: 'payment_id', description: 'The events of one payment.', schema: { type: 'integer', minimum: 1 } },
      ...TIMES,
    ],
  },
  {
    ...read,
    path: '/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    description: 'One event by its id, as its deliveries send it.',
    success: { status: 200, schema: anyEvent, description: 'The event.' },
    errors: ['not_found'],
  },
  {
    ...read,
    path: '/webhook-endpoints/{id}/deliveries',
    operationId: 'listDeliveries',
    summary: 'List the deliveries of a webhook endpoint',
    description:
      'What was sent to an endpoint, newest event first: how each attempt went, with the first 8 KB of its answer, and when the next one is. A page shows at most 512 KB of answers: those of older deliveries are null then, and a smaller `limit` or a cursor shows them.',
    success: { status: 200, schema: deliverySchema, description: 'A page of deliveries.' },
    errors: ['validation_failed', 'not_found'],
    list: true,
    filters: [
      { name: 'status', description: 'One status.', schema: { type: 'string', enum: [...DELIVERY_STATUSES] } },
      ...TIMES,
    ],
  },
  {
    ...write,
    path: '/webhook-endpoints/{id}/replay',
    operationId: 'replayEvents',
    summary: 'Send the events of a time again',
    description:
      'Queues the events from `since` to `until`, both included, in the order in which they happened: those whose delivery to this endpoint has failed, and those that were never sent to it. With `status` only deliveries of that status. At most 30 days back, only event types that the endpoint is subscribed to now, never pings. What is on its way already is not doubled.',
    request: [replaySchema],
    requestExample: { since: '2026-05-19T00:00:00Z', until: '2026-05-20T00:00:00Z', status: 'failed' },
    success: { status: 202, schema: queuedSchema, description: 'How many deliveries were queued.' },
    errors: ['not_found', 'webhook_endpoint_disabled'],
  },
  {
    ...write,
    path: '/deliveries/{id}/redeliver',
    operationId: 'redeliver',
    summary: 'Send a delivery again',
    description:
      'Sends the same event again, at once and with all retries before it, whatever became of it. One that is being attempted just now is sent again if that fails.',
    request: [],
    optionalBody: true,
    success: { status: 202, schema: deliverySchema, description: 'The delivery, on its way.' },
    errors: ['not_found', 'webhook_endpoint_disabled'],
  },
];
