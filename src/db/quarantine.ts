import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { quarantinedStripeEvents } from './schema.ts';
import type { QuarantinedStripeEvent } from './stripe-events.ts';

// What operators and the cron do with what was set aside: across workspaces, since much of it belongs to none.

const { id, stripeAccountId, livemode, type, reason, receivedAt, releasedAt } = quarantinedStripeEvents;

/** What was set aside, without the bodies, newest first. */
export async function listQuarantined(
  database: Database,
  limit: number,
): Promise<Omit<QuarantinedStripeEvent, 'body'>[]> {
  return await database
    .select({ id, stripeAccountId, livemode, type, reason, receivedAt, releasedAt })
    .from(quarantinedStripeEvents)
    .orderBy(desc(sql`rowid`))
    .limit(limit);
}

/** One of them, with its body. */
export async function findQuarantined(database: Database, eventId: string): Promise<QuarantinedStripeEvent | null> {
  const [row] = await database.select().from(quarantinedStripeEvents).where(eq(id, eventId)).limit(1);
  return row ?? null;
}

/** Marks one to be applied again. Writes nothing where it is marked already. */
export async function markToReapply(database: Database, eventId: string, audit: AuditEntry): Promise<void> {
  await database.batch([
    database
      .update(quarantinedStripeEvents)
      .set({ releasedAt: audit.at })
      .where(and(eq(id, eventId), isNull(releasedAt))),
    auditIfChangedStatement(database, audit),
  ]);
}

/** What is to be applied again, in the order in which that was asked for. */
export async function listToReapply(database: Database, limit: number): Promise<QuarantinedStripeEvent[]> {
  return await database
    .select()
    .from(quarantinedStripeEvents)
    .where(isNotNull(releasedAt))
    .orderBy(asc(releasedAt))
    .limit(limit);
}

/** Takes away one that fits now. One that was set aside anew meanwhile stays. */
export function deleteReappliedStatement(database: Database, eventId: string) {
  return database.delete(quarantinedStripeEvents).where(and(eq(id, eventId), isNotNull(releasedAt)));
}

/** Sets one aside again: it still does not fit. */
export async function setAsideAgain(database: Database, eventId: string, newReason: string): Promise<void> {
  await database
    .update(quarantinedStripeEvents)
    .set({ releasedAt: null, reason: newReason })
    .where(and(eq(id, eventId), isNotNull(releasedAt)));
}
