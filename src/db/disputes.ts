import { and, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database, Statement } from './client.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import { type PaymentView, selectPaymentView, toPaymentView } from './payments.ts';
import { newRowId } from './row-ids.ts';
import { disputes, payments } from './schema.ts';

export type Dispute = typeof disputes.$inferSelect;

/** The disputes of a payment, oldest first. */
export function disputesOfPaymentStatement(database: Database, payment: Pick<PaymentView, 'id' | 'workspaceId'>) {
  return database
    .select()
    .from(disputes)
    .where(and(eq(disputes.paymentId, payment.id), eq(disputes.workspaceId, payment.workspaceId)))
    .orderBy(disputes.createdAt, disputes.id);
}

/**
 * The payment of this workspace that a dispute is about, and the dispute as we have stored it (null: not stored yet),
 * in one round trip. Returns null where there is no such payment.
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

/** SQL that orders two states of a dispute of the same second: one that needs a response counts as the earlier one. */
const rankOf = (status: SQL) => sql`CASE WHEN ${status} LIKE '%needs_response' THEN 0 ELSE 1 END`;

/**
 * Stores a dispute as Stripe has it at `dispute.stateAsOf` (unix ms, Stripe's own time), in its one row. An older state
 * never overwrites a newer one, and a closed dispute stays closed. The event `opened` is written when the row is
 * inserted, `closed` when the dispute ends: each once, in whatever order Stripe reports them. Returns the ids of the
 * queued deliveries.
 */
export async function upsertDispute(
  database: Database,
  dispute: Omit<Dispute, 'id'>,
  audit: AuditEntry,
  events: { readonly opened: Event | null; readonly closed: Event | null },
): Promise<string[]> {
  const { stateAsOf } = dispute;
  const results = await database.batch([
    // If a dispute is already closed when Stripe first reports it, the audit log has only an entry for its end.
    database
      .insert(disputes)
      .values({ ...dispute, closedAt: null, id: newRowId(disputes, audit) })
      .onConflictDoNothing({ target: disputes.stripeDisputeId }),
    ...(dispute.closedAt === null ? [auditIfChangedStatement(database, audit)] : []),
    ...(events.opened ? outboxIfChangedStatements(database, events.opened) : []),
    ...changeStatements(database, dispute, audit),
    ...(events.closed ? outboxIfChangedStatements(database, events.closed) : []),
    // The same status reported again later is no change, but the time of the report is stored.
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
