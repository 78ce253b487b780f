import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from './client.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import {
  linkPaymentIntentStatement,
  type Payment,
  type PaymentView,
  refundedMinorOf,
  selectPaymentView,
  toPaymentView,
} from './payments.ts';
import { newRowId, type RowOrigin } from './row-ids.ts';
import { payments, refunds } from './schema.ts';

export type Refund = typeof refunds.$inferSelect;

/** A refund as Stripe reports it, without the ids of our own rows. */
export type RefundFacts = Omit<Refund, 'id' | 'workspaceId' | 'paymentId'>;

/** A refund to store. Its event is written only if the refund's row changes; null: there is none. */
export interface RefundToWrite {
  readonly refund: RefundFacts;
  readonly event: Event | null;
}

/** The order of a refund's statuses: under way (0), succeeded (1), failed (2). A refund never goes back to a lower number. */
export const REFUND_RANK: Readonly<Record<Refund['status'], number>> = {
  pending: 0,
  requires_action: 0,
  succeeded: 1,
  failed: 2,
  canceled: 2,
};

/** True for a refund that did not reach the buyer: its amount may be refunded again. */
export function hasFailed<R extends Pick<Refund, 'status'>>(
  refund: R,
): refund is R & { readonly status: 'failed' | 'canceled' } {
  return refund.status === 'failed' || refund.status === 'canceled';
}

const rankOf = (status: SQL) => sql`(${JSON.stringify(REFUND_RANK)} ->> ${status})`;
const storedRank = rankOf(sql`refunds.status`);
const newRank = rankOf(sql`excluded.status`);

/** The refunds of a payment, oldest first. */
export function refundsOfPaymentStatement(database: Database, payment: Pick<Payment, 'id' | 'workspaceId'>) {
  return database
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, payment.id), eq(refunds.workspaceId, payment.workspaceId)))
    .orderBy(refunds.createdAt, refunds.id);
}

/** A payment and its stored refunds, as they are before further refunds are recorded. */
export interface RefundState {
  readonly payment: PaymentView;
  /** The refunds that are stored already. */
  readonly stored: readonly Refund[];
}

type PaymentSelector =
  | { readonly id: number }
  | { readonly operationId: string }
  | { readonly paymentIntentId: string };

/** A payment of this workspace and its stored refunds, in one round trip. null: no such payment. */
export async function readRefundState(
  database: Database,
  workspaceId: string,
  selector: PaymentSelector,
): Promise<RefundState | null> {
  const isWanted = and(eq(payments.workspaceId, workspaceId), isNamed(selector));
  const wanted = database.select({ id: payments.id }).from(payments).where(isWanted);
  const [[row], stored] = await database.batch([
    selectPaymentView(database).where(isWanted).limit(1),
    database
      .select()
      .from(refunds)
      .where(and(eq(refunds.workspaceId, workspaceId), inArray(refunds.paymentId, wanted))),
  ]);
  return row ? { payment: toPaymentView(row), stored } : null;
}

function isNamed(selector: PaymentSelector): SQL {
  if ('id' in selector) return eq(payments.id, selector.id);
  if ('operationId' in selector) return eq(payments.operationId, selector.operationId);
  return eq(payments.stripePaymentIntentId, selector.paymentIntentId);
}

/** A refund of this workspace by Stripe's id. null: no such refund is stored. */
export async function findRefund(
  database: Database,
  workspaceId: string,
  stripeRefundId: string,
): Promise<Refund | null> {
  const [row] = await database
    .select()
    .from(refunds)
    .where(and(eq(refunds.stripeRefundId, stripeRefundId), eq(refunds.workspaceId, workspaceId)))
    .limit(1);
  return row ?? null;
}

/** True in SQL where no refund has this operation yet. Two may name it: a merchant can edit metadata at Stripe. */
function isFree(operationId: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM refunds AS other WHERE other.operation_id = ${operationId})`;
}

/**
 * Inserts a refund, or moves the status of its row forwards (`REFUND_RANK`) and adds it to the row's history. Changes no
 * row where neither applies.
 */
export function refundStatement(
  database: Database,
  owner: { readonly workspaceId: string; readonly paymentId: number | SQL<number> },
  refund: RefundFacts,
  origin: RowOrigin,
) {
  const { operationId, updatedAt } = refund;
  const history = sql`json_insert(refunds.history, '$[#]', json_object('status', excluded.status, 'at', ${updatedAt}))`;
  const claimed = operationId === null ? null : sql`CASE WHEN ${isFree(operationId)} THEN ${operationId} END`;
  return database
    .insert(refunds)
    .values({ ...refund, ...owner, operationId: claimed, id: newRowId(refunds, origin) })
    .onConflictDoUpdate({
      target: refunds.stripeRefundId,
      set: { status: sql`excluded.status`, failureReason: sql`excluded.failure_reason`, history, updatedAt },
      setWhere: sql`${newRank} > ${storedRank}`,
    });
}

/** Statements that add operation and reason to the row of a refund that Stripe reported before its operation was recorded. */
function adoptRefundStatements(database: Database, workspaceId: string, refund: RefundFacts) {
  const { operationId, stripeRefundId, reason } = refund;
  if (operationId === null) return [];
  return [
    database
      .update(refunds)
      .set({ operationId, reason })
      .where(
        and(
          eq(refunds.stripeRefundId, stripeRefundId),
          eq(refunds.workspaceId, workspaceId),
          isNull(refunds.operationId),
          isFree(operationId),
        ),
      ),
  ];
}

/**
 * Stores refunds of one payment in one batch: each refund's row and, if the row changes, its event.
 * Each event contains the sum refunded so far, with refunds that other requests have written meanwhile. The payment
 * gets `reported.paymentIntentId` if it has no payment intent yet. `next`: further statements for the same batch. Returns
 * the ids of the queued deliveries.
 */
export async function upsertRefunds(
  database: Database,
  payment: Payment,
  reported: { readonly paymentIntentId: string; readonly refunds: readonly RefundToWrite[] },
  origin: RowOrigin,
  next: readonly Statement[] = [],
): Promise<string[]> {
  const { workspaceId, id: paymentId } = payment;
  const refundedNow = { path: '$.data.refunded_cents', value: refundedMinorOf(payment) };
  const write = ({ refund, event }: RefundToWrite): Statement[] => [
    refundStatement(database, { workspaceId, paymentId }, refund, origin),
    ...(event ? outboxIfChangedStatements(database, event, refundedNow) : []),
    ...adoptRefundStatements(database, workspaceId, refund),
  ];
  const results = await database.batch([
    linkPaymentIntentStatement(database, payment, reported.paymentIntentId),
    ...reported.refunds.flatMap(write),
    ...next,
  ]);
  return queuedIn(results);
}
