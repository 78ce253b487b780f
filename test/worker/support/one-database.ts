import { env } from 'cloudflare:workers';
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterAll, expect } from 'vitest';
import { boundShards } from '../../../src/core/shards.ts';
import * as schema from '../../../src/db/schema.ts';

/** The first shard's directory names the workspaces of all shards. */
const OWNED = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .filter((table) => table !== schema.accountDirectory && 'workspaceId' in getTableColumns(table))
  .map(getTableName);

// Whatever the tests of a file have done, no workspace has rows in two databases.
afterAll(async () => {
  const found = new Map<unknown, number>();
  for (const [database, { binding }] of boundShards(env).entries()) {
    const queries = OWNED.map((table) => binding.prepare(`SELECT DISTINCT workspace_id AS id FROM ${table}`));
    const rows = (await binding.batch<{ id: unknown }>(queries)).flatMap(({ results }) => results);
    for (const { id } of rows) {
      expect(found.get(id) ?? database, `Workspace ${String(id)} has rows in two databases`).toBe(database);
      found.set(id, database);
    }
  }
});
