import { type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { type Delivery, isDelivery } from './outbox.ts';
import { deliveries } from './schema.ts';

/**
 * The columns of a delivery that is sent again, due at `dueAt` with all its retries before it. One that is being attempted
 * keeps its claim: if that attempt fails, its record starts it anew (`attemptStatements`).
 */
export function restarted(now: number, dueAt: SQL | number) {
  const { attemptCount, attemptsBefore, claim, nextAttemptAt, status } = deliveries;
  const isHeld = sql`(${claim} IS NOT NULL AND ${status} = 'pending' AND ${nextAttemptAt} > ${now})`;
  return {
    status: 'pending' as const,
    nextAttemptAt: sql`CASE WHEN ${isHeld} THEN ${nextAttemptAt} ELSE ${dueAt} END`,
    claim: sql`CASE WHEN ${isHeld} THEN ${claim} END`,
    attemptsBefore: sql`CASE WHEN ${isHeld} THEN ${attemptsBefore} ELSE ${attemptCount} END`,
    restartedAt: now,
    updatedAt: now,
  };
}

/** Makes a delivery due now, with all its retries before it again, and answers its row. null where it is gone. */
export async function restartDelivery(
  database: Database,
  delivery: Pick<Delivery, 'id' | 'workspaceId'>,
  audit: AuditEntry,
): Promise<Delivery | null> {
  const [[row]] = await database.batch([
    database.update(deliveries).set(restarted(audit.at, audit.at)).where(isDelivery(delivery)).returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return row ?? null;
}
