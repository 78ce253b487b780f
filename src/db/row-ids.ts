import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { lateRowIds, rowIdSource } from '../core/row-ids.ts';

/** Where and when a new row is written. `shard`: the character of the database. `at`: unix ms. */
export interface RowOrigin {
  readonly shard: string;
  readonly at: number;
}

const draw = rowIdSource();

/**
 * SQL for the id of a new row. Each call draws other ids, so each row needs a call of its own. The statement that
 * inserts the row also looks which id is free, so no other row can take the id in between.
 */
export function newRowId(table: SQLiteTable, { shard, at }: RowOrigin): SQL<number> {
  return firstFreeId(table, draw(shard, at));
}

/**
 * SQL for the id of a row that is written long after it was created: `origin.at`, unix ms. It has its place in lists by id
 * all the same. `name`: what the row is about; written again after a restore of the database, the row has the same id.
 */
export function lateRowId(table: SQLiteTable, { shard, at }: RowOrigin, name: string): SQL<number> {
  return firstFreeId(table, lateRowIds(shard, at, name));
}

/** SQL for the first of these ids that no row of the table has. If none is free, the insert fails: it gets a used one. */
export function firstFreeId(table: SQLiteTable, ids: readonly [number, ...number[]]): SQL<number> {
  const isFree = sql`NOT EXISTS (SELECT 1 FROM ${table} AS taken WHERE taken.id = drawn.value)`;
  return sql<number>`coalesce(
    (SELECT drawn.value FROM json_each(${JSON.stringify(ids)}) AS drawn WHERE ${isFree} LIMIT 1),
    ${ids[0]})`;
}
