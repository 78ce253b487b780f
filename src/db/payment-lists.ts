import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import type { Database } from './client.ts';
import type { Dispute } from './disputes.ts';
import { type PaymentView, refundedMinor, selectPaymentView, toPaymentView } from './payments.ts';
import { type Refund, refundsOfPaymentStatement } from './refunds.ts';
import { disputes, payments } from './schema.ts';

/** A session that became a payment: the buyer completed it. Open and expired sessions are none. */
export type CompletedPayment = PaymentView & { readonly status: 'processing' | 'succeeded' | 'failed' };

/** The status of a payment as callers see it: its own, or what its refunds make of a paid one. */
export const SHOWN_PAYMENT_STATUSES = ['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded'] as const;
export type ShownPaymentStatus = (typeof SHOWN_PAYMENT_STATUSES)[number];

/** Which payments of a workspace; null leaves a filter out. */
export interface PaymentFilter extends TimeRange {
  readonly status: ShownPaymentStatus | null;
  /** A link by its token. */
  readonly paymentLink: string | null;
  readonly reference: string | null;
  /** Compared without regard to case. */
  readonly customerEmail: string | null;
}

/** A payment with all that happened to it; oldest first. */
export interface PaymentDetails {
  readonly payment: CompletedPayment;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** The condition of the lists' partial indexes, to the letter: SQLite uses them only where it is repeated. */
const isPayment = sql`payments.status IN ('processing', 'succeeded', 'failed')`;

const IS_STATUS = {
  processing: sql`payments.status = 'processing'`,
  failed: sql`payments.status = 'failed'`,
} as const;

function isCompleted(payment: PaymentView): payment is CompletedPayment {
  return payment.status !== 'created' && payment.status !== 'expired';
}

/**
 * The workspace's payments, newest first. A page costs the same at any depth by cursor. Link, reference and e-mail have an
 * index each, and so have those that have not succeeded; by refunds and time the workspace's payments are looked through from
 * the newest on.
 */
export async function listPayments(
  database: Database,
  workspaceId: string,
  filter: PaymentFilter,
  page: RowPageRequest,
): Promise<Page<CompletedPayment>> {
  const rows = await selectPaymentView(database)
    .where(
      and(
        filter.status === 'processing' || filter.status === 'failed' ? undefined : isPayment,
        // The "+" leaves the choice to the index of a link's payments.
        filter.paymentLink === null
          ? eq(payments.workspaceId, workspaceId)
          : sql`+${payments.workspaceId} = ${workspaceId}`,
        ...conditionsOf(filter, workspaceId),
        page.before === null ? undefined : lt(payments.id, page.before),
      ),
    )
    .orderBy(desc(payments.id))
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows.map(toPaymentView).filter(isCompleted), page.limit, (payment) => rowCursor(payment.id));
}

function conditionsOf(filter: PaymentFilter, workspaceId: string): (SQL | undefined)[] {
  const { status, paymentLink, reference, customerEmail, after, before } = filter;
  return [
    status === null ? undefined : isShownAs(status),
    paymentLink === null
      ? undefined
      : sql`${payments.paymentLinkId} = (SELECT id FROM payment_links WHERE token = ${paymentLink} AND workspace_id = ${workspaceId})`,
    reference === null ? undefined : eq(payments.reference, reference),
    customerEmail === null
      ? undefined
      : sql`payments.customer_email IS NOT NULL AND lower(payments.customer_email) = lower(${customerEmail})`,
    after === null ? undefined : gte(payments.createdAt, after),
    before === null ? undefined : lt(payments.createdAt, before),
  ];
}

function isShownAs(status: ShownPaymentStatus): SQL | undefined {
  const paid = eq(payments.status, 'succeeded');
  switch (status) {
    case 'processing':
    case 'failed':
      return IS_STATUS[status];
    case 'succeeded':
      return and(paid, sql`${refundedMinor} = 0`);
    case 'partially_refunded':
      return and(paid, sql`${refundedMinor} BETWEEN 1 AND ${payments.amountMinor} - 1`);
    case 'refunded':
      return and(paid, sql`${refundedMinor} >= ${payments.amountMinor}`);
  }
}

/** A payment of this workspace with its refunds and disputes, in one round trip, or null. */
export async function findPaymentDetails(
  database: Database,
  workspaceId: string,
  id: number,
): Promise<PaymentDetails | null> {
  const [[row], refunds, ofPayment] = await database.batch([
    selectPaymentView(database)
      .where(and(eq(payments.id, id), eq(payments.workspaceId, workspaceId), isPayment))
      .limit(1),
    refundsOfPaymentStatement(database, { id, workspaceId }),
    database
      .select()
      .from(disputes)
      .where(and(eq(disputes.paymentId, id), eq(disputes.workspaceId, workspaceId)))
      .orderBy(disputes.createdAt, disputes.id),
  ]);
  const payment = row ? toPaymentView(row) : null;
  return payment && isCompleted(payment) ? { payment, refunds, disputes: ofPayment } : null;
}
