import { afterEach, describe, expect, it, vi } from 'vitest';
import { shardIndex } from '../../../src/core/ids.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { deliverAll, eventTypesOf, sendQuietly, settledSession } from '../support/merchant-events.ts';
import { heldEvents, openSession, readSession, stripePost } from '../support/payments.ts';
import { cron, MINUTE } from '../support/polling.ts';
import { replay } from '../support/replays.ts';
import { bindingOf } from '../support/shards.ts';
import { pay, sinkRequests, takeStripeEvents } from '../support/simulator.ts';
import { call, contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

const IDS_PER_SHARD = 2 ** 47;
const WITH_ROW_IDS = ['payments', 'payment_links', 'refunds', 'audit_log'];
const WITH_TEXT_IDS = ['api_keys', 'webhook_endpoints', 'events', 'deliveries'];

/** Every table with rows of a workspace, in one database. */
async function tablesWithRows(binding: D1Database, shop: TestWorkspace): Promise<string[]> {
  const tables = [...WITH_ROW_IDS, ...WITH_TEXT_IDS, 'disputes', 'connected_accounts'];
  const counted = await Promise.all(
    tables.map(async (table) => {
      const query = binding.prepare(`SELECT count(*) AS count FROM ${table} WHERE workspace_id = ?`);
      return (await query.bind(shop.workspace.id).first<number>('count')) === 0 ? [] : [table];
    }),
  );
  return counted.flat();
}

describe.each(['0', '1'])('A workspace in the shard %s', (shard) => {
  it('takes a payment, reports it, gives money back and sends its events again', async () => {
    const shop = await newWorkspace({ shard });
    const { id, intent } = await settledSession(shop);
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
    expect((await call(shop.key, 'POST', `/payments/${id}/refunds`, { amount_cents: 1000 })).status).toBe(201);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '500' });
    await sendQuietly(await heldEvents(shop));
    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
    const types = ['payments.payment.refunded', 'payments.payment.refunded', 'payments.payment.succeeded'];
    expect((await eventTypesOf(shop)).toSorted()).toEqual(types);
    const arrived = await deliverAll(shop);
    expect(arrived.map(({ type }) => type).toSorted()).toEqual(types);

    const [endpoint] = await rowsOf('webhook_endpoints', shop.workspace.id);
    const replayed = await replay(shop, String(endpoint?.id), { status: 'succeeded' });
    expect(replayed.queued).toBe(3);
    await deliverAll(shop);
    expect(await sinkRequests(shop.sink)).toHaveLength(6);
  });

  it('is told of a payment by the cron alone, where every webhook of Stripe was lost', async () => {
    freezeTime();
    const shop = await newWorkspace({ shard });
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await takeStripeEvents(accountOf(shop.account));
    passTime(6 * MINUTE);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded']);
  });

  it('has its rows in this database alone, and each id carries the shard', async () => {
    const shop = await newWorkspace({ shard });
    await shop.link();
    const { id } = await settledSession(shop);
    await call(shop.key, 'POST', `/payments/${id}/refunds`, {});
    const other = shard === '0' ? '1' : '0';
    expect(await tablesWithRows(bindingOf(other), shop)).toEqual([]);
    for (const table of WITH_ROW_IDS) {
      const shards = (await rowsOf(table, shop.workspace.id)).map((row) => Math.floor(Number(row.id) / IDS_PER_SHARD));
      expect([table, ...new Set(shards)]).toEqual([table, shardIndex(shard)]);
    }
    for (const table of WITH_TEXT_IDS) {
      const shards = (await rowsOf(table, shop.workspace.id)).map((row) => String(row.id).split('_')[1]?.[0]);
      expect([table, ...new Set(shards)]).toEqual([table, shard]);
    }
    const [link] = await rowsOf('payment_links', shop.workspace.id);
    expect(String(link?.token)).toMatch(new RegExp(`^lnk_${shard}`));
  });

  it('erases a buyer', async () => {
    const shop = await newWorkspace({ shard });
    await settledSession(shop);
    expect(await eraseBuyer(await contextOf(shop.workspace), 'ann@example.com')).toMatchObject({
      payments: 1,
      events: 1,
    });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ customer_email: null }]);
  });
});
