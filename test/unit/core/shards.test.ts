import { expect, test } from 'vitest';
import {
  bindingOf,
  boundShards,
  type DatabaseBindings,
  replaceDatabases,
  shardOfBinding,
} from '../../../src/core/shards.ts';
import { databaseOf } from '../../../src/db/client.ts';

function bindings(...names: readonly (keyof DatabaseBindings)[]): DatabaseBindings {
  return { DB: {} as D1Database, ...Object.fromEntries(names.map((name) => [name, {} as D1Database])) };
}

test('DB is the shard 0, and DB_1 to DB_9 are the shards 1 to 9', () => {
  const env = bindings('DB_1', 'DB_2', 'DB_3', 'DB_4', 'DB_5', 'DB_6', 'DB_7', 'DB_8', 'DB_9');
  expect(boundShards(env).map(({ shard }) => shard)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(boundShards(env)[3]?.binding).toBe(env.DB_3);
});

test('shards that are not bound are left out, and have no database', () => {
  const env = bindings('DB_4');
  expect(boundShards(env).map(({ shard }) => shard)).toEqual(['0', '4']);
  expect(databaseOf(env, '0')).not.toBeNull();
  expect(databaseOf(env, '4')).not.toBeNull();
  expect(databaseOf(env, '1')).toBeNull();
  expect(databaseOf(env, 'z')).toBeNull();
});

test('the name of a binding says its shard, and a shard its name', () => {
  for (const [name, shard] of [
    ['DB', '0'],
    ['DB_1', '1'],
    ['DB_9', '9'],
  ] as const) {
    expect(shardOfBinding(name)).toBe(shard);
    expect(bindingOf(shard)).toBe(name);
  }
  for (const name of ['DB_0', 'DB_10', 'DB_a', 'DB_', 'db', 'OTHER']) expect(shardOfBinding(name)).toBeNull();
});

test('the same binding gives the same database each time', () => {
  const env = bindings('DB_1');
  expect(databaseOf(env, '1')).toBe(databaseOf(env, '1'));
  expect(databaseOf(env, '1')).not.toBe(databaseOf(env, '0'));
});

test('every database that is bound is replaced by another, and everything else stays', () => {
  const env = { ...bindings('DB_1'), PUBLIC_URL: 'https://pay.example.com' };
  const others = new Map([
    ['0', {} as D1Database],
    ['1', {} as D1Database],
  ]);
  const replaced = replaceDatabases(env, ({ shard, binding }) => others.get(shard) ?? binding);
  expect(replaced).toEqual({ DB: {}, DB_1: {}, PUBLIC_URL: 'https://pay.example.com' });
  expect(replaced.DB).toBe(others.get('0'));
  expect(replaced.DB_1).toBe(others.get('1'));
});
