import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobContext } from '../../../../src/cron/jobs.ts';
import { queueRest } from '../../../../src/domain/webhooks/replay/queue-rest.ts';
import { callWith, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1, limitedD1 } from '../../support/counting.ts';
import { freezeTime, passTime } from '../../support/deliveries.ts';
import { type BindingChanges, configFor, contextOfJob, losingQueue, runCron } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { busyShop, PART, queuedInOrder } from '../../support/long-replays.ts';
import { DAY, replay } from '../../support/replays.ts';
import { expectQueued, patchEndpoint, rowOf } from '../../support/webhook-endpoints.ts';
import { call, type TestWorkspace } from '../../support/workspace.ts';

const MINUTE = 60_000;
/** How many events one request queues at most. */
const REQUEST = 4 * PART;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The cron's own job alone, a minute later, with wake-up calls that are lost. */
async function nextRun({ shard }: TestWorkspace, databases: BindingChanges = {}): Promise<void> {
  passTime(MINUTE);
  await queueRest(
    contextOfJob('queue-missed-events', { ...databases, DELIVERIES: losingQueue(), RETRIES: losingQueue() }, shard),
  );
}

async function restOf(shop: TestWorkspace) {
  return await rowsOf('replays', shop.workspace.id);
}

async function queued(shop: TestWorkspace, endpointId: string): Promise<number> {
  return (await queuedInOrder(shop, endpointId)).length;
}

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
      const before = await queued(shop, endpoint.id);
      await nextRun(shop, counted.bindings);
      reads.push({ more: (await queued(shop, endpoint.id)) - before, rows: counted.counts.rowsRead });
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
    expect((await replay(shop, endpoint.id, { status: 'succeeded' })).queued).toBe(REQUEST);
    await setStatus('failed');
    await nextRun(shop);
    expect(await queued(shop, endpoint.id)).toBe(10);
    expect(await restOf(shop)).toEqual([]);
  });

  it('of which a part fails, before or after it is written, queues that part once in the next run', async () => {
    const shop = await busyShop(REQUEST + PART + 10);
    const endpoint = await addEndpointRow(shop);
    await replay(shop, endpoint.id);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    // Trips: the endpoints that wait, the claim, the workspace, the endpoint, and the part.
    await nextRun(shop, failingD1(env, 5, 'before'));
    expect(await queued(shop, endpoint.id)).toBe(REQUEST);
    await nextRun(shop, failingD1(env, 5, 'after'));
    expect(await queued(shop, endpoint.id)).toBe(REQUEST + PART);
    await nextRun(shop);
    expect(await queued(shop, endpoint.id)).toBe(REQUEST + PART + 10);
    expect(await restOf(shop)).toEqual([]);
  });

  it('ends where its endpoint is disabled or deleted', async () => {
    for (const end of ['disabled', 'deleted'] as const) {
      const shop = await busyShop(REQUEST + 10);
      const { id } = await addEndpointRow(shop);
      await replay(shop, id);
      if (end === 'disabled') await patchEndpoint(shop, id, { status: 'disabled' });
      else await call(shop.key, 'DELETE', `/webhook-endpoints/${id}`);
      await nextRun(shop);
      expect(await queued(shop, id)).toBe(REQUEST);
      expect(await restOf(shop)).toEqual([]);
    }
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

describe('Enabling an endpoint that missed more events than one request takes', () => {
  it('queues their first parts, and the next run of the cron the rest', async () => {
    const shop = await busyShop(REQUEST + 10);
    const endpoint = await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now() - DAY, createdAt: 0 });
    const path = `/webhook-endpoints/${endpoint.id}/enable`;
    expect(await expectQueued(await callWith({ DELIVERIES: losingQueue() }, shop.key, 'POST', path))).toBe(REQUEST);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: expect.any(Number) });
    passTime(MINUTE);
    await runCron({ DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    expect(await queued(shop, endpoint.id)).toBe(REQUEST + 10);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });
});
