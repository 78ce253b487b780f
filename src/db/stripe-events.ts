import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { droppedStripeEvents, quarantinedStripeEvents, stripeEvents } from './schema.ts';

export type SeenStripeEvent = typeof stripeEvents.$inferSelect;
export type QuarantinedStripeEvent = typeof quarantinedStripeEvents.$inferSelect;

/** Notes that a Stripe event was applied, in the batch that applies it. */
export function stripeEventSeenStatement(database: Database, seen: SeenStripeEvent) {
  return database.insert(stripeEvents).values(seen).onConflictDoNothing();
}

/** Sets aside a Stripe event that claims to be ours and does not fit. Repeatable. */
export async function insertQuarantined(database: Database, event: QuarantinedStripeEvent): Promise<void> {
  await database.insert(quarantinedStripeEvents).values(event).onConflictDoNothing();
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
