import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRfc3339 } from '../../../../src/core/rfc3339.ts';
import { callWith, expectError, footprint, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1, interruptedD1 } from '../../support/counting.ts';
import { attempt, attemptsOf, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { type BindingChanges, losingQueue } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { deliveryAnswer, expectData, seedDeliveries, seedEvents } from '../../support/events.ts';
import { bindingOfId } from '../../support/shards.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const DAY = 24 * 60 * 60_000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Asks for a redelivery; the wake-up call is kept, not passed on. */
async function redeliver(shop: TestWorkspace, id: string | undefined, bindings: BindingChanges = {}) {
  const queue = losingQueue();
  const response = await callWith({ DELIVERIES: queue, ...bindings }, shop.key, 'POST', `/deliveries/${id}/redeliver`);
  return { response, woken: queue.sent.map(({ deliveryId }) => deliveryId) };
}

async function oneDelivery(
  row: Parameters<typeof seedDeliveries>[3] = {},
  about: Parameters<typeof seedEvents>[2] = {},
) {
  const shop = await newWorkspace({ webhook: false });
  const endpoint = await addEndpointRow(shop);
  const [id = ''] = await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 1, about), row);
  return { shop, endpoint, id };
}

async function setDelivery(id: string, change: string): Promise<void> {
  await bindingOfId(id).prepare(`UPDATE deliveries SET ${change} WHERE id = ?`).bind(id).run();
}

describe('A redelivery', () => {
  it('of a failed delivery sends the same event again, and is noted', async () => {
    const { shop, endpoint, id } = await oneDelivery({ status: 'failed', attempts: 10 }, { at: Date.now() - 3 * DAY });
    const { response, woken } = await redeliver(shop, id);
    const answer = await expectData(deliveryAnswer, response, 202);
    expect(answer).toMatchObject({ id, status: 'pending', event_type: 'payments.payment.succeeded' });
    expect(answer.next_attempt_at).not.toBeNull();
    expect(answer.attempts).toHaveLength(10);
    expect(woken).toEqual([id]);

    await attempt([id]);
    const [event] = await rowsOf('events', shop.workspace.id);
    expect((await sinkRequests(endpoint.sink)).map(({ body }) => body)).toEqual([event?.body]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 11, attempts_before: 10 });
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'delivery.redeliver')).toMatchObject([{ object: id }]);
  });

  it('has all its retries before it again', async () => {
    const { shop, endpoint, id } = await oneDelivery({ status: 'failed', attempts: 10 }, { at: Date.now() - 3 * DAY });
    await scriptSink(endpoint.sink, { status: 500 });
    await redeliver(shop, id);
    for (let made = 1; made <= 10; made++) {
      expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 9 + made });
      const wait = Number((await deliveryRow(id)).next_attempt_at) - Date.now();
      passTime(Math.max(0, wait));
      await attempt([id]);
    }
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 20, next_attempt_at: null });
    expect(await attemptsOf(id)).toHaveLength(20);
  });

  it('of one that has arrived, or that waits for its next attempt, is due at once', async () => {
    for (const row of [{ status: 'succeeded' }, { status: 'pending', nextAt: Date.now() + 3_600_000 }] as const) {
      const { shop, endpoint, id } = await oneDelivery(row);
      expect((await redeliver(shop, id)).response.status).toBe(202);
      await attempt([id]);
      expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 2 });
      expect(await sinkRequests(endpoint.sink)).toHaveLength(1);
    }
  });

  it('of one that is being attempted just now waits for how that ends', async () => {
    const { shop, id } = await oneDelivery({ status: 'pending', nextAt: Date.now() + 300_000 });
    await setDelivery(id, "claim = 'a run'");
    const before = await deliveryRow(id);
    const { response } = await redeliver(shop, id);
    const answer = await expectData(deliveryAnswer, response, 202);
    expect(answer).toMatchObject({ status: 'pending', next_attempt_at: toRfc3339(Date.now() + 300_000) });
    expect(await deliveryRow(id)).toEqual({ ...before, restarted_at: Date.now(), updated_at: Date.now() });
    // A run that died holds nothing.
    passTime(300_000);
    await redeliver(shop, id);
    expect(await deliveryRow(id)).toMatchObject({ claim: null, next_attempt_at: Date.now(), attempts_before: 1 });
  });

  it('asked for during the last attempt sends again if that fails, and not if it arrives', async () => {
    for (const [status, outcome] of [
      [500, { status: 'pending', attempt_count: 10, attempts_before: 10, claim: null }],
      [410, { status: 'pending', attempt_count: 10, attempts_before: 10, claim: null }],
      [200, { status: 'succeeded', attempt_count: 10, attempts_before: 0, next_attempt_at: null }],
    ] as const) {
      const { shop, endpoint, id } = await oneDelivery({ status: 'pending', attempts: 9, nextAt: Date.now() });
      await scriptSink(endpoint.sink, { status });
      const meanwhile = interruptedD1(env, 2, async () => {
        passTime(1_000);
        expect((await redeliver(shop, id)).response.status).toBe(202);
      });
      await attempt([id], meanwhile);
      expect(await deliveryRow(id)).toMatchObject(outcome);
      expect(await attemptsOf(id)).toHaveLength(10);
      if (status !== 500) continue;
      expect((await deliveryRow(id)).next_attempt_at).toBeLessThanOrEqual(Date.now());
      await scriptSink(endpoint.sink, { status: 200 });
      await attempt([id]);
      expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 11 });
    }
  });

  it('asked for while a run held it that died has all its retries before it, too', async () => {
    const { shop, endpoint, id } = await oneDelivery({ status: 'pending', attempts: 9, nextAt: Date.now() + 300_000 });
    await setDelivery(id, "claim = 'a run that died'");
    await redeliver(shop, id);
    passTime(300_000);
    await scriptSink(endpoint.sink, { status: 500 });
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 10, attempts_before: 9 });
  });

  it('asked for many times before it is sent is sent once', async () => {
    const { shop, endpoint, id } = await oneDelivery();
    const asked = await Promise.all(Array.from({ length: 10 }, () => redeliver(shop, id)));
    expect(asked.map(({ response }) => response.status)).toEqual(Array(10).fill(202));
    await attempt(asked.flatMap(({ woken }) => woken));
    expect(await sinkRequests(endpoint.sink)).toHaveLength(1);
  });

  it('under an Idempotency-Key is asked for once', async () => {
    const { shop, id } = await oneDelivery();
    const headers = { 'Idempotency-Key': 'again' };
    const first = await call(shop.key, 'POST', `/deliveries/${id}/redeliver`, undefined, headers);
    const second = await call(shop.key, 'POST', `/deliveries/${id}/redeliver`, {}, headers);
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await second.text()).toBe(await first.text());
  });

  it('whose wake-up call is lost is still to come', async () => {
    const { shop, id } = await oneDelivery();
    await redeliver(shop, id);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', next_attempt_at: Date.now() });
  });

  it('costs two round trips beyond the key, and nothing is half done where one fails', async () => {
    const { shop, id } = await oneDelivery();
    for (const nth of [2, 3]) {
      const before = await deliveryRow(id);
      const { response } = await redeliver(shop, id, failingD1(env, nth));
      await expectError(response, 503, 'service_unavailable');
      expect(await deliveryRow(id)).toEqual(before);
    }
    const database = countingD1(env);
    expect((await redeliver(shop, id, database.bindings)).response.status).toBe(202);
    expect(database.counts.roundTrips).toBe(3);
  });
});

describe('A redelivery is refused', () => {
  it('while its endpoint is disabled', async () => {
    const { shop, endpoint, id } = await oneDelivery();
    await shop.binding.prepare("UPDATE webhook_endpoints SET status = 'disabled' WHERE id = ?").bind(endpoint.id).run();
    const before = [await footprint(shop), await deliveryRow(id)];
    const { response, woken } = await redeliver(shop, id);
    const { message } = await expectError(response, 409, 'webhook_endpoint_disabled');
    expect(message).toContain(endpoint.id);
    expect(message).toContain('/enable');
    expect([await footprint(shop), await deliveryRow(id)]).toEqual(before);
    expect(woken).toEqual([]);
  });

  it('where there is no such delivery, it belongs to another workspace, or its endpoint or event is gone', async () => {
    const { shop, id } = await oneDelivery();
    const stranger = await newWorkspace();
    const [noEndpoint, noEvent] = [await oneDelivery(), await oneDelivery()];
    await shop.binding.prepare('DELETE FROM webhook_endpoints WHERE id = ?').bind(noEndpoint.endpoint.id).run();
    await noEvent.shop.binding
      .prepare('DELETE FROM events WHERE workspace_id = ?')
      .bind(noEvent.shop.workspace.id)
      .run();
    const messages = [];
    for (const [key, asked] of [
      [stranger.key, id],
      [noEndpoint.shop.key, noEndpoint.id],
      [noEvent.shop.key, noEvent.id],
      ...['dlv_0unknown', id.toUpperCase(), `${id}0`, '1', '%00', '%ff', "'", 'evt_0'].map(
        (other) => [shop.key, other] as const,
      ),
    ] as const) {
      const error = await expectError(await call(key, 'POST', `/deliveries/${asked}/redeliver`), 404, 'not_found');
      messages.push(error.message);
    }
    expect(new Set(messages).size).toBe(1);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed' });
  });
});
