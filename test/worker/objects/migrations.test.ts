import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/core/crypto.ts';
import {
  LINK_GATE_MIGRATIONS,
  type Migration,
  migrate,
  WORKSPACE_GATE_MIGRATIONS,
} from '../../../src/objects/migrations.ts';

/** Every table and index with the SQL that made it, and which migrations have run. */
function tablesOf({ sql }: DurableObjectStorage) {
  const made = sql
    .exec(
      "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name",
    )
    .toArray();
  return { made, applied: sql.exec('SELECT number, applied_at FROM migrations ORDER BY number').toArray() };
}

/** Runs something with the storage of an object: as its class has made it, or with nothing in it. */
async function inStorage<T>(namespace: 'WORKSPACE_GATE' | 'LINK_GATE', run: (storage: DurableObjectStorage) => T) {
  return await runInDurableObject(env[namespace].getByName(crypto.randomUUID()), (_, state) => run(state.storage));
}

async function inEmptyStorage<T>(run: (storage: DurableObjectStorage) => T): Promise<T> {
  return await runInDurableObject(env.LINK_GATE.getByName(crypto.randomUUID()), async (_, { storage }) => {
    await storage.deleteAll();
    return run(storage);
  });
}

/**
 * The first 16 digits of the SHA-256 of each migration. After the first release only lines are added here: a changed line
 * means that a released migration was changed, and objects that have run it never see the change.
 */
const DIGESTS = {
  WORKSPACE_GATE: ['a93ac8ace7fab3b2'],
  LINK_GATE: ['a24109f8d7309cc3', '362cd7c7658471e9', '4697a98316232826', '8cc4565f824233fe'],
};

const OBJECTS = [
  ['WORKSPACE_GATE', WORKSPACE_GATE_MIGRATIONS],
  ['LINK_GATE', LINK_GATE_MIGRATIONS],
] as const;

describe.each(OBJECTS)('the tables of %s', (name, migrations) => {
  it('are those of its migrations, whether the object is new or as old as the first one', async () => {
    const made = await inStorage(name, (storage) => tablesOf(storage).made);
    const upgraded = await inEmptyStorage((storage) => {
      migrate(storage, migrations.slice(0, 1));
      expect(tablesOf(storage).applied).toHaveLength(1);
      migrate(storage, migrations);
      return tablesOf(storage);
    });
    expect(upgraded.made).toEqual(made);
    expect(upgraded.applied.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('stay as they are when the migrations run again', async () => {
    await inStorage(name, (storage) => {
      const before = tablesOf(storage);
      migrate(storage, migrations);
      expect(tablesOf(storage)).toEqual(before);
    });
  });

  it('come from migrations that are only ever added to', async () => {
    const digests = await Promise.all(migrations.map(async (one) => (await sha256Hex(one.join(';'))).slice(0, 16)));
    expect(digests).toEqual(DIGESTS[name]);
  });
});

describe('a migration', () => {
  const FIRST: Migration = ['CREATE TABLE shelves (id INTEGER PRIMARY KEY)', 'INSERT INTO shelves (id) VALUES (7)'];
  const SECOND: Migration = ["ALTER TABLE shelves ADD COLUMN label TEXT NOT NULL DEFAULT 'none'"];

  it('runs once, keeps what is there, and is the same step for a new object and an old one', async () => {
    const old = await inEmptyStorage((storage) => {
      migrate(storage, [FIRST]);
      storage.sql.exec('UPDATE shelves SET id = 8');
      migrate(storage, [FIRST, SECOND]);
      expect(storage.sql.exec('SELECT id, label FROM shelves').toArray()).toEqual([{ id: 8, label: 'none' }]);
      return tablesOf(storage).made;
    });
    const fresh = await inEmptyStorage((storage) => {
      migrate(storage, [FIRST, SECOND]);
      return tablesOf(storage).made;
    });
    expect(old).toEqual(fresh);
  });

  it('that fails leaves nothing of itself or of those before it in the same run', async () => {
    await inEmptyStorage((storage) => {
      migrate(storage, [FIRST]);
      const before = tablesOf(storage);
      expect(() => migrate(storage, [FIRST, SECOND, ['CREATE TABLE rooms (id)', 'not SQL']])).toThrow('syntax error');
      expect(tablesOf(storage)).toEqual(before);
    });
  });

  it('of a newer release is left alone by an older one', async () => {
    await inEmptyStorage((storage) => {
      migrate(storage, [FIRST, SECOND]);
      const before = tablesOf(storage);
      migrate(storage, [FIRST]);
      expect(tablesOf(storage)).toEqual(before);
    });
  });
});
