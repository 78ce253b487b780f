import type { Page, TimePageRequest } from '../../core/paging.ts';
import { type ApiKey, listSecretKeys } from '../../db/api-keys.ts';
import type { Context } from '../context.ts';

/** A secret key as its owner sees it. `lastUsedAt`: when its last request came, unix ms; null: it was never used. */
export interface SecretKeyView
  extends Pick<
    ApiKey,
    'id' | 'name' | 'prefix' | 'last4' | 'scopes' | 'rateLimitPerMinute' | 'createdAt' | 'revokedAt'
  > {
  readonly lastUsedAt: number | null;
}

/**
 * A page of the workspace's secret keys, newest first, revoked ones included. One round trip to the database and, at the
 * same time, one call to the workspace's gate, without which it throws `service_unavailable`.
 */
export async function readSecretKeys(
  { database, workspace, gate }: Context,
  page: TimePageRequest,
): Promise<Page<SecretKeyView>> {
  const [{ items, nextCursor }, uses] = await Promise.all([
    listSecretKeys(database, workspace.id, page),
    gate.lastUses(),
  ]);
  return { items: items.map((key) => viewOf(key, uses[key.id] ?? null)), nextCursor };
}

function viewOf(key: ApiKey, lastUsedAt: number | null): SecretKeyView {
  const { id, name, prefix, last4, scopes, rateLimitPerMinute, createdAt, revokedAt } = key;
  return { id, name, prefix, last4, scopes, rateLimitPerMinute, createdAt, revokedAt, lastUsedAt };
}
