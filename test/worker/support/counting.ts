import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { boundShards, type DatabaseBindings } from '../../../src/core/shards.ts';
import { countedBinding } from '../../../src/db/client.ts';
import type { Bindings } from '../../../src/env.ts';
import type { Hops } from '../../support/hops.ts';

/** Something done around each round trip of a wrapped binding; `call` does the work. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>;

const QUERY_METHODS = new Set<string | symbol>(['run', 'all', 'raw', 'first']);

/** The bound databases, each changed in the same way. */
export function mapDatabases(
  bindings: DatabaseBindings,
  change: (database: D1Database, shard: string) => D1Database,
): DatabaseBindings {
  const further = boundShards(bindings).filter(({ shard }) => shard !== DEFAULT_SHARD);
  return {
    DB: change(bindings.DB, DEFAULT_SHARD),
    ...Object.fromEntries(further.map(({ shard, binding }) => [`DB_${shard}`, change(binding, shard)])),
  };
}

/** The D1 databases, whose every round trip (one query, or one batch) goes through `around`. */
export function wrapD1(bindings: DatabaseBindings, around: Around): DatabaseBindings {
  return mapDatabases(bindings, (database) => wrapDatabase(database, around));
}

function wrapDatabase(database: D1Database, around: Around): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const wrapStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => wrapStatement(target.bind(...values));
        const member = Reflect.get(target, name);
        if (!QUERY_METHODS.has(name)) return member;
        return (...parameters: unknown[]) =>
          around<unknown>(async () => await Reflect.apply(member, target, parameters));
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  };
  return new Proxy(database, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => wrapStatement(target.prepare(query));
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) =>
          around(() => target.batch(statements.map((statement) => originals.get(statement) ?? statement)));
      }
      return Reflect.get(target, name);
    },
  });
}

export interface D1Counts {
  /** One per awaited query, one per batch. */
  roundTrips: number;
  /** Table rows inserted, changed or deleted. */
  changes: number;
  /** As D1 bills them: index entries included. */
  rowsRead: number;
  rowsWritten: number;
}

/** The D1 databases, whose round trips and rows are counted together. A query through `raw` or `first` shows no rows. */
export function countingD1(databases: DatabaseBindings): {
  readonly bindings: DatabaseBindings;
  readonly counts: D1Counts;
} {
  const counts: D1Counts = { roundTrips: 0, changes: 0, rowsRead: 0, rowsWritten: 0 };
  const add = (result: unknown) => {
    if (typeof result !== 'object' || result === null || !('meta' in result)) return;
    const { meta } = result;
    if (typeof meta !== 'object' || meta === null) return;
    const read = (name: string) => Number(Reflect.get(meta, name) ?? 0);
    counts.changes += read('changes');
    counts.rowsRead += read('rows_read');
    counts.rowsWritten += read('rows_written');
  };
  const bindings = wrapD1(databases, async (call) => {
    counts.roundTrips += 1;
    const answer = await call();
    for (const result of Array.isArray(answer) ? answer : [answer]) add(result);
    return answer;
  });
  return { bindings, counts };
}

/** The D1 databases, of whose round trips the `nth` (from 1) loses its connection: before the work is done, or after it. */
export function failingD1(
  databases: DatabaseBindings,
  nth: number | 'every',
  when: 'before' | 'after' = 'before',
): DatabaseBindings {
  let roundTrips = 0;
  return wrapD1(databases, async (call) => {
    roundTrips += 1;
    const fails = nth === 'every' || nth === roundTrips;
    if (fails && when === 'before') throw new Error('D1_ERROR: Network connection lost.');
    const answer = await call();
    if (fails) throw new Error('D1_ERROR: Network connection lost.');
    return answer;
  });
}

/** The D1 databases, which throw once they have had `most` statements together, those of batches included, as in one invocation. */
export function limitedD1(
  databases: DatabaseBindings,
  most: number,
): { readonly bindings: DatabaseBindings; readonly queries: () => number } {
  let queries = 0;
  const count = (statements: number) => {
    if (queries + statements > most) throw new Error('D1_ERROR: Too many API requests by single Worker invocation.');
    queries += statements;
  };
  return { bindings: mapDatabases(databases, (database) => countedBinding(database, count)), queries: () => queries };
}

/** The D1 databases, before whose `nth` round trip (from 1) something else happens. */
export function interruptedD1(
  databases: DatabaseBindings,
  nth: number,
  interrupt: () => Promise<void>,
): DatabaseBindings {
  let roundTrips = 0;
  return wrapD1(databases, async (call) => {
    roundTrips += 1;
    if (roundTrips === nth) await interrupt();
    return await call();
  });
}

/** A Durable Object namespace that counts the calls to its objects, in order. */
export function countingNamespace<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
): DurableObjectNamespace<T> & { readonly calls: string[] } {
  const calls: string[] = [];
  const wrapped = wrapNamespace(namespace, (method, call) => {
    calls.push(method);
    return call();
  });
  return withProperty(wrapped, 'calls', calls);
}

/** A Durable Object namespace whose every method call goes through `around`, with the method's name. */
export function wrapNamespace<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  around: (method: string, call: () => Promise<unknown>) => Promise<unknown>,
): DurableObjectNamespace<T> {
  const wrapStub = (stub: object): object =>
    new Proxy(stub, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof name !== 'string' || typeof member !== 'function') return member;
        return (...parameters: unknown[]) => around(name, async () => await Reflect.apply(member, target, parameters));
      },
    });
  return new Proxy(namespace, {
    get(target, name) {
      if (name === 'getByName') return (objectName: string) => wrapStub(target.getByName(objectName));
      return Reflect.get(target, name);
    },
  });
}

/** The databases and the objects with every call recorded in `hops`. Calls to Stripe go through `fetch`, not through these. */
export function recordingStores(
  stores: DatabaseBindings & Pick<Bindings, 'WORKSPACE_GATE' | 'LINK_GATE'>,
  hops: Hops,
): DatabaseBindings & Pick<Bindings, 'WORKSPACE_GATE' | 'LINK_GATE'> {
  return {
    ...wrapD1(stores, (call) => hops.record(call)),
    WORKSPACE_GATE: wrapNamespace(stores.WORKSPACE_GATE, (_, call) => hops.record(call)),
    LINK_GATE: wrapNamespace(stores.LINK_GATE, (_, call) => hops.record(call)),
  };
}

function withProperty<T extends object, N extends string, V>(
  object: T,
  name: N,
  value: V,
): T & { readonly [K in N]: V } {
  const proxy = new Proxy(object, { get: (target, asked) => (asked === name ? value : Reflect.get(target, asked)) });
  const hasProperty = (candidate: T): candidate is T & { readonly [K in N]: V } =>
    Reflect.get(candidate, name) === value;
  if (!hasProperty(proxy)) throw new Error(`The wrapper lost its ${name}`);
  return proxy;
}
