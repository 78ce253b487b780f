import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliveryIdFor } from '../../../src/core/derive.ts';
import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { prune } from '../../../src/domain/prune.ts';
import { countingD1 } from '../support/counting.ts';
import { attempt, freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob } from '../support/direct.ts';
import { paidQuietly } from '../support/payments.ts';
import { DAY, HOUR } from '../support/polling.ts';
import { inEveryDatabase, rowsEverywhere, SHARDS } from '../support/shards.ts';
import { newWorkspace } from '../support/workspace.ts';

const TABLES = ['events', 'deliveries', 'dropped_stripe_events'] as const;
type Counts = Record<(typeof TABLES)[number], number>;

beforeEach(async () => {
  for (const table of [...TABLES, 'audit_log', 'refunds', 'payments']) await inEveryDatabase(`DELETE FROM ${table}`);
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

async function counts(): Promise<Counts> {
  const count = async (table: (typeof TABLES)[number]) => (await rowsEverywhere(`SELECT 1 FROM ${table}`)).length;
  const [events = -1, deliveries = -1, dropped = -1] = await Promise.all(TABLES.map(count));
  return { events, deliveries, dropped_stripe_events: dropped };
}

const eventId = (index: number) => `evt_0${String(index).padStart(32, '0')}`;
const endpointId = (index: number) => `we_0${String(index).padStart(26, '0')}`;

/** So many events of now, each with `endpoints` deliveries that have arrived. */
async function seed(range: { from?: number; to: number }, { endpoints = 1 } = {}): Promise<void> {
  const rows = Array.from({ length: range.to - (range.from ?? 0) }, (_, index) => index + (range.from ?? 0));
  const insertAll = (table: string, values: readonly (readonly unknown[])[]) => {
    if (!values[0]) return [];
    const columns = values[0].map((_, column) => `value ->> ${column}`).join(', ');
    return [env.DB.prepare(`INSERT INTO ${table} SELECT ${columns} FROM json_each(?)`).bind(JSON.stringify(values))];
  };
  const now = Date.now();
  const deliveries = rows.flatMap((index) =>
    Array.from({ length: endpoints }, (_, endpoint) => ({
      event: eventId(index),
      endpoint: endpointId(endpoint),
      id: deliveryIdFor(eventId(index), endpointId(endpoint)),
    })),
  );
  await env.DB.batch([
    ...insertAll(
      'events',
      rows.map((index) => [eventId(index), 'w', 'webhook.ping', null, '{}', now]),
    ),
    ...insertAll(
      'deliveries (id, workspace_id, event_id, endpoint_id, status, attempt_count, attempts_before, created_at, updated_at)',
      deliveries.map(({ id, event, endpoint }) => [id, 'w', event, endpoint, 'succeeded', 1, 0, now, now]),
    ),
  ]);
}

async function pruned(...shards: readonly string[]) {
  const counted = countingD1(env);
  for (const shard of shards.length > 0 ? shards : SHARDS) await prune(contextOfJob('prune', counted.bindings, shard));
  return counted.counts;
}

describe('An event with its deliveries', () => {
  it('is kept for 30 days and goes as a whole after them', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    await attempt(deliveryIds);
    passTime(DAY);
    await seed({ to: 1 });
    const all = await counts();
    expect(all).toMatchObject({ events: 2, deliveries: 2 });
    passTime(29 * DAY);
    await pruned();
    expect(await counts()).toEqual(all);
    passTime(1);
    await pruned();
    expect(await counts()).toMatchObject({ events: 1, deliveries: 1 });
    passTime(DAY);
    await pruned();
    expect(await counts()).toMatchObject({ events: 0, deliveries: 0 });
  });

  it('is kept while a delivery of it that was sent anew may still be attempted', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    passTime(29 * DAY + 23 * HOUR);
    await shop.binding
      .prepare('UPDATE deliveries SET restarted_at = ?, next_attempt_at = ? WHERE id = ?')
      .bind(Date.now(), Date.now() + HOUR, deliveryIds[0])
      .run();
    passTime(24 * HOUR);
    await pruned();
    expect(await counts()).toMatchObject({ events: 1, deliveries: 1 });
    await attempt(deliveryIds);
    await pruned();
    expect(await counts()).toMatchObject({ events: 0, deliveries: 0 });
  });

  it('goes though it is pending, where its time has been over for long', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    passTime(28 * DAY);
    await shop.binding
      .prepare('UPDATE deliveries SET restarted_at = ? WHERE id = ?')
      .bind(Date.now(), deliveryIds[0])
      .run();
    passTime(2 * DAY + 1);
    await pruned();
    expect(await counts()).toMatchObject({ events: 0, deliveries: 0 });
  });

  it('goes, where it was never sent to anybody', async () => {
    await seed({ to: 3 }, { endpoints: 0 });
    passTime(30 * DAY + 1);
    await pruned();
    expect(await counts()).toMatchObject({ events: 0 });
  });
});

describe('A run', () => {
  it('deletes in batches of at most 500 rows a table until nothing is left, and nothing that is younger', async () => {
    await seed({ to: 700 }, { endpoints: 2 });
    passTime(10 * DAY);
    await seed({ from: 700, to: 800 }, { endpoints: 2 });
    passTime(20 * DAY + 1);
    const { changes, roundTrips } = await pruned();
    expect(await counts()).toMatchObject({ events: 100, deliveries: 200 });
    expect(changes).toBe(700 + 1400);
    expect(roundTrips).toBeGreaterThanOrEqual(1 + 1400 / 500);
    const { results } = await env.DB.prepare('SELECT min(id) AS first FROM events').all();
    expect(results).toEqual([{ first: eventId(700) }]);
  });

  it('with nothing to do reads hardly a row in one round trip, whatever the sizes of the tables', async () => {
    await seed({ to: 3000 }, { endpoints: 2 });
    passTime(30 * DAY);
    const { roundTrips, rowsRead, changes } = await pruned(DEFAULT_SHARD);
    expect({ roundTrips, changes }).toEqual({ roundTrips: 1, changes: 0 });
    expect(rowsRead).toBeGreaterThan(0);
    expect(rowsRead).toBeLessThanOrEqual(7);
  });

  it('reads no more than in proportion to what it deletes', async () => {
    await seed({ to: 100 });
    passTime(DAY);
    await seed({ from: 100, to: 3000 });
    passTime(29 * DAY + 1);
    const { rowsRead, changes } = await pruned();
    expect(changes).toBe(200);
    expect(rowsRead).toBeLessThan(20_000);
  });

  it('that ends half-way is taken up by the next', async () => {
    await seed({ to: 700 });
    passTime(30 * DAY + 1);
    const clock = countingD1(env);
    // Every look at the clock is half a minute later: the time of a run is over after its first batch.
    const now = Date.now();
    let looks = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => now + 30_000 * looks++);
    await prune(contextOfJob('prune', clock.bindings, DEFAULT_SHARD));
    vi.restoreAllMocks();
    expect(clock.counts.roundTrips).toBe(2);
    expect(await counts()).toMatchObject({ events: 200, deliveries: 200 });
    await pruned();
    expect(await counts()).toMatchObject({ events: 0, deliveries: 0 });
  });
});

describe('An attempt that a Worker from before wrote during the deploy', () => {
  it('goes with the next run, whether or not there is anything else to delete', async () => {
    await inEveryDatabase("INSERT INTO delivery_attempts VALUES ('dlv_0a', 1, 1, 200, 1, NULL, 'an answer')");
    await pruned();
    expect(await rowsEverywhere('SELECT * FROM delivery_attempts')).toEqual([]);
  });
});

describe('Counts of dropped Stripe events', () => {
  it('are kept for 90 days', async () => {
    const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
    const insert = env.DB.prepare("INSERT INTO dropped_stripe_events VALUES (?, 'test_event_on_live', 1)");
    await env.DB.batch([91, 90, 0].map((ago) => insert.bind(day(ago))));
    await pruned();
    const { results } = await env.DB.prepare('SELECT day FROM dropped_stripe_events ORDER BY day').all();
    expect(results).toEqual([{ day: day(90) }, { day: day(0) }]);
  });
});

describe('An entry of the audit log', () => {
  const insert = 'INSERT INTO audit_log (workspace_id, at, actor, action, object) VALUES (?, ?, ?, ?, ?)';
  const audit = (object: string) => env.DB.prepare(insert).bind('w', Date.now(), 'operator', 'key.issue', object);
  const kept = async () => {
    const { results } = await env.DB.prepare('SELECT object FROM audit_log ORDER BY id').all<{ object: string }>();
    return results.map(({ object }) => object);
  };

  it('is kept for 400 days', async () => {
    await audit('first').run();
    passTime(DAY);
    await audit('second').run();
    passTime(399 * DAY);
    await pruned();
    expect(await kept()).toEqual(['first', 'second']);
    passTime(1);
    await pruned();
    expect(await kept()).toEqual(['second']);
  });

  it('is kept for AUDIT_DAYS, where that is set', async () => {
    await audit('first').run();
    passTime(90 * DAY);
    await prune(contextOfJob('prune', { AUDIT_DAYS: '90' }, DEFAULT_SHARD));
    expect(await kept()).toEqual(['first']);
    passTime(1);
    await prune(contextOfJob('prune', { AUDIT_DAYS: 90 }, DEFAULT_SHARD));
    expect(await kept()).toEqual([]);
  });

  it('is deleted with all others of its age in one run, in batches of bounded size', async () => {
    await env.DB.batch(Array.from({ length: 1100 }, (_, index) => audit(`old ${index}`)));
    passTime(DAY);
    await audit('new').run();
    passTime(399 * DAY + 1);
    const { changes } = await pruned();
    expect(changes).toBe(1100);
    expect(await kept()).toEqual(['new']);
  });
});
