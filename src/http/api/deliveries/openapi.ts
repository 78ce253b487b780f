import type { RouteDescription } from '../route-description.ts';
import { deliverySchema } from './responses.ts';

export const DELIVERY_ROUTES: readonly RouteDescription[] = [
  {
    method: 'post',
    path: '/deliveries/{id}/redeliver',
    operationId: 'redeliver',
    summary: 'Send a delivery again',
    description:
      'Sends the same event again, at once and with all retries before it, whatever became of it. One that is being attempted just now is sent again if that fails.',
    scopes: ['service.payments.webhooks.write'],
    request: [],
    optionalBody: true,
    success: { status: 202, schema: deliverySchema(), description: 'The delivery, on its way.' },
    errors: ['not_found', 'webhook_endpoint_disabled'],
    idempotent: true,
    id: 'token',
  },
];
