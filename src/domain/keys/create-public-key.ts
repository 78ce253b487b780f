import { apiKeyDisplay, hashApiKey } from '../../core/api-keys.ts';
import { apiKeyIdOf, publicKeyOf } from '../../core/derive.ts';
import { ApiError } from '../../core/errors.ts';
import { type ApiKey, insertKeyOnce } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletDomains } from './register-wallet-domains.ts';

/** How many public keys a workspace may have; revoked keys do not count. */
const MAX_PUBLIC_KEYS = 20;
const RATE_PER_MINUTE = 60;

/** A public key to create. `allowedOrigins`: origins in the form that `canonicalOrigin` (core/origins.ts) returns. */
export interface NewPublicKey {
  readonly name: string;
  readonly allowedOrigins: readonly string[];
}

/**
 * Creates a public key in the workspace's mode. `text`: the whole key; only its SHA-256 is stored. The key is derived
 * from the operation, so a resumed operation returns the same key. Throws `limit_reached` if the workspace has 20 public
 * keys that are not revoked.
 */
export async function createPublicKey(
  context: Context,
  input: NewPublicKey & { readonly operationId: string },
): Promise<{ key: ApiKey; text: string }> {
  const { database, workspace } = context;
  const [id, text] = await Promise.all([apiKeyIdOf(input.operationId), publicKeyOf(input.operationId, workspace.mode)]);
  const row: ApiKey = {
    id,
    workspaceId: workspace.id,
    kind: 'public',
    name: input.name,
    ...apiKeyDisplay(text),
    keyHash: await hashApiKey(text),
    scopes: [],
    allowedOrigins: [...input.allowedOrigins],
    rateLimitPerMinute: RATE_PER_MINUTE,
    createdAt: context.now(),
    revokedAt: null,
  };
  const key = await insertKeyOnce(database, row, MAX_PUBLIC_KEYS, auditOf(context, 'api_key.issue', id));
  if (!key) {
    throw new ApiError(
      'limit_reached',
      `A workspace has at most ${MAX_PUBLIC_KEYS} public keys in force: revoke one first.`,
    );
  }
  await registerWalletDomains(context, key.allowedOrigins);
  return { key, text };
}
