import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { droppedStripeEvents, quarantinedStripeEvents } from './schema.ts';

export type QuarantinedStripeEvent = typeof quarantinedStripeEvents.$inferSelect;

/**
 * Sets aside what claims to be ours and does not fit, once, as a statement for a batch. One that an operator has released
 * meanwhile is set aside again, with the reason of now.
 */
export function quarantineStatement(database: Database, event: QuarantinedStripeEvent) {
  return database
    .insert(quarantinedStripeEvents)
    .values(event)
    .onConflictDoUpdate({
      target: quarantinedStripeEvents.id,
      set: { reason: event.reason, releasedAt: null },
      setWhere: isNotNull(quarantinedStripeEvents.releasedAt),
    });
}

/**
 * True where a rule of the tables refuses what was to be written: it will be refused again however often it comes, unlike an
 * outage. Only the first cause is asked: the errors around it repeat the query with its values, and those are a stranger's.
 */
export function violatesConstraint(error: unknown): boolean {
  let first = error;
  while (first instanceof Error && first.cause instanceof Error) first = first.cause;
  return first instanceof Error && first.message.includes('SQLITE_CONSTRAINT');
}

/** True where a row of any workspace was made from this Stripe object, or from one of this payment intent. */
export async function knowsStripeObject(
  database: Database,
  { id, paymentIntentId }: { readonly id: string | null; readonly paymentIntentId: string | null },
): Promise<boolean> {
  const row = await database.get<{ is_known: number }>(sql`SELECT
    EXISTS (SELECT 1 FROM payments WHERE stripe_session_id = ${id})
    OR EXISTS (SELECT 1 FROM payments WHERE stripe_payment_intent_id = ${paymentIntentId})
    OR EXISTS (SELECT 1 FROM refunds WHERE stripe_refund_id = ${id})
    OR EXISTS (SELECT 1 FROM disputes WHERE stripe_dispute_id = ${id}) AS is_known`);
  return row.is_known === 1;
}

/** Counts a Stripe event that is dropped on purpose. `day`: YYYY-MM-DD. */
export async function countDropped(database: Database, day: string, reason: string): Promise<void> {
  await database
    .insert(droppedStripeEvents)
    .values({ day, reason, count: 1 })
    .onConflictDoUpdate({
      target: [droppedStripeEvents.day, droppedStripeEvents.reason],
      set: { count: sql`${droppedStripeEvents.count} + 1` },
    });
}

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
