import { type SQL, sql } from 'drizzle-orm';

/** The entries of one index that is ordered by payment id. */
export interface PaymentIds {
  readonly table: 'payments' | 'refunds';
  /** The name of the index. SQLite refuses the query if the index cannot serve it. */
  readonly index: string;
  /** True in SQL for the entries: only conditions that the index answers alone. */
  readonly condition: SQL;
}

/** A part of a walk: from the payment id `from` down to `to` (null: to the first one), at most `most` entries. */
export interface WalkPart {
  readonly from: number;
  readonly to: number | null;
  readonly most: number;
}

/**
 * SQL for a table `walk` of the payments that are in all of these indexes, newest first. Each row is one entry that was read,
 * of the index whose turn it is: the latest one up to the entry before. So ids that only one index has are passed over, and a
 * payment with many refunds is one entry. The columns: `at`, the id of the entry (null: none is left); `payment_id`, the same
 * where every index has this id, else null; `is_last`, which is true for the entry number `most`.
 */
export function walkOf(indexes: readonly PaymentIds[], { from, to, most }: WalkPart): SQL {
  const count = sql.raw(String(indexes.length));
  // The indexes take turns. Each finds its latest id that is not above the last id found. When all have found the same id
  // in a row, that payment is in all of them, and the next entry is of an older one.
  const foundBy = sql`(CASE WHEN entries.id = up_to THEN found_by + 1 ELSE 1 END)`;
  const isInAll = sql`(${foundBy} >= ${count})`;
  const next = sql`(entries.id - ${isInAll})`;
  const turns = indexes.map((index, turn) => sql`WHEN ${sql.raw(String(turn))} THEN ${latestUpTo(index, next, to)}`);
  // -1: the start counts as found by none.
  return sql`(WITH RECURSIVE entries(number, up_to, id, found_by) AS (
      SELECT 0, ${from}, ${from}, -1
      UNION ALL
      SELECT number + 1, ${next}, CASE number % ${count} ${sql.join(turns, sql` `)} END,
        CASE WHEN ${isInAll} THEN 0 ELSE ${foundBy} END
      FROM entries WHERE id IS NOT NULL LIMIT ${most + 1}
    ) SELECT id AS at, CASE WHEN ${isInAll} THEN id END AS payment_id, number = ${most} AS is_last FROM entries) AS walk`;
}

/** SQL for the latest payment id of an index that is not above `id`. */
function latestUpTo({ table, index, condition }: PaymentIds, id: SQL, to: number | null): SQL {
  const column = sql.raw(table === 'payments' ? 'entry.id' : 'entry.payment_id');
  const isAboveEnd = to === null ? sql`` : sql`AND ${column} >= ${to}`;
  return sql`(SELECT ${column} FROM ${sql.raw(table)} AS entry INDEXED BY ${sql.raw(index)}
    WHERE ${condition} AND ${column} <= ${id} ${isAboveEnd} ORDER BY ${column} DESC LIMIT 1)`;
}
