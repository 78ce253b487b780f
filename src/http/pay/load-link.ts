import type { Context } from 'hono';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import { findLinkWithSeller, type LinkWithSeller } from '../../db/payment-links.ts';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';

/** A link with its seller, and the database in which both are stored. */
export interface LoadedLink extends LinkWithSeller {
  readonly database: Database;
  readonly shard: string;
}

/** What the routes of the pay page find in `c.var`. */
export interface PageEnv extends PageHeadersEnv {
  Variables: PageHeadersEnv['Variables'] & {
    /** The query that shows the buyer's form again as it was sent. Not set: no form was read. */
    sameForm: Readonly<Record<string, string>> | undefined;
    /** Set by `linkOfPath`. */
    loaded: LoadedLink;
  };
}

/** Reads the link that the path names by its token, or null. A token that cannot be one costs no read. */
export async function loadLink(c: Context<PageEnv>): Promise<LoadedLink | null> {
  const token = c.req.param('token') ?? '';
  const parsed = parsePaymentLinkToken(token);
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!parsed || !database) return null;
  const found = await findLinkWithSeller(database, token);
  return found ? { ...found, database, shard: parsed.shard } : null;
}
