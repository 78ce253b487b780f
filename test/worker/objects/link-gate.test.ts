import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { newOperationId } from '../../../src/core/ids.ts';
import { LinkGate } from '../../../src/objects/link-gate.ts';
import { LINK_GATE_MIGRATIONS, migrate } from '../../../src/objects/migrations.ts';

const HOUR = 3_600_000;

const newIds = (count: number) => Array.from({ length: count }, () => newOperationId('0'));

const taking = (maxPayments: number | null) => ({
  visitor: null,
  place: { operationId: newOperationId('0'), maxPayments },
});

/** How many rows `run` reads in a gate that was just started in this storage, its start included. */
async function rowsReadIn(state: DurableObjectState, run: (gate: LinkGate) => Promise<unknown>): Promise<number> {
  const exec = vi.spyOn(state.storage.sql, 'exec');
  await run(new LinkGate(state, env));
  const rows = exec.mock.results.reduce((sum, { value }) => sum + Number(value.rowsRead), 0);
  exec.mockRestore();
  return rows;
}

/** Runs something with the state of a new gate that has so many paid places, and three that are held since long ago. */
async function withPaid<T>(paid: number, run: (state: DurableObjectState) => Promise<T>): Promise<T> {
  const stub = env.LINK_GATE.getByName(crypto.randomUUID());
  await stub.markPaid(newIds(paid));
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

describe('the gate of a link reads as many rows for two thousand payments as for ten', () => {
  it.each<[string, (gate: LinkGate, paid: number) => Promise<unknown>]>([
    ['when a buyer takes a place', (gate, paid) => gate.takePlace(taking(paid + 4))],
    ['when the link has no limit', (gate) => gate.takePlace(taking(null))],
    ['when its places are held', (gate, paid) => gate.takePlace(taking(paid + 3))],
    ['when all are paid', (gate, paid) => gate.takePlace(taking(paid))],
    ['at a payment', (gate) => gate.markPaid(newIds(1))],
    ['when a session ends', (gate) => gate.freeEnded(['b'])],
  ])('%s', async (_, run) => {
    const [few = Number.NaN, many] = await Promise.all(
      [10, 2000].map((paid) => withPaid(paid, (state) => rowsReadIn(state, (gate) => run(gate, paid)))),
    );
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(40);
    expect(many).toBe(few);
  });
});

describe('the count of paid places', () => {
  it('has each payment once, however often and from whatever state it is marked', async () => {
    const gate = env.LINK_GATE.getByName(crypto.randomUUID());
    const [first, second, third] = [taking(3), taking(3), taking(3)];
    for (const input of [first, second]) await gate.takePlace(input);
    await gate.keepPlaces([second.place.operationId]);
    const ids = [first, second, third].map(({ place }) => place.operationId);
    for (let round = 0; round < 2; round++) {
      expect(await gate.markPaid(ids.slice(0, 2))).toBe(2);
      await gate.keepPlaces(ids.slice(0, 2));
      await gate.freeUnused(ids);
      await gate.freeEnded(ids);
    }
    expect(await gate.markPaid(ids)).toBe(3);
    expect(await gate.takePlace(taking(3))).toEqual({ kind: 'sold_out', held: false, stale: [] });
    expect(await gate.takePlace(taking(4))).toEqual({ kind: 'taken', isNew: true });
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
      return [upgraded, held, await new LinkGate(state, env).markPaid(['paid'])];
    });
    expect(answers).toEqual([
      { kind: 'sold_out', held: false, stale: ['kept'] },
      { kind: 'sold_out', held: true, stale: ['kept'] },
      3,
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
