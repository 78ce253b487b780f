import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { RotatedSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { documented } from '../fields.ts';

const endpoint = () => ({
  id: documented(z.string(), 'we_…'),
  url: documented(z.string(), 'Where events are sent.'),
  events: documented(
    z.array(documented(z.string(), { enum: ['*', ...EVENT_TYPES] })),
    'The event types that are sent. `["*"]`: all.',
  ),
  description: documented(z.nullable(z.string()), 'Your description. It is shown nowhere else.'),
  metadata: z.record(z.string(), z.string()),
  status: documented(z.enum(['enabled', 'disabled']), '`disabled`: no events are sent.'),
  disabled_reason: documented(z.nullable(z.string()), 'Why it takes no events; null while it does.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const secret = () =>
  documented(z.string(), 'whsec_…: use it to verify the events that are sent to this endpoint. Shown only here.');

/** The schema of a webhook endpoint in answers. */
export const webhookEndpointSchema = () => documented(z.object(endpoint()), { title: 'WebhookEndpoint' });

/** The schema of a webhook endpoint in the answer to its creation, with its secret. */
export const newWebhookEndpointSchema = () =>
  documented(z.object({ ...endpoint(), secret: secret() }), { title: 'NewWebhookEndpoint' });

/** The schema of a new secret in the answer to a rotation. */
export const rotatedSecretSchema = () =>
  documented(
    z.object({
      secret: secret(),
      previous_valid_until: documented(
        z.iso.datetime(),
        'Until this time events are signed with the previous secret too.',
      ),
    }),
    { title: 'RotatedSecret' },
  );

/** The schema of an answer that says how many deliveries were queued. */
export const queuedSchema = () =>
  documented(
    z.object({
      queued: documented(z.int(), 'The number of deliveries that were queued. They may arrive in any order.'),
    }),
    { title: 'Queued' },
  );

type WebhookEndpointAnswer = z.output<ReturnType<typeof webhookEndpointSchema>>;
type NewWebhookEndpointAnswer = z.output<ReturnType<typeof newWebhookEndpointSchema>>;
type RotatedSecretAnswer = z.output<ReturnType<typeof rotatedSecretSchema>>;

/** A webhook endpoint as answers show it, without its secret. */
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

/** A webhook endpoint as the answer to its creation shows it, with its secret. */
export function presentNewWebhookEndpoint(endpoint: WebhookEndpoint, secret: string): NewWebhookEndpointAnswer {
  return { ...presentWebhookEndpoint(endpoint), secret };
}

/** A new secret as the answer to a rotation shows it. */
export function presentRotatedSecret({ secret, previousValidUntil }: RotatedSecret): RotatedSecretAnswer {
  return { secret, previous_valid_until: toRfc3339(previousValidUntil) };
}
