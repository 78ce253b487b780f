import * as z from 'zod/mini';

const describe = (description: string) => z.meta({ description });

const endpoint = {
  id: z.string().check(describe('we_…')),
  url: z.url(),
  events: z.array(z.string()),
  description: z.nullable(z.string()),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.nullable(z.string()).check(describe('Why it takes no events; null while it does.')),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

const secret = z.string().check(describe('whsec_…: verifies what is sent to this endpoint. Shown only here.'));

/** A webhook endpoint in answers. */
export const webhookEndpointSchema = z.object(endpoint).check(z.meta({ title: 'WebhookEndpoint' }));

/** A webhook endpoint in the answer that tells its secret. */
export const newWebhookEndpointSchema = z
  .object({ ...endpoint, secret })
  .check(z.meta({ title: 'NewWebhookEndpoint' }));

/** A new secret in the answer of a rotation. */
export const rotatedSecretSchema = z
  .object({
    secret,
    previous_valid_until: z.iso.datetime().check(describe('Until then the secret before signs too.')),
  })
  .check(z.meta({ title: 'RotatedSecret' }));

export type WebhookEndpointAnswer = z.output<typeof webhookEndpointSchema>;
export type RotatedSecretAnswer = z.output<typeof rotatedSecretSchema>;
