import { and, eq, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import { rowIdRange } from '../core/row-ids.ts';
import type { Database } from './client.ts';
import { type Dispute, disputesOfPaymentStatement } from './disputes.ts';
import { isInRange } from './event-lists.ts';
import { type PaymentIds, walkOf } from './payment-walk.ts';
import { type PaymentView, paymentView, refundedMinor, selectPaymentView, toPaymentView } from './payments.ts';
import { type Refund, refundsOfPaymentStatement } from './refunds.ts';
import { paymentLinks, payments } from './schema.ts';

/** How many entries of indexes a page looks at, at most. D1 reads so many in about 20 ms. */
const LOOKED_AT = 5_000;
/** The same for a page by `offset`, which looks at all payments before it: the largest offset is 100,000. */
const LOOKED_AT_BY_OFFSET = 100_000 + LOOKED_AT;

/** A session that the buyer has completed. The API lists only these as payments, not open or expired sessions. */
export type CompletedPayment = PaymentView & { readonly status: 'processing' | 'succeeded' | 'failed' };

/** The status of a payment in the API: the stored status, but `succeeded` changes with refunds. */
export const SHOWN_PAYMENT_STATUSES = ['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded'] as const;
type ShownPaymentStatus = (typeof SHOWN_PAYMENT_STATUSES)[number];

/** A filter for the payments of a workspace. A member that is null lets every payment pass. */
export interface PaymentFilter extends TimeRange {
  readonly status: ShownPaymentStatus | null;
  readonly id: number | null;
  /** The token of a payment link. */
  readonly paymentLink: string | null;
  readonly reference: string | null;
  /** Compared without regard to case. */
  readonly customerEmail: string | null;
}

/** Whose payments are listed. `shard`: the character of the workspace's database. */
export interface PaymentOwner {
  readonly workspaceId: string;
  readonly shard: string;
}

/** A payment with its refunds and disputes, each oldest first. */
export interface PaymentDetails {
  readonly payment: CompletedPayment;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** The condition of the partial indexes for lists: SQLite uses them only where a query repeats it literally. */
export const isPayment = sql.raw(`status IN ('processing', 'succeeded', 'failed')`);

function isCompleted(payment: PaymentView): payment is CompletedPayment {
  return payment.status !== 'created' && payment.status !== 'expired';
}

/**
 * A page of the workspace's payments, newest first. With a cursor every page costs the same, however old its payments
 * are and however many others there are. The id, the link, the reference, the e-mail, the statuses `processing` and `failed`, and
 * payments with refunds have an index each, and a range of time is a range of row ids in each of them. Where none of them
 * has just the payments of the filter, a page looks at 5,000 entries at most: then it can have few payments, or none, and
 * still a cursor.
 */
export async function listPayments(
  database: Database,
  owner: PaymentOwner,
  filter: PaymentFilter,
  page: RowPageRequest,
): Promise<Page<CompletedPayment>> {
  const { from, below } = rowIdRange(owner.shard, filter);
  const walk = walkOf(indexesOf(owner, filter), {
    from: Math.min(page.before ?? Number.MAX_SAFE_INTEGER, below ?? Number.MAX_SAFE_INTEGER) - 1,
    to: from,
    most: page.offset === 0 ? LOOKED_AT : LOOKED_AT_BY_OFFSET,
  });
  const isShown = and(
    sql`${payments.id} = walk.payment_id`,
    eq(payments.workspaceId, owner.workspaceId),
    sql`payments.${isPayment}`,
    isShownAs(filter.status),
    isInRange(payments, filter, null),
  );
  // Without an ORDER BY, which would read the whole walk: it goes from the newest payment to the oldest.
  const rows = await database
    .select({ ...paymentView, walk: walked })
    .from(walk)
    .leftJoin(payments, isShown)
    .leftJoin(paymentLinks, eq(paymentLinks.id, payments.paymentLinkId))
    .where(sql`${payments.id} IS NOT NULL OR walk.is_last`)
    .limit(page.limit + 1)
    .offset(page.offset);
  const found = rows.flatMap(({ payment, walk: _, ...beside }) =>
    payment ? [toPaymentView({ payment, ...beside })] : [],
  );
  const listed = pageOf(found.filter(isCompleted), page.limit, (payment) => rowCursor(payment.id));
  const isPastAll = page.offset > 0 && rows.length === 0;
  const last = isPastAll ? await lastOf(database, walk) : rows.at(-1)?.walk;
  if (listed.nextCursor !== null || !last?.isLast || last.at === null) return listed;
  return { ...listed, nextCursor: rowCursor(last.paymentId ?? last.at + 1) };
}

/** The last entry of a walk that looked at as many as it may. undefined: it came to the end of the list before. */
async function lastOf(database: Database, walk: SQL) {
  const [last] = await database.select(walked).from(walk).where(sql`walk.is_last`).limit(1);
  return last;
}

const walked = {
  at: sql<number | null>`walk.at`,
  paymentId: sql<number | null>`walk.payment_id`,
  isLast: sql`walk.is_last`.mapWith(Boolean),
};

const inList = ({ workspaceId }: PaymentOwner) => sql`workspace_id = ${workspaceId} AND ${isPayment}`;

/** The indexes that have the payments of a filter. Each payment that passes is in all of them. */
function indexesOf(owner: PaymentOwner, filter: PaymentFilter): readonly PaymentIds[] {
  const { status, id, paymentLink, reference, customerEmail } = filter;
  const { workspaceId } = owner;
  const found: PaymentIds[] = [];
  const add = (table: PaymentIds['table'], index: string, condition: SQL) => found.push({ table, index, condition });
  if (id !== null) add('payments', 'payments_list', sql`${inList(owner)} AND entry.id = ${id}`);
  if (reference !== null) add('payments', 'payments_reference', sql`${inList(owner)} AND reference = ${reference}`);
  if (customerEmail !== null) {
    const isTheirs = sql`customer_email IS NOT NULL AND lower(customer_email) = lower(${customerEmail})`;
    // Sessions that are no payments are passed over.
    add('payments', 'payments_customer', sql`workspace_id = ${workspaceId} AND ${isTheirs}`);
  }
  if (status === 'processing' || status === 'failed') {
    const isIt = sql.raw(`status = '${status}'`);
    add('payments', `payments_${status}`, sql`workspace_id = ${workspaceId} AND ${isIt}`);
  }
  if (status === 'refunded' || status === 'partially_refunded') {
    add('refunds', 'refunds_list', sql`workspace_id = ${workspaceId}`);
  }
  if (paymentLink !== null) {
    const linkId = sql`(SELECT id FROM payment_links WHERE token = ${paymentLink} AND workspace_id = ${workspaceId})`;
    add('payments', 'payments_link_list', sql`payment_link_id = ${linkId} AND ${isPayment}`);
  }
  if (found.length === 0) add('payments', 'payments_list', inList(owner));
  return found;
}

/** True in SQL for payments with this status. undefined: the index of the status has no others. */
function isShownAs(status: ShownPaymentStatus | null): SQL | undefined {
  const paid = eq(payments.status, 'succeeded');
  switch (status) {
    case null:
    case 'processing':
    case 'failed':
      return undefined;
    case 'succeeded':
      return and(paid, sql`${refundedMinor} = 0`);
    case 'partially_refunded':
      return and(paid, sql`${refundedMinor} BETWEEN 1 AND ${payments.amountMinor} - 1`);
    case 'refunded':
      return and(paid, sql`${refundedMinor} >= ${payments.amountMinor}`);
  }
}

/** A payment of this workspace with its refunds and disputes, in one round trip. null: no such payment, or not completed. */
export async function findPaymentDetails(
  database: Database,
  workspaceId: string,
  id: number,
): Promise<PaymentDetails | null> {
  const [[row], refunds, disputed] = await database.batch([
    selectPaymentView(database)
      .where(and(eq(payments.id, id), eq(payments.workspaceId, workspaceId), sql`payments.${isPayment}`))
      .limit(1),
    refundsOfPaymentStatement(database, { id, workspaceId }),
    disputesOfPaymentStatement(database, { id, workspaceId }),
  ]);
  const payment = row ? toPaymentView(row) : null;
  return payment && isCompleted(payment) ? { payment, refunds, disputes: disputed } : null;
}
