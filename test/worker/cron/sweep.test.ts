import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sweepDeliveries } from '../../../src/domain/webhooks/delivery/sweep.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1, failingD1 } from '../support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../support/deliveries.ts';
import { brokenQueue, contextOfJob, fetchWith, losingQueue, runCron } from '../support/direct.ts';
import { addEndpointRow, manyWaiting } from '../support/endpoint-rows.ts';
import { heldEvent, openSession, paidQuietly, readSession, requestOf } from '../support/payments.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay, sinkRequests } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Which of these deliveries a run of the cron wakes. */
async function woken(ids: readonly string[]): Promise<string[]> {
  const queue = losingQueue();
  await runCron({ RETRIES: queue });
  return queue.sent.map((message) => message.deliveryId).filter((id) => ids.includes(id));
}

describe('A lost wake-up call', () => {
  it('is recovered by the cron: the merchant gets the event, once', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    expect(await deliveryRow(deliveryIds[0])).toMatchObject({ status: 'pending', attempt_count: 0 });
    passTime(MINUTE + 1_000);
    await runCron();
    await vi.waitFor(async () => {
      expect(await deliveryRow(deliveryIds[0])).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    }, PATIENCE);
    await runCron();
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('does not undo the payment: Stripe is answered 200 while the queue is down', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const completed = await heldEvent(shop, 'checkout.session.completed');
    expect((await fetchWith({ DELIVERIES: brokenQueue() }, requestOf(completed))).status).toBe(200);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    const ids = (await rowsOf('deliveries', shop.workspace.id)).map((row) => String(row.id));
    expect(ids).toHaveLength(1);
    passTime(MINUTE + 1_000);
    expect(await woken(ids)).toEqual(ids);
  });

  it('of a retry is recovered too', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    await shop.binding
      .prepare('UPDATE deliveries SET next_attempt_at = ?, attempt_count = 3 WHERE id = ?')
      .bind(Date.now() + 15 * MINUTE, deliveryIds[0])
      .run();
    passTime(15 * MINUTE);
    expect(await woken(deliveryIds)).toEqual([]);
    passTime(MINUTE);
    expect(await woken(deliveryIds)).toEqual(deliveryIds);
  });
});

describe('The sweep', () => {
  it('does not wake deliveries less than a minute late, nor those that are done', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    passTime(MINUTE - 1);
    expect(await woken(deliveryIds)).toEqual([]);
    await attempt(deliveryIds);
    passTime(24 * 60 * MINUTE);
    expect(await woken(deliveryIds)).toEqual([]);
    expect(await deliveryRow(deliveryIds[0])).toMatchObject({ status: 'succeeded' });
  });

  it('fails without the others: sessions are read all the same, and the failure is logged', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    passTime(6 * MINUTE);
    await runCron(failingD1(env, 1));
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toMatch(/cron job failed.*sweep/);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });

  it('wakes a delivery whose run was lost as soon as the run can no longer be under way', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    await attempt(deliveryIds, failingD1(env, 2));
    const { next_attempt_at: next } = await deliveryRow(deliveryIds[0]);
    passTime(Number(next) - Date.now() - 1);
    expect(await woken(deliveryIds)).toEqual([]);
    passTime(1);
    expect(await woken(deliveryIds)).toEqual(deliveryIds);
    await attempt(deliveryIds);
    expect(await deliveryRow(deliveryIds[0])).toMatchObject({ status: 'succeeded' });
  });

  it('wakes the late delivery of one endpoint, however many wait for another', async () => {
    const busy = await newWorkspace();
    const quiet = await newWorkspace({ shard: busy.shard });
    await manyWaiting(await addEndpointRow(busy), 12_000, Date.now() - 15_000);
    const { deliveryIds: one } = await paidQuietly(quiet);
    await manyWaiting(await addEndpointRow(busy), 2_000, Date.now() + 1);
    passTime(MINUTE + 4_000);
    expect(await woken(one)).toEqual(one);
    await busy.binding.prepare('DELETE FROM deliveries WHERE workspace_id = ?').bind(busy.workspace.id).run();
  });

  it('wakes the late delivery of an endpoint whose older ones wait for a retry, however many wait for another', async () => {
    const busy = await newWorkspace();
    const failing = await newWorkspace({ shard: busy.shard, webhook: false });
    await manyWaiting(await addEndpointRow(busy), 6_000, Date.now() - 15_000);
    await manyWaiting(await addEndpointRow(failing), 10, Date.now() + DAY);
    await failing.binding
      .prepare('UPDATE deliveries SET created_at = ? WHERE workspace_id = ?')
      .bind(Date.now() - DAY, failing.workspace.id)
      .run();
    const { deliveryIds: late } = await paidQuietly(failing);
    passTime(MINUTE + 4_000);
    expect(await woken(late)).toEqual(late);
    await busy.binding.prepare('DELETE FROM deliveries WHERE workspace_id = ?').bind(busy.workspace.id).run();
  });

  it('reads two rows for each delivery that it wakes, and no more where very many are late', async () => {
    const shop = await newWorkspace();
    const endpoint = await addEndpointRow(shop);
    const reads = [];
    await inEveryDatabase('UPDATE deliveries SET next_attempt_at = NULL');
    for (const late of [1_000, 10_000, 20_000]) {
      await manyWaiting(endpoint, late, Date.now() - DAY);
      const database = countingD1(env);
      const queue = losingQueue();
      await sweepDeliveries(contextOfJob('sweep', { ...database.bindings, RETRIES: queue }, shop.shard));
      expect(queue.sent).toHaveLength(Math.min(late, 5_000));
      reads.push(database.counts.rowsRead);
      await shop.binding.prepare('DELETE FROM deliveries WHERE endpoint_id = ?').bind(endpoint.id).run();
    }
    expect(reads[0]).toBeLessThanOrEqual(2_000);
    expect(reads[1]).toBeLessThanOrEqual(12_000);
    expect(reads[2]).toBe(reads[1]);
  });

  it('wakes again and again without a second request', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    const [id = ''] = deliveryIds;
    passTime(MINUTE + 1_000);
    expect(await woken([id])).toEqual([id]);
    await Promise.all([runCron(), attempt([id]), runCron(), attempt([id]), runCron()]);
    await vi.waitFor(async () => expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' }), PATIENCE);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
    expect(await deliveryRow(id)).toMatchObject({ attempt_count: 1 });
  });
});
