import type { Context } from 'hono';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { databaseOf } from '../../db/client.ts';
import { findLinkWithSeller } from '../../db/payment-links.ts';
import type { LoadedLink, PageEnv } from './page-env.ts';

/** The link that the path names by its token, or null. A token that cannot be one costs no read. */
export async function loadLink(c: Context<PageEnv>): Promise<LoadedLink | null> {
  const token = c.req.param('token') ?? '';
  const parsed = parsePaymentLinkToken(token);
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!parsed || !database) return null;
  const found = await findLinkWithSeller(database, token);
  return found ? { ...found, database, shard: parsed.shard } : null;
}
