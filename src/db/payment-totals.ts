import { type SQL, sql } from 'drizzle-orm';
import { firstRowIdOf, ROW_IDS_PER_MS } from '../core/row-ids.ts';
import type { Database } from './client.ts';
import type { PaymentOwner } from './payment-lists.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Sums of one day and currency. `day`: how many days after the first one. Amounts: integer minor units. */
export interface DaySum {
  readonly day: number;
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
}

/**
 * The sums of a workspace's payments that have succeeded, by the day on which the session was made, and of its refunds that
 * have not failed, by the day on which they were made. `from`: when the first day begins (unix ms); each day has 24 hours.
 * Reads an entry of an index for each payment since then, and an entry and a row for each refund, and sorts them: D1 counts two
 * and three rows read. One round trip.
 */
export async function readDaySums(
  database: Database,
  { workspaceId, shard }: PaymentOwner,
  from: number,
): Promise<{ readonly paid: readonly DaySum[]; readonly refunded: readonly DaySum[] }> {
  const firstId = firstRowIdOf(shard, from);
  const sums = (day: SQL<number>) => ({
    day: day.as('day'),
    currency: sql<string>`currency`,
    count: sql<number>`count(*)`,
    amountMinor: sql<number>`sum(amount_minor)`,
  });
  const [paid, refunded] = await database.batch([
    database
      .select(sums(daysBetween(sql`id`, firstId, DAY_MS * ROW_IDS_PER_MS)))
      .from(sql`payments INDEXED BY payments_list`)
      // The condition of the index literally, or SQLite does not use it.
      .where(sql`workspace_id = ${workspaceId} AND id >= ${firstId} AND status IN ('processing', 'succeeded', 'failed')
        AND status = 'succeeded'`)
      .groupBy(sql`day, currency`),
    database
      .select(sums(daysBetween(sql`created_at`, from, DAY_MS)))
      .from(sql`refunds INDEXED BY refunds_workspace`)
      // An id has the time at which the refund was stored, which is later than the time at which it was made.
      .where(sql`workspace_id = ${workspaceId} AND id >= ${firstId} AND created_at >= ${from}
        AND status NOT IN ('failed', 'canceled')`)
      .groupBy(sql`day, currency`),
  ]);
  return { paid, refunded };
}

/** SQL for a whole number of days. D1 binds every number as a fraction, and a fraction divided is a fraction. */
function daysBetween(column: SQL, from: number, day: number): SQL<number> {
  return sql<number>`(${column} - CAST(${from} AS INTEGER)) / CAST(${day} AS INTEGER)`;
}
