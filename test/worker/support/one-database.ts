import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterAll, expect } from 'vitest';
import * as schema from '../../../src/db/schema.ts';
import { rowsInEach } from './shards.ts';

/** The first shard's directory names the workspaces of all shards. */
const OWNED = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .filter((table) => table !== schema.accountDirectory && 'workspaceId' in getTableColumns(table))
  .map((table) => `SELECT workspace_id FROM ${getTableName(table)}`)
  .join(' UNION ');

// Whatever the tests of a file have done, no workspace has rows in two databases.
afterAll(async () => {
  const owners = (await rowsInEach(OWNED)).map((rows) => rows.map((row) => row.workspace_id));
  const all = owners.flat();
  expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
});
