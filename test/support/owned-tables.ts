import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../src/db/schema.ts';

/**
 * The tables whose rows belong to a workspace and are in the workspace's database. The directory is not one of them: in
 * the first database it names the workspaces of all.
 */
export const OWNED_TABLES = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .filter((table) => table !== schema.accountDirectory && 'workspaceId' in getTableColumns(table))
  .map(getTableName);
