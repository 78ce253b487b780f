import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { type ErasedRows, erasePaymentsOfEmail } from '../../../src/db/retention.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1, type D1Counts, failingD1 } from '../support/counting.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../support/events.ts';
import { type SeededPayments, seedPayments } from '../support/payment-rows.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const ADA = 'ada@example.com';

interface Shop extends TestWorkspace {
  readonly endpointId: string;
}

async function newShop(): Promise<Shop> {
  const shop = await newWorkspace({ webhook: false });
  return { ...shop, endpointId: (await addEndpointRow(shop)).id };
}

/** Payments with one event each, which was delivered at the second attempt. */
async function seedReported(shop: Shop, count: number, as: SeededPayments): Promise<void> {
  const ids = await seedPayments(shop, count, as);
  const events = await seedEvents(shop, count, { data: { customer_email: as.email } });
  const update = shop.binding.prepare('UPDATE events SET payment_id = ? WHERE id = ?');
  await shop.binding.batch(events.map(({ id }, index) => update.bind(ids[index], id)));
  await seedDeliveries(shop, shop.endpointId, events, { status: 'succeeded', attempts: 2 });
}

async function erase(
  shop: Shop,
  email: string,
  databases: DatabaseBindings = env,
): Promise<{ readonly erased: ErasedRows; readonly cost: D1Counts }> {
  const counting = countingD1(databases);
  const what = {
    actor: 'operator',
    action: 'buyer.erase' as const,
    object: 'payments',
    requestId: null,
    address: null,
  };
  const audit = { shard: shop.shard, workspaceId: shop.workspace.id, at: Date.now(), ...what };
  const erased = await erasePaymentsOfEmail(
    openDatabase(bindingOf(shop.shard, counting.bindings)),
    shop.workspace.id,
    email,
    audit,
  );
  return { erased, cost: counting.counts };
}

const emailsOf = async (shop: Shop) =>
  (await rowsOf('payments', shop.workspace.id)).flatMap((row) => row.customer_email ?? []);

describe('Erasing a buyer', () => {
  it('reads as many rows, however many payments, events and deliveries of others there are', async () => {
    const shop = await newShop();
    const reads = [];
    for (const others of [20, 600]) {
      for (const status of ['succeeded', 'created', 'expired']) {
        await seedReported(shop, others, { status, email: `eve${others}@example.com` });
      }
      await seedReported(shop, 2, { email: 'Ada@example.com' });
      for (const status of ['created', 'expired']) await seedPayments(shop, 1, { status, email: ADA });
      const { erased, cost } = await erase(shop, ADA);
      expect(erased).toEqual({ payments: 4, events: 2, deliveries: 2, quarantined: 0 });
      expect(cost.roundTrips).toBe(1);
      reads.push(cost.rowsRead);
    }
    // The ids of events are random. Reading the last range of an index ends a row earlier.
    expect(Math.abs(Number(reads[1]) - Number(reads[0]))).toBeLessThanOrEqual(6);
    expect(reads[0]).toBeLessThanOrEqual(120);
    expect(new Set(await emailsOf(shop))).toEqual(new Set(['eve20@example.com', 'eve600@example.com']));
  });

  it('with very many payments works in batches, each of which reads its own rows', async () => {
    const shop = await newShop();
    await seedReported(shop, 250, { email: ADA });
    for (const status of ['created', 'expired']) await seedPayments(shop, 100, { status, email: ADA });
    const { erased, cost } = await erase(shop, ADA);
    expect(erased).toEqual({ payments: 450, events: 250, deliveries: 250, quarantined: 0 });
    expect(cost.roundTrips).toBe(3);
    expect(cost.rowsRead).toBeLessThanOrEqual(450 * 30);
    expect(await emailsOf(shop)).toEqual([]);
    const bodies = (await rowsOf('events', shop.workspace.id)).map(({ body }) => String(body));
    expect(bodies.filter((body) => body.includes(ADA))).toEqual([]);
    const attempts = (await rowsOf('deliveries', shop.workspace.id)).map((row) => String(row.attempts));
    expect(attempts).toHaveLength(250);
    for (const made of attempts) {
      expect(JSON.parse(made)).toMatchObject([
        { number: 1, statusCode: 500, responseBody: '' },
        { number: 2, statusCode: 500, responseBody: '' },
      ]);
    }
    const audited = (await rowsOf('audit_log', shop.workspace.id)).filter(({ action }) => action === 'buyer.erase');
    expect(audited).toHaveLength(1);
  });

  it('that was interrupted between two batches is finished when it is called again', async () => {
    const shop = await newShop();
    await seedReported(shop, 300, { email: ADA });
    await expect(erase(shop, ADA, failingD1(env, 2))).rejects.toThrow();
    expect(await emailsOf(shop)).toHaveLength(100);
    const { erased } = await erase(shop, ADA);
    expect(erased).toMatchObject({ payments: 100, events: 100, deliveries: 100 });
    expect(await emailsOf(shop)).toEqual([]);
  });
});
