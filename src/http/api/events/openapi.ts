import type { RouteDescription } from '../route-description.ts';
import { listEventsQuery } from './requests.ts';
import { eventSchema } from './responses.ts';

const read = {
  method: 'get',
  scopes: ['service.payments.webhooks.read'],
  id: 'token',
} as const;

export const EVENT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/events',
    operationId: 'listEvents',
    summary: 'List events',
    description:
      'Returns the events of your workspace, newest first, with the same body that webhooks send. The list includes events that no endpoint is subscribed to. Events are kept for 30 days.',
    success: { status: 200, schema: eventSchema(), description: 'A page of events.' },
    query: listEventsQuery,
  },
  {
    ...read,
    path: '/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    description: 'Returns one event, with the same body that webhooks send.',
    success: { status: 200, schema: eventSchema(), description: 'The event.' },
  },
];
