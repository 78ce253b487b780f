import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countingD1, interruptedD1 } from '../../support/counting.ts';
import { attempt, attemptsOf, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../../support/events.ts';
import { bindingOfId } from '../../support/shards.ts';
import { scriptSink } from '../../support/simulator.ts';
import { newWorkspace } from '../../support/workspace.ts';

const KEPT = 8192;
/** Longer than a run holds its deliveries. */
const LEASE_MS = 60_000;

beforeEach(freezeTime);

afterEach(() => {
  vi.useRealTimers();
});

/** A delivery that is due now, with this many attempts behind it. */
async function due(attempts: number, answer?: string) {
  const shop = await newWorkspace({ account: 'none', webhook: false });
  const endpoint = await addEndpointRow(shop);
  const waits = {
    status: 'pending',
    attempts,
    nextAt: Date.now(),
    ...(answer === undefined ? {} : { answer }),
  } as const;
  const [id = ''] = await seedDeliveries(shop, endpoint.id, await seedEvents(shop, 1), waits);
  return { shop, id, sink: endpoint.sink };
}

describe('An attempt', () => {
  it('is written with the outcome: a delivery costs four rows from its claim to its success', async () => {
    const shop = await newWorkspace({ account: 'none', webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [id = ''] = await waitingFor(endpoint, 1);
    const database = countingD1(env);
    await attempt([id], database.bindings);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    expect(await attemptsOf(id)).toMatchObject([{ number: 1, at: Date.now(), status_code: 200, error: null }]);
    expect(database.counts).toMatchObject({ roundTrips: 2, changes: 2, rowsWritten: 4 });
  });

  it('that fails costs five: the next one is due at another time', async () => {
    const { id, sink } = await due(1);
    await scriptSink(sink, { status: 500 });
    const database = countingD1(env);
    await attempt([id], database.bindings);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 2 });
    expect(await attemptsOf(id)).toMatchObject([{ number: 1 }, { number: 2, status_code: 500 }]);
    // One row more says that the endpoint is failing now.
    expect(database.counts.rowsWritten).toBe(5 + 1);
  });

  it('takes the place of the oldest, where the delivery has twenty', async () => {
    const { id } = await due(23);
    await attempt([id]);
    const kept = await attemptsOf(id);
    expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 5));
    expect(kept.at(-1)).toMatchObject({ number: 24, status_code: 200 });
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 24 });
  });

  it('fits into its row beside nineteen others with the longest answers that there can be', async () => {
    const { id, sink } = await due(25, '\u0000'.repeat(KEPT));
    await scriptSink(sink, { status: 500 });
    await attempt([id]);
    expect(await attemptsOf(id)).toHaveLength(20);
    const [size] = (
      await bindingOfId(id)
        .prepare('SELECT octet_length(attempts) AS bytes FROM deliveries WHERE id = ?')
        .bind(id)
        .all()
    ).results;
    expect(size?.bytes).toBeGreaterThan(900_000);
    expect(size?.bytes).toBeLessThan(1_000_000);
  });
});

describe('An attempt of a run that lost its claim', () => {
  /** The run's request is answered with `status`. While the run waits to store that, its claim ends, and `meanwhile` runs. */
  async function late(id: string, sink: string, status: number, meanwhile: () => Promise<unknown>): Promise<void> {
    await scriptSink(sink, { status });
    const database = interruptedD1(env, 2, async () => {
      passTime(LEASE_MS);
      await meanwhile();
    });
    await attempt([id], database);
  }

  it('is recorded after that of the other run, and undoes no success', async () => {
    const { id, sink } = await due(0);
    await late(id, sink, 500, async () => {
      await scriptSink(sink, { status: 200 });
      await attempt([id]);
    });
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1, status_code: 200 },
      { number: 2, status_code: 500 },
    ]);
    const ended = { status: 'succeeded', attempt_count: 2, next_attempt_at: null, claim: null, updated_at: Date.now() };
    expect(await deliveryRow(id)).toMatchObject(ended);
  });

  it('ends the delivery where it succeeded and the other run did not', async () => {
    const { id, sink } = await due(0);
    await late(id, sink, 200, async () => {
      await scriptSink(sink, { status: 500 });
      await attempt([id]);
      expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1 });
    });
    expect(await attemptsOf(id)).toMatchObject([{ status_code: 500 }, { status_code: 200 }]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 2, next_attempt_at: null });
  });

  it.each([500, 200])(
    'with %i is all that it stores while another run holds the delivery, unless it succeeded',
    async (status) => {
      const { id, sink } = await due(0);
      const other = interruptedD1(env, 2, async () => {
        throw new Error('The other run is cut off before it stores its outcome.');
      });
      let held: Record<string, unknown> = {};
      await late(id, sink, status, async () => {
        await attempt([id], other).catch(() => undefined);
        held = await deliveryRow(id);
      });
      const { claim, next_attempt_at, updated_at } = held;
      expect(claim).not.toBeNull();
      expect(await attemptsOf(id)).toMatchObject([{ number: 1, status_code: status }]);
      expect(await deliveryRow(id)).toMatchObject(
        status === 200
          ? { status: 'succeeded', attempt_count: 1, next_attempt_at: null, claim: null }
          : { status: 'pending', attempt_count: 1, next_attempt_at, claim, updated_at },
      );
    },
  );

  it('does not end a delivery that was sent again since the other run succeeded', async () => {
    const { shop, id, sink } = await due(0);
    await late(id, sink, 200, async () => {
      await attempt([id]);
      await shop.binding
        .prepare(
          "UPDATE deliveries SET status = 'pending', next_attempt_at = ?1, restarted_at = ?1, attempts_before = 1 WHERE id = ?2",
        )
        .bind(Date.now(), id)
        .run();
    });
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 2, next_attempt_at: Date.now() });
  });
});

describe('The migration that moves attempts into their deliveries', () => {
  it('keeps the latest twenty of each, as they were, and empties the old table', async () => {
    const shop = await newWorkspace({ account: 'none', webhook: false });
    const endpoint = await addEndpointRow(shop);
    const events = await seedEvents(shop, 3);
    const [none = '', one = '', many = ''] = await seedDeliveries(shop, endpoint.id, events, { attempts: 0 });
    const insert = shop.binding.prepare('INSERT INTO delivery_attempts VALUES (?, ?, ?, ?, ?, ?, ?)');
    const answer = 'a "quoted" line\n\u0000\u{1f600}';
    await shop.binding.batch([
      insert.bind(one, 1, 5, null, 7, 'timeout: no complete answer', ''),
      ...Array.from({ length: 23 }, (_, index) => insert.bind(many, 23 - index, 5, 500, 7, null, answer)),
      shop.binding.prepare('UPDATE deliveries SET attempt_count = 1 WHERE id = ?').bind(one),
      shop.binding.prepare('UPDATE deliveries SET attempt_count = 23 WHERE id = ?').bind(many),
    ]);
    const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes('attempts_in_deliveries'));
    const [move, empty] = migration?.queries.slice(-2) ?? [];
    await shop.binding.batch([shop.binding.prepare(move ?? ''), shop.binding.prepare(empty ?? '')]);
    expect(await attemptsOf(none)).toEqual([]);
    const error = 'timeout: no complete answer';
    expect(await attemptsOf(one)).toEqual([
      { number: 1, at: 5, status_code: null, duration_ms: 7, error, response_body: '' },
    ]);
    const moved = await attemptsOf(many);
    expect(moved.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
    for (const row of moved) expect(row).toMatchObject({ status_code: 500, error: null, response_body: answer });
    expect(await shop.binding.prepare('SELECT count(*) AS n FROM delivery_attempts').first('n')).toBe(0);
  });
});
