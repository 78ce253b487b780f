import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { droppedStripeEvents, quarantinedStripeEvents } from './schema.ts';

export type QuarantinedStripeEvent = typeof quarantinedStripeEvents.$inferSelect;

/**
 * A statement that puts a Stripe event into the quarantine. An event that is there already stays as it is; if an
 * operator has released it meanwhile, it is no longer released and gets the new reason.
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
 * True where a constraint of a table refused a row: unlike an outage it would refuse the row every time. Looks only at
 * the innermost cause: the errors around that cause repeat the query's values, which a stranger may have chosen.
 */
export function violatesConstraint(error: unknown): boolean {
  let first = error;
  while (first instanceof Error && first.cause instanceof Error) first = first.cause;
  return first instanceof Error && first.message.includes('SQLITE_CONSTRAINT');
}

/** True where a row of any workspace was made from this Stripe object, or from one with this payment intent. */
export async function isStripeObjectStored(
  database: Database,
  { id, paymentIntentId }: { readonly id: string | null; readonly paymentIntentId: string | null },
): Promise<boolean> {
  const row = await database.get<{ is_stored: number }>(sql`SELECT
    EXISTS (SELECT 1 FROM payments WHERE stripe_session_id = ${id})
    OR EXISTS (SELECT 1 FROM payments WHERE stripe_payment_intent_id = ${paymentIntentId})
    OR EXISTS (SELECT 1 FROM refunds WHERE stripe_refund_id = ${id})
    OR EXISTS (SELECT 1 FROM disputes WHERE stripe_dispute_id = ${id}) AS is_stored`);
  return row.is_stored === 1;
}

/** Counts a Stripe event that was dropped. `day`: YYYY-MM-DD. */
export async function countDropped(database: Database, day: string, reason: string): Promise<void> {
  await database
    .insert(droppedStripeEvents)
    .values({ day, reason, count: 1 })
    .onConflictDoUpdate({
      target: [droppedStripeEvents.day, droppedStripeEvents.reason],
      set: { count: sql`${droppedStripeEvents.count} + 1` },
    });
}

// For operators and the cron. Of all workspaces, because many quarantined events belong to none.

const { id, stripeAccountId, livemode, type, reason, receivedAt, releasedAt } = quarantinedStripeEvents;

/** The quarantined Stripe events, newest first, without their bodies. */
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

/** A quarantined Stripe event with its body. null: no event with this id is in the quarantine. */
export async function findQuarantined(database: Database, eventId: string): Promise<QuarantinedStripeEvent | null> {
  const [row] = await database.select().from(quarantinedStripeEvents).where(eq(id, eventId)).limit(1);
  return row ?? null;
}

/** Releases a quarantined event, so that the cron applies it again. Writes nothing where the event is released already. */
export async function markReleased(database: Database, eventId: string, audit: AuditEntry): Promise<void> {
  await database.batch([
    database
      .update(quarantinedStripeEvents)
      .set({ releasedAt: audit.at })
      .where(and(eq(id, eventId), isNull(releasedAt))),
    auditIfChangedStatement(database, audit),
  ]);
}

/** Puts a released event behind all others that are released. Changes nothing where it is no longer released. */
export async function releaseAgain(database: Database, eventId: string, now: number): Promise<void> {
  await database
    .update(quarantinedStripeEvents)
    .set({ releasedAt: now })
    .where(and(eq(id, eventId), isNotNull(releasedAt)));
}

/** The released Stripe events, in the order in which they were released. */
export async function listReleased(database: Database, limit: number): Promise<QuarantinedStripeEvent[]> {
  return await database
    .select()
    .from(quarantinedStripeEvents)
    .where(isNotNull(releasedAt))
    .orderBy(asc(releasedAt))
    .limit(limit);
}

/** A statement that deletes a released event after it was applied. It changes nothing where the event is no longer released. */
export function deleteReleasedStatement(database: Database, eventId: string) {
  return database.delete(quarantinedStripeEvents).where(and(eq(id, eventId), isNotNull(releasedAt)));
}

/** Keeps a released event in the quarantine, no longer released, with the new reason why it does not fit. */
export async function keepQuarantined(database: Database, eventId: string, newReason: string): Promise<void> {
  await database
    .update(quarantinedStripeEvents)
    .set({ releasedAt: null, reason: newReason })
    .where(and(eq(id, eventId), isNotNull(releasedAt)));
}
