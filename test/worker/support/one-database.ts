import { env } from 'cloudflare:workers';
import { afterAll, expect } from 'vitest';
import { boundShards } from '../../../src/core/shards.ts';
import { OWNED_TABLES } from '../../support/owned-tables.ts';

// Whatever the tests of a file have done, no workspace has rows in two databases.
afterAll(async () => {
  const found = new Map<unknown, number>();
  for (const [database, { binding }] of boundShards(env).entries()) {
    const queries = OWNED_TABLES.map((table) => binding.prepare(`SELECT DISTINCT workspace_id AS id FROM ${table}`));
    const rows = (await binding.batch<{ id: unknown }>(queries)).flatMap(({ results }) => results);
    for (const { id } of rows) {
      expect(found.get(id) ?? database, `Workspace ${String(id)} has rows in two databases`).toBe(database);
      found.set(id, database);
    }
  }
});
