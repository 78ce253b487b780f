import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { newOperationId } from '../../../src/core/ids.ts';
import { LinkGate } from '../../../src/objects/link-gate.ts';
import { LINK_GATE_MIGRATIONS, migrate } from '../../../src/objects/migrations.ts';

const HOUR = 3_600_000;

const newIds = (count: number) => Array.from({ length: count }, () => newOperationId('0'));

/** `limitVersion` undefined: the caller is an older release. */
const taking = (maxPayments: number | null, limitVersion?: number) => ({
  visitor: null,
  place: { operationId: newOperationId('0'), maxPayments, ...(limitVersion === undefined ? {} : { limitVersion }) },
});

/** How many rows `run` reads in a gate that was just started in this storage, its start included. */
async function rowsReadIn(state: DurableObjectState, run: (gate: LinkGate) => Promise<unknown>): Promise<number> {
  return await countRows(state, async () => await run(new LinkGate(state, env)));
}

async function countRows(state: DurableObjectState, run: () => Promise<unknown>): Promise<number> {
  const exec = vi.spyOn(state.storage.sql, 'exec');
  await run();
  const rows = exec.mock.results.reduce((sum, { value }) => sum + Number(value.rowsRead), 0);
  exec.mockRestore();
  return rows;
}

/** Runs something with the state of a new gate that has so many paid places, and three that are held since long ago. */
async function withPaid<T>(paid: number, run: (state: DurableObjectState) => Promise<T>): Promise<T> {
  const stub = env.LINK_GATE.getByName(crypto.randomUUID());
  await stub.markPaid(newIds(paid), paid);
  return await runInDurableObject(stub, async (_, state) => {
    for (const [id, place] of [
      ['a', 'taken'],
      ['b', 'kept'],
      ['c', 'kept'],
    ]) {
      const at = Date.now() - HOUR;
      state.storage.sql.exec('INSERT INTO places (operation_id, taken_at, state) VALUES (?, ?, ?)', id, at, place);
    }
    return await run(state);
  });
}

describe('the gate of a link reads as many rows for ten thousand payments as for a hundred', () => {
  it.each<[string, (gate: LinkGate, paid: number) => Promise<unknown>]>([
    ['when a buyer takes a place', (gate, paid) => gate.takePlace(taking(paid + 4))],
    ['when the link has no limit', (gate) => gate.takePlace(taking(null))],
    ['when its places are held', (gate, paid) => gate.takePlace(taking(paid + 3))],
    ['when all are paid', (gate, paid) => gate.takePlace(taking(paid))],
    ['at a payment', (gate, paid) => gate.markPaid(newIds(1), paid + 1)],
    ['at a payment of a link without a limit', (gate, paid) => gate.freePaid(['b'], paid + 1)],
    ['when a limit is set', (gate, paid) => gate.updateLimit({ maxPayments: 9, limitVersion: 1 }, paid + 2)],
    ['when a session ends', (gate) => gate.freeEnded(['b'])],
  ])('%s', async (_, run) => {
    const [few = Number.NaN, many] = await Promise.all(
      [100, 10_000].map((paid) => withPaid(paid, (state) => rowsReadIn(state, (gate) => run(gate, paid)))),
    );
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(40);
    expect(many).toBe(few);
  });
});

describe('the gate of a link with many places that are held', () => {
  it('counts them when it starts, and reads as many rows as with few for each buyer and payment after that', async () => {
    const reads = await Promise.all(
      [100, 10_000].map(async (held) => {
        const stub = env.LINK_GATE.getByName(crypto.randomUUID());
        await stub.keepPlaces(newIds(held));
        return await runInDurableObject(stub, async (_, state) => {
          state.storage.sql.exec('UPDATE places SET taken_at = ?', Date.now() - HOUR);
          const gate = new LinkGate(state, env);
          await gate.takePlace(taking(held + 5));
          return await countRows(state, async () => {
            await gate.takePlace(taking(held + 5));
            await gate.takePlace(taking(null));
            await gate.takePlace(taking(held));
            await gate.markPaid(newIds(1), 1);
          });
        });
      }),
    );
    expect(reads[1]).toBe(reads[0]);
    expect(reads[0]).toBeLessThan(250);
  });
});

describe('the count of payments', () => {
  it('has each payment once, however often and from whatever state it is marked', async () => {
    const gate = env.LINK_GATE.getByName(crypto.randomUUID());
    const [first, second, third] = [taking(3), taking(3), taking(3)];
    for (const input of [first, second]) await gate.takePlace(input);
    await gate.keepPlaces([second.place.operationId]);
    const ids = [first, second, third].map(({ place }) => place.operationId);
    for (let round = 0; round < 2; round++) {
      await gate.markPaid(ids.slice(0, 2), 2);
      await gate.keepPlaces(ids.slice(0, 2));
      await gate.freeUnused(ids);
      await gate.freeEnded(ids);
    }
    expect(await gate.takePlace(taking(2))).toEqual({ kind: 'sold_out', held: false, stale: [], maxPayments: 2 });
    await gate.markPaid(ids, 3);
    expect(await gate.takePlace(taking(3))).toEqual({ kind: 'sold_out', held: false, stale: [], maxPayments: 3 });
    expect(await gate.takePlace(taking(4))).toEqual({ kind: 'taken', isNew: true });
  });

  it('has the payments that were made without a limit, and no place for them', async () => {
    const gate = env.LINK_GATE.getByName(crypto.randomUUID());
    const [paid, open] = [taking(null), taking(null)];
    for (const input of [paid, open]) await gate.takePlace(input);
    await gate.freePaid([paid.place.operationId], 7);
    // A caller that read the number earlier comes last.
    await gate.freePaid([], 6);
    expect(await gate.takePlace(taking(8))).toEqual({ kind: 'sold_out', held: true, stale: [], maxPayments: 8 });
    await gate.markPaid([open.place.operationId], 8);
    expect(await gate.takePlace(taking(8))).toEqual({ kind: 'sold_out', held: false, stale: [], maxPayments: 8 });
    expect(await gate.takePlace(taking(9))).toEqual({ kind: 'taken', isNew: true });
    await runInDurableObject(gate, (_, { storage }) => {
      const states = storage.sql.exec('SELECT state FROM places').toArray();
      expect(states.map(({ state }) => state).toSorted()).toEqual(['paid', 'taken']);
    });
  });

  it('is right in an object of an earlier release, from its first request on', async () => {
    const answers = await runInDurableObject(env.LINK_GATE.getByName(crypto.randomUUID()), async (_, state) => {
      const { sql } = state.storage;
      await state.storage.deleteAll();
      migrate(state.storage, LINK_GATE_MIGRATIONS.slice(0, 1));
      const add = (id: string, place: string) =>
        sql.exec('INSERT OR IGNORE INTO places (operation_id, taken_at, state) VALUES (?, ?, ?)', id, 0, place);
      add('paid', 'paid');
      add('kept', 'kept');
      const upgraded = await new LinkGate(state, env).takePlace(taking(1));
      const held = await new LinkGate(state, env).takePlace(taking(2));
      // What the earlier release writes when it runs again.
      add('late', 'paid');
      sql.exec("UPDATE places SET state = 'paid' WHERE operation_id IN ('kept', 'late')");
      return [upgraded, held, await new LinkGate(state, env).takePlace(taking(3))];
    });
    expect(answers).toEqual([
      { kind: 'sold_out', held: false, stale: ['kept'], maxPayments: 1 },
      { kind: 'sold_out', held: true, stale: ['kept'], maxPayments: 2 },
      { kind: 'sold_out', held: false, stale: [], maxPayments: 3 },
    ]);
  });
});

describe('old places of a link without a limit', () => {
  it('are forgotten, unless their session was written or paid', async () => {
    await withPaid(1, async (state) => {
      await new LinkGate(state, env).takePlace(taking(null));
      const left = state.storage.sql.exec("SELECT operation_id, state FROM places WHERE state <> 'paid'").toArray();
      expect(left.map((row) => row.state).toSorted()).toEqual(['kept', 'kept', 'taken']);
      expect(left.map((row) => row.operation_id)).not.toContain('a');
    });
  });
});

describe('the limit that applies', () => {
  const newGate = () => env.LINK_GATE.getByName(crypto.randomUUID());
  const isTaken = async (gate: ReturnType<typeof newGate>, limit: number | null, version?: number) =>
    (await gate.takePlace(taking(limit, version))).kind === 'taken';

  it('is the newest one, in a restarted gate too, whoever comes last', async () => {
    await runInDurableObject(newGate(), async (_, state) => {
      const gate = new LinkGate(state, env);
      const take = async (limit: number | null, version: number) => await gate.takePlace(taking(limit, version));
      expect((await take(null, 0)).kind).toBe('taken');
      expect(await take(1, 7)).toMatchObject({ kind: 'sold_out', maxPayments: 1 });
      for (const [limit, version] of [
        [null, 0],
        [5, 6],
      ] as const) {
        expect(await take(limit, version)).toMatchObject({ kind: 'sold_out', maxPayments: 1 });
      }
      const restarted = new LinkGate(state, env);
      expect(await restarted.takePlace(taking(5, 6))).toMatchObject({ kind: 'sold_out', maxPayments: 1 });
      expect((await restarted.takePlace(taking(2, 8))).kind).toBe('taken');
      expect((await restarted.takePlace(taking(null, 9))).kind).toBe('taken');
      expect((await restarted.takePlace(taking(2, 8))).kind).toBe('taken');
    });
  });

  it('is an older one again if that is still sent 35 minutes later, because the database was restored', async () => {
    await runInDurableObject(newGate(), async (_, state) => {
      const gate = new LinkGate(state, env);
      await gate.updateLimit({ maxPayments: 1, limitVersion: 7 }, 1);
      const wait = (minutes: number) =>
        state.storage.sql.exec('UPDATE newest_limit SET reported_at = reported_at - ?', minutes * 60_000);
      wait(34);
      expect((await gate.takePlace(taking(null, 0))).kind).toBe('sold_out');
      wait(1);
      expect((await gate.takePlace(taking(null, 0))).kind).toBe('taken');
      expect((await gate.takePlace(taking(2, 8))).kind).toBe('sold_out');
      expect((await gate.takePlace(taking(null, 0))).kind).toBe('sold_out');
    });
  });

  it('is known before the first buyer where the change of the link has reported it', async () => {
    const gate = newGate();
    await gate.updateLimit({ maxPayments: 1, limitVersion: 3 }, 1);
    expect(await isTaken(gate, null, 0)).toBe(false);
    await gate.updateLimit({ maxPayments: 5, limitVersion: 2 }, 1);
    expect(await isTaken(gate, 5, 2)).toBe(false);
  });

  it('is that of the caller where the limit was never changed, and nothing is written about it', async () => {
    await runInDurableObject(newGate(), async (_, state) => {
      const gate = new LinkGate(state, env);
      await gate.takePlace(taking(5, 0));
      expect(state.storage.sql.exec('SELECT * FROM newest_limit').toArray()).toEqual([]);
    });
  });

  it('is the lower one where an older release asks during a deploy, and its own where no other is known', async () => {
    const gate = newGate();
    expect(await isTaken(gate, 1)).toBe(true);
    expect(await isTaken(gate, 1)).toBe(false);
    expect(await isTaken(gate, 2, 3)).toBe(true);
    for (const limit of [null, 5, 1]) expect(await isTaken(gate, limit)).toBe(false);
    expect(await isTaken(gate, null, 4)).toBe(true);
    expect(await isTaken(gate, 3)).toBe(false);
    expect(await isTaken(gate, null)).toBe(true);
  });
});
