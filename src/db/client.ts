import type { BatchItem } from 'drizzle-orm/batch';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import { madeOnce } from '../core/made-once.ts';
import { boundShards, type DatabaseBindings } from '../core/shards.ts';

export type Database = DrizzleD1Database;

/** A statement for a batch, with a result of any type. */
export type Statement = BatchItem<'sqlite'>;

/** The databases of all shards that are bound, by the shard's character, the first shard first. */
export const openDatabases: (bindings: DatabaseBindings) => ReadonlyMap<string, Database> = madeOnce(
  (bindings) => new Map(boundShards(bindings).map(({ shard, binding }) => [shard, openDatabase(binding)])),
);

/** The database of a shard. null: none is bound for it. */
export function databaseOf(bindings: DatabaseBindings, shard: string): Database | null {
  return openDatabases(bindings).get(shard) ?? null;
}

/** A typed handle on one D1 database, made once per binding. */
export const openDatabase: (binding: D1Database) => Database = madeOnce((binding) => drizzle(binding));

const QUERY_METHODS = new Set<string | symbol>(['run', 'all', 'raw', 'first']);

/** Runs `statements` statements of a database by calling `run`, or throws instead. */
type Guard = <T>(statements: number, run: () => Promise<T>) => Promise<T>;

/** The same database, of which each query and each batch goes through `guard`. */
function guardedBinding(binding: D1Database, guard: Guard): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const guarded = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => guarded(target.bind(...values));
        const member = Reflect.get(target, name);
        if (!QUERY_METHODS.has(name)) return member;
        return async (...parameters: unknown[]) =>
          await guard<unknown>(1, () => Reflect.apply(member, target, parameters));
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  };
  return new Proxy(binding, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => guarded(target.prepare(query));
      if (name !== 'batch') return Reflect.get(target, name);
      return async (statements: D1PreparedStatement[]) =>
        await guard(statements.length, () =>
          target.batch(statements.map((statement) => originals.get(statement) ?? statement)),
        );
    },
  });
}

/**
 * The same database, which calls `count` with the number of statements before it runs them: 1, or those of a batch. If
 * `count` throws, they are not run.
 */
export function countedBinding(binding: D1Database, count: (statements: number) => void): D1Database {
  return guardedBinding(binding, async (statements, run) => {
    count(statements);
    return await run();
  });
}

/** The same database, which throws where it has not answered after `ms`: whether a statement was run is then unknown. */
export function impatientBinding(binding: D1Database, ms: number): D1Database {
  return guardedBinding(binding, (_statements, run) => answerWithin(ms, run));
}

/** Calls `run` and returns its answer. Throws the error of an outage where there is none after `ms`: `run` may go on. */
export async function answerWithin<T>(ms: number, run: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`D1_ERROR: No answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([run(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const OUTAGE = /D1_ERROR|D1_EXEC_ERROR|Network connection lost/;
const OUR_FAULT = /SQLITE_CONSTRAINT|SQLITE_ERROR|SQLITE_MISMATCH|D1_TYPE_ERROR|D1_COLUMN_NOTFOUND/;

/**
 * True where the database could not be reached or did not answer: the caller may send the same request again. A constraint
 * or a wrong statement is our own fault and no outage.
 */
export function isDatabaseOutage(error: unknown): boolean {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages.some((message) => OUTAGE.test(message)) && !messages.some((message) => OUR_FAULT.test(message));
}
