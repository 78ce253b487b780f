import type { RouteDescription } from '../route-description.ts';
import { listEventsQuery } from './requests.ts';
import { eventSchema } from './responses.ts';

const read = {
  method: 'get',
  scopes: ['service.payments.webhooks.read'],
  request: [],
  idempotent: false,
  id: 'token',
} as const;

export const EVENT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/events',
    operationId: 'listEvents',
    summary: 'List events',
    description:
      'The events of your workspace, newest first, each as its deliveries send it: also those that no endpoint is subscribed to. Kept for 30 days.',
    success: { status: 200, schema: eventSchema(), description: 'A page of events.' },
    errors: ['validation_failed'],
    query: listEventsQuery,
  },
  {
    ...read,
    path: '/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    description: 'One event by its id, as its deliveries send it.',
    success: { status: 200, schema: eventSchema(), description: 'The event.' },
    errors: ['not_found'],
  },
];
