import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { RotatedSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import { documented } from '../fields.ts';

const endpoint = () => ({
  id: documented(z.string(), 'we_…'),
  url: z.url(),
  events: z.array(z.string()),
  description: z.nullable(z.string()),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: documented(z.nullable(z.string()), 'Why it takes no events; null while it does.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const secret = () => documented(z.string(), 'whsec_…: verifies what is sent to this endpoint. Shown only here.');

/** A webhook endpoint in answers. */
export const webhookEndpointSchema = () => documented(z.object(endpoint()), { title: 'WebhookEndpoint' });

/** A webhook endpoint in the answer that shows its secret. */
export const newWebhookEndpointSchema = () =>
  documented(z.object({ ...endpoint(), secret: secret() }), { title: 'NewWebhookEndpoint' });

/** A new secret in the answer of a rotation. */
export const rotatedSecretSchema = () =>
  documented(
    z.object({
      secret: secret(),
      previous_valid_until: documented(z.iso.datetime(), 'Until then the secret before signs too.'),
    }),
    { title: 'RotatedSecret' },
  );

/** How many deliveries were queued. */
export const queuedSchema = () =>
  documented(
    z.object({
      queued: documented(z.int(), 'Deliveries that are on their way now, in the order of their events.'),
    }),
    { title: 'Queued' },
  );

export type WebhookEndpointAnswer = z.output<ReturnType<typeof webhookEndpointSchema>>;
export type NewWebhookEndpointAnswer = z.output<ReturnType<typeof newWebhookEndpointSchema>>;
export type RotatedSecretAnswer = z.output<ReturnType<typeof rotatedSecretSchema>>;

/** A webhook endpoint as every answer but the first shows it: without its secret. */
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

/** A webhook endpoint as its creation answers it: with its secret. */
export function presentNewWebhookEndpoint(created: {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}): NewWebhookEndpointAnswer {
  return { ...presentWebhookEndpoint(created.endpoint), secret: created.secret };
}

/** A new secret as the answer of a rotation shows it. */
export function presentRotatedSecret({ secret, previousValidUntil }: RotatedSecret): RotatedSecretAnswer {
  return { secret, previous_valid_until: toRfc3339(previousValidUntil) };
}
