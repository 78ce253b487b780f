import { getTableColumns, is, SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Database } from './client.ts';

/** A row to insert. For each column, by its name: a value, or SQL that computes the value. */
type RowToInsert<Table extends SQLiteTable> = {
  readonly [Name in keyof Table['$inferSelect']]: Table['$inferSelect'][Name] | SQL;
};

/** A statement that inserts a row if the condition holds when the batch reaches this statement. */
export function insertIf<Table extends SQLiteTable>(
  database: Database,
  table: Table,
  row: RowToInsert<Table>,
  condition: SQL,
) {
  return insertEach(database, table, row, sql`WHERE ${condition}`);
}

/**
 * A statement that inserts one row for each row of a query. `from`: the query from its FROM on, with a WHERE. The SQL
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
