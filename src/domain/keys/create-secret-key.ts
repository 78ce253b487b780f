import { apiKeyDisplay, hashApiKey, newApiKey } from '../../core/api-keys.ts';
import { apiKeyIdOf } from '../../core/derive.ts';
import { ApiError } from '../../core/errors.ts';
import { type ApiKey, insertKeyWithin } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';

/** How many secret keys a workspace may have; revoked keys do not count. */
const MAX_SECRET_KEYS = 100;

/** The most requests a minute that a key made by a person may send. */
export const MAX_RATE_PER_MINUTE = 10_000;

/** A secret key to create, checked by the caller. */
export type NewSecretKey = Pick<ApiKey, 'name' | 'scopes' | 'rateLimitPerMinute'>;

/**
 * Creates a secret key in the workspace's mode. `secret`: the whole key; only its SHA-256 is stored. A repeated operation
 * finds the key that it made, and `secret` is null: nobody can read it again. Throws `limit_reached` if the workspace has
 * 100 secret keys that are not revoked.
 */
export async function createSecretKey(
  context: Context,
  { operationId, ...input }: NewSecretKey & { readonly operationId: string },
): Promise<{ key: ApiKey; secret: string | null }> {
  const { database, shard, workspace } = context;
  const id = await apiKeyIdOf(operationId);
  const secret = newApiKey({ kind: 'secret', mode: workspace.mode, shard });
  const row: ApiKey = {
    id,
    workspaceId: workspace.id,
    kind: 'secret',
    ...input,
    ...apiKeyDisplay(secret),
    keyHash: await hashApiKey(secret),
    allowedOrigins: [],
    createdAt: context.now(),
    revokedAt: null,
  };
  const key = await insertKeyWithin(database, row, MAX_SECRET_KEYS, auditOf(context, 'api_key.issue', id));
  if (!key) {
    throw new ApiError(
      'limit_reached',
      `A workspace has at most ${MAX_SECRET_KEYS} secret keys in force: revoke one first.`,
    );
  }
  return { key, secret: key.keyHash === row.keyHash ? secret : null };
}
