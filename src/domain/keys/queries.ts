import { ApiError } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import type { Page, TimePageRequest } from '../../core/paging.ts';
import { type ApiKey, findKeyNames, findPublicKey, findSecretKey, listSecretKeys } from '../../db/api-keys.ts';
import type { RecentRequest } from '../../objects/recent-requests.ts';
import type { Context } from '../context.ts';
import { noSuchKey } from './change-public-key.ts';

/** A secret key as its owner sees it. */
export interface SecretKeyView
  extends Pick<
    ApiKey,
    'id' | 'name' | 'prefix' | 'last4' | 'scopes' | 'rateLimitPerMinute' | 'createdAt' | 'revokedAt'
  > {
  /** When its last request came, unix ms. null: never. `unknown`: the workspace's gate does not answer. */
  readonly lastUsedAt: number | null | 'unknown';
}

/**
 * A page of the workspace's secret keys, newest first, revoked ones included. One round trip to the database and, at the
 * same time, one call to the workspace's gate.
 */
export async function readSecretKeys(context: Context, page: TimePageRequest): Promise<Page<SecretKeyView>> {
  const [{ items, nextCursor }, uses] = await Promise.all([
    listSecretKeys(context.database, context.workspace.id, page),
    lastUses(context),
  ]);
  return { items: items.map((key) => viewOf(key, uses)), nextCursor };
}

/** A secret key of this workspace that is not revoked. Throws `not_found`. */
export async function readSecretKey(context: Context, id: string): Promise<SecretKeyView> {
  const [key, uses] = await Promise.all([findSecretKey(context.database, context.workspace.id, id), lastUses(context)]);
  if (!key || key.revokedAt !== null) {
    throw new ApiError('not_found', 'No secret key with this id is in force in your workspace.');
  }
  return viewOf(key, uses);
}

/** A public key of this workspace that is not revoked. Throws `not_found`. */
export async function readPublicKey(context: Context, id: string): Promise<ApiKey> {
  const key = await findPublicKey(context.database, context.workspace.id, id);
  if (!key || key.revokedAt !== null) throw noSuchKey();
  return key;
}

/** One of the last requests with secret keys. `keyName` null: there is no such key any more. */
export interface NamedRequest extends RecentRequest {
  readonly keyName: string | null;
}

/** The last hundred requests with secret keys of this workspace, the newest first. */
export async function readNamedRequests({ database, workspace, gate }: Context): Promise<NamedRequest[]> {
  const requests = await gate.recentRequests();
  const ids = [...new Set(requests.map(({ keyId }) => keyId))];
  const names = ids.length === 0 ? new Map<string, string>() : await findKeyNames(database, workspace.id, ids);
  return requests.map((request) => ({ ...request, keyName: names.get(request.keyId) ?? null }));
}

function viewOf(key: ApiKey, uses: Readonly<Record<string, number>> | null): SecretKeyView {
  const { id, name, prefix, last4, scopes, rateLimitPerMinute, createdAt, revokedAt } = key;
  const lastUsedAt = uses === null ? 'unknown' : (uses[id] ?? null);
  return { id, name, prefix, last4, scopes, rateLimitPerMinute, createdAt, revokedAt, lastUsedAt };
}

/** null: the gate does not answer. Keys are found and revoked all the same. */
async function lastUses({ gate, workspace }: Context): Promise<Record<string, number> | null> {
  try {
    return await gate.lastUses();
  } catch (error) {
    logLine('warn', 'last uses not read', { workspace: workspace.id, error: describeError(error) });
    return null;
  }
}
