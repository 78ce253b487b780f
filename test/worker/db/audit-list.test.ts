import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { listAuditLog } from '../../../src/db/operator-lists.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;

/** Writes entries into the audit log of a workspace, each a row id later than the one before. */
async function seedEntries({ workspace, binding }: TestWorkspace, count: number, object: string): Promise<void> {
  await binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     INSERT INTO audit_log (id, workspace_id, at, actor, action, object)
     SELECT (SELECT max(id) FROM audit_log) + n, ?2, ?3, 'operator', 'test', ?4 FROM numbers`,
    )
    .bind(count, workspace.id, Date.now(), object)
    .run();
}

async function read(shop: TestWorkspace, object: string | null) {
  const noting = notingD1(env);
  const page = { limit: 10, offset: 0, before: null };
  const { items } = await listAuditLog(
    openDatabase(bindingOf(shop.shard, noting.bindings)),
    shop.workspace.id,
    { object },
    page,
  );
  return { objects: items.map((entry) => entry.object), rowsRead: await noting.rowsRead() };
}

describe('A page of the audit log', () => {
  it('reads only its own entries, however many others there are', async () => {
    const shop = await newWorkspace(quiet);
    const busy = await newWorkspace({ ...quiet, shard: shop.shard });
    await seedEntries(shop, 20, 'old');
    await seedEntries(busy, 2000, 'other');
    await seedEntries(shop, 5, 'new');
    await seedEntries(busy, 2000, 'other');
    const { objects, rowsRead } = await read(shop, null);
    expect(objects).toEqual([...Array(5).fill('new'), ...Array(5).fill('old')]);
    expect(rowsRead).toBeLessThanOrEqual(2 * 11);
  });

  it('about one object reads only entries of its workspace', async () => {
    const shop = await newWorkspace(quiet);
    const busy = await newWorkspace({ ...quiet, shard: shop.shard });
    await seedEntries(shop, 100, 'another');
    await seedEntries(shop, 3, 'wanted');
    await seedEntries(busy, 3000, 'wanted');
    const { objects, rowsRead } = await read(shop, 'wanted');
    expect(objects).toEqual(['wanted', 'wanted', 'wanted']);
    expect(rowsRead).toBeLessThan(600);
  });
});
