import { countedBinding } from '../../../src/db/client.ts';
import type { Bindings } from '../../../src/env.ts';
import type { Hops } from '../../support/hops.ts';

/** Something done around each round trip of a wrapped binding; `call` does the work. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>;

const QUERY_METHODS = new Set<string | symbol>(['run', 'all', 'raw', 'first']);

/** A D1 database whose every round trip (one query, or one batch) goes through `around`. */
export function wrapD1(database: D1Database, around: Around): D1Database {
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

/** A D1 database that counts its round trips and rows. A query through `raw` or `first` shows no rows. */
export function countingD1(database: D1Database): D1Database & { readonly counts: D1Counts } {
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
  const wrapped = wrapD1(database, async (call) => {
    counts.roundTrips += 1;
    const answer = await call();
    for (const result of Array.isArray(answer) ? answer : [answer]) add(result);
    return answer;
  });
  return withProperty(wrapped, 'counts', counts);
}

/** A D1 database whose `nth` round trip (from 1) loses its connection: before the work is done, or after it. */
export function failingD1(
  database: D1Database,
  nth: number | 'every',
  when: 'before' | 'after' = 'before',
): D1Database {
  let roundTrips = 0;
  return wrapD1(database, async (call) => {
    roundTrips += 1;
    const fails = nth === 'every' || nth === roundTrips;
    if (fails && when === 'before') throw new Error('D1_ERROR: Network connection lost.');
    const answer = await call();
    if (fails) throw new Error('D1_ERROR: Network connection lost.');
    return answer;
  });
}

/** A D1 database that throws once it has had `most` statements, those of batches included, as D1 does in one invocation. */
export function limitedD1(database: D1Database, most: number): D1Database & { readonly queries: () => number } {
  let queries = 0;
  const limited = countedBinding(database, (statements) => {
    if (queries + statements > most) throw new Error('D1_ERROR: Too many API requests by single Worker invocation.');
    queries += statements;
  });
  return withProperty(limited, 'queries', () => queries);
}

/** A D1 database before whose `nth` round trip (from 1) something else happens. */
export function interruptedD1(database: D1Database, nth: number, interrupt: () => Promise<void>): D1Database {
  let roundTrips = 0;
  return wrapD1(database, async (call) => {
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

/** The database and the objects with every call recorded in `hops`. Calls to Stripe go through `fetch`, not through these. */
export function recordingStores(
  stores: Pick<Bindings, 'DB' | 'WORKSPACE_GATE' | 'LINK_GATE'>,
  hops: Hops,
): Pick<Bindings, 'DB' | 'WORKSPACE_GATE' | 'LINK_GATE'> {
  return {
    DB: wrapD1(stores.DB, (call) => hops.record(call)),
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
