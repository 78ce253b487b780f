import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { parseRowCursor } from '../../../src/core/paging.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { listRefunds } from '../../../src/db/operator-lists.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** Among how many refunds one page looks for those with a status. */
const LOOKED_THROUGH = 10_000;

/** Writes refunds of one payment, each with a row id later than the one before. Returns their ids. */
async function seedRefunds(shop: TestWorkspace, paymentId: number, count: number, status: string): Promise<number[]> {
  const { results } = await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     INSERT INTO refunds (workspace_id, payment_id, stripe_refund_id, status, amount_minor, currency, created_at, updated_at)
     SELECT ?2, ?3, 're_' || hex(randomblob(12)), ?4, 1, 'GBP', 1, 1 FROM numbers RETURNING id`,
    )
    .bind(count, shop.workspace.id, paymentId, status)
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

type Filter = Parameters<typeof listRefunds>[2];

async function read(shop: TestWorkspace, filter: Filter, before: number | null = null) {
  const noting = notingD1(env);
  const database = openDatabase(bindingOf(shop.shard, noting.bindings));
  const page = { limit: 5, offset: 0, before };
  const { items, nextCursor } = await listRefunds(database, shop.workspace.id, filter, page);
  return { ids: items.map(({ id }) => id), nextCursor, rowsRead: await noting.rowsRead() };
}

describe('A page of refunds with a status', () => {
  it('looks through 10,000 refunds at most, and its cursor leads to those before them', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [payment = 0] = await seedPayments(shop, 1);
    const old = await seedRefunds(shop, payment, 2, 'failed');
    await seedRefunds(shop, payment, LOOKED_THROUGH + 2_000, 'succeeded');
    const recent = await seedRefunds(shop, payment, 1, 'failed');
    const filter = { paymentId: null, status: 'failed' } as const;
    const first = await read(shop, filter);
    expect(first.ids).toEqual(recent);
    // Two queries, each with its index entries and rows.
    expect(first.rowsRead).toBeLessThanOrEqual(4 * LOOKED_THROUGH + 20);
    const next = await read(shop, filter, parseRowCursor(String(first.nextCursor)));
    expect([next.ids, next.nextCursor]).toEqual([old.toReversed(), null]);
  });

  it('is full, with a cursor to the refunds that follow', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [payment = 0, other = 0] = await seedPayments(shop, 2);
    const failed = await seedRefunds(shop, payment, 8, 'failed');
    await seedRefunds(shop, other, 8, 'succeeded');
    for (const paymentId of [null, payment]) {
      const first = await read(shop, { paymentId, status: 'failed' });
      expect(first.ids).toEqual(failed.toReversed().slice(0, 5));
      const next = await read(shop, { paymentId, status: 'failed' }, parseRowCursor(String(first.nextCursor)));
      expect([next.ids, next.nextCursor]).toEqual([failed.toReversed().slice(5), null]);
    }
  });
});
