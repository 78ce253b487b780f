import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import type { Database } from './client.ts';
import type { Dispute } from './disputes.ts';
import { isInRange } from './event-lists.ts';
import { type PaymentView, refundedMinor, selectPaymentView, toPaymentView } from './payments.ts';
import { type Refund, refundsOfPaymentStatement } from './refunds.ts';
import { disputes, payments } from './schema.ts';

/** A session that the buyer has completed. The API lists only these as payments, not open or expired sessions. */
export type CompletedPayment = PaymentView & { readonly status: 'processing' | 'succeeded' | 'failed' };

/** The status of a payment in the API: the stored status, but `succeeded` changes with refunds. */
export const SHOWN_PAYMENT_STATUSES = ['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded'] as const;
type ShownPaymentStatus = (typeof SHOWN_PAYMENT_STATUSES)[number];

/** A filter for the payments of a workspace. A member that is null lets every payment pass. */
interface PaymentFilter extends TimeRange {
  readonly status: ShownPaymentStatus | null;
  /** The token of a payment link. */
  readonly paymentLink: string | null;
  readonly reference: string | null;
  /** Compared without regard to case. */
  readonly customerEmail: string | null;
}

/** A payment with its refunds and disputes, each oldest first. */
export interface PaymentDetails {
  readonly payment: CompletedPayment;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** The condition of the partial indexes for lists: SQLite uses them only where a query repeats it literally. */
const isPayment = sql`payments.status IN ('processing', 'succeeded', 'failed')`;

function isCompleted(payment: PaymentView): payment is CompletedPayment {
  return payment.status !== 'created' && payment.status !== 'expired';
}

/**
 * A page of the workspace's payments, newest first. With a cursor every page costs the same, however old its payments
 * are. The link, the reference, the e-mail and the statuses `processing` and `failed` have an index each; for any other
 * filter the workspace's payments are read from the newest on.
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
        // With the "+" SQLite uses the index of a link's payments.
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
  const { status, paymentLink, reference, customerEmail } = filter;
  return [
    status === null ? undefined : isShownAs(status),
    paymentLink === null
      ? undefined
      : sql`${payments.paymentLinkId} = (SELECT id FROM payment_links WHERE token = ${paymentLink} AND workspace_id = ${workspaceId})`,
    reference === null ? undefined : eq(payments.reference, reference),
    customerEmail === null
      ? undefined
      : sql`payments.customer_email IS NOT NULL AND lower(payments.customer_email) = lower(${customerEmail})`,
    isInRange(payments, filter, null),
  ];
}

function isShownAs(status: ShownPaymentStatus): SQL | undefined {
  const paid = eq(payments.status, 'succeeded');
  switch (status) {
    case 'processing':
    case 'failed':
      // Literally as in the index of this status.
      return sql.raw(`payments.status = '${status}'`);
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
  return payment && isCompleted(payment) ? { payment, refunds, disputes: disputed } : null;
}
