import type { Page, PageRequest } from '../../core/paging.ts';
import type { ApiKey } from '../../db/api-keys.ts';
import { listPublicKeys } from '../../db/public-keys.ts';
import type { Context } from '../context.ts';

/** The workspace's public keys, newest first, revoked ones with their time. Secret keys are never among them. */
export async function publicKeysOf(context: Context, { before, offset, limit }: PageRequest): Promise<Page<ApiKey>> {
  const rows = await listPublicKeys(context.database, context.workspace.id, { before, offset, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return { items: shown.map(({ key }) => key), hasMore: rows.length > limit, lastId: shown.at(-1)?.rowId ?? null };
}
