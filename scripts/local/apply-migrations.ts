import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { ROOT } from './settings.ts';

const STATEMENT_BREAK = '--> statement-breakpoint';

/** The table that `wrangler d1 migrations` uses, so that both can be used on one database. */
const MIGRATIONS_TABLE = sql`CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies the migrations in `drizzle/` that the database does not have, in order, each as one batch. Returns how many. */
export async function applyMigrations(database: Database): Promise<number> {
  const directory = join(ROOT, 'drizzle');
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  await database.run(MIGRATIONS_TABLE);
  const applied = await database.all<{ name: string }>(sql`SELECT name FROM d1_migrations`);
  const missing = names.filter((name) => !applied.some((row) => row.name === name));
  for (const name of missing) {
    const statements = readFileSync(join(directory, name), 'utf8').split(STATEMENT_BREAK);
    await database.batch([
      // Inlined: a batch of this driver binds no parameters to raw statements.
      database.run(sql`INSERT INTO d1_migrations (name) VALUES (${name})`.inlineParams()),
      ...statements.map((statement) => database.run(sql.raw(statement))),
    ]);
  }
  return missing.length;
}
