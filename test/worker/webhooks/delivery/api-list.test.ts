import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { toRfc3339 } from '../../../../src/core/rfc3339.ts';
import { callWith, expectError } from '../../support/api.ts';
import { countingD1, countingNamespace } from '../../support/counting.ts';
import { attempt, endpointRow } from '../../support/deliveries.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { deliveryAnswer, expectPage, type SeededEvent, seedDeliveries, seedEvents } from '../../support/events.ts';
import { paidQuietly } from '../../support/payments.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { scriptSink } from '../../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const NOON = Date.UTC(2026, 4, 19, 12);
const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

async function list(shop: TestWorkspace, endpointId: string, query = '') {
  return await expectPage(
    deliveryAnswer,
    await call(shop.key, 'GET', `/webhook-endpoints/${endpointId}/deliveries${query}`),
  );
}

describe('the deliveries of an endpoint', () => {
  it('are none at first', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    expect(await list(shop, endpoint.id)).toEqual({
      data: [],
      meta: { limit: 50, offset: 0, has_more: false, next_cursor: null },
    });
  });

  it('show how each attempt went: status, answer, and when the next one is', async () => {
    const shop = await newWorkspace();
    const endpoint = await endpointRow(shop);
    const { session, deliveryIds } = await paidQuietly(shop);
    const [id = ''] = deliveryIds;
    const read = async () => (await list(shop, String(endpoint.id))).data.find((delivery) => delivery.id === id);
    const waiting = await read();
    expect(waiting).toMatchObject({ status: 'pending', event_type: 'payments.payment.succeeded', attempts: [] });
    expect(waiting?.next_attempt_at).not.toBeNull();

    await scriptSink(shop.sink, { status: 503 });
    await attempt([id]);
    const failing = await read();
    expect(failing).toMatchObject({
      status: 'pending',
      attempts: [{ status_code: 503, error: null, response_body: expect.any(String) }],
    });
    expect(failing?.attempts[0]?.duration_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(failing?.next_attempt_at ?? '')).toBeGreaterThan(Date.now());

    await scriptSink(shop.sink, { status: 200 });
    await shop.binding.prepare('UPDATE deliveries SET next_attempt_at = 1 WHERE id = ?').bind(id).run();
    await attempt([id]);
    expect(await read()).toMatchObject({
      id,
      status: 'succeeded',
      next_attempt_at: null,
      attempts: [{ status_code: 503 }, { status_code: 200, response_body: '{"received":true}' }],
    });
    const event = await call(shop.key, 'GET', `/events/${(await read())?.event_id}`);
    expect(await event.json()).toMatchObject({ data: { data: { payment_id: session.id } } });
  });

  it('show the latest 20 attempts, oldest first', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 2), { attempts: 23 });
    const { data } = await list(shop, endpoint.id);
    expect(data).toHaveLength(2);
    const expected = Array.from({ length: 20 }, (_, index) => `answer ${index + 4}`);
    for (const delivery of data) {
      expect(delivery.attempts.map((made) => made.response_body)).toEqual(expected);
    }
  });

  it('show while an attempt is being made when the next one is made if its result is lost', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const nextAt = Date.now() + 300_000;
    const [id] = await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 1), { status: 'pending', nextAt });
    const expected = { status: 'pending', next_attempt_at: toRfc3339(nextAt) };
    expect((await list(shop, endpoint.id)).data[0]).toMatchObject(expected);
    await shop.binding.prepare("UPDATE deliveries SET claim = 'run' WHERE id = ?").bind(id).run();
    expect((await list(shop, endpoint.id)).data[0]).toMatchObject(expected);
  });

  it('outlive their event', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [event] = await seedEvents(shop, 1);
    await seedDeliveries(shop, endpoint.id, event ? [event] : []);
    await shop.binding.prepare('DELETE FROM events WHERE id = ?').bind(event?.id).run();
    expect((await list(shop, endpoint.id)).data).toMatchObject([{ event_id: event?.id, event_type: null }]);
  });

  it('of an endpoint of another workspace, or of none, are the same 404', async () => {
    const [shop, stranger] = [await newWorkspace({ webhook: false }), await newWorkspace()];
    const endpoint = await addEndpointRow(shop);
    await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 1));
    const messages = [];
    for (const [key, id] of [
      [stranger.key, endpoint.id],
      [shop.key, 'we_0unknown'],
      [shop.key, '%00'],
      [shop.key, `${endpoint.id}%20`],
      [shop.key, "we_0' OR 1=1 --"],
    ] as const) {
      const response = await call(key, 'GET', `/webhook-endpoints/${id}/deliveries`);
      messages.push((await expectError(response, 404, 'not_found')).message);
    }
    expect(new Set(messages).size).toBe(1);
  });

  it('are those of this endpoint alone', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [one, other] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    const events = await seedEvents(shop, 3);
    const ids = await seedDeliveries(shop, one.id, events);
    await seedDeliveries(shop, other.id, events.slice(0, 1));
    expect(idsOf((await list(shop, one.id)).data)).toEqual(ids.reverse());
    expect((await list(shop, other.id)).data).toHaveLength(1);
  });
});

describe('a page of deliveries', () => {
  let shop: TestWorkspace;
  let endpointId: string;
  let events: SeededEvent[];
  let failed: string[];
  let succeeded: string[];
  beforeAll(async () => {
    shop = await newWorkspace({ webhook: false });
    endpointId = (await addEndpointRow(shop)).id;
    events = await seedEvents(shop, 20, { at: NOON, stepMs: 1000 });
    failed = await seedDeliveries(shop, endpointId, events.slice(0, 12), { attempts: 2 });
    succeeded = await seedDeliveries(shop, endpointId, events.slice(12), { status: 'succeeded' });
  });

  it.each([1, 7, 19, 20, 21])('of %i leads by cursor to every delivery once', async (limit) => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `?limit=${limit}${cursor && `&cursor=${cursor}`}`;
      const page: Awaited<ReturnType<typeof list>> = await list(shop, endpointId, query);
      seen.push(...idsOf(page.data));
      cursor = page.meta.next_cursor;
    }
    expect(seen).toEqual([...failed, ...succeeded].reverse());
  });

  it('is filtered by status and by time', async () => {
    expect(idsOf((await list(shop, endpointId, '?status=failed')).data)).toEqual([...failed].reverse());
    expect(idsOf((await list(shop, endpointId, '?status=succeeded&limit=2')).data)).toEqual(
      [...succeeded].reverse().slice(0, 2),
    );
    expect((await list(shop, endpointId, '?status=pending')).data).toEqual([]);
    const range = `?created_after=${toRfc3339(NOON + 2000)}&created_before=${toRfc3339(NOON + 4000)}`;
    expect(idsOf((await list(shop, endpointId, range)).data)).toEqual(failed.slice(2, 4).reverse());
    expect(idsOf((await list(shop, endpointId, '?limit=5&offset=18')).data)).toEqual(failed.slice(0, 2).reverse());
  });

  it.each([
    ['?status=done', ['status']],
    ['?status=', ['status']],
    ['?status=constructor', ['status']],
    ['?status=failed,pending', ['status']],
    ['?created_after=12', ['created_after']],
    [
      '?status=x&created_after=x&created_before=&limit=101&cursor=x&offset=0',
      ['status', 'created_after', 'created_before', 'limit', 'cursor', 'cursor'],
    ],
  ])('is refused as %s, all faults at once', async (query, paths) => {
    const response = await call(shop.key, 'GET', `/webhook-endpoints/${endpointId}/deliveries${query}`);
    const { details } = await expectError(response, 400, 'validation_failed');
    expect(details?.map(({ path }) => path)).toEqual(paths);
  });
});

describe('a page of deliveries costs', () => {
  it('two round trips, and as many rows at any depth', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 400, { at: NOON }), { attempts: 2 });
    const costs = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const noting = notingD1(env);
      const database = countingD1(noting.bindings);
      const gate = countingNamespace(env.WORKSPACE_GATE);
      const path: string = `/webhook-endpoints/${endpoint.id}/deliveries?limit=10${cursor && `&cursor=${cursor}`}`;
      const response: Response = await callWith({ ...database.bindings, WORKSPACE_GATE: gate }, shop.key, 'GET', path);
      const page: Awaited<ReturnType<typeof list>> = await expectPage(deliveryAnswer, response);
      expect(page.data).toHaveLength(10);
      expect(page.data.every(({ attempts }) => attempts.length === 2)).toBe(true);
      cursor = page.meta.next_cursor;
      const { roundTrips, rowsWritten } = database.counts;
      costs.push({ roundTrips, rowsWritten, rowsRead: await noting.rowsRead(), gate: gate.calls });
    }
    expect(costs).toHaveLength(40);
    expect(costs[0]).toMatchObject({ roundTrips: 2, rowsWritten: 0, gate: ['admit'] });
    expect(costs[0]?.rowsRead).toBeLessThanOrEqual(5 * 11 + 8);
    // A cursor costs the row that it names.
    const most = (costs[0]?.rowsRead ?? 0) + 3;
    for (const cost of costs) expect(cost.rowsRead).toBeLessThanOrEqual(most);
  });

  it('the same for the pending ones, however many have ended', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const other = await addEndpointRow(shop);
    const events = await seedEvents(shop, 5, { at: NOON });
    const pending: string[] = [];
    for (const [index, event] of events.entries()) {
      // The oldest is due last.
      const waits = { status: 'pending', nextAt: Date.now() + 300_000 - index } as const;
      pending.unshift(...(await seedDeliveries(shop, endpoint.id, [event], waits)));
      await seedDeliveries(shop, other.id, [event], waits);
    }
    const costs: { ended: number; rowsRead: number }[] = [];
    for (const ended of [50, 1000]) {
      await seedDeliveries(shop, endpoint.id, await seedEvents(shop, ended, { at: NOON + 1 }), { status: 'succeeded' });
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const noting = notingD1(env);
        const path: string = `/webhook-endpoints/${endpoint.id}/deliveries?status=pending&limit=2${cursor && `&cursor=${cursor}`}`;
        const response: Response = await callWith(noting.bindings, shop.key, 'GET', path);
        const page: Awaited<ReturnType<typeof list>> = await expectPage(deliveryAnswer, response);
        seen.push(...idsOf(page.data));
        cursor = page.meta.next_cursor;
        costs.push({ ended, rowsRead: await noting.rowsRead() });
      }
      expect(seen).toEqual(pending);
    }
    expect(costs).toHaveLength(6);
    const readWith = (ended: number) => costs.filter((cost) => cost.ended === ended).map(({ rowsRead }) => rowsRead);
    expect(readWith(1000)).toEqual(readWith(50));
  });
});
