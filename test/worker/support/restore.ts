import type { tablesOf } from './payments.ts';

type Copy = Awaited<ReturnType<typeof tablesOf>>;

/** Writes every row of the database as it was when `tablesOf` copied it, and deletes all rows made since. */
export async function restore(database: D1Database, copy: Copy): Promise<void> {
  const tables = Object.entries(copy);
  const inserts = tables.flatMap(([table, rows]) => rows.map((row) => insertion(database, table, row)));
  await database.batch([
    database.prepare('PRAGMA defer_foreign_keys = on'),
    ...tables.map(([table]) => database.prepare(`DELETE FROM ${table}`)),
    ...inserts,
  ]);
}

function insertion(database: D1Database, table: string, row: unknown): D1PreparedStatement {
  const columns = Object.entries(Object(row));
  const names = columns.map(([name]) => name).join(', ');
  const places = columns.map(() => '?').join(', ');
  return database
    .prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`)
    .bind(...columns.map(([, value]) => value));
}
