import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import { attempt, freezeTime, passTime } from '../../support/deliveries.ts';
import { losingQueue } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../../support/events.ts';
import { paidQuietly } from '../../support/payments.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import {
  act,
  auditOf,
  expectEndpoint,
  expectQueued,
  newEndpoint,
  patchEndpoint,
  readEndpoint,
  rowOf,
  writtenBy,
} from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

afterEach(() => {
  vi.useRealTimers();
});

async function disable(shop: TestWorkspace, id: string): Promise<void> {
  await expectEndpoint(await patchEndpoint(shop, id, { status: 'disabled' }));
}

/** Enables an endpoint with its wake-up calls lost. Answers how many were queued, and which were woken. */
async function enable(shop: TestWorkspace, id: string): Promise<{ queued: number; woken: string[] }> {
  const queue = losingQueue();
  const answer = await callWith({ DELIVERIES: queue }, shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
  return { queued: await expectQueued(answer), woken: queue.sent.map(({ deliveryId }) => deliveryId) };
}

/** The ids of the events that have arrived at a sink, in order. */
async function arrivedAt(sink: string): Promise<unknown[]> {
  return (await sinkRequests(sink)).map(({ body }) => JSON.parse(body).id);
}

/** The workspace's events, oldest first. */
async function eventsOf(shop: TestWorkspace): Promise<unknown[]> {
  const events = await rowsOf('events', shop.workspace.id);
  return events.toSorted((one, other) => Number(one.created_at) - Number(other.created_at)).map(({ id }) => id);
}

/** So many payments, each with its event, a second apart. */
async function pays(shop: TestWorkspace, count: number): Promise<void> {
  for (let paid = 0; paid < count; paid++) {
    await paidQuietly(shop);
    passTime(1000);
  }
}

describe('enabling a webhook endpoint', () => {
  it('takes it into service and sends what it missed, in the order of creation', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    passTime(1000);
    await disable(shop, endpoint.id);
    await pays(shop, 3);
    const { queued, woken } = await enable(shop, endpoint.id);
    expect([queued, woken.length]).toEqual([3, 3]);
    expect(await readEndpoint(shop, endpoint.id)).toMatchObject({ status: 'enabled', disabled_reason: null });
    expect(await rowOf(endpoint.id)).toMatchObject({ disabled_at: null, failing_since: null });
    for (const id of woken) await attempt([id]);
    expect(await arrivedAt(endpoint.sink)).toEqual(await eventsOf(shop));
    expect(await auditOf(shop, endpoint.id)).toEqual([
      'webhook_endpoint.create',
      'webhook_endpoint.disable',
      'webhook_endpoint.enable',
    ]);
    // The other endpoint of the workspace, which missed nothing, is sent nothing.
    expect(woken.filter((id) => id.endsWith(endpoint.id.slice(4)))).toEqual(woken);
  });

  it('sends also what failed before it was disabled, and what still waited then', async () => {
    freezeTime();
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await newEndpoint(shop);
    passTime(1000);
    await scriptSink(endpoint.sink, { status: 500, times: 1 });
    const failed = await paidQuietly(shop);
    await attempt(failed.deliveryIds);
    passTime(1000);
    const waiting = await paidQuietly(shop);
    await disable(shop, endpoint.id);
    passTime(HOUR);
    await attempt([...failed.deliveryIds, ...waiting.deliveryIds]);
    expect((await rowsOf('deliveries', shop.workspace.id)).map(({ status }) => status)).toEqual(['failed', 'failed']);
    const { queued, woken } = await enable(shop, endpoint.id);
    expect(queued).toBe(2);
    expect(woken).toEqual([...failed.deliveryIds, ...waiting.deliveryIds]);
    for (const id of woken) await attempt([id]);
    const [first, second] = await eventsOf(shop);
    expect(await arrivedAt(endpoint.sink)).toEqual([first, first, second]);
  });

  it('sends nothing twice that has arrived, nothing that it is not subscribed to, and nothing from before it was made', async () => {
    freezeTime();
    const shop = await newWorkspace();
    await pays(shop, 1);
    const all = await newEndpoint(shop);
    const refunds = await newEndpoint(shop, { events: ['payments.payment.refunded'] });
    passTime(1000);
    const { deliveryIds } = await paidQuietly(shop);
    await attempt(deliveryIds);
    for (const { id } of [all, refunds]) await disable(shop, id);
    passTime(1000);
    await pays(shop, 1);
    expect((await enable(shop, all.id)).queued).toBe(1);
    expect((await enable(shop, refunds.id)).queued).toBe(0);
  });

  it('goes back to since when it failed, and 30 days at most', async () => {
    freezeTime();
    const shop = await newWorkspace({ webhook: false });
    const createdAt = Date.now() - 60 * DAY;
    const endpoint = await addEndpointRow(shop, {
      ...{ createdAt, status: 'disabled', disabledAt: Date.now() - 40 * DAY, failingSince: Date.now() - 45 * DAY },
    });
    const insert = shop.binding.prepare(
      "INSERT INTO events (id, workspace_id, type, body, created_at) VALUES (?, ?, 'payments.payment.succeeded', '{}', ?)",
    );
    const ages = [50 * DAY, 30 * DAY + 1, 30 * DAY, 10 * DAY, 0];
    await shop.binding.batch(
      ages.map((age, index) =>
        insert.bind(
          `evt_${shop.shard}${shop.workspace.id.replaceAll('-', '')}${index}`,
          shop.workspace.id,
          Date.now() - age,
        ),
      ),
    );
    expect((await enable(shop, endpoint.id)).queued).toBe(3);
  });

  it('queues nothing for one that is enabled, and writes nothing', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    await paidQuietly(shop);
    const before = await writtenBy(shop);
    expect(await enable(shop, endpoint.id)).toEqual({ queued: 0, woken: [] });
    expect(await writtenBy(shop)).toEqual(before);
  });

  it('done ten times at once queues each event once', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop, { url: 'https://hooks.yoursite.com/' });
    await disable(shop, endpoint.id);
    for (let paid = 0; paid < 3; paid++) await paidQuietly(shop);
    const answers = await Promise.all(Array.from({ length: 10 }, () => act(shop, endpoint.id, 'enable')));
    const queued = await Promise.all(answers.map(expectQueued));
    expect(queued.reduce((sum, count) => sum + count, 0)).toBe(3);
    const deliveries = await rowsOf('deliveries', shop.workspace.id);
    expect(deliveries.filter(({ endpoint_id }) => endpoint_id === endpoint.id)).toHaveLength(3);
    const audit = await auditOf(shop, endpoint.id);
    expect(audit.filter((action) => action === 'webhook_endpoint.enable')).toHaveLength(1);
  });

  it('costs three round trips to the database, and all of it is done or nothing', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    await disable(shop, endpoint.id);
    await paidQuietly(shop);
    const path = `/webhook-endpoints/${endpoint.id}/enable`;
    const before = await writtenBy(shop);
    const lost = await callWith(failingD1(env, 3, 'before'), shop.key, 'POST', path);
    await expectError(lost, 503, 'service_unavailable');
    expect(await writtenBy(shop)).toEqual(before);
    const database = countingD1(env);
    expect(await expectQueued(await callWith(database.bindings, shop.key, 'POST', path))).toBe(1);
    expect(database.counts.roundTrips).toBe(3);
  });

  it('again sends what an earlier enabling had queued, however old, when the receiver still refused it', async () => {
    freezeTime();
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await newEndpoint(shop);
    await disable(shop, endpoint.id);
    const events = await seedEvents(shop, 10, { at: Date.now() + DAY, stepMs: DAY });
    passTime(11 * DAY);
    const first = await enable(shop, endpoint.id);
    expect(first.queued).toBe(10);
    await scriptSink(endpoint.sink, { status: 410 });
    await attempt(first.woken);
    await attempt(first.woken);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'disabled' });
    await scriptSink(endpoint.sink, { status: 200 });
    passTime(1000);
    const second = await enable(shop, endpoint.id);
    expect(second.queued).toBe(10);
    for (const id of second.woken) await attempt([id]);
    expect((await arrivedAt(endpoint.sink)).slice(-10)).toEqual(events.map(({ id }) => id));
  });

  it('sends no event of before its trouble that was never for it, although an old one failed', async () => {
    freezeTime();
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await newEndpoint(shop);
    const [old, unsent] = await seedEvents(shop, 2, { at: Date.now() + DAY, stepMs: 1000 });
    if (!old || !unsent) throw new Error('Two events were seeded');
    const [failed = ''] = await seedDeliveries(shop, endpoint.id, [old]);
    passTime(10 * DAY);
    await disable(shop, endpoint.id);
    expect(await enable(shop, endpoint.id)).toEqual({ queued: 1, woken: [failed] });
  });
});
