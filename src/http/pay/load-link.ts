import type { Context } from 'hono';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import { findLinkWithSeller, type LinkWithPayments } from '../../db/payment-links.ts';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';

/** A payment link with its seller and the payments that were asked for, and the database and shard in which both are stored. */
export interface LoadedLink extends LinkWithPayments {
  readonly database: Database;
  readonly shard: string;
}

/** What the routes below `/pay` find in their Hono context. */
export interface PageEnv extends PageHeadersEnv {
  Variables: PageHeadersEnv['Variables'] & {
    /** The query with which the pay page shows the sent form again, without its e-mail. Not set: no form was read. */
    sameForm: Readonly<Record<string, string>> | undefined;
    /** The link that the path names. Only after the middleware `linkOfPath()`. */
    loaded: LoadedLink;
  };
}

/**
 * Reads the payment link that the path names, and those of its payments that have one of the Stripe session ids
 * `sessions`, in one round trip. null: there is no such link. A malformed token costs no read.
 */
export async function loadLink(c: Context<PageEnv>, sessions?: readonly string[]): Promise<LoadedLink | null> {
  const token = c.req.param('token') ?? '';
  const parsed = parsePaymentLinkToken(token);
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!parsed || !database) return null;
  const found = await findLinkWithSeller(database, token, sessions);
  if (!found) return null;
  c.var.notes.workspace = found.workspace.id;
  return { ...found, database, shard: parsed.shard };
}
