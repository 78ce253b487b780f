import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobContext } from '../../../../src/cron/jobs.ts';
import { openDatabase } from '../../../../src/db/client.ts';
import { claimUnfinishedReplay } from '../../../../src/db/webhook-endpoints.ts';
import { queueRestOfMissed } from '../../../../src/domain/webhooks/replay/enable-endpoint.ts';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1, interruptedD1, limitedD1 } from '../../support/counting.ts';
import { freezeTime, passTime } from '../../support/deliveries.ts';
import { type BindingChanges, configFor, contextOfJob, losingQueue, runCron } from '../../support/direct.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { busyShop, PART, queuedInOrder } from '../../support/long-replays.ts';
import { askReplay, DAY, replay } from '../../support/replays.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { SHARDS } from '../../support/shards.ts';
import { expectQueued, patchEndpoint, rowOf } from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const MINUTE = 60_000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function expectOrderOfCreation(rows: readonly Record<string, unknown>[]): void {
  const keys = rows.map(({ at, id }) => `${at} ${id}`);
  expect(keys).toEqual(keys.toSorted());
  expect(new Set(rows.map(({ due }) => due)).size).toBe(rows.length);
}

async function askEnable(shop: TestWorkspace, id: string, bindings: BindingChanges = {}) {
  const queue = losingQueue();
  return await callWith({ ...bindings, DELIVERIES: queue }, shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
}

/** An endpoint that has missed everything there is. */
async function missingAll(shop: TestWorkspace) {
  const endpoint = await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now() - DAY });
  await shop.binding.prepare('UPDATE webhook_endpoints SET created_at = 0 WHERE id = ?').bind(endpoint.id).run();
  return endpoint;
}

/** How many round trips an enabling makes before its first part. */
async function tripsBeforeParts(shop: TestWorkspace): Promise<number> {
  const counted = countingD1(env);
  await askEnable(shop, (await addEndpointRow(shop, { status: 'enabled' })).id, counted.bindings);
  return counted.counts.roundTrips;
}

/** An endpoint whose enabling broke off after its first part. */
async function brokenOff() {
  const shop = await busyShop(PART + 10);
  const endpoint = await missingAll(shop);
  const failing = failingD1(env, (await tripsBeforeParts(shop)) + 2);
  await expectError(await askEnable(shop, endpoint.id, failing), 503, 'service_unavailable');
  expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled' });
  expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART);
  return { shop, endpoint };
}

/** The cron's own job alone, with wake-up calls that are lost. */
async function finishAll(changes: BindingChanges = {}, shards: readonly string[] = SHARDS): Promise<void> {
  const lost = { DELIVERIES: losingQueue(), RETRIES: losingQueue() };
  for (const shard of shards) {
    await queueRestOfMissed(contextOfJob('queue-missed-events', { ...lost, ...changes }, shard));
  }
}

describe('A replay of more events than one statement takes', () => {
  it('queues every one of them, in the order of creation, a part for each round trip', async () => {
    const shop = await busyShop(2 * PART + 2);
    const endpoint = await addEndpointRow(shop);
    const large = countingD1(env);
    const { queued, woken } = await replay(shop, endpoint.id, {}, large.bindings);
    expect(queued).toBe(2 * PART + 2);
    expect(woken).toHaveLength(500);
    const rows = await queuedInOrder(shop, endpoint.id);
    expect(rows).toHaveLength(queued);
    expectOrderOfCreation(rows);
    const small = await newWorkspace({ webhook: false });
    const less = countingD1(env);
    await replay(small, (await addEndpointRow(small)).id, {}, less.bindings);
    expect(large.counts.roundTrips - less.counts.roundTrips).toBe(2);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.replay')).toHaveLength(1);
  });

  it('that breaks off queues the rest when it is asked for again, nothing twice', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await addEndpointRow(shop);
    const counted = countingD1(env);
    await replay(
      shop,
      (await addEndpointRow(shop)).id,
      { until: new Date(Date.now() - DAY).toISOString() },
      counted.bindings,
    );
    const { response } = await askReplay(shop, endpoint.id, {}, failingD1(env, counted.counts.roundTrips + 1));
    await expectError(response, 503, 'service_unavailable');
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART);
    passTime(1_000);
    expect((await replay(shop, endpoint.id)).queued).toBe(10);
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART + 10);
  });
});

describe('Enabling an endpoint that missed more events than one statement takes', () => {
  it('queues every one of them', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await missingAll(shop);
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(PART + 10);
    expectOrderOfCreation(await queuedInOrder(shop, endpoint.id));
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(0);
  });

  it('that breaks off after its first part queues the rest when it is asked for again', async () => {
    const { shop, endpoint } = await brokenOff();
    // What the first part queued is due within as many milliseconds.
    passTime(PART);
    expect(await expectQueued(await askEnable(shop, endpoint.id))).toBe(10);
    expectOrderOfCreation(await queuedInOrder(shop, endpoint.id));
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });

  it('that broke off is finished by the cron, some minutes later', async () => {
    const { shop, endpoint } = await brokenOff();
    passTime(4 * MINUTE);
    await finishAll();
    // Its own request may still be at work.
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART);
    passTime(2 * MINUTE);
    await runCron({ DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    expectOrderOfCreation(await queuedInOrder(shop, endpoint.id));
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART + 10);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.enable')).toHaveLength(1);
  });

  it('that broke off is finished by later runs of the cron where the budget of one is too small, a minute apart', async () => {
    const { shop, endpoint } = await brokenOff();
    await shop.binding
      .prepare(
        `INSERT INTO events SELECT id || 'x', workspace_id, type, payment_id, body, created_at + 9000 FROM events WHERE workspace_id = ?`,
      )
      .bind(shop.workspace.id)
      .run();
    const reached = [];
    passTime(5 * MINUTE);
    for (let run = 0; run < 3; run++) {
      passTime(MINUTE);
      // Enough to begin with an endpoint, not for a second part.
      const bindings = { ...env, ...limitedD1(env, 15).bindings, DELIVERIES: losingQueue() };
      const limits = { queries: 15, stripeCalls: 0, seconds: 5 };
      await queueRestOfMissed(jobContext(bindings, configFor(bindings), shop.shard, limits));
      reached.push(Number((await rowOf(endpoint.id)).disabled_at));
    }
    expect(reached).toEqual([expect.any(Number), expect.any(Number), 0]);
    const rows = await queuedInOrder(shop, endpoint.id);
    expect(rows).toHaveLength(2 * (PART + 10));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });

  it('that the cron cannot finish comes again after a pause, and holds up no other', async () => {
    const [first, second] = [await brokenOff(), await brokenOff()];
    const setLastEvent = async (type: string, body: string) =>
      await first.shop.binding
        .prepare(
          `UPDATE events SET type = ?, body = ? WHERE id =
           (SELECT id FROM events WHERE workspace_id = ? ORDER BY created_at DESC, id DESC LIMIT 1)`,
        )
        .bind(type, body, first.shop.workspace.id)
        .run();
    await setLastEvent('webhook.endpoint.disabled', 'not JSON');
    vi.spyOn(console, 'error').mockImplementation(() => {});
    passTime(6 * MINUTE);
    await finishAll();
    expect(await queuedInOrder(second.shop, second.endpoint.id)).toHaveLength(PART + 10);
    expect(await queuedInOrder(first.shop, first.endpoint.id)).toHaveLength(PART);
    await setLastEvent('payments.payment.succeeded', '{}');
    passTime(4 * MINUTE);
    await finishAll();
    expect(await queuedInOrder(first.shop, first.endpoint.id)).toHaveLength(PART);
    passTime(2 * MINUTE);
    await finishAll();
    expect(await queuedInOrder(first.shop, first.endpoint.id)).toHaveLength(PART + 10);
    expect(await rowOf(first.endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });

  it('that broke off, and was disabled while the cron was at it, stays disabled and still has the rest to send', async () => {
    // Before the cron reads the workspace, the endpoint, and before each of its two parts.
    for (const trip of [2, 3, 4, 5]) {
      const { shop, endpoint } = await brokenOff();
      passTime(6 * MINUTE);
      const bindings = interruptedD1(env, trip, async () => {
        expect((await patchEndpoint(shop, endpoint.id, { status: 'disabled' })).status).toBe(200);
      });
      await finishAll(bindings, [shop.shard]);
      expect(await rowOf(endpoint.id)).toMatchObject({ status: 'disabled', disabled_at: expect.any(Number) });
      await askEnable(shop, endpoint.id);
      expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART + 10);
      expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
    }
  });

  it('that broke off leaves to what was sent since its own next attempt, and its count of them', async () => {
    const { shop, endpoint } = await brokenOff();
    const attempted = { next_attempt_at: Date.now() + DAY, attempt_count: 1, attempts_before: 0 };
    await shop.binding
      .prepare('UPDATE deliveries SET next_attempt_at = ?, attempt_count = 1 WHERE endpoint_id = ?')
      .bind(attempted.next_attempt_at, endpoint.id)
      .run();
    passTime(6 * MINUTE);
    await finishAll();
    const rows = await rowsOf('deliveries', shop.workspace.id);
    expect(
      rows.filter((row) => row.attempt_count === 1 && row.next_attempt_at === attempted.next_attempt_at),
    ).toHaveLength(PART);
    expect(rows).toHaveLength(PART + 10);
  });

  it('notes with every part how far it got', async () => {
    const shop = await busyShop(2 * PART + 10);
    const endpoint = await missingAll(shop);
    await expectError(
      await askEnable(shop, endpoint.id, failingD1(env, (await tripsBeforeParts(shop)) + 3)),
      503,
      'service_unavailable',
    );
    const firstOfThird = (await rowsOf('events', shop.workspace.id)).map(({ created_at: at }) => Number(at)).toSorted()[
      PART
    ];
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: firstOfThird });
    passTime(6 * MINUTE);
    await finishAll();
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(2 * PART + 10);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });

  it('that broke off is found by the cron in an index of its own, however many endpoints there are', async () => {
    const noted = notingD1(env);
    const now = Date.now();
    await claimUnfinishedReplay(openDatabase(noted.bindings.DB), { now, before: now });
    expect(await noted.plan()).toContainEqual(expect.stringContaining('USING INDEX webhook_endpoints_unfinished'));
  });

  it('that broke off, and was disabled again before anybody asked, still has the rest to send', async () => {
    const { shop, endpoint } = await brokenOff();
    expect((await patchEndpoint(shop, endpoint.id, { status: 'disabled' })).status).toBe(200);
    passTime(DAY);
    await askEnable(shop, endpoint.id);
    expect(await queuedInOrder(shop, endpoint.id)).toHaveLength(PART + 10);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', disabled_at: null });
  });

  it('leaves one disabled that is disabled between its parts', async () => {
    const shop = await busyShop(PART + 10);
    const endpoint = await missingAll(shop);
    await shop.binding
      .prepare("UPDATE events SET type = 'webhook.ping' WHERE workspace_id = ?")
      .bind(shop.workspace.id)
      .run();
    const disabling = interruptedD1(env, (await tripsBeforeParts(shop)) + 2, async () => {
      expect((await patchEndpoint(shop, endpoint.id, { status: 'disabled' })).status).toBe(200);
    });
    expect(await expectQueued(await askEnable(shop, endpoint.id, disabling))).toBe(0);
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'disabled' });
  });
});
