import { and, asc, desc, eq, getTableColumns, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import { type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import { searchKey } from '../core/text.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { BusinessProfile } from './business-profiles.ts';
import type { Database } from './client.ts';
import { type PaymentView, paymentView, toPaymentView } from './payments.ts';
import { newRowId } from './row-ids.ts';
import { businessProfiles, connectedAccounts, paymentLinks, payments, workspaces } from './schema.ts';
import type { ConnectedAccount, Workspace } from './workspaces.ts';

const { searchTitle: _, ...linkColumns } = getTableColumns(paymentLinks);

export type PaymentLink = Omit<typeof paymentLinks.$inferSelect, 'searchTitle'>;
export type WrittenByTriggers = 'paidCount' | 'paidMinor' | 'refundedMinor' | 'limitVersion';

const byToken = madeOnce((database: Database) =>
  database
    .select(linkColumns)
    .from(paymentLinks)
    .where(
      and(
        eq(paymentLinks.token, sql.placeholder('token')),
        eq(paymentLinks.workspaceId, sql.placeholder('workspaceId')),
      ),
    )
    .limit(1)
    .prepare(),
);

/** A link of this workspace by its token. null: no such link, or a link of another workspace. */
export async function findPaymentLink(
  database: Database,
  workspaceId: string,
  token: string,
): Promise<PaymentLink | null> {
  const [row] = await byToken(database).all({ token, workspaceId });
  return row ?? null;
}

/**
 * Writes a new link with its audit entry and returns the link's row. If a link has this token already, writes nothing
 * and returns that link's row.
 */
export async function insertPaymentLink(
  database: Database,
  link: Omit<PaymentLink, 'id' | WrittenByTriggers>,
  audit: AuditEntry,
): Promise<PaymentLink> {
  const [, , [row]] = await database.batch([
    database
      .insert(paymentLinks)
      .values({ ...link, id: newRowId(paymentLinks, audit), searchTitle: searchKey(link.title) })
      .onConflictDoNothing({ target: paymentLinks.token }),
    auditIfChangedStatement(database, audit),
    database.select(linkColumns).from(paymentLinks).where(eq(paymentLinks.token, link.token)),
  ]);
  if (!row) throw new Error('The database answered an insert without its row');
  return row;
}

/**
 * Changes these columns of a link and returns its row. With a new limit the link is no longer marked as sold out: only
 * its gate knows whether a place is left. `read`: the link as the caller has read it. null: the price of the link is no
 * longer the one in `read`, and nothing is written.
 */
export async function updatePaymentLink(
  database: Database,
  read: PaymentLink,
  changes: Partial<Omit<PaymentLink, 'id' | 'token' | 'workspaceId' | 'createdAt' | 'soldOutAt' | WrittenByTriggers>>,
  audit: AuditEntry,
): Promise<PaymentLink | null> {
  const { amountMinor, minAmountMinor, suggestedAmountsMinor } = paymentLinks;
  const { maxPayments, title } = changes;
  const content = title === undefined ? changes : { ...changes, searchTitle: searchKey(title) };
  // Another request may have set the same limit since the caller read the link.
  const isSameLimit = sql`${paymentLinks.maxPayments} IS ${maxPayments}`;
  const soldOutAt = sql`CASE WHEN ${isSameLimit} THEN ${paymentLinks.soldOutAt} END`;
  const suggested = sql.param(read.suggestedAmountsMinor, suggestedAmountsMinor);
  const [[changed], , [updated]] = await database.batch([
    database
      .update(paymentLinks)
      .set(maxPayments === undefined ? content : { ...content, soldOutAt })
      .where(
        and(
          eq(paymentLinks.id, read.id),
          eq(paymentLinks.workspaceId, read.workspaceId),
          sql`${amountMinor} IS ${read.amountMinor} AND ${minAmountMinor} IS ${read.minAmountMinor}`,
          sql`${suggestedAmountsMinor} IS ${suggested}`,
        ),
      )
      .returning({ id: paymentLinks.id }),
    auditIfChangedStatement(database, audit),
    // RETURNING does not have what triggers write.
    database.select(linkColumns).from(paymentLinks).where(eq(paymentLinks.id, read.id)),
  ]);
  return changed && updated ? updated : null;
}

/** A page of the workspace's links, newest first. By cursor every page costs the same; by offset it also reads skipped rows. */
export async function listPaymentLinks(
  database: Database,
  workspaceId: string,
  page: RowPageRequest,
): Promise<Page<PaymentLink>> {
  const own = eq(paymentLinks.workspaceId, workspaceId);
  const rows = await database
    .select(linkColumns)
    .from(paymentLinks)
    .where(page.before === null ? own : and(own, lt(paymentLinks.id, page.before)))
    .orderBy(desc(paymentLinks.id))
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows, page.limit, (link) => rowCursor(link.id));
}

/** A link as a list to choose from shows it. */
export type LinkChoice = Pick<PaymentLink, 'token' | 'title'>;

/** The newest links of this workspace, `limit` at most, and behind them the one with this token where it is older. One round trip. */
export async function listLinkChoices(
  database: Database,
  workspaceId: string,
  { token, limit }: { readonly token: string | null; readonly limit: number },
): Promise<readonly LinkChoice[]> {
  const columns = { token: paymentLinks.token, title: paymentLinks.title };
  const own = eq(paymentLinks.workspaceId, workspaceId);
  const [newest, chosen] = await database.batch([
    database.select(columns).from(paymentLinks).where(own).orderBy(desc(paymentLinks.id)).limit(limit),
    database
      .select(columns)
      .from(paymentLinks)
      .where(and(eq(paymentLinks.token, token ?? ''), own)),
  ]);
  return newest.some((link) => link.token === token) ? newest : [...newest, ...chosen];
}

/** Follows every text in the database: the highest code point stands for no character. */
const AFTER_ALL = '\u{10ffff}';

/**
 * A page of the workspace's links whose title begins with this text, without regard to case, in the order of their titles.
 * By cursor every page costs the same. The cursor names the last link of the page before: if its title changes meanwhile, the next
 * page begins after the new one.
 */
export async function listLinksByTitle(
  database: Database,
  workspaceId: string,
  beginning: string,
  page: RowPageRequest,
): Promise<Page<PaymentLink>> {
  const { searchTitle, id } = paymentLinks;
  const key = searchKey(beginning);
  const before = database
    .select({ place: sql`search_title`, id: sql`id` })
    .from(sql`payment_links AS last`)
    .where(sql`last.id = ${page.before} AND last.workspace_id = ${workspaceId}`);
  // With the "+" SQLite begins after the last page, not at the beginning of the range.
  const isLater =
    page.before === null
      ? gte(searchTitle, key)
      : sql`+${searchTitle} >= ${key} AND (${searchTitle}, ${id}) > ${before}`;
  const rows = await database
    .select(linkColumns)
    .from(paymentLinks)
    .where(and(eq(paymentLinks.workspaceId, workspaceId), lt(searchTitle, key + AFTER_ALL), isLater))
    .orderBy(asc(searchTitle), asc(id))
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows, page.limit, (link) => rowCursor(link.id));
}

/**
 * A payment link with what its public page needs to know of the seller. `account` null: none is connected. `profile`
 * null: none was ever written.
 */
export interface LinkWithSeller {
  readonly link: PaymentLink;
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
  readonly profile: BusinessProfile | null;
}

/** The same with some payments of the link: those that `findLinkWithSeller` was asked for, in no order. */
export interface LinkWithPayments extends LinkWithSeller {
  readonly payments: readonly PaymentView[];
}

const withSeller = (isWanted: SQL | undefined) =>
  madeOnce((database: Database) =>
    database
      .select({
        link: linkColumns,
        workspace: workspaces,
        account: connectedAccounts,
        profile: businessProfiles,
        ...paymentView,
      })
      .from(paymentLinks)
      .innerJoin(workspaces, eq(workspaces.id, paymentLinks.workspaceId))
      .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, paymentLinks.workspaceId))
      .leftJoin(businessProfiles, eq(businessProfiles.workspaceId, paymentLinks.workspaceId))
      .leftJoin(payments, isWanted)
      .where(eq(paymentLinks.token, sql.placeholder('token')))
      .prepare(),
  );

// No payment has the id NULL. With `FALSE` the database would read all payments.
const withoutPayments = withSeller(sql`${payments.id} = NULL`);
const withPayments = withSeller(
  and(
    inArray(payments.stripeSessionId, [sql.placeholder('session'), sql.placeholder('otherSession')]),
    eq(payments.paymentLinkId, paymentLinks.id),
  ),
);

/**
 * A link of any workspace by its token, for its public page: whoever has the token may see it. Also reads those of its
 * payments that have one of the Stripe session ids, of which only the first two count. null: no such link.
 */
export async function findLinkWithSeller(
  database: Database,
  token: string,
  [session, otherSession = session]: readonly string[] = [],
): Promise<LinkWithPayments | null> {
  const statement = session === undefined ? withoutPayments : withPayments;
  const rows = await statement(database).all({ token, session, otherSession });
  const [first] = rows;
  if (!first) return null;
  const { link, workspace, account, profile } = first;
  const found = rows.flatMap(({ payment, ...beside }) => (payment ? [toPaymentView({ payment, ...beside })] : []));
  return { link, workspace, account, profile, payments: found };
}

type LinkToken = Pick<PaymentLink, 'workspaceId' | 'token'>;

const isLink = ({ token, workspaceId }: LinkToken) =>
  and(eq(paymentLinks.token, token), eq(paymentLinks.workspaceId, workspaceId));

/** SQL for the limit that a link has at the moment of the statement. */
export function maxPaymentsOf(link: LinkToken): SQL<number> {
  return sql<number>`(SELECT max_payments FROM payment_links WHERE ${isLink(link)})`;
}

/**
 * A statement that records that a link has taken all its payments, for the batch that writes the event about it. It
 * changes nothing where this is recorded already, where the link has no limit, or where fewer payments are stored; it counts
 * those that were stored before in the batch.
 */
export function markSoldOutStatement(database: Database, link: LinkToken, now: number) {
  return database
    .update(paymentLinks)
    .set({ soldOutAt: now })
    .where(and(isLink(link), gte(paymentLinks.paidCount, paymentLinks.maxPayments), isNull(paymentLinks.soldOutAt)));
}

/** A column name that no table has, so that `paidCountIn` finds the number among the results of any batch. */
const PAID_COUNT = { paidCountOfLink: paymentLinks.paidCount };

/** A statement that selects how many payments of a link have succeeded, with those that were stored before in its batch. */
export function paidCountStatement(database: Database, linkId: number) {
  return database.select(PAID_COUNT).from(paymentLinks).where(eq(paymentLinks.id, linkId));
}

/** Reads the number of `paidCountStatement` from the results of its batch. null: the batch has no such statement. */
export function paidCountIn(results: readonly unknown[]): number | null {
  const counts = results.flat().flatMap((row) => {
    const isCount = typeof row === 'object' && row !== null && 'paidCountOfLink' in row;
    return isCount ? [Number(row.paidCountOfLink)] : [];
  });
  return counts[0] ?? null;
}
