import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { countingD1 } from '../../support/counting.ts';
import { attempt, deliveryRow } from '../../support/deliveries.ts';
import { addEndpointRow, manyWaiting, waitingFor } from '../../support/endpoint-rows.ts';
import { sinkRequests } from '../../support/simulator.ts';
import { act, auditOf, newEndpoint, patchEndpoint } from '../../support/webhook-endpoints.ts';
import { call, newWorkspace } from '../../support/workspace.ts';

describe('deleting a webhook endpoint', () => {
  it('answers 204 with no body, once; then it is not there on any route', async () => {
    const shop = await newWorkspace();
    const { id } = await newEndpoint(shop);
    const path = `/webhook-endpoints/${id}`;
    const database = countingD1(env);
    const answer = await callWith(database.bindings, shop.key, 'DELETE', path);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(answer.headers.get('X-RateLimit-Limit')).toBe('6000');
    expect(database.counts.roundTrips).toBe(2);
    await expectError(await call(shop.key, 'DELETE', path), 404, 'not_found');
    await expectError(await call(shop.key, 'GET', path), 404, 'not_found');
    await expectError(await patchEndpoint(shop, id, { description: 'x' }), 404, 'not_found');
    for (const action of ['rotate-secret', 'ping', 'enable']) {
      await expectError(await act(shop, id, action), 404, 'not_found');
    }
    expect(await auditOf(shop, id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.delete']);
    expect((await rowsOf('webhook_endpoints', shop.workspace.id)).map((row) => row.id)).not.toContain(id);
  });

  it('ends what was still to be delivered to it when it is due, and nothing else', async () => {
    const shop = await newWorkspace();
    const [gone, stays] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    const [arrived, waiting, other] = [
      await waitingFor(gone, 1),
      await waitingFor(gone, 2),
      await waitingFor(stays, 1),
    ];
    await attempt(arrived);
    const path = `/webhook-endpoints/${gone.id}`;
    expect((await call(shop.key, 'DELETE', path)).status).toBe(204);
    await expectError(await call(shop.key, 'GET', `${path}/deliveries?status=pending`), 404, 'not_found');
    for (const id of waiting) {
      await expectError(await call(shop.key, 'POST', `/deliveries/${id}/redeliver`), 404, 'not_found');
    }
    await attempt([...waiting, ...other]);
    expect(await deliveryRow(arrived[0])).toMatchObject({ status: 'succeeded' });
    for (const id of waiting) {
      const ended = { status: 'failed', failure_reason: 'endpoint_deleted', next_attempt_at: null, attempt_count: 0 };
      expect(await deliveryRow(id)).toMatchObject(ended);
    }
    expect(await deliveryRow(other[0])).toMatchObject({ status: 'succeeded' });
    expect(await sinkRequests(gone.sink)).toHaveLength(1);
    expect(await sinkRequests(stays.sink)).toHaveLength(1);
  });

  it('reads and writes as many rows, however many deliveries it has', async () => {
    const costs = [];
    for (const deliveries of [1_000, 10_000]) {
      const shop = await newWorkspace();
      const endpoint = await addEndpointRow(shop);
      await manyWaiting(endpoint, deliveries);
      const database = countingD1(env);
      const answer = await callWith(database.bindings, shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`);
      expect(answer.status).toBe(204);
      costs.push(database.counts);
    }
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[0]?.rowsRead).toBeLessThan(20);
  });
});
