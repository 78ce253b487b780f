import { decryptSecret, encryptSecret, type SecretsKeyring } from '../../../core/crypto.ts';
import { ApiError } from '../../../core/errors.ts';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import { newWebhookSecret } from '../../../core/webhook-signature.ts';
import { rotateEndpointSecret, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { readEndpoint } from '../queries.ts';

/** How long after a rotation webhooks are signed with both the old and the new secret. */
const OVERLAP_MS = 7 * 24 * 60 * 60 * 1000;

/** The new secret of an endpoint. */
export interface RotatedSecret {
  readonly secret: string;
  /** The end of the time in which the old secret also signs, unix ms. */
  readonly previousValidUntil: number;
  /** When the new secret was made, unix ms. */
  readonly madeAt: number;
  /** True: this operation has made the secret before. */
  readonly isRepeated: boolean;
}

/**
 * Gives an endpoint of this workspace a new signing secret. For 7 days webhooks are signed with the old secret too.
 * `force`: rotates even within 7 days of the last rotation; the oldest secret then ends at once. A resumed operation
 * returns the same secret. Throws `not_found`, and `rotation_in_progress` within those 7 days without `force`.
 */
export async function rotateSecret(
  context: Context,
  { id, operationId, force }: { readonly id: string; readonly operationId: string; readonly force: boolean },
): Promise<RotatedSecret> {
  const keyring = await context.keyring();
  const endpoint = await readEndpoint(context, id);
  if (endpoint.secretOperationId === operationId) return await secretOf(keyring, endpoint, true);
  const at = context.now();
  if (!force && previousEndOf(endpoint) > at) throw inProgress(endpoint);

  const sealedSecret = await encryptSecret(keyring, newWebhookSecret(), boundTo(endpoint));
  const rotated = await rotateEndpointSecret(
    context.database,
    endpoint,
    { sealedSecret, previousValidUntil: at + OVERLAP_MS, operationId, at },
    auditOf(context, 'webhook_endpoint.rotate_secret', id),
  );
  if (rotated) return await secretOf(keyring, rotated, false);
  const present = await readEndpoint(context, id);
  if (present.secretOperationId === operationId) return await secretOf(keyring, present, true);
  throw inProgress(present);
}

function boundTo(endpoint: WebhookEndpoint): readonly string[] {
  return [endpoint.workspaceId, endpoint.id];
}

async function secretOf(
  keyring: SecretsKeyring,
  endpoint: WebhookEndpoint,
  isRepeated: boolean,
): Promise<RotatedSecret> {
  const secret = await decryptSecret(keyring, endpoint.sealedSecret, boundTo(endpoint));
  const previousValidUntil = previousEndOf(endpoint);
  return { secret, previousValidUntil, madeAt: previousValidUntil - OVERLAP_MS, isRepeated };
}

/** When the old secret ends, unix ms. For an endpoint whose secret was never rotated: when the endpoint was created. */
function previousEndOf({ previousSecretValidUntil, createdAt }: WebhookEndpoint): number {
  return previousSecretValidUntil ?? createdAt;
}

function inProgress(endpoint: WebhookEndpoint): ApiError {
  const until = toRfc3339(previousEndOf(endpoint));
  return new ApiError(
    'rotation_in_progress',
    `The secret was rotated already, and the one before it is valid until ${until}. Wait until then, or send "force": true to end it now.`,
  );
}
