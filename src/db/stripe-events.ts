import { isNotNull, sql } from 'drizzle-orm';
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

/** Sets aside a Stripe event that claims to be ours and does not fit. Repeatable. */
export async function insertQuarantined(database: Database, event: QuarantinedStripeEvent): Promise<void> {
  await quarantineStatement(database, event);
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
