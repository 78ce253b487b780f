import type { RouteDescription } from '../route-description.ts';
import { listEventsQuery } from './requests.ts';
import { eventSchema } from './responses.ts';

const event = {
  id: 'evt_0b1946ac92492d2347c6235b4d2611184',
  type: 'payments.payment.succeeded',
  created_at: '2026-05-19T18:04:11Z',
  tenant_id: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
  data: {
    payment_id: 8123,
    amount_cents: 4999,
    currency: 'GBP',
    reference: '1042',
    customer_email: 'buyer@example.com',
    stripe_session_id: 'cs_live_a1Qp7',
    stripe_payment_intent_id: 'pi_3PqXr2',
    payment_link_id: null,
  },
};

const read = {
  tag: 'Events',
  method: 'get',
  scopes: ['service.payments.webhooks.read'],
} as const;

export const EVENT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/events',
    operationId: 'listEvents',
    summary: 'List events',
    description:
      'Returns the events of your workspace, newest first, with the same body that webhooks send. The list includes events that no endpoint is subscribed to. Events are kept for 30 days. To read a long list, use `cursor`. One request looks only so far: if there are hardly any events `payments.payment.succeeded` among very many others, a page of that `type` may have fewer events than `limit`, or none, while `has_more` is true. Then go on with `next_cursor`.',
    success: { status: 200, schema: eventSchema(), description: 'A page of events.', example: event },
    query: listEventsQuery,
  },
  {
    ...read,
    id: { description: 'The `id` of the event.', example: event.id },
    path: '/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    description: 'Returns one event, with the same body that webhooks send.',
    success: { status: 200, schema: eventSchema(), description: 'The event.', example: event },
  },
];
