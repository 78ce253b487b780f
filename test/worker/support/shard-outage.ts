import { env } from 'cloudflare:workers';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { failingD1, mapDatabases } from './counting.ts';

/** The databases, of which one is down: each of its round trips fails. */
export function withoutShard(down: string): DatabaseBindings {
  return mapDatabases(env, (database, shard) => (shard === down ? failingD1({ DB: database }, 'every').DB : database));
}

/** The databases, of which one never answers. */
export function withSilentShard(silent: string): DatabaseBindings {
  const never = new Promise<never>(() => undefined);
  return mapDatabases(env, (database, shard) => (shard === silent ? hanging(database, never) : database));
}

function hanging(database: D1Database, never: Promise<never>): D1Database {
  return new Proxy(database, {
    get(target, name) {
      if (name === 'batch') return () => never;
      if (name !== 'prepare') return Reflect.get(target, name);
      return (query: string) => hangingStatement(target.prepare(query), never);
    },
  });
}

function hangingStatement(statement: D1PreparedStatement, never: Promise<never>): D1PreparedStatement {
  return new Proxy(statement, {
    get(target, name) {
      if (name === 'bind') return (...values: unknown[]) => hangingStatement(target.bind(...values), never);
      return ['run', 'all', 'raw', 'first'].includes(String(name)) ? () => never : Reflect.get(target, name);
    },
  });
}
