import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { workspaces } from './schema.ts';

/** How large a database is. `workspaces`: live and sandbox workspaces are counted each. */
export interface DatabaseSize {
  readonly bytes: number;
  readonly workspaces: number;
}

/** The answer about the database with the fewest bytes. null: there is none. */
export function smallestOf<Answer extends { readonly value: DatabaseSize }>(answers: readonly Answer[]): Answer | null {
  return answers.toSorted((one, other) => one.value.bytes - other.value.bytes)[0] ?? null;
}

/** The size of a database, as D1 reports it with every answer. */
export async function readDatabaseSize(database: Database): Promise<DatabaseSize> {
  const { meta, results } = await database.run(sql`SELECT count(*) AS workspaces FROM ${workspaces}`);
  return { bytes: meta.size_after, workspaces: Number(Object.values(results[0] ?? {})[0]) };
}
