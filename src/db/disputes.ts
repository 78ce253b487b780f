import { sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { disputes } from './schema.ts';

export type Dispute = typeof disputes.$inferSelect;

/** Takes over Stripe's word on a dispute: one row per dispute, and a closed one stays closed. */
export async function upsertDispute(
  database: Database,
  dispute: Omit<Dispute, 'id'>,
  firstId: number,
  audit: AuditEntry,
): Promise<void> {
  await database.batch([
    database
      .insert(disputes)
      .values({ ...dispute, id: sql`(SELECT coalesce(max(id), ${firstId}) + 1 FROM disputes)` })
      .onConflictDoUpdate({
        target: disputes.stripeDisputeId,
        set: { status: dispute.status, closedAt: dispute.closedAt, updatedAt: dispute.updatedAt },
        setWhere: sql`closed_at IS NULL AND status <> excluded.status`,
      }),
    auditIfChangedStatement(database, audit),
  ]);
}
