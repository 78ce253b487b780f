import { and, desc, eq, lt } from 'drizzle-orm';
import { type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import type { Database } from './client.ts';
import type { Refund } from './refunds.ts';
import { auditLog, refunds } from './schema.ts';

/** Among how many rows of the workspace one page looks for those that no index has. */
const LOOKED_THROUGH = 10_000;

export type StoredAuditEntry = typeof auditLog.$inferSelect;

/** A filter for the refunds of a workspace. A member that is null lets every refund pass. */
export interface RefundFilter {
  readonly paymentId: number | null;
  readonly status: Refund['status'] | null;
}

/**
 * A page of the workspace's refunds, newest first. With a status a page looks through the latest 10,000 refunds
 * at most. It can have few refunds, or none, and still a cursor to look further back.
 */
export async function listRefunds(
  database: Database,
  workspaceId: string,
  { paymentId, status }: RefundFilter,
  page: RowPageRequest,
): Promise<Page<Refund>> {
  const isTheirs = and(
    eq(refunds.workspaceId, workspaceId),
    paymentId === null ? undefined : eq(refunds.paymentId, paymentId),
    page.before === null ? undefined : lt(refunds.id, page.before),
  );
  const latest = (count: number) =>
    database.select().from(refunds).where(isTheirs).orderBy(desc(refunds.id)).limit(count);
  if (status === null) {
    const rows = await latest(page.limit + 1).offset(page.offset);
    return pageAmong(rows, page);
  }
  const lookedThrough = latest(LOOKED_THROUGH).as('looked_through');
  const [rows, [last]] = await database.batch([
    database
      .select()
      .from(lookedThrough)
      .where(eq(lookedThrough.status, status))
      .orderBy(desc(lookedThrough.id))
      .limit(page.limit + 1)
      .offset(page.offset),
    latest(1).offset(LOOKED_THROUGH - 1),
  ]);
  return pageAmong(rows, page, last);
}

/** A page of rows that were found among the latest ones. `last`: the oldest of these; undefined: there are no older ones. */
function pageAmong<Row extends { readonly id: number }>(
  rows: readonly Row[],
  { limit }: RowPageRequest,
  last?: { readonly id: number },
): Page<Row> {
  const found = pageOf(rows, limit, ({ id }) => rowCursor(id));
  return found.nextCursor === null && last ? { ...found, nextCursor: rowCursor(last.id) } : found;
}

/**
 * A page of the workspace's audit log, newest first. `object`: only entries about the object with this id. For these a
 * page looks through the latest 10,000 entries of the workspace at most. It can have few entries, or none, and still a
 * cursor to look further back.
 */
export async function listAuditLog(
  database: Database,
  workspaceId: string,
  { object }: { readonly object: string | null },
  page: RowPageRequest,
): Promise<Page<StoredAuditEntry>> {
  const isEarlier = page.before === null ? undefined : lt(auditLog.id, page.before);
  const isTheirs = and(eq(auditLog.workspaceId, workspaceId), isEarlier);
  const latest = (count: number) =>
    database.select().from(auditLog).where(isTheirs).orderBy(desc(auditLog.id)).limit(count);
  if (object === null) {
    const rows = await latest(page.limit + 1).offset(page.offset);
    return pageAmong(rows, page);
  }
  const lookedThrough = latest(LOOKED_THROUGH).as('looked_through');
  const [rows, [last]] = await database.batch([
    database
      .select()
      .from(lookedThrough)
      .where(eq(lookedThrough.object, object))
      .orderBy(desc(lookedThrough.id))
      .limit(page.limit + 1)
      .offset(page.offset),
    latest(1).offset(LOOKED_THROUGH - 1),
  ]);
  return pageAmong(rows, page, last);
}
