import type { Context } from 'hono';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import { findLinkWithSeller, type LinkWithSeller } from '../../db/payment-links.ts';
import { closedReason } from '../../domain/links/closed-reason.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import type { ClosedPageView } from './view.ts';

export interface LoadedLink extends LinkWithSeller {
  readonly database: Database;
  readonly shard: string;
}

/** The link of a pay page's path, or null. A token that cannot be one costs no read. */
export async function loadLink(c: Context<PageEnv>): Promise<LoadedLink | null> {
  const parsed = parsePaymentLinkToken(c.req.param('token') ?? '');
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!parsed || !database) return null;
  const found = await findLinkWithSeller(database, c.req.param('token') ?? '');
  return found ? { ...found, database, shard: parsed.shard } : null;
}

/** Why this page takes no payment now, or null while it does. Never the buyer's fault. */
export function whyClosed({ link, workspace, account }: LinkWithSeller, now: number): ClosedPageView['reason'] | null {
  const closed = closedReason(link, now);
  if (closed) return closed;
  const ready = workspace.status === 'active' && account?.chargesEnabled === true && account.disconnectedAt === null;
  return ready ? null : 'not_ready';
}

/** The seller's name where the link shows it, else null: then no page names them. */
export function shownName({ link, workspace }: Pick<LinkWithSeller, 'link' | 'workspace'>): string | null {
  return link.showBusinessName ? workspace.name : null;
}
