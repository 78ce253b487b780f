import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookEndpoint } from '../../../../src/db/webhook-endpoints.ts';
import { attempt, attemptsOf, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { brokenQueue, consume, hand, handAndFinish, losingQueue, runCron } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { playReceivers } from '../../support/receivers.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const FIRST = 'softsolz-deliveries';
const RETRIES = 'softsolz-retries';
const PATIENCE = { timeout: 30_000, interval: 20 };

let shop: TestWorkspace;

beforeEach(async () => {
  freezeTime();
  shop = await newWorkspace({ account: 'none', webhook: false });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function endpoints(count: number): Promise<WebhookEndpoint[]> {
  return await Promise.all(Array.from({ length: count }, () => addEndpointRow(shop)));
}

const rowsOf = (ids: readonly string[]) => Promise.all(ids.map(deliveryRow));

describe('One endpoint that hangs', () => {
  it('gets two requests of a batch, the others get all of theirs, and the rest of it is handed on', async () => {
    const [hung, ...well] = await endpoints(6);
    if (!hung) throw new Error('No endpoint was made');
    const itsIds = await waitingFor(hung, 5);
    const others = (await Promise.all(well.map((endpoint) => waitingFor(endpoint, 1)))).flat();
    const { received, most, timeOut } = playReceivers([hung.url]);
    const run = hand([...itsIds, ...others], FIRST);
    await vi.waitFor(() => expect(well.map(({ url }) => received.get(url))).toEqual([1, 1, 1, 1, 1]), PATIENCE);
    expect(received.get(hung.url)).toBe(2);

    await run.answered;
    timeOut();
    const { explicitAcks, retryMessages } = await run.over();
    expect([explicitAcks.length, retryMessages]).toEqual([10, []]);
    expect(received.get(hung.url)).toBe(2);
    expect(most.toOne).toBe(2);
    expect(most.inAll).toBeLessThanOrEqual(6);
    expect(run.database.counts.roundTrips).toBe(2);
    for (const row of await rowsOf(others)) expect(row).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    const its = await rowsOf(itsIds);
    expect(its.map((row) => row.attempt_count).sort()).toEqual([0, 0, 0, 1, 1]);
    for (const row of its) expect(row).toMatchObject({ status: 'pending', claim: null });
    expect(run.fresh).toEqual([]);
    expect(run.retries.map((message) => message.deliveryId).sort()).toEqual(itsIds.toSorted());
    for (const message of run.retries) {
      const { next_attempt_at: at } = await deliveryRow(message.deliveryId);
      expect(message.delaySeconds).toBe(Math.ceil((Number(at) - Date.now()) / 1000));
      expect(message.delaySeconds).toBeGreaterThanOrEqual(10);
    }
  });

  it('and is deleted meanwhile leaves nothing that is woken again', async () => {
    const [hung] = await endpoints(1);
    if (!hung) throw new Error('No endpoint was made');
    const ids = await waitingFor(hung, 4);
    const { received, timeOut } = playReceivers([hung.url]);
    const run = hand(ids, RETRIES);
    await vi.waitFor(() => expect(received.get(hung.url)).toBe(2), PATIENCE);
    expect((await call(shop.key, 'DELETE', `/webhook-endpoints/${hung.id}`)).status).toBe(204);
    timeOut();
    await run.over();
    passTime(15 * 60_000);
    await handAndFinish(ids, RETRIES);
    for (const row of await rowsOf(ids)) expect(row).toMatchObject({ status: 'failed', next_attempt_at: null });
  });

  it('does not keep the queue waiting, and the next batches leave it alone while it is silent', async () => {
    const [hung, well] = await endpoints(2);
    if (!hung || !well) throw new Error('No endpoint was made');
    const ids = await waitingFor(hung, 3);
    const others = await waitingFor(well, 2);
    const { received, timeOut } = playReceivers([hung.url]);
    const run = hand(ids.slice(0, 1), FIRST);
    await run.answered;
    expect(received.get(hung.url)).toBe(1);
    passTime(1_000);

    const next = await handAndFinish([...ids.slice(1), ...others.slice(0, 1)], FIRST);
    expect(next.acked).toHaveLength(3);
    expect(next.retries.map((message) => message.deliveryId).sort()).toEqual(ids.slice(1).sort());
    expect(next.retries.map((message) => message.delaySeconds)).toEqual([2, 2]);
    for (const row of await rowsOf(ids.slice(1))) expect(row).toMatchObject({ next_attempt_at: Date.now() + 2_000 });
    passTime(7_000);
    const later = await handAndFinish([...ids.slice(1), ...others.slice(1)], RETRIES);
    expect(later.retries.map((message) => message.deliveryId).sort()).toEqual(ids.slice(1).sort());
    expect(later.retries.map((message) => message.delaySeconds)).toEqual([4, 4]);
    for (const row of await rowsOf(ids.slice(1))) {
      expect(row).toMatchObject({ status: 'pending', claim: null, next_attempt_at: Date.now() + 4_000 });
    }
    expect([received.get(hung.url), received.get(well.url)]).toEqual([1, 2]);
    for (const row of await rowsOf(others)) expect(row).toMatchObject({ status: 'succeeded' });

    timeOut();
    await run.over();
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'pending', attempt_count: 1 });
    passTime(4_000);
    await handAndFinish(ids.slice(1), RETRIES);
    expect(received.get(hung.url)).toBe(3);
  });

  it('and is failing already has what waits for it put off, so that the sweep finds others', async () => {
    const hung = await addEndpointRow(shop, { failingSince: Date.now() - 60_000 });
    const ids = await waitingFor(hung, 3);
    const { received, timeOut } = playReceivers([hung.url]);
    const run = hand(ids.slice(0, 1), RETRIES);
    await run.answered;
    const next = await handAndFinish(ids.slice(1), RETRIES);
    expect(received.get(hung.url)).toBe(1);
    expect(next.database.counts.roundTrips).toBe(1);
    expect(next.retries).toHaveLength(2);
    for (const [index, row] of (await rowsOf(ids.slice(1))).entries()) {
      expect(row).toMatchObject({ status: 'pending', attempt_count: 0, claim: null });
      const seconds = (Number(row.next_attempt_at) - Date.now()) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(30);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(next.retries[index]?.delaySeconds).toBe(Math.ceil(seconds));
    }
    timeOut();
    await run.over();
  });

  it('loses nothing where every wake-up call is lost: the sweep brings all of it, once it answers', async () => {
    const [hung] = await endpoints(1);
    if (!hung) throw new Error('No endpoint was made');
    const ids = await waitingFor(hung, 5);
    const { received, timeOut } = playReceivers([hung.url]);
    const run = hand(ids, FIRST);
    await run.answered;
    timeOut();
    await run.over();
    expect(received.get(hung.url)).toBe(2);

    vi.restoreAllMocks();
    playReceivers([]);
    passTime(3 * 60_000);
    const woken = losingQueue();
    await runCron({ RETRIES: woken });
    const found = woken.sent.map((message) => message.deliveryId).filter((id) => ids.includes(id));
    expect(found.toSorted()).toEqual(ids.toSorted());
    const { retries } = await handAndFinish(found, FIRST);
    await handAndFinish(
      retries.map((message) => message.deliveryId),
      RETRIES,
    );
    for (const row of await rowsOf(ids)) expect(row).toMatchObject({ status: 'succeeded' });
  });
});

describe('The queue of first attempts', () => {
  it('hands on what an endpoint that fails gets: no request, no claim, one round trip', async () => {
    const failing = await addEndpointRow(shop, { failingSince: Date.now() - 60_000 });
    const ids = await waitingFor(failing, 3);
    const before = await rowsOf(ids);
    const { received } = playReceivers([]);
    const run = await handAndFinish(ids, FIRST);
    expect([run.acked.length, run.fresh, run.database.counts.roundTrips]).toEqual([3, [], 1]);
    expect(run.retries).toEqual(ids.map((deliveryId) => ({ deliveryId, delaySeconds: 0 })));
    expect(await rowsOf(ids)).toEqual(before);
    expect(received.size).toBe(0);

    await handAndFinish(ids, RETRIES);
    for (const row of await rowsOf(ids)) expect(row).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });

  it('hands on what has been attempted before, and takes what was sent anew', async () => {
    const [endpoint] = await endpoints(1);
    if (!endpoint) throw new Error('No endpoint was made');
    const [retry = '', anew = ''] = await waitingFor(endpoint, 2);
    await shop.binding.prepare('UPDATE deliveries SET attempt_count = 2 WHERE id IN (?, ?)').bind(retry, anew).run();
    await shop.binding
      .prepare('UPDATE deliveries SET attempts_before = 2, restarted_at = ? WHERE id = ?')
      .bind(Date.now(), anew)
      .run();
    playReceivers([]);
    const run = await handAndFinish([retry, anew], FIRST);
    expect(run.retries).toEqual([{ deliveryId: retry, delaySeconds: 0 }]);
    expect(await deliveryRow(anew)).toMatchObject({ status: 'succeeded', attempt_count: 3 });
    expect(await deliveryRow(retry)).toMatchObject({ status: 'pending', attempt_count: 2, claim: null });
  });

  it('sends the next try of what failed to the other queue', async () => {
    const [endpoint] = await endpoints(1);
    if (!endpoint) throw new Error('No endpoint was made');
    const ids = await waitingFor(endpoint, 1);
    playReceivers([], async () => new Response('', { status: 500 }));
    const run = await handAndFinish(ids, FIRST);
    expect(run.fresh).toEqual([]);
    expect(run.retries).toMatchObject([{ deliveryId: ids[0] }]);
  });

  it('leaves to the sweep what it could not hand on', async () => {
    const failing = await addEndpointRow(shop, { failingSince: Date.now() - 60_000 });
    const ids = await waitingFor(failing, 1);
    expect((await consume(ids, { RETRIES: brokenQueue() }, FIRST)).acked).toEqual(['message-0']);
    passTime(61_000);
    const woken = losingQueue();
    await runCron({ RETRIES: woken });
    expect(woken.sent.map((message) => message.deliveryId)).toContain(ids[0]);
  });
});

describe.each([FIRST, RETRIES])('A run of %s', (queue) => {
  it('has at most six requests in flight, two of them to one endpoint, and attempts all of a batch', async () => {
    const all = await endpoints(4);
    const ids = (await Promise.all(all.map((endpoint) => waitingFor(endpoint, 3)))).flat();
    const { most, received } = playReceivers([], async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return new Response('{}');
    });
    const run = await handAndFinish(ids, queue);
    expect(most).toEqual({ inAll: 6, toOne: 2 });
    expect([...received.values()]).toEqual([3, 3, 3, 3]);
    expect(run.database.counts.roundTrips).toBe(2);
    for (const row of await rowsOf(ids)) expect(row).toMatchObject({ status: 'succeeded' });
  });

  it('begins nothing new after 10 seconds: the rest is due at once for the next one', async () => {
    const [slow] = await endpoints(1);
    if (!slow) throw new Error('No endpoint was made');
    const ids = await waitingFor(slow, 10);
    const { received } = playReceivers([], async () => {
      passTime(4_000);
      return new Response('{}');
    });
    const run = await handAndFinish(ids, queue);
    expect(received.get(slow.url)).toBeLessThan(10);
    const rest = (await rowsOf(ids)).filter((row) => row.status === 'pending');
    expect(rest).toHaveLength(10 - Number(received.get(slow.url)));
    for (const row of rest) expect(row).toMatchObject({ attempt_count: 0, claim: null });
    expect(run.retries.map((message) => message.deliveryId).sort()).toEqual(rest.map((row) => row.id).sort());
    await attempt(ids);
    await attempt(ids);
    await attempt(ids);
    for (const id of ids) expect(await attemptsOf(id)).toHaveLength(1);
  });
});
