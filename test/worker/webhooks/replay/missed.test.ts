import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { deliveryIdFor } from '../../../../src/core/derive.ts';
import { footprint, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { brokenQueue, losingQueue, runCron } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { type SeededEvent, seedDeliveries, seedEvents } from '../../support/events.ts';
import { askReplay, DAY, replay } from '../../support/replays.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { call, newWorkspace } from '../../support/workspace.ts';

const MINUTE = 60_000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

async function arrived(sink: string): Promise<string[]> {
  const requests = await sinkRequests(sink);
  return requests.map(({ body }) => z.object({ id: z.string() }).parse(JSON.parse(body)).id);
}

const idsOf = (events: readonly SeededEvent[]) => events.map(({ id }) => id);

/** A workspace with events and an endpoint that came later. */
async function lateEndpoint(count: number, about: Parameters<typeof seedEvents>[2] = {}) {
  const shop = await newWorkspace({ webhook: false });
  const events = await seedEvents(shop, count, about);
  const endpoint = await addEndpointRow(shop);
  return { shop, events, endpoint };
}

describe('A replay', () => {
  it('sends a new endpoint what it missed, in the order in which it happened', async () => {
    const { shop, events, endpoint } = await lateEndpoint(7, { at: Date.now() - 2 * DAY, stepMs: 3_600_000 });
    const { queued, woken } = await replay(shop, endpoint.id, { since: '2020-01-01T00:00:00Z' });
    expect(queued).toBe(7);
    expect(woken).toEqual(events.map(({ id }) => deliveryIdFor(id, endpoint.id)));
    for (const id of woken) await attempt([id]);
    expect(await arrived(endpoint.sink)).toEqual(idsOf(events));
    const rows = await rowsOf('deliveries', shop.workspace.id);
    expect(rows.map(({ status, event_id }) => [status, event_id]).sort()).toEqual(
      idsOf(events)
        .map((id) => ['succeeded', id])
        .sort(),
    );
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.replay')).toMatchObject([{ object: endpoint.id }]);
  });

  it('orders events of the same millisecond by their id, as their list does', async () => {
    const { shop, events, endpoint } = await lateEndpoint(20, { stepMs: 0 });
    const { woken } = await replay(shop, endpoint.id);
    expect(woken).toEqual(
      idsOf(events)
        .sort()
        .map((id) => deliveryIdFor(id, endpoint.id)),
    );
  });

  it('sends again what failed, and leaves alone what has arrived or is still to be tried', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const events = await seedEvents(shop, 6);
    const later = Date.now() + 3_600_000;
    const failed = await seedDeliveries(shop, endpoint.id, events.slice(0, 2), { status: 'failed', attempts: 10 });
    const succeeded = await seedDeliveries(shop, endpoint.id, events.slice(2, 4), { status: 'succeeded' });
    const pending = await seedDeliveries(shop, endpoint.id, events.slice(4), { status: 'pending', nextAt: later });
    const untouched = [...succeeded, ...pending];
    const before = await Promise.all(untouched.map(deliveryRow));
    expect(await replay(shop, endpoint.id)).toEqual({ queued: 2, woken: failed });
    expect(await Promise.all(untouched.map(deliveryRow))).toEqual(before);
    for (const [index, id] of failed.entries()) {
      expect(await deliveryRow(id)).toMatchObject({
        status: 'pending',
        attempt_count: 10,
        attempts_before: 10,
        restarted_at: Date.now(),
        next_attempt_at: Date.now() + index,
        claim: null,
      });
    }
  });

  it('gives everything all its retries again, however long ago it happened', async () => {
    const { shop, endpoint, events } = await lateEndpoint(1, { at: Date.now() - 20 * DAY });
    await scriptSink(endpoint.sink, { status: 500 });
    const {
      woken: [id],
    } = await replay(shop, endpoint.id, { since: new Date(events[0]?.at ?? 0).toISOString() });
    await attempt([id ?? '']);
    const { status, next_attempt_at } = await deliveryRow(id);
    expect(status).toBe('pending');
    expect(Number(next_attempt_at)).toBeGreaterThanOrEqual(Date.now() + 10_000);
  });

  it('that is repeated sends nothing twice, neither while it is on its way nor after it has arrived', async () => {
    const { shop, events, endpoint } = await lateEndpoint(5);
    const asked = await Promise.all(Array.from({ length: 5 }, () => replay(shop, endpoint.id)));
    expect(asked.reduce((sum, { queued }) => sum + queued, 0)).toBe(5);
    const rows = await rowsOf('deliveries', shop.workspace.id);
    expect(rows).toHaveLength(5);
    passTime(1);
    expect(await replay(shop, endpoint.id)).toEqual({ queued: 0, woken: [] });
    expect(await rowsOf('deliveries', shop.workspace.id)).toEqual(rows);

    const woken = asked.flatMap((one) => one.woken);
    await attempt(woken);
    await attempt(woken);
    expect((await arrived(endpoint.sink)).sort()).toEqual(idsOf(events).sort());
    expect((await replay(shop, endpoint.id)).queued).toBe(0);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.replay')).toHaveLength(1);
  });

  it('does not take over a delivery that is being attempted, until its run is known to be dead', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const lease = Date.now() + 5 * MINUTE;
    const [id = ''] = await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 1), {
      status: 'pending',
      nextAt: lease,
    });
    await shop.binding.prepare("UPDATE deliveries SET claim = 'a run' WHERE id = ?").bind(id).run();
    const before = await deliveryRow(id);
    expect(await replay(shop, endpoint.id, { status: 'pending' })).toEqual({ queued: 1, woken: [] });
    expect(await deliveryRow(id)).toEqual({ ...before, restarted_at: Date.now(), updated_at: Date.now() });
    passTime(5 * MINUTE);
    expect(await replay(shop, endpoint.id, { status: 'pending' })).toEqual({ queued: 1, woken: [id] });
  });

  it('touches no other endpoint and no other workspace', async () => {
    const { shop, endpoint } = await lateEndpoint(3);
    const other = await addEndpointRow(shop);
    const stranger = await lateEndpoint(3);
    const before = await footprint(stranger.shop);
    expect((await replay(shop, endpoint.id)).queued).toBe(3);
    expect((await rowsOf('deliveries', shop.workspace.id)).map(({ endpoint_id }) => endpoint_id)).not.toContain(
      other.id,
    );
    expect(await footprint(stranger.shop)).toEqual(before);
  });
});

describe('A long replay', () => {
  it('wakes the first 500 at once, and the sweep all the others, in order', async () => {
    const { shop, events, endpoint } = await lateEndpoint(1203);
    const expected = events.map(({ id }) => deliveryIdFor(id, endpoint.id));
    const { queued, woken } = await replay(shop, endpoint.id);
    expect(queued).toBe(1203);
    expect(woken).toEqual(expected.slice(0, 500));
    passTime(MINUTE + 2_000);
    const queue = losingQueue();
    await runCron({ RETRIES: queue });
    const swept = queue.sent.map(({ deliveryId }) => deliveryId).filter((id) => expected.includes(id));
    expect(swept).toEqual(expected);
  });
});

describe('A replay that is disturbed', () => {
  it('by the database queues nothing, and queues all when it is requested again', async () => {
    const { shop, endpoint } = await lateEndpoint(3);
    for (const nth of [2, 3]) {
      const { response, woken } = await askReplay(shop, endpoint.id, {}, failingD1(env, nth));
      expect([response.status, woken]).toEqual([503, []]);
      expect(await rowsOf('deliveries', shop.workspace.id)).toEqual([]);
    }
    expect((await replay(shop, endpoint.id)).queued).toBe(3);
  });

  it('by the queue is completed by the sweep', async () => {
    const { shop, endpoint, events } = await lateEndpoint(3);
    expect(await replay(shop, endpoint.id, {}, { DELIVERIES: brokenQueue() })).toMatchObject({ queued: 3 });
    passTime(MINUTE + 1_000);
    const queue = losingQueue();
    await runCron({ RETRIES: queue });
    const expected = events.map(({ id }) => deliveryIdFor(id, endpoint.id));
    expect(queue.sent.map(({ deliveryId }) => deliveryId).filter((id) => expected.includes(id))).toEqual(expected);
  });

  it('by a lost answer answers the same under its Idempotency-Key', async () => {
    const { shop, endpoint } = await lateEndpoint(3);
    const path = `/webhook-endpoints/${endpoint.id}/replay`;
    const body = { since: new Date(Date.now() - DAY).toISOString() };
    const first = await call(shop.key, 'POST', path, body, { 'Idempotency-Key': 'again' });
    const second = await call(shop.key, 'POST', path, body, { 'Idempotency-Key': 'again' });
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    expect([await first.text(), await second.text()]).toEqual(Array(2).fill('{"data":{"queued":3}}'));
  });
});

describe('A replay costs', () => {
  it('two round trips beyond the key, however much it queues', async () => {
    const { shop, endpoint } = await lateEndpoint(300);
    const database = countingD1(env);
    expect((await replay(shop, endpoint.id, {}, database.bindings)).queued).toBe(300);
    expect(database.counts.roundTrips).toBe(3);
  });

  it('no read of what is out of its range, of another endpoint or of another workspace', async () => {
    const neighbour = await lateEndpoint(400);
    await replay(neighbour.shop, neighbour.endpoint.id);
    const { shop, endpoint } = await lateEndpoint(400, { at: Date.now() - 3 * DAY });
    await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 400, { at: Date.now() - 2 * DAY }));
    await seedEvents(shop, 3);
    passTime(1_000);
    const database = countingD1(env);
    expect((await replay(shop, endpoint.id, {}, database.bindings)).queued).toBe(3);
    expect(database.counts.rowsRead).toBeLessThanOrEqual(60);
  });
});
