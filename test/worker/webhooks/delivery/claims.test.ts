import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { SIMULATED } from '../../../support/simulated.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import {
  attempt,
  attemptsOf,
  deliveryRow,
  endpointRow,
  freezeTime,
  passTime,
  setEndpoint,
} from '../../support/deliveries.ts';
import { brokenQueue, consume, losingQueue, runCron } from '../../support/direct.ts';
import { paidQuietly } from '../../support/payments.ts';
import { inEveryDatabase } from '../../support/shards.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };
/** As long as a run may take: ten seconds of new requests, eleven for the last one, thirty to store what came of them. */
const LEASE_MS = 51_000;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function deliveries(shop: TestWorkspace, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(...(await paidQuietly(shop)).deliveryIds);
  return ids;
}

async function setDelivery(id: string | undefined, nextAttemptAt: number): Promise<void> {
  await inEveryDatabase('UPDATE deliveries SET next_attempt_at = ? WHERE id = ?', nextAttemptAt, id ?? '');
}

async function mostInFlight(shop: TestWorkspace): Promise<number> {
  const response = await fetch(`${SIMULATED.stripeUrl}/sink/${shop.sink}/log`);
  return z.object({ meta: z.object({ max_in_flight: z.number() }) }).parse(await response.json()).meta.max_in_flight;
}

describe('A delivery is claimed', () => {
  it('so that two consumers with the same message make one request', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    await scriptSink(shop.sink, { delay_ms: 100 });
    const both = await Promise.all([attempt(ids), attempt(ids), attempt(ids)]);
    expect(both.map((result) => result.acked)).toEqual([['message-0'], ['message-0'], ['message-0']]);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
    expect(await attemptsOf(ids[0])).toHaveLength(1);
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });

  it('so that a message doubled within one batch makes one request', async () => {
    const shop = await newWorkspace();
    const [id = ''] = await deliveries(shop, 1);
    const { acked } = await attempt([id, id, id]);
    expect(acked).toHaveLength(3);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('only when it is due: a message that comes early changes nothing', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    await setDelivery(ids[0], Date.now() + 2_000);
    const before = await deliveryRow(ids[0]);
    const { acked, sent } = await attempt(ids);
    expect([acked, sent]).toEqual([['message-0'], []]);
    expect(await deliveryRow(ids[0])).toEqual(before);
    expect(await sinkRequests(shop.sink)).toEqual([]);

    passTime(1_000);
    await attempt(ids);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('for as long as a run may take: one that died is tried again after that, under the same event id', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    const { acked, retried } = await attempt(ids, failingD1(env, 2));
    expect([...acked, ...retried]).toEqual(['message-0']);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'pending', next_attempt_at: Date.now() + LEASE_MS });

    passTime(30_000);
    expect((await attempt(ids)).acked).toEqual(['message-0']);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);

    passTime(LEASE_MS);
    await attempt(ids);
    const received = await sinkRequests(shop.sink);
    expect(received).toHaveLength(2);
    expect(new Set(received.map((request) => request.headers['webhook-id'])).size).toBe(1);
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'succeeded', claim: null });
  });

  it('and its outcome is kept where only the answer of the database was lost', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    await attempt(ids, failingD1(env, 2, 'after'));
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    expect((await attempt(ids)).acked).toEqual(['message-0']);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });
});

describe('While the database is down', () => {
  it('messages come again, none is acknowledged, and nothing is sent', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 2);
    const { acked, retried } = await attempt(ids, failingD1(env, 'every'));
    expect([acked, retried]).toEqual([[], ['message-0', 'message-1']]);
    expect(await sinkRequests(shop.sink)).toEqual([]);
    await attempt(ids);
    expect(await sinkRequests(shop.sink)).toHaveLength(2);
  });
});

describe('A batch', () => {
  it('of ten costs two round trips and at most six requests at once', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 10);
    await scriptSink(shop.sink, { delay_ms: 250 });
    const database = countingD1(env);
    await attempt(ids, database.bindings);
    expect(database.counts.roundTrips).toBe(2);
    expect(await sinkRequests(shop.sink)).toHaveLength(10);
    const most = await mostInFlight(shop);
    expect(most).toBeLessThanOrEqual(6);
    expect(most).toBeGreaterThan(1);
    for (const id of ids) expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' });
  });

  it('of ten to a slow endpoint reads at most once before each request whether the endpoint was changed', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 10);
    await scriptSink(shop.sink, { delay_ms: 100 });
    const database = countingD1(env);
    await attempt(ids, database.bindings);
    expect(database.counts.roundTrips).toBeGreaterThan(2);
    expect(database.counts.roundTrips).toBeLessThanOrEqual(2 + 8);
    expect(await sinkRequests(shop.sink)).toHaveLength(10);
  });

  it('of ten whose endpoint cannot be read again while they wait is left to another run', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 10);
    await scriptSink(shop.sink, { delay_ms: 100 });
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { acked, sent } = await attempt(ids, failingD1(env, 2));
    expect(acked).toHaveLength(10);
    expect(log.mock.calls.map(([line]) => String(line)).join()).toContain('endpoints not read again');
    const again = sent.map((message) => message.deliveryId);
    expect(again.length).toBeGreaterThan(0);
    await scriptSink(shop.sink, {});
    for (const id of again) await attempt([id]);
    for (const id of ids) expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    expect(await sinkRequests(shop.sink)).toHaveLength(10);
  });

  it('of ten failing ones costs no more', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 10);
    await scriptSink(shop.sink, { status: 500 });
    const database = countingD1(env);
    const { sent } = await attempt(ids, database.bindings);
    expect(database.counts.roundTrips).toBe(2);
    expect(sent.map((message) => message.deliveryId).sort()).toEqual(ids.toSorted());
  });

  it('of messages with nothing due costs one round trip', async () => {
    const database = countingD1(env);
    const { acked } = await attempt(['dlv_0nothing', 'not an id', ''], database.bindings);
    expect(acked).toHaveLength(3);
    expect(database.counts.roundTrips).toBe(1);
  });

  it('with a message of a shard that is not here delivers the others', async () => {
    const shop = await newWorkspace();
    const [id = ''] = await deliveries(shop, 1);
    const { acked, retried } = await attempt(['dlv_zelsewhere', id]);
    expect([acked, retried]).toEqual([['message-1'], ['message-0']]);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('with a secret that does not open delivers the others, once each', async () => {
    freezeTime();
    const [broken, healthy] = await Promise.all([newWorkspace(), newWorkspace()]);
    const ids = [...(await deliveries(broken, 1)), ...(await deliveries(healthy, 1))];
    const { sealed_secret: sealed } = await endpointRow(broken);
    await setEndpoint(broken, { sealed_secret: 'v9.AAAA.AAAA' });
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { acked, retried, sent } = await attempt(ids);
    expect([acked, retried]).toEqual([['message-0', 'message-1'], []]);
    await attempt(ids);
    expect(await sinkRequests(broken.sink)).toEqual([]);
    expect(await sinkRequests(healthy.sink)).toHaveLength(1);
    expect(await deliveryRow(ids[1])).toMatchObject({ status: 'succeeded' });
    // It is our trouble: no attempt, nothing held against the endpoint, and the delivery waits until it is mended.
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'pending', attempt_count: 0, claim: null });
    expect(await attemptsOf(ids[0])).toEqual([]);
    expect(await endpointRow(broken)).toMatchObject({ status: 'enabled', failing_since: null });
    expect(sent.map((message) => message.deliveryId)).toEqual([ids[0]]);
    expect(sent[0]?.delaySeconds).toBeGreaterThan(60);
    expect(log.mock.calls.map(([line]) => String(line)).join()).toContain('webhook not signed');

    await setEndpoint(broken, { sealed_secret: sealed });
    passTime(DAY + HOUR);
    await attempt(ids);
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });

  it('keeps what it did where the next wake-up call cannot be sent: the row has the time', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    await scriptSink(shop.sink, { status: 500 });
    await attempt(ids, { RETRIES: brokenQueue() });
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'pending', attempt_count: 1, claim: null });
    expect(await attemptsOf(ids[0])).toHaveLength(1);
  });
});

describe('A dead letter', () => {
  it('is delivered all the same: the sweep finds the overdue row and wakes it', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 1);
    await consume(ids, { DELIVERIES: losingQueue(), RETRIES: losingQueue() }, 'softsolz-dead-letters');
    passTime(61_000);
    const row = await deliveryRow(ids[0]);
    expect(row).toMatchObject({ status: 'pending', attempt_count: 0 });
    expect(Number(row.next_attempt_at)).toBeLessThan(Date.now());
    await runCron();
    await vi.waitFor(async () => expect(await deliveryRow(ids[0])).toMatchObject({ status: 'succeeded' }), PATIENCE);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('is logged by its id and acknowledged; the delivery stays pending for the sweep', async () => {
    const shop = await newWorkspace();
    const ids = await deliveries(shop, 2);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { acked } = await consume(ids, { DELIVERIES: losingQueue() }, 'softsolz-dead-letters');
    expect(acked).toHaveLength(2);
    const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('dead letter'));
    expect(lines).toHaveLength(2);
    for (const id of ids) {
      expect(lines.some((line) => line.includes(id))).toBe(true);
      expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 0 });
    }
    expect(await sinkRequests(shop.sink)).toEqual([]);
  });
});
