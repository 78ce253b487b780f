import { and, asc, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { droppedStripeEvents, quarantinedStripeEvents, stripeEvents } from './schema.ts';

export type SeenStripeEvent = typeof stripeEvents.$inferSelect;
export type QuarantinedStripeEvent = typeof quarantinedStripeEvents.$inferSelect;

/** Notes that a Stripe event was applied, in the batch that applies it. */
export function stripeEventSeenStatement(database: Database, seen: SeenStripeEvent) {
  return database.insert(stripeEvents).values(seen).onConflictDoNothing();
}

/** Sets aside what claims to be ours and does not fit, once, as a statement for a batch. */
export function quarantineStatement(database: Database, event: QuarantinedStripeEvent) {
  return database.insert(quarantinedStripeEvents).values(event).onConflictDoNothing();
}

/** Sets aside a Stripe event that claims to be ours and does not fit. Repeatable. */
export async function insertQuarantined(database: Database, event: QuarantinedStripeEvent): Promise<void> {
  await quarantineStatement(database, event);
}

const rowid = sql`rowid`;

/**
 * Deletes what was set aside before `receivedBefore` (unix ms), across workspaces: the cron's own question. Looks at the
 * oldest `limit` rows and no further, in the order they were written: that needs no index. Answers how many went.
 */
export async function deleteQuarantined(database: Database, receivedBefore: number, limit: number): Promise<number> {
  const oldest = database.select({ rowid }).from(quarantinedStripeEvents).orderBy(asc(rowid)).limit(limit);
  const { meta } = await database
    .delete(quarantinedStripeEvents)
    .where(and(inArray(rowid, oldest), lt(quarantinedStripeEvents.receivedAt, receivedBefore)));
  return meta.changes;
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
