import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../../src/db/client.ts';
import { deleteUselessRests } from '../../../../src/db/rests-of-replays.ts';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { failingD1 } from '../../support/counting.ts';
import { freezeTime, passTime } from '../../support/deliveries.ts';
import { type BindingChanges, losingQueue } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../../support/events.ts';
import { busyShop, nextRun, PART, queuedCount, queuedInOrder, restOf } from '../../support/long-replays.ts';
import { DAY, replay } from '../../support/replays.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { inEveryDatabase } from '../../support/shards.ts';
import { auditOf, expectQueued, patchEndpoint, rowOf } from '../../support/webhook-endpoints.ts';
import { call, type TestWorkspace } from '../../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('DELETE FROM replays');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function askEnable(shop: TestWorkspace, id: string, bindings: BindingChanges = {}) {
  const queue = losingQueue();
  return await callWith({ ...bindings, DELIVERIES: queue }, shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
}

/** An endpoint that has missed everything there is. */
async function missingAll(shop: TestWorkspace) {
  return await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now() - DAY, createdAt: 0 });
}

/** A workspace with an endpoint that is enabled, and whose missed events are not all queued. */
async function enabledWithRest(count: number, shard?: string) {
  const shop = await busyShop(count, shard);
  const endpoint = await missingAll(shop);
  expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(PART);
  return { shop, endpoint };
}

async function setDeliveries(shop: TestWorkspace, columns: string): Promise<void> {
  await shop.binding.prepare(`UPDATE deliveries SET ${columns} WHERE workspace_id = ?`).bind(shop.workspace.id).run();
}

describe('Enabling an endpoint that missed more events than one request takes', () => {
  it('queues the first part, and the cron a part in each run, in the order of creation', async () => {
    const { shop, endpoint } = await enabledWithRest(2 * PART + 10);
    for (const expected of [2 * PART, 2 * PART + 10]) {
      await nextRun(shop);
      expect(await queuedCount(shop, endpoint.id)).toBe(expected);
    }
    const keys = (await queuedInOrder(shop, endpoint.id)).map(({ at, id }) => `${at} ${id}`);
    expect(keys).toEqual(keys.toSorted());
    expect(await restOf(shop)).toEqual([]);
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(0);
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.enable']);
  });

  it('shows the time at which the owner enabled it, also while the cron queues the rest', async () => {
    const { shop, endpoint } = await enabledWithRest(2 * PART + 10);
    const shown = { status: 'enabled', disabled_at: null, updated_at: Date.now() };
    for (let run = 0; run < 3; run++) {
      expect(await rowOf(endpoint.id)).toMatchObject(shown);
      await nextRun(shop);
    }
    expect(await rowOf(endpoint.id)).toMatchObject(shown);
  });

  it('does nothing, or all of it, where the database fails', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await missingAll(shop);
    // Trips: the key, the endpoint, and the part.
    await expectError(await askEnable(shop, endpoint.id, failingD1(env, 3)), 503, 'service_unavailable');
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'disabled' });
    expect([await queuedCount(shop, endpoint.id), await restOf(shop)]).toEqual([0, []]);
    await expectError(await askEnable(shop, endpoint.id, failingD1(env, 3, 'after')), 503, 'service_unavailable');
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled' });
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), await restOf(shop)]).toEqual([PART + 10, []]);
  });

  it('sends at once what was missed lately, whatever lies between that and an old ping that failed', async () => {
    const shop = await busyShop(14 * PART);
    const endpoint = await addEndpointRow(shop, { createdAt: 0 });
    const ping = await seedEvents(shop, 1, { at: Date.now() - DAY });
    await shop.binding.prepare("UPDATE events SET type = 'webhook.ping' WHERE id = ?").bind(ping[0]?.id).run();
    await seedDeliveries(shop, endpoint.id, ping, { status: 'failed' });
    passTime(3 * DAY);
    await seedEvents(shop, 10, { at: Date.now() - 60_000 });
    await patchEndpoint(shop, endpoint.id, { status: 'disabled' });
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(10);
    expect(await restOf(shop)).toEqual([]);
  });

  it('comes to its end behind failed deliveries that it reaches one after the other, each queued once', async () => {
    const { shop, endpoint } = await enabledWithRest(PART + 10);
    await nextRun(shop);
    await setDeliveries(shop, "status = 'failed', next_attempt_at = NULL");
    await patchEndpoint(shop, endpoint.id, { status: 'disabled' });
    passTime(3 * DAY);
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(PART);
    await setDeliveries(shop, "status = 'failed', next_attempt_at = NULL");
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), await restOf(shop)]).toEqual([10, []]);
  });

  it('that is disabled in the middle keeps the rest, and sends it when it is enabled again', async () => {
    const { shop, endpoint } = await enabledWithRest(2 * PART + 10);
    await nextRun(shop);
    await setDeliveries(shop, "status = 'succeeded', next_attempt_at = NULL");
    passTime(3 * DAY);
    expect((await patchEndpoint(shop, endpoint.id, { status: 'disabled' })).status).toBe(200);
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), (await restOf(shop)).length]).toEqual([0, 1]);
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(10);
    expect(await restOf(shop)).toEqual([]);
  });

  it('leaves to what was sent since its own next attempt, and its count of them', async () => {
    const { shop, endpoint } = await enabledWithRest(PART + 10);
    const next = Date.now() + DAY;
    await setDeliveries(shop, `next_attempt_at = ${next}, attempt_count = 1`);
    await nextRun(shop);
    const rows = await rowsOf('deliveries', shop.workspace.id);
    const waiting = rows.filter((row) => row.attempt_count === 1 && row.next_attempt_at === next);
    expect([waiting.length, rows.length]).toEqual([PART, PART + 10]);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled' });
  });
});

describe('The cron', () => {
  it('queues parts of replays and enablings in turn, one in a run, so that none waits for the end of another', async () => {
    const { shop, endpoint } = await enabledWithRest(4 * PART);
    const other = await busyShop(2 * PART + 10, shop.shard);
    const target = await addEndpointRow(other);
    await replay(other, target.id);
    const reached = [];
    for (let run = 0; run < 4; run++) {
      await nextRun(shop);
      reached.push([await queuedCount(shop, endpoint.id), await queuedCount(other, target.id)]);
    }
    const [first, second, third, last] = reached;
    expect(first).toEqual([2 * PART, PART]);
    expect(second).toEqual([2 * PART, 2 * PART]);
    expect(third).toEqual([3 * PART, 2 * PART]);
    expect(last?.[1]).toBe(2 * PART + 10);
    await nextRun(shop);
    await nextRun(shop);
    expect([...(await restOf(shop)), ...(await restOf(other))]).toEqual([]);
  });

  it('queues the rests of many endpoints in one run where they are short, and goes on where one fails', async () => {
    const { shop, endpoint } = await enabledWithRest(PART + 10);
    const { shop: broken } = await enabledWithRest(PART + 10, shop.shard);
    const { shop: third, endpoint: last } = await enabledWithRest(PART + 10, shop.shard);
    const setLastEvent = async (type: string, body: string) =>
      await broken.binding
        .prepare(
          `UPDATE events SET type = ?, body = ? WHERE id =
           (SELECT id FROM events WHERE workspace_id = ? ORDER BY created_at DESC, id DESC LIMIT 1)`,
        )
        .bind(type, body, broken.workspace.id)
        .run();
    await setLastEvent('webhook.endpoint.disabled', 'not JSON');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), await queuedCount(third, last.id)]).toEqual([PART + 10, PART + 10]);
    expect(await restOf(broken)).toHaveLength(1);
    await setLastEvent('payments.payment.succeeded', '{}');
    await nextRun(shop);
    expect(await restOf(broken)).toEqual([]);
  });

  it('finishes what the release before has begun, and finds it in an index of its own', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await addEndpointRow(shop, { status: 'enabled', disabledAt: Date.now() - DAY, createdAt: 0 });
    await nextRun(shop);
    await nextRun(shop);
    await nextRun(shop);
    expect(await queuedCount(shop, endpoint.id)).toBe(PART + 10);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
    expect(await restOf(shop)).toEqual([]);
    const noted = notingD1(env);
    await deleteUselessRests(openDatabase(noted.bindings.DB), { now: Date.now(), before: 0 });
    expect(await noted.plan()).toContainEqual(expect.stringContaining('USING INDEX webhook_endpoints_unfinished'));
  });

  it('keeps the rest of a replay while its endpoint is disabled, for 30 days, and says when it deletes it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const shop = await busyShop(PART + 10);
    const endpoint = await addEndpointRow(shop);
    await replay(shop, endpoint.id);
    await patchEndpoint(shop, endpoint.id, { status: 'disabled' });
    passTime(30 * DAY - 2 * 60_000);
    await nextRun(shop);
    expect(await restOf(shop)).toHaveLength(1);
    passTime(2 * 60_000);
    await nextRun(shop);
    expect(await restOf(shop)).toEqual([]);
    expect(String(warn.mock.calls)).toContain(`rest of a replay deleted`);
    expect(String(warn.mock.calls)).toContain(endpoint.id);
  });

  it('deletes the rest of a replay whose endpoint is deleted', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await addEndpointRow(shop);
    await replay(shop, endpoint.id);
    await call(shop.key, 'DELETE', `/webhook-endpoints/${endpoint.id}`);
    await nextRun(shop);
    expect([await queuedCount(shop, endpoint.id), await restOf(shop)]).toEqual([PART, []]);
  });
});
