import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { RotatedSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import type { RotatedSecretAnswer, WebhookEndpointAnswer } from './answer.ts';

/** A webhook endpoint as every answer shows it: without its secret. */
export function presentWebhookEndpoint(endpoint: WebhookEndpoint): WebhookEndpointAnswer {
  return {
    id: endpoint.id,
    url: endpoint.url,
    events: endpoint.events,
    description: endpoint.description,
    metadata: endpoint.metadata,
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    created_at: toRfc3339(endpoint.createdAt),
    updated_at: toRfc3339(endpoint.updatedAt),
  };
}

/** A new secret as the answer of a rotation shows it. */
export function presentRotatedSecret({ secret, previousValidUntil }: RotatedSecret): RotatedSecretAnswer {
  return { secret, previous_valid_until: toRfc3339(previousValidUntil) };
}
