import { getTableColumns, is, SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Database } from './client.ts';

/** The next integer id of a table, as SQL. `firstId`: where the ids of this shard begin. */
export function nextRowId(table: SQLiteTable, firstId: number): SQL<number> {
  return sql<number>`(SELECT coalesce(max(id), ${firstId}) + 1 FROM ${table})`;
}

/** A row to insert: the value of each column by its name, or SQL that computes it. */
type RowToInsert<Table extends SQLiteTable> = {
  readonly [Name in keyof Table['$inferSelect']]: Table['$inferSelect'][Name] | SQL;
};

/** A statement for a batch: inserts the row if the condition holds at this place of the batch. */
export function insertIf<Table extends SQLiteTable>(
  database: Database,
  table: Table,
  row: RowToInsert<Table>,
  condition: SQL,
) {
  return insertEach(database, table, row, sql`WHERE ${condition}`);
}

/**
 * A statement for a batch: inserts one row for each row of a query. `from`: the query from its FROM on, with a WHERE; the SQL
 * in `row` may use the query's columns.
 */
export function insertEach<Table extends SQLiteTable>(
  database: Database,
  table: Table,
  row: RowToInsert<Table>,
  from: SQL,
) {
  const values = new Map<string, unknown>(Object.entries(row));
  // Drizzle writes out all columns in this order.
  const selected = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = values.get(name);
    return is(value, SQL) ? value : sql.param(value, column);
  });
  return database.insert(table).select(sql`SELECT ${sql.join(selected, sql`, `)} ${from}`);
}
