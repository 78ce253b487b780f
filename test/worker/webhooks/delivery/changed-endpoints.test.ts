import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookEndpoint } from '../../../../src/db/webhook-endpoints.ts';
import { callWith } from '../../support/api.ts';
import { attempt, deliveryRow } from '../../support/deliveries.ts';
import { losingQueue } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { deliveryAnswer, expectData, expectPage, seedDeliveries, seedEvents } from '../../support/events.ts';
import { playReceivers } from '../../support/receivers.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { expectEndpoint, expectQueued, patchEndpoint } from '../../support/webhook-endpoints.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const OTHER_TYPES = { events: ['payments.payment.refunded'] };
const THIS_TYPE = { events: ['payments.payment.succeeded'] };

let shop: TestWorkspace;
let endpoint: WebhookEndpoint & { readonly sink: string };

beforeEach(async () => {
  shop = await newWorkspace({ account: 'none', webhook: false });
  endpoint = await addEndpointRow(shop);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function patch(change: Record<string, unknown>): Promise<void> {
  await expectEndpoint(await patchEndpoint(shop, endpoint.id, change));
}

async function dueNow(id: string): Promise<void> {
  await shop.binding.prepare('UPDATE deliveries SET next_attempt_at = ? WHERE id = ?').bind(Date.now(), id).run();
}

/** A POST whose wake-up calls are lost, so that nothing is delivered behind the test's back. */
async function quietly(path: string, body?: unknown): Promise<Response> {
  return await callWith({ DELIVERIES: losingQueue() }, shop.key, 'POST', path, body);
}

async function redeliver(id: string) {
  return await expectData(deliveryAnswer, await quietly(`/deliveries/${id}/redeliver`), 202);
}

/** The one delivery of the endpoint, as the API shows it. */
async function shown() {
  const path = `/webhook-endpoints/${endpoint.id}/deliveries`;
  const { data } = await expectPage(deliveryAnswer, await call(shop.key, 'GET', path));
  return data[0];
}

/** A delivery whose first attempt has failed, and whose endpoint then no longer names its type. */
async function unsubscribed(): Promise<string> {
  const [id = ''] = await waitingFor(endpoint, 1);
  await scriptSink(endpoint.sink, { status: 500 });
  await attempt([id]);
  await scriptSink(endpoint.sink, { status: 200 });
  await patch(OTHER_TYPES);
  await dueNow(id);
  return id;
}

describe('A delivery of a type that its endpoint no longer names', () => {
  it('is not tried again: it ends as failed, and says why', async () => {
    const id = await unsubscribed();
    expect(await shown()).toMatchObject({ status: 'pending', failure_reason: null });
    await attempt([id]);
    expect(await sinkRequests(endpoint.sink)).toHaveLength(1);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 1, next_attempt_at: null });
    expect(await shown()).toMatchObject({
      id,
      status: 'failed',
      failure_reason: 'unsubscribed',
      next_attempt_at: null,
    });
  });

  it('is sent when the type is named again before its time, and afterwards by a replay', async () => {
    const id = await unsubscribed();
    await patch(THIS_TYPE);
    await scriptSink(endpoint.sink, { status: 500 });
    await attempt([id]);
    expect(await sinkRequests(endpoint.sink)).toHaveLength(2);
    await patch(OTHER_TYPES);
    await dueNow(id);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', failure_reason: 'unsubscribed' });

    await patch({ events: ['*'] });
    await scriptSink(endpoint.sink, { status: 200 });
    const range = { since: new Date(Date.now() - 60_000).toISOString(), until: new Date(Date.now()).toISOString() };
    expect(await expectQueued(await quietly(`/webhook-endpoints/${endpoint.id}/replay`, range))).toBe(1);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', failure_reason: null });
  });

  it('is sent, and retried, when it is asked for by its id', async () => {
    const id = await unsubscribed();
    await attempt([id]);
    expect(await redeliver(id)).toMatchObject({ status: 'pending', failure_reason: null });
    await scriptSink(endpoint.sink, { status: 500 });
    await dueNow(id);
    await attempt([id]);
    await scriptSink(endpoint.sink, { status: 200 });
    await dueNow(id);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 3 });
  });

  it('is not sent when it was asked for by its id before the type was taken away', async () => {
    const [id = ''] = await waitingFor(endpoint, 1);
    await redeliver(id);
    await patch(OTHER_TYPES);
    await dueNow(id);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', failure_reason: 'unsubscribed' });
    expect(await sinkRequests(endpoint.sink)).toEqual([]);
  });

  it('is sent all the same when it is a ping', async () => {
    await patch(OTHER_TYPES);
    const ping = await expectData(deliveryAnswer, await quietly(`/webhook-endpoints/${endpoint.id}/ping`), 202);
    await dueNow(ping.id);
    await attempt([ping.id]);
    expect(await deliveryRow(ping.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('A delivery that is given up without an attempt says why', () => {
  it('where its endpoint is disabled, and no longer once it is enabled', async () => {
    const [id = ''] = await waitingFor(endpoint, 1);
    await patch({ status: 'disabled' });
    await attempt([id]);
    expect(await shown()).toMatchObject({ status: 'failed', failure_reason: 'endpoint_disabled', attempts: [] });
    expect(await expectQueued(await quietly(`/webhook-endpoints/${endpoint.id}/enable`))).toBe(1);
    expect(await deliveryRow(id)).toMatchObject({ failure_reason: null });
  });

  it('where its event is deleted, or its endpoint', async () => {
    const events = await seedEvents(shop, 1);
    const [id = ''] = await seedDeliveries(shop, endpoint.id, events, { status: 'pending', nextAt: Date.now() });
    await shop.binding.prepare('DELETE FROM events WHERE id = ?').bind(events[0]?.id).run();
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', failure_reason: 'event_deleted' });

    const [waiting = ''] = await waitingFor(endpoint, 1);
    expect((await call(shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`)).status).toBe(204);
    await attempt([waiting]);
    expect(await deliveryRow(waiting)).toMatchObject({ status: 'failed', failure_reason: 'endpoint_deleted' });
  });
});

describe('A change of the endpoint while a run sends to it', () => {
  /** Hands ten deliveries to one run. `change` is made while the first requests wait for their answer. */
  async function runWith(change: () => Promise<unknown>) {
    const ids = await waitingFor(endpoint, 10);
    let changing: Promise<unknown> | null = null;
    const { received } = playReceivers([], async () => {
      changing ??= change();
      await changing;
      // Longer than a run trusts what it has read of its endpoints.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return new Response('{}');
    });
    const { sent } = await attempt(ids);
    const again = ids.filter((id) => sent.some(({ deliveryId }) => deliveryId === id));
    return { received, again, sentBefore: received.get(endpoint.url) };
  }

  it.each([
    ['another choice of types', 'unsubscribed', () => patch(OTHER_TYPES)],
    ['disabling it', 'endpoint_disabled', () => patch({ status: 'disabled' })],
    ['deleting it', 'endpoint_deleted', () => call(shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`)],
  ] as const)('by %s lets only those arrive that were on their way', async (_, reason, change) => {
    const { received, again, sentBefore } = await runWith(change);
    expect(sentBefore).toBe(2);
    expect(again).toHaveLength(8);
    await attempt(again);
    expect(received.get(endpoint.url)).toBe(2);
    for (const id of again) expect(await deliveryRow(id)).toMatchObject({ status: 'failed', failure_reason: reason });
  });

  it('by another URL sends the rest there', async () => {
    const url = 'https://hooks.yoursite.com/new';
    const { received, again, sentBefore } = await runWith(() => patch({ url }));
    expect(sentBefore).toBe(2);
    await attempt(again);
    expect([received.get(endpoint.url), received.get(url)]).toEqual([2, 8]);
    for (const id of again) expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });
});
