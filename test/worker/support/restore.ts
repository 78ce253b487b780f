import { env } from 'cloudflare:workers';
import type { everything } from './payments.ts';

type Copy = Awaited<ReturnType<typeof everything>>;

/** Writes every row of the database as it was when `everything` copied it, and deletes all rows made since. */
export async function restore(copy: Copy): Promise<void> {
  const tables = Object.entries(copy);
  const inserts = tables.flatMap(([table, rows]) => rows.map((row) => insertion(table, row)));
  await env.DB.batch([
    env.DB.prepare('PRAGMA defer_foreign_keys = on'),
    ...tables.map(([table]) => env.DB.prepare(`DELETE FROM ${table}`)),
    ...inserts,
  ]);
}

function insertion(table: string, row: unknown): D1PreparedStatement {
  const columns = Object.entries(Object(row));
  const names = columns.map(([name]) => name).join(', ');
  const places = columns.map(() => '?').join(', ');
  return env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`).bind(
    ...columns.map(([, value]) => value),
  );
}
