import type { RouteDescription } from '../route-description.ts';
import { deliverySchema } from './responses.ts';

export const DELIVERY_ROUTES: readonly RouteDescription[] = [
  {
    method: 'post',
    path: '/deliveries/{id}/redeliver',
    operationId: 'redeliver',
    summary: 'Send a delivery again',
    description:
      'Sends the same event to the same endpoint again. The first attempt is made at once and is retried like a new delivery. The status of the delivery does not matter, nor do the `events` of the endpoint. If an attempt is being made right now, the event is sent again only if that attempt fails.',
    scopes: ['service.payments.webhooks.write'],
    optionalBody: true,
    success: { status: 202, schema: deliverySchema(), description: 'The delivery, which is `pending` again.' },
    errors: ['webhook_endpoint_disabled'],
    id: 'token',
  },
];
