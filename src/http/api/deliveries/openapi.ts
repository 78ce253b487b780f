import type { RouteDescription } from '../route-description.ts';
import { deliverySchema } from './responses.ts';

/** A delivery in the examples of the document. */
export const DELIVERY_EXAMPLE = {
  id: 'dlv_0b1946ac92492d2347c6235b4d2611184_0k2m4p6r8t0v2x4z6b8d0f2h4j',
  event_id: 'evt_0b1946ac92492d2347c6235b4d2611184',
  event_type: 'payments.payment.succeeded',
  status: 'pending',
  failure_reason: null,
  attempts: [
    { at: '2026-05-19T18:04:12Z', status_code: 500, duration_ms: 84, error: null, response_body: 'Internal error' },
  ],
  next_attempt_at: '2026-05-19T18:04:22Z',
  created_at: '2026-05-19T18:04:11Z',
};

export const DELIVERY_ROUTES: readonly RouteDescription[] = [
  {
    tag: 'Webhook endpoints',
    id: { description: 'The `id` of the delivery.', example: DELIVERY_EXAMPLE.id },
    method: 'post',
    path: '/deliveries/{id}/redeliver',
    operationId: 'redeliver',
    summary: 'Send a delivery again',
    description:
      'Sends the same event to the same endpoint again. The first attempt is made at once and is retried like a new delivery. The status of the delivery does not matter, nor do the `events` of the endpoint. If an attempt is being made right now, the event is sent again only if that attempt fails.',
    scopes: ['service.payments.webhooks.write'],
    optionalBody: true,
    success: {
      status: 202,
      schema: deliverySchema(),
      description: 'The delivery, which is `pending` again.',
      example: DELIVERY_EXAMPLE,
    },
    errors: ['webhook_endpoint_disabled'],
  },
];
