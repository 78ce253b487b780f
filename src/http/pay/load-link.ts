import type { Context } from 'hono';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import { findLinkWithSeller, type LinkWithSeller } from '../../db/payment-links.ts';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';

/** A payment link with its seller, and the database and shard in which both are stored. */
export interface LoadedLink extends LinkWithSeller {
  readonly database: Database;
  readonly shard: string;
}

/** What the routes below `/pay` find in their Hono context. */
export interface PageEnv extends PageHeadersEnv {
  Variables: PageHeadersEnv['Variables'] & {
    /** The query with which the pay page shows the sent form again. Not set: no form was read. */
    sameForm: Readonly<Record<string, string>> | undefined;
    /** The link that the path names. Only after the middleware `linkOfPath()`. */
    loaded: LoadedLink;
  };
}

/** Reads the payment link that the path names. null: there is none. A malformed token costs no read. */
export async function loadLink(c: Context<PageEnv>): Promise<LoadedLink | null> {
  const token = c.req.param('token') ?? '';
  const parsed = parsePaymentLinkToken(token);
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!parsed || !database) return null;
  const found = await findLinkWithSeller(database, token);
  if (!found) return null;
  c.var.notes.workspace = found.workspace.id;
  return { ...found, database, shard: parsed.shard };
}
