import { fromBase64, hmacSha256, toBase64, toHex } from './crypto.ts';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

type WebhookSignatureHeaders = Record<
  'Softsolz-Signature' | 'webhook-id' | 'webhook-timestamp' | 'webhook-signature',
  string
>;

/** A new signing secret: `whsec_` + base64 of 32 random bytes. */
export function newWebhookSecret(): string {
  return SECRET_PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/**
 * The signature headers of one attempt, in our own form and in that of Standard Webhooks. `Softsolz-Signature: t=<unix
 * seconds>,v1=<hex>`: HMAC-SHA-256 of `<t>.<body>` keyed with the whole secret text. `webhook-id`, `webhook-timestamp`,
 * `webhook-signature: v1,<base64>`: Standard Webhooks, HMAC-SHA-256 of `<id>.<timestamp>.<body>` keyed with the decoded
 * base64 part of the secret.
 *
 * `secrets`: newest first; each one makes a signature. Some verifiers read only the last signature, so each attempt
 * begins with the next secret: a verifier that has one of two secrets accepts the first or the second attempt.
 * `attempt` counts from 1. Throws Error where `secrets` is empty, or a secret is not `whsec_` + base64.
 */
export async function signWebhook(input: {
  eventId: string;
  body: string;
  secrets: readonly string[];
  attempt: number;
  nowSeconds: number;
}): Promise<WebhookSignatureHeaders> {
  const { eventId, body, secrets, attempt, nowSeconds } = input;
  if (secrets.length === 0) throw new Error('A webhook needs at least one secret to be signed with.');
  const turn = (attempt - 1) % secrets.length;
  const ordered = [...secrets.slice(turn), ...secrets.slice(0, turn)];
  const signatures = await Promise.all(
    ordered.map(async (secret) => ({
      hex: toHex(await hmacSha256(new TextEncoder().encode(secret), `${nowSeconds}.${body}`)),
      base64: toBase64(await hmacSha256(standardWebhooksKey(secret), `${eventId}.${nowSeconds}.${body}`)),
    })),
  );
  return {
    'Softsolz-Signature': [`t=${nowSeconds}`, ...signatures.map(({ hex }) => `v1=${hex}`)].join(','),
    'webhook-id': eventId,
    'webhook-timestamp': String(nowSeconds),
    'webhook-signature': signatures.map(({ base64 }) => `v1,${base64}`).join(' '),
  };
}

function standardWebhooksKey(secret: string): Uint8Array {
  if (!secret.startsWith(SECRET_PREFIX)) throw new Error(`A webhook secret must begin with ${SECRET_PREFIX}.`);
  return fromBase64(secret.slice(SECRET_PREFIX.length));
}
