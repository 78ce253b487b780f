import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { readDelivery, readEndpoints } from '../../../../src/domain/webhooks/queries.ts';
import { rowsOf } from '../../support/api.ts';
import { countingD1 } from '../../support/counting.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../../support/events.ts';
import { personIn } from '../../support/person.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const AT = Date.now() - 60 * 60_000;

/** Deliveries of so many events to an endpoint, the first of them of `AT` + `offset`. */
async function deliveriesTo(
  shop: TestWorkspace,
  endpointId: string,
  status: 'pending' | 'succeeded' | 'failed',
  { count = 3, offset = 0 } = {},
): Promise<string[]> {
  return await seedDeliveries(shop, endpointId, await seedEvents(shop, count, { at: AT + offset }), { status });
}

describe('The endpoints of a workspace', () => {
  it('have their health and the times of their latest deliveries, without their secrets', async () => {
    const shop = await newWorkspace({ webhook: false });
    await addEndpointRow(await newWorkspace({ webhook: false, shard: shop.shard }));
    const unused = await addEndpointRow(shop, { createdAt: AT });
    const healthy = await addEndpointRow(shop, { createdAt: AT + 1 });
    const failing = await addEndpointRow(shop, { createdAt: AT + 2, failingSince: AT + 500 });
    const disabled = await addEndpointRow(shop, { createdAt: AT + 3, status: 'disabled', failingSince: AT });
    await deliveriesTo(shop, healthy.id, 'succeeded');
    await deliveriesTo(shop, healthy.id, 'pending', { offset: 100 });
    await deliveriesTo(shop, failing.id, 'succeeded');
    await deliveriesTo(shop, failing.id, 'failed', { offset: 200 });
    const found = await readEndpoints(await personIn(shop));
    const none = { lastSucceededAt: null, lastFailedAt: null, oldestPendingAt: null };
    expect(found).toMatchObject([
      { id: disabled.id, health: 'disabled', ...none },
      { id: failing.id, health: 'failing', lastSucceededAt: AT + 2, lastFailedAt: AT + 202, oldestPendingAt: null },
      { id: healthy.id, health: 'healthy', lastSucceededAt: AT + 2, lastFailedAt: null, oldestPendingAt: AT + 100 },
      { id: unused.id, health: 'unused', url: unused.url, ...none },
    ]);
    expect(Object.keys(found[0] ?? {}).filter((name) => /sealed/i.test(name))).toEqual([]);
  });

  it('are read in one round trip, with the same rows however many deliveries they have', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const rowsRead = async () => {
      const noting = notingD1(env);
      await readEndpoints(await personIn(shop, noting.bindings));
      return await noting.rowsRead();
    };
    const fill = async (count: number, offset: number) => {
      for (const status of ['succeeded', 'failed', 'pending'] as const) {
        await deliveriesTo(shop, endpoint.id, status, { count, offset });
      }
    };
    await fill(5, 0);
    const few = await rowsRead();
    await fill(3_000, 1_000);
    expect(await rowsRead()).toBe(few);
    const database = countingD1(env);
    await readEndpoints(await personIn(shop, database.bindings));
    expect(database.counts.roundTrips).toBe(1);
  });
});

describe('One delivery', () => {
  it('has its attempts, the body that is sent, and its endpoint', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [id = ''] = await deliveriesTo(shop, endpoint.id, 'failed', { count: 1 });
    const [event] = await rowsOf('events', shop.workspace.id);
    const found = await readDelivery(await personIn(shop), id);
    expect(found).toMatchObject({
      delivery: { id, status: 'failed', eventType: event?.type, attempts: [{ number: 1, statusCode: 500 }] },
      body: event?.body,
      endpoint: { id: endpoint.id },
    });
  });

  it('is there also after its endpoint and its event are deleted, and for its own workspace alone', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [id = ''] = await deliveriesTo(shop, endpoint.id, 'failed', { count: 1 });
    const other = await newWorkspace({ webhook: false, shard: shop.shard });
    await expect(readDelivery(await personIn(other), id)).rejects.toMatchObject({ code: 'not_found' });
    await call(shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`);
    await shop.binding.prepare('DELETE FROM events WHERE workspace_id = ?').bind(shop.workspace.id).run();
    const found = await readDelivery(await personIn(shop), id);
    expect(found).toMatchObject({ delivery: { id, eventType: null }, body: null, endpoint: null });
  });
});
