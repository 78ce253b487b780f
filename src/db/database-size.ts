import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { workspaces } from './schema.ts';

/** How large a database is. `workspaces`: live and sandbox workspaces are counted each. */
export interface DatabaseSize {
  readonly bytes: number;
  readonly workspaces: number;
}

/** The answer about the database with the fewest bytes. null: there is none. */
export function smallestOf<Answer extends { readonly value: number }>(answers: readonly Answer[]): Answer | null {
  return answers.toSorted((one, other) => one.value - other.value)[0] ?? null;
}

/** How many bytes a database has, as D1 reports it with every answer. Throws where it lacks tables. Reads a row. */
export async function readDatabaseBytes(database: Database): Promise<number> {
  return (await database.run(sql`SELECT 1 FROM ${workspaces} LIMIT 1`)).meta.size_after;
}

/** How large a database is. Reads a row for each of its workspaces. */
export async function readDatabaseSize(database: Database): Promise<DatabaseSize> {
  const { meta, results } = await database.run(sql`SELECT count(*) AS workspaces FROM ${workspaces}`);
  return { bytes: meta.size_after, workspaces: Number(Object.values(results[0] ?? {})[0]) };
}
