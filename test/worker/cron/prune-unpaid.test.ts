import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prune } from '../../../src/domain/prune.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob } from '../support/direct.ts';
import { seedPayments, seedRefund, seedRefunds } from '../support/payment-rows.ts';
import { heldEvent, openSession, readSession, sendAll } from '../support/payments.ts';
import { DAY } from '../support/polling.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;

beforeEach(async () => {
  for (const table of ['refunds', 'payments']) await inEveryDatabase(`DELETE FROM ${table}`);
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

async function pruned({ shard }: TestWorkspace) {
  const counted = countingD1(env);
  await prune(contextOfJob('prune', counted.bindings, shard));
  return counted.counts;
}

const idsOf = async (shop: TestWorkspace) => (await rowsOf('payments', shop.workspace.id)).map(({ id }) => id);

async function expiredSession(shop: TestWorkspace) {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'expired');
  await sendAll([await heldEvent(shop, 'checkout.session.expired')]);
  return session;
}

describe('A session that expired unpaid', () => {
  it('is kept for 90 days after it expired, and is not found after them', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await expiredSession(shop);
    passTime(90 * DAY);
    await pruned(shop);
    expect(await readSession(shop, id)).toMatchObject({ status: 'expired' });
    passTime(1);
    await pruned(shop);
    expect((await call(shop.key, 'GET', `/checkout-sessions/${id}`)).status).toBe(404);
    expect((await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`)).status).toBe(404);
    expect(await idsOf(shop)).toEqual([]);
  });

  it('is a payment again, if Stripe reports after all that it was paid', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const session = await openSession(shop, { payment_link_token: link.token, metadata: { order: 'A-17' } });
    await pay(session.stripe_session_id, 'paid');
    const paid = await heldEvent(shop, 'checkout.session.completed');
    await shop.binding.prepare("UPDATE payments SET status = 'expired' WHERE id = ?").bind(session.id).run();
    passTime(90 * DAY + 1000);
    await pruned(shop);
    expect(await idsOf(shop)).toEqual([]);
    vi.useRealTimers();
    await sendAll([paid]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      { status: 'succeeded', stripe_session_id: session.stripe_session_id, payment_link_id: link.id, api_key_id: null },
    ]);
    const events = await rowsOf('events', shop.workspace.id);
    expect(events.map(({ type }) => type)).toEqual(['payments.payment.succeeded']);
  });

  it('is kept with its refund, which is a record of money, and others are deleted', async () => {
    const shop = await newWorkspace(quiet);
    const [refunded = 0] = await seedPayments(shop, 1, { status: 'expired' });
    await seedRefund(shop, refunded, 100);
    await seedPayments(shop, 3, { status: 'expired' });
    passTime(90 * DAY + 10);
    await pruned(shop);
    expect(await idsOf(shop)).toEqual([refunded]);
    // Nor does it make every later run look for others.
    const { roundTrips, changes } = await pruned(shop);
    expect([roundTrips, changes]).toEqual([1, 0]);
  });
});

describe('A session that the cron has given up', () => {
  it('is kept, because Stripe has not said that it is unpaid', async () => {
    const shop = await newWorkspace(quiet);
    const ids = await seedPayments(shop, 3, { status: 'created' });
    passTime(400 * DAY);
    await pruned(shop);
    expect(await idsOf(shop)).toEqual(ids);
  });
});

describe('Sessions that were paid, are open or have failed', () => {
  it.each(['created', 'processing', 'succeeded', 'failed'])('%s: are kept', async (status) => {
    const shop = await newWorkspace(quiet);
    const ids = await seedPayments(shop, 2, { status });
    // When the cron asks Stripe for an open one.
    await shop.binding.prepare("UPDATE payments SET next_check_at = created_at WHERE status = 'created'").run();
    passTime(400 * DAY);
    await pruned(shop);
    expect(await idsOf(shop)).toEqual(ids);
  });
});

describe('A run', () => {
  it('deletes all that are old enough in bounded batches, the first that expired first', async () => {
    const shop = await newWorkspace(quiet);
    await seedPayments(shop, 1100, { status: 'expired' });
    passTime(DAY);
    const younger = await seedPayments(shop, 3, { status: 'expired' });
    passTime(89 * DAY + 2000);
    const { changes, roundTrips } = await pruned(shop);
    expect(changes).toBe(1100);
    expect(roundTrips).toBe(1 + 4);
    expect(await idsOf(shop)).toEqual(younger);
  });

  it('reads only what it deletes, however many payments, refunds and younger sessions there are', async () => {
    const shop = await newWorkspace(quiet);
    const reads = [];
    for (const others of [10, 3000]) {
      await seedPayments(shop, 10, { status: 'expired' });
      await seedRefunds(shop, await seedPayments(shop, others, { status: 'succeeded' }));
      passTime(90 * DAY + 100);
      await seedPayments(shop, others, { status: 'expired' });
      const { changes, rowsRead } = await pruned(shop);
      expect(changes).toBe(10);
      reads.push(rowsRead);
      passTime(90 * DAY + 2000);
      await pruned(shop);
    }
    expect(reads[1]).toBe(reads[0]);
    expect(reads[0]).toBeLessThanOrEqual(20 * 18);
  });
});
