import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobContext } from '../../../../src/cron/jobs.ts';
import { queueRest } from '../../../../src/domain/webhooks/replay/queue-rest.ts';
import { expectError, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1, interruptedD1, limitedD1 } from '../../support/counting.ts';
import { freezeTime, passTime } from '../../support/deliveries.ts';
import { configFor, losingQueue } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { busyShop, nextRun, PART, queuedCount, restOf } from '../../support/long-replays.ts';
import { askReplay, DAY, replay } from '../../support/replays.ts';
import { inEveryDatabase } from '../../support/shards.ts';
import { auditOf, patchEndpoint } from '../../support/webhook-endpoints.ts';
import { call, type TestWorkspace } from '../../support/workspace.ts';

const MINUTE = 60_000;
/** How many events one request queues at most. */
const REQUEST = PART;

beforeEach(async () => {
  await inEveryDatabase('DELETE FROM replays');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('A replay of more events than one request takes', () => {
  it('costs the request as much however many there are, and queues their first part', async () => {
    const costs = [];
    for (const more of [1, 20_000]) {
      const shop = await busyShop(REQUEST + more);
      const endpoint = await addEndpointRow(shop);
      const counted = countingD1(env);
      expect((await replay(shop, endpoint.id, {}, counted.bindings)).queued).toBe(REQUEST);
      expect(await restOf(shop)).toHaveLength(1);
      costs.push(counted.counts);
      await call(shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`);
      await nextRun(shop);
    }
    expect(costs[1]?.roundTrips).toBe(costs[0]?.roundTrips);
    expect(costs[1]?.rowsRead).toBeLessThanOrEqual((costs[0]?.rowsRead ?? 0) * 1.1);
    expect(costs[1]?.rowsRead).toBeLessThanOrEqual(REQUEST * 7);
  });

  it('is finished by the cron, a part in each run, nothing twice and nothing outside its range', async () => {
    const shop = await busyShop(REQUEST + PART + 10);
    const endpoint = await addEndpointRow(shop);
    const times = (await rowsOf('events', shop.workspace.id)).map((row) => Number(row.created_at)).toSorted();
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const asked = { since: new Date(first + 1).toISOString(), until: new Date(last - 1).toISOString() };
    await replay(shop, endpoint.id, asked);
    const inRange = times.filter((time) => time > first && time < last).length;
    const reads = [];
    for (let run = 0; run < 3; run++) {
      const counted = countingD1(env);
      const before = await queuedCount(shop, endpoint.id);
      await nextRun(shop, counted.bindings);
      reads.push({ more: (await queuedCount(shop, endpoint.id)) - before, rows: counted.counts.rowsRead });
    }
    expect(reads.map(({ more }) => more)).toEqual([PART, inRange - REQUEST - PART, 0]);
    expect(reads[0]?.rows).toBeLessThanOrEqual(PART * 7);
    expect(reads[2]?.rows).toBeLessThan(10);
    expect(await restOf(shop)).toEqual([]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.replay')).toHaveLength(1);
  });

  it('of one status sends nothing of another in its later parts', async () => {
    const shop = await busyShop(REQUEST + 10);
    const endpoint = await addEndpointRow(shop);
    await replay(shop, endpoint.id);
    await nextRun(shop);
    const setStatus = async (status: string) =>
      await shop.binding
        .prepare('UPDATE deliveries SET status = ?, next_attempt_at = NULL WHERE endpoint_id = ?')
        .bind(status, endpoint.id)
        .run();
    await setStatus('succeeded');
    expect((await replay(shop, endpoint.id)).queued).toBe(0);
    await nextRun(shop);
    expect((await replay(shop, endpoint.id, { status: 'succeeded' })).queued).toBe(REQUEST);
    await setStatus('failed');
    await nextRun(shop);
    expect(await queuedCount(shop, endpoint.id)).toBe(0);
    expect(await restOf(shop)).toEqual([]);
  });

  it('of which a part fails, before or after it is written, queues that part once in the next run', async () => {
    const shop = await busyShop(REQUEST + PART + 10);
    const endpoint = await addEndpointRow(shop);
    await replay(shop, endpoint.id);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    // Trips: what is of no more use, the claim, the endpoint, and the part.
    await nextRun(shop, failingD1(env, 4, 'before'));
    expect(await queuedCount(shop, endpoint.id)).toBe(REQUEST);
    await nextRun(shop, failingD1(env, 4, 'after'));
    expect(await queuedCount(shop, endpoint.id)).toBe(REQUEST + PART);
    await nextRun(shop);
    expect(await queuedCount(shop, endpoint.id)).toBe(REQUEST + PART + 10);
    expect(await restOf(shop)).toEqual([]);
  });

  it('waits while its endpoint is disabled, and goes on when it is enabled', async () => {
    const shop = await busyShop(REQUEST + 10);
    const { id } = await addEndpointRow(shop);
    await replay(shop, id);
    passTime(3 * DAY);
    await patchEndpoint(shop, id, { status: 'disabled' });
    await nextRun(shop);
    expect([await queuedCount(shop, id), (await restOf(shop)).length]).toEqual([REQUEST, 1]);
    await call(shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
    await nextRun(shop);
    expect([await queuedCount(shop, id), await restOf(shop)]).toEqual([REQUEST + 10, []]);
  });

  it('of which the answer is lost is finished all the same', async () => {
    const shop = await busyShop(REQUEST + 10);
    const endpoint = await addEndpointRow(shop);
    // Trips: the key, the endpoint, and the first part.
    const { response } = await askReplay(shop, endpoint.id, {}, failingD1(env, 3, 'after'));
    await expectError(response, 503, 'service_unavailable');
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), await restOf(shop)]).toEqual([REQUEST + 10, []]);
  });

  it('refuses another one to this endpoint until it is finished, and none to another endpoint', async () => {
    const shop = await busyShop(REQUEST + 10);
    const [endpoint, other] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    await replay(shop, endpoint.id);
    const { response } = await askReplay(shop, endpoint.id, { status: 'pending' });
    await expectError(response, 409, 'replay_in_progress');
    expect((await replay(shop, other.id)).queued).toBe(REQUEST);
    await nextRun(shop);
    expect((await replay(shop, endpoint.id)).queued).toBe(0);
  });

  it('that is asked for twice at once is stored once: the other request changes nothing', async () => {
    const shop = await busyShop(REQUEST + 10);
    const endpoint = await addEndpointRow(shop);
    await expectError(await overtaken(shop, endpoint.id), 409, 'replay_in_progress');
    expect(await restOf(shop)).toHaveLength(1);
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.replay']);
    const rows = await rowsOf('deliveries', shop.workspace.id);
    expect(new Set(rows.map(({ restarted_at: at }) => at)).size).toBe(1);
  });

  it('is in the audit log, also where its first part has nothing to send', async () => {
    const shop = await busyShop(REQUEST + 10);
    const endpoint = await addEndpointRow(shop);
    expect((await replay(shop, endpoint.id, { status: 'failed' })).queued).toBe(0);
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.replay']);
  });

  it('that does not fit into the budget of a run comes in the next one, in turn with others', async () => {
    const shop = await busyShop(REQUEST + 10);
    // The budget is that of one shard.
    const shops = [shop, await busyShop(REQUEST + 10, shop.shard)];
    const endpoints = await Promise.all(shops.map((shop) => addEndpointRow(shop)));
    for (const [index, shop] of shops.entries()) await replay(shop, endpoints[index]?.id ?? '');
    for (const left of [1, 0]) {
      passTime(MINUTE);
      const bindings = { ...env, ...limitedD1(env, 15).bindings, DELIVERIES: losingQueue() };
      const limits = { queries: 15, stripeCalls: 0, seconds: 5 };
      await queueRest(jobContext(bindings, configFor(bindings), shop.shard, limits));
      expect((await Promise.all(shops.map(restOf))).flat()).toHaveLength(left);
    }
  });
});

/** Asks for a replay, and lets a second request for it come in between the first one's look at the endpoint and its batch. */
async function overtaken(shop: TestWorkspace, id: string): Promise<Response> {
  const interrupted = interruptedD1(env, 3, async () => {
    await replay(shop, id);
    passTime(1);
  });
  return (await askReplay(shop, id, {}, interrupted)).response;
}
