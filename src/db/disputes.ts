import { and, eq, lt, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { disputes } from './schema.ts';

export type Dispute = typeof disputes.$inferSelect;

/** Of two states that Stripe told in the same second, the later in a dispute's life. */
const rankOf = (status: SQL) => sql`CASE WHEN ${status} LIKE '%needs_response' THEN 0 ELSE 1 END`;
const storedRank = rankOf(sql`disputes.status`);
const toldRank = rankOf(sql`excluded.status`);

/**
 * Takes over Stripe's word on a dispute, as of `dispute.stateAsOf` (unix ms, Stripe's own time): one row per dispute. An
 * older word never overwrites a newer one, and a closed dispute stays closed.
 */
export async function upsertDispute(
  database: Database,
  dispute: Omit<Dispute, 'id'>,
  firstId: number,
  audit: AuditEntry,
): Promise<void> {
  const { status, closedAt, stateAsOf, updatedAt } = dispute;
  await database.batch([
    database
      .insert(disputes)
      .values({ ...dispute, id: sql`(SELECT coalesce(max(id), ${firstId}) + 1 FROM disputes)` })
      .onConflictDoUpdate({
        target: disputes.stripeDisputeId,
        set: { status, closedAt, stateAsOf, updatedAt },
        setWhere: sql`disputes.closed_at IS NULL AND disputes.status <> excluded.status AND (
          excluded.closed_at IS NOT NULL OR excluded.state_as_of > disputes.state_as_of
          OR (excluded.state_as_of = disputes.state_as_of AND ${toldRank} > ${storedRank}))`,
      }),
    auditIfChangedStatement(database, audit),
    // The same status told again later: no change to report, and still the newer word.
    database
      .update(disputes)
      .set({ stateAsOf })
      .where(and(eq(disputes.stripeDisputeId, dispute.stripeDisputeId), lt(disputes.stateAsOf, stateAsOf))),
  ]);
}
