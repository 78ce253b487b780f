import { apiKeyDisplay, hashApiKey, newApiKey } from '../../core/api-keys.ts';
import { apiKeyIdOf } from '../../core/derive.ts';
import { ApiError } from '../../core/errors.ts';
import { type ApiKey, insertKeyOnce } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';

/** How many secret keys a workspace may have, if a person makes one; revoked keys do not count. */
const MAX_SECRET_KEYS = 20;

/** A secret key to make, checked by the caller. */
export type NewSecretKey = Pick<ApiKey, 'name' | 'scopes' | 'rateLimitPerMinute'>;

/**
 * Makes a secret key in the workspace's mode. `secret`: the whole key, of which only the SHA-256 is stored. null: the
 * operation has made `key` before, and its secret cannot be shown again. Throws `limit_reached` if the workspace has 20
 * secret keys that are not revoked.
 */
export async function issueKeyOnce(
  context: Context,
  { operationId, ...input }: NewSecretKey & { readonly operationId: string },
): Promise<{ readonly key: ApiKey; readonly secret: string | null }> {
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
  const key = await insertKeyOnce(database, row, MAX_SECRET_KEYS, auditOf(context, 'api_key.issue', id));
  if (!key) {
    const message = `A workspace has at most ${MAX_SECRET_KEYS} secret keys in force: revoke one first.`;
    throw new ApiError('limit_reached', message);
  }
  return { key, secret: key.keyHash === row.keyHash ? secret : null };
}
