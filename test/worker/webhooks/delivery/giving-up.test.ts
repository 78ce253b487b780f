import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { EVENT_DATA } from '../../../../src/domain/webhooks/event-schemas.ts';
import { rowsOf } from '../../support/api.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { consume, losingQueue } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const DAY = 24 * 60 * 60 * 1000;
const envelope = z.object({ type: z.string(), tenant_id: z.string(), data: z.unknown() });

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const newShop = () => newWorkspace({ account: 'none', webhook: false });

/** The events of a workspace about disabled endpoints, with the ids of the endpoints they go to. */
async function disabledEvents(shop: TestWorkspace) {
  const events = await rowsOf('events', shop.workspace.id);
  const deliveries = await rowsOf('deliveries', shop.workspace.id);
  return events
    .filter((event) => event.type === 'webhook.endpoint.disabled')
    .map((event) => ({
      body: String(event.body),
      deliveryIds: deliveries.filter((row) => row.event_id === event.id).map((row) => String(row.id)),
      to: deliveries.filter((row) => row.event_id === event.id).map((row) => row.endpoint_id),
    }));
}

async function endpointOf(shop: TestWorkspace, id: string) {
  return (await rowsOf('webhook_endpoints', shop.workspace.id)).find((row) => row.id === id);
}

describe('An endpoint that is taken out of service', () => {
  it('by 410 is reported to the other endpoints that subscribed to it, and to nobody else', async () => {
    freezeTime();
    const [shop, stranger] = [await newShop(), await newShop()];
    const gone = await addEndpointRow(shop);
    const [all, chosen] = [
      await addEndpointRow(shop),
      await addEndpointRow(shop, { events: ['webhook.endpoint.disabled'] }),
    ];
    await addEndpointRow(shop, { events: ['payments.payment.succeeded'] });
    await addEndpointRow(shop, { status: 'disabled' });
    await addEndpointRow(stranger);
    await scriptSink(gone.sink, { status: 410 });
    const ids = await waitingFor(gone, 2);
    const database = countingD1(env);
    const { sent } = await attempt(ids.slice(0, 1), database.bindings);
    expect(database.counts.roundTrips).toBe(2);

    expect(await endpointOf(shop, gone.id)).toMatchObject({ status: 'disabled', disabled_at: Date.now() });
    const [event, ...more] = await disabledEvents(shop);
    expect(more).toEqual([]);
    expect(event?.to.toSorted()).toEqual([all.id, chosen.id].sort());
    expect(sent.map((message) => message.deliveryId)).toEqual(expect.arrayContaining(event?.deliveryIds ?? ['none']));
    expect(await disabledEvents(stranger)).toEqual([]);

    await consume(event?.deliveryIds ?? []);
    for (const { sink } of [all, chosen]) {
      const [received] = await sinkRequests(sink);
      const { type, tenant_id: tenant, data } = envelope.parse(JSON.parse(received?.body ?? ''));
      expect([type, tenant]).toEqual(['webhook.endpoint.disabled', shop.workspace.id]);
      expect(EVENT_DATA['webhook.endpoint.disabled'].parse(data)).toEqual({
        webhook_endpoint_id: gone.id,
        url: gone.url,
        reason: 'The endpoint answered 410 Gone.',
        failing_since: null,
      });
    }
    await attempt(ids.slice(1));
    expect(await deliveryRow(ids[1])).toMatchObject({ status: 'failed', attempt_count: 0, next_attempt_at: null });
    expect(await sinkRequests(gone.sink)).toHaveLength(1);
  });

  it('by failures that span 5 days is reported with the time of the first', async () => {
    freezeTime();
    const shop = await newShop();
    const since = Math.floor((Date.now() - 5 * DAY) / 1000) * 1000;
    const [failing, other] = [await addEndpointRow(shop, { failingSince: since }), await addEndpointRow(shop)];
    await scriptSink(failing.sink, { status: 500 });
    await attempt(await waitingFor(failing, 1));
    const [event] = await disabledEvents(shop);
    expect(event?.to).toEqual([other.id]);
    expect(envelope.parse(JSON.parse(event?.body ?? '')).data).toMatchObject({
      reason: expect.stringContaining('5 days'),
      failing_since: new Date(since).toISOString().replace('.000Z', 'Z'),
    });
  });

  it('is reported once, however many runs and deliveries notice it', async () => {
    freezeTime();
    const shop = await newShop();
    const [gone, other] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    await scriptSink(gone.sink, { status: 410, delay_ms: 100 });
    const ids = await waitingFor(gone, 6);
    await Promise.all([attempt(ids.slice(0, 2)), attempt(ids.slice(2, 4)), attempt(ids.slice(4))]);
    expect(await disabledEvents(shop)).toMatchObject([{ to: [other.id] }]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter((entry) => entry.action === 'webhook_endpoint.disable')).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('is reported once where the database fails %s writing it', async (when) => {
    freezeTime();
    const shop = await newShop();
    const [gone] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    await scriptSink(gone.sink, { status: 410 });
    const ids = await waitingFor(gone, 1);
    await attempt(ids, failingD1(env, 2, when));
    expect(await disabledEvents(shop)).toHaveLength(when === 'before' ? 0 : 1);
    expect(await endpointOf(shop, gone.id)).toMatchObject({ status: when === 'before' ? 'enabled' : 'disabled' });
    passTime(5 * 60_000);
    await attempt(ids);
    expect(await disabledEvents(shop)).toHaveLength(1);
  });

  it('is reported again when it is enabled and fails again', async () => {
    freezeTime();
    const shop = await newShop();
    const [gone] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    await scriptSink(gone.sink, { status: 410 });
    await attempt(await waitingFor(gone, 1));
    await shop.binding
      .prepare("UPDATE webhook_endpoints SET status = 'enabled', disabled_at = NULL WHERE id = ?")
      .bind(gone.id)
      .run();
    passTime(1_000);
    await attempt(await waitingFor(gone, 1));
    expect(await disabledEvents(shop)).toHaveLength(2);
  });

  it('is an event in the list of events also where no endpoint is left to get it', async () => {
    const shop = await newShop();
    const gone = await addEndpointRow(shop);
    await scriptSink(gone.sink, { status: 410 });
    const { sent } = await attempt(await waitingFor(gone, 1));
    expect(sent).toEqual([]);
    expect(await disabledEvents(shop)).toMatchObject([{ to: [] }]);
  });
});

describe('An endpoint that stays in service', () => {
  it('because one delivery of the same run arrived is not reported, and nothing is sent', async () => {
    freezeTime();
    const shop = await newShop();
    const failing = await addEndpointRow(shop, { failingSince: Date.now() - 6 * DAY });
    const other = await addEndpointRow(shop);
    await scriptSink(failing.sink, { status: 500, times: 1 });
    const { sent } = await attempt(await waitingFor(failing, 2));
    expect(await endpointOf(shop, failing.id)).toMatchObject({ status: 'enabled', disabled_at: null });
    expect(await disabledEvents(shop)).toEqual([]);
    await consume(
      sent.map((message) => message.deliveryId),
      { RETRIES: losingQueue() },
    );
    expect(await sinkRequests(other.sink)).toEqual([]);
  });
});

describe('A delivery that is replayed', () => {
  it('has all its retries and a day again, and goes on counting its attempts', async () => {
    freezeTime();
    const shop = await newShop();
    const endpoint = await addEndpointRow(shop);
    await scriptSink(endpoint.sink, { status: 500 });
    const [id = ''] = await waitingFor(endpoint, 1);
    passTime(20 * DAY);
    await shop.binding
      .prepare(
        'UPDATE deliveries SET attempt_count = 10, attempts_before = 10, restarted_at = ?, next_attempt_at = ? WHERE id = ?',
      )
      .bind(Date.now(), Date.now(), id)
      .run();
    const restartedAt = Date.now();
    const steps = [10, 60, 300, 900, 3600, 7200, 14_400, 28_800, 28_800];
    for (const [index, step] of steps.entries()) {
      await attempt([id]);
      const row = await deliveryRow(id);
      expect(row).toMatchObject({ status: 'pending', attempt_count: 11 + index });
      const seconds = (Number(row.next_attempt_at) - Date.now()) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(step);
      expect(seconds).toBeLessThanOrEqual(step * 1.02);
      vi.setSystemTime(Number(row.next_attempt_at));
    }
    expect(Date.now() - restartedAt).toBeLessThanOrEqual(DAY);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 20, next_attempt_at: null });
  });
});
