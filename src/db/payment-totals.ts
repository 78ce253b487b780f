import { type SQL, sql } from 'drizzle-orm';
import { firstRowIdOf } from '../core/row-ids.ts';
import type { Database } from './client.ts';
import type { PaymentOwner } from './payment-lists.ts';

/** Days that follow each other. `from`: when the first one begins. `ends`: when each of them ends, and the next one begins. Unix ms. */
interface Days {
  readonly from: number;
  readonly ends: readonly number[];
}

/** Sums of one day and currency. `day`: how many days after the first one. Amounts: integer minor units. */
export interface DaySum {
  readonly day: number;
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
}

/**
 * The sums of a workspace's payments that have succeeded, by the day on which the session was made, and of its refunds that
 * have not failed, by the day on which they were made. At most 60 days: D1 binds 100 values, and each day is one.
 * Reads an entry of an index for each payment and each refund since the first day, and sorts them: D1 counts two rows read for
 * each. One round trip.
 */
export async function readDaySums(
  database: Database,
  { workspaceId, shard }: PaymentOwner,
  { from, ends }: Days,
): Promise<{ readonly paid: readonly DaySum[]; readonly refunded: readonly DaySum[] }> {
  const idAt = (at: number) => firstRowIdOf(shard, at);
  const until = ends.at(-1) ?? from;
  const sums = (day: SQL<number>) => ({
    day: day.as('day'),
    currency: sql<string>`currency`,
    count: sql<number>`count(*)`,
    amountMinor: sql<number>`sum(amount_minor)`,
  });
  const [paid, refunded] = await database.batch([
    database
      .select(sums(dayOf(sql`id`, ends.map(idAt))))
      .from(sql`payments INDEXED BY payments_list`)
      // The condition of the index literally, or SQLite does not use it.
      .where(sql`workspace_id = ${workspaceId} AND id >= ${idAt(from)} AND id < ${idAt(until)}
        AND status IN ('processing', 'succeeded', 'failed') AND status = 'succeeded'`)
      .groupBy(sql`day, currency`),
    database
      .select(sums(dayOf(sql`created_at`, ends)))
      .from(sql`refunds INDEXED BY refunds_workspace`)
      // An id has the time at which the refund was stored, which is later than the time at which it was made.
      .where(sql`workspace_id = ${workspaceId} AND id >= ${idAt(from)} AND created_at >= ${from} AND created_at < ${until}
        AND status NOT IN ('failed', 'canceled')`)
      .groupBy(sql`day, currency`),
  ]);
  return { paid, refunded };
}

/** SQL for the place of the first of these ends that is later. */
function dayOf(column: SQL, ends: readonly number[]): SQL<number> {
  const cases = ends.map((end, day) => sql`WHEN ${column} < ${end} THEN ${sql.raw(String(day))}`);
  return sql<number>`CASE ${sql.join(cases, sql` `)} END`;
}
