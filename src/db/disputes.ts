import { and, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database, Statement } from './client.ts';
import { nextRowId } from './insert-if.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import { type PaymentView, selectPaymentView, toPaymentView } from './payments.ts';
import { disputes, payments } from './schema.ts';

export type Dispute = typeof disputes.$inferSelect;

/**
 * The payment of this workspace that a dispute is about, and the dispute as stored (null: not yet), in one round trip. null: no
 * such payment.
 */
export async function readDisputeState(
  database: Database,
  workspaceId: string,
  dispute: { readonly paymentIntentId: string; readonly stripeDisputeId: string },
): Promise<{ readonly payment: PaymentView; readonly stored: Dispute | null } | null> {
  const [[row], [stored]] = await database.batch([
    selectPaymentView(database)
      .where(and(eq(payments.stripePaymentIntentId, dispute.paymentIntentId), eq(payments.workspaceId, workspaceId)))
      .limit(1),
    database
      .select()
      .from(disputes)
      .where(isRowOf({ ...dispute, workspaceId })),
  ]);
  return row ? { payment: toPaymentView(row), stored: stored ?? null } : null;
}

function isRowOf({ stripeDisputeId, workspaceId }: Pick<Dispute, 'stripeDisputeId' | 'workspaceId'>): SQL | undefined {
  return and(eq(disputes.stripeDisputeId, stripeDisputeId), eq(disputes.workspaceId, workspaceId));
}

/** Orders two states that Stripe reported in the same second: a dispute that needs a response comes first. */
const rankOf = (status: SQL) => sql`CASE WHEN ${status} LIKE '%needs_response' THEN 0 ELSE 1 END`;

/**
 * Stores a dispute as Stripe has it at `dispute.stateAsOf` (unix ms, Stripe's own time): one row per dispute. An older state
 * never overwrites a newer one, and a closed dispute stays closed. The event `opened` is written with the row, `closed` with
 * its end: each once, in whatever order Stripe reports them. Returns the ids of the deliveries that were queued.
 */
export async function upsertDispute(
  database: Database,
  dispute: Omit<Dispute, 'id'>,
  firstId: number,
  audit: AuditEntry,
  events: { readonly opened: Event | null; readonly closed: Event | null },
): Promise<string[]> {
  const { stateAsOf } = dispute;
  const results = await database.batch([
    // For a dispute that is closed when Stripe first reports it, the audit log has only its end.
    database
      .insert(disputes)
      .values({ ...dispute, closedAt: null, id: nextRowId(disputes, firstId) })
      .onConflictDoNothing({ target: disputes.stripeDisputeId }),
    ...(dispute.closedAt === null ? [auditIfChangedStatement(database, audit)] : []),
    ...(events.opened ? outboxIfChangedStatements(database, events.opened) : []),
    ...changeStatements(database, dispute, audit),
    ...(events.closed ? outboxIfChangedStatements(database, events.closed) : []),
    // The same status reported again later is no change, but its time is stored.
    database
      .update(disputes)
      .set({ stateAsOf })
      .where(and(isRowOf(dispute), lt(disputes.stateAsOf, stateAsOf))),
  ]);
  return queuedIn(results);
}

function changeStatements(database: Database, dispute: Omit<Dispute, 'id'>, audit: AuditEntry): Statement[] {
  const { status, closedAt, stateAsOf, updatedAt } = dispute;
  const isLater = sql`${rankOf(sql`${status}`)} > ${rankOf(sql`disputes.status`)}`;
  const isNewer = or(lt(disputes.stateAsOf, stateAsOf), and(eq(disputes.stateAsOf, stateAsOf), isLater));
  const isChange = closedAt === null ? and(sql`disputes.status <> ${status}`, isNewer) : undefined;
  return [
    database
      .update(disputes)
      .set({ status, closedAt, stateAsOf, updatedAt })
      .where(and(isRowOf(dispute), isNull(disputes.closedAt), isChange)),
    auditIfChangedStatement(database, audit),
  ];
}
