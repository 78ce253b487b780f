import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shardIndex } from '../../../src/core/ids.ts';
import { rowIdSource } from '../../../src/core/row-ids.ts';
import { findPayment, insertPayment, type Payment } from '../../../src/db/payments.ts';
import { firstFreeId } from '../../../src/db/row-ids.ts';
import { auditLog, payments } from '../../../src/db/schema.ts';
import { callWith, expectSession, rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime } from '../support/deliveries.ts';
import { openSession } from '../support/payments.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

/** A millisecond at which no other row of these tests is written. */
const AT = Date.UTC(2030, 0, 1);
const firstIdOf = (shop: TestWorkspace) => shardIndex(shop.shard) * 2 ** 47 + (AT - Date.UTC(2026, 0, 1)) * 128;

afterEach(() => {
  vi.useRealTimers();
});

/** Copies the workspace's payment to each of these row ids. */
async function occupy(shop: TestWorkspace, firstId: number, count: number): Promise<void> {
  await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1 - 1)
     INSERT INTO payments (id, workspace_id, operation_id, stripe_account_id, stripe_session_id, status, history,
       amount_minor, currency, metadata, expires_at, checks, created_at, updated_at)
     SELECT ?2 + n, workspace_id, operation_id || n || ?2, stripe_account_id, stripe_session_id || n || ?2, status, history,
       amount_minor, currency, metadata, expires_at, checks, created_at, updated_at
     FROM numbers, (SELECT * FROM payments WHERE workspace_id = ?3 ORDER BY id LIMIT 1)`,
    )
    .bind(count, firstId, shop.workspace.id)
    .run();
}

async function storedPayment(shop: TestWorkspace): Promise<Omit<Payment, 'id'>> {
  const { id } = await openSession(shop);
  const payment = await findPayment(shop.database, shop.workspace.id, id);
  if (!payment) throw new Error('There is no payment to copy');
  const { id: _, paymentLinkToken: __, maxPayments: ___, refundedMinor: ____, ...row } = payment;
  return row;
}

const another = (row: Omit<Payment, 'id'>, createdAt = AT): Omit<Payment, 'id'> => ({
  ...row,
  createdAt,
  operationId: crypto.randomUUID(),
  stripeSessionId: crypto.randomUUID(),
});

describe('A row id', () => {
  it('is that of a free place, if others have all ids of its millisecond', async () => {
    const shop = await newWorkspace();
    const row = await storedPayment(shop);
    await occupy(shop, firstIdOf(shop), 128);
    const written = await insertPayment(shop.database, another(row), shop);
    expect(written?.id).toBeGreaterThanOrEqual(firstIdOf(shop) + 128);
    expect(written?.id).toBeLessThan(firstIdOf(shop) + 8 * 128);
  });

  it('is another one for each of 400 rows that 400 Workers write in the same millisecond', async () => {
    const shop = await newWorkspace();
    const write = async (object: number) => {
      const ids = rowIdSource()(shop.shard, AT + 1000);
      const id = firstFreeId(auditLog, ids);
      const entry = { workspaceId: shop.workspace.id, at: AT + 1000, actor: 'system', action: 'test', requestId: null };
      const [written] = await shop.database
        .insert(auditLog)
        .values({ ...entry, object: String(object), id })
        .returning();
      return { isFirst: written?.id === ids[0], object: written?.object };
    };
    const results = await Promise.all(Array.from({ length: 400 }, (_, object) => write(object)));
    expect(results.map(({ object }) => object)).toEqual(results.map((_, object) => String(object)));
    expect(results.filter(({ isFirst }) => !isFirst).length).toBeGreaterThan(200);
    const written = (await rowsOf('audit_log', shop.workspace.id)).filter(({ action }) => action === 'test');
    expect(new Set(written.map(({ id }) => id)).size).toBe(400);
  });

  it('of an operation stays the same when the operation is written again, also if ids are taken', async () => {
    const shop = await newWorkspace();
    const row = another(await storedPayment(shop), AT + 2000);
    const first = await insertPayment(shop.database, row, shop);
    await occupy(shop, firstIdOf(shop) + 2001 * 128, 128);
    const again = await Promise.all(
      [2000, 2001, 2002].map((ms) => insertPayment(shop.database, { ...row, createdAt: AT + ms }, shop)),
    );
    expect(first?.operationId).toBe(row.operationId);
    expect(again).toEqual([first, first, first]);
    const written = await rowsOf('payments', shop.workspace.id);
    expect(written.filter(({ operation_id }) => operation_id === row.operationId)).toHaveLength(1);
  });

  it('is refused, and nothing of its batch is written, where all ids that were drawn are taken', async () => {
    const shop = await newWorkspace();
    const row = await storedPayment(shop);
    await occupy(shop, firstIdOf(shop) + 3000 * 128, 16 * 128);
    const mark = shop.database.update(payments).set({ description: 'marked' });
    const written = insertPayment(shop.database, another(row, AT + 3000), shop, [mark]);
    await expect(written).rejects.toThrow(/UNIQUE constraint failed: payments.id/);
    const marked = (await rowsOf('payments', shop.workspace.id)).filter(({ description }) => description === 'marked');
    expect(marked).toEqual([]);
  });

  it('costs no row that is read but the one it looks for, and no round trip', async () => {
    const shop = await newWorkspace();
    const row = await storedPayment(shop);
    const plan = await shop.database.all<{ detail: string }>(
      sql`EXPLAIN QUERY PLAN SELECT ${firstFreeId(payments, rowIdSource()(shop.shard, AT))}`,
    );
    const details = plan.map(({ detail }) => detail).join('\n');
    expect(details).toMatch(/SEARCH taken USING INTEGER PRIMARY KEY \(rowid=\?\)/);
    expect(details).not.toMatch(/SCAN (taken|payments)/);
    expect(row.workspaceId).toBe(shop.workspace.id);
    const database = countingD1(env);
    await expectSession(await callWith(database.bindings, shop.key, 'POST', '/checkout-sessions', SESSION));
    expect(database.counts.roundTrips).toBe(2);
  });
});

describe('Fifty requests in one millisecond', () => {
  it('that each create a session all succeed, with ids of their own', async () => {
    const shop = await newWorkspace();
    freezeTime();
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => call(shop.key, 'POST', '/checkout-sessions', SESSION)),
    );
    const sessions = await Promise.all(responses.map((response) => expectSession(response)));
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(50);
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(50);
  });

  it('that each create a payment link all succeed, and the list has each of them once', async () => {
    const shop = await newWorkspace();
    freezeTime();
    const links = await Promise.all(Array.from({ length: 50 }, () => shop.link()));
    expect(new Set(links.map(({ id }) => id)).size).toBe(50);
    const ids = links.map(({ id }) => id);
    expect(Math.max(...ids) - Math.min(...ids)).toBeLessThan(8 * 128);
  });
});

describe('The row ids of live and sandbox', () => {
  it('never meet: they are in the same tables', async () => {
    const sandbox = await newWorkspace();
    const live = await newWorkspace({ mode: 'live', pairOf: sandbox });
    freezeTime();
    const ids = await Promise.all([sandbox, live, sandbox, live].map(async (shop) => (await openSession(shop)).id));
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => Number.isSafeInteger(id) && id < 2 ** 47)).toBe(true);
  });
});
