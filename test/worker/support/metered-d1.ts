import { env } from 'cloudflare:workers';
import { type DatabaseBindings, replaceDatabases } from '../../../src/core/shards.ts';

/** All databases, wrapped to add up the rows that their statements read, as D1 bills them. */
export function meteredDatabases(): { readonly bindings: DatabaseBindings; rowsRead(): number } {
  let rows = 0;
  const add = (more: number) => {
    rows += more;
  };
  return { bindings: replaceDatabases(env, ({ binding }) => meteredD1(binding, add)), rowsRead: () => rows };
}

/**
 * Wraps a database so that every statement counts, also those whose answer has no counts (`raw` and `first`): a SELECT of
 * this kind runs once more, and a statement that writes runs in a batch of its own.
 */
function meteredD1(database: D1Database, add: (rowsRead: number) => void): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const counted = <R extends D1Result<unknown>>(result: R): R => {
    add(Number(result.meta.rows_read ?? Number.NaN));
    return result;
  };
  const rawRows = async (query: string, statement: D1PreparedStatement) => {
    if (!isRead(query)) {
      const [result] = await database.batch<Record<string, unknown>>([statement]);
      return result ? counted(result).results.map((row) => Object.values(row)) : [];
    }
    counted(await statement.all());
    return await statement.raw();
  };
  const wrap = (query: string, statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        switch (name) {
          case 'bind':
            return (...values: unknown[]) => wrap(query, target.bind(...values));
          case 'run':
          case 'all':
            return async () => counted(await target.all());
          case 'first':
            return async () => counted(await target.all()).results[0] ?? null;
          case 'raw':
            return async () => await rawRows(query, target);
          default:
            return Reflect.get(target, name);
        }
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  };
  return new Proxy(database, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => wrap(query, target.prepare(query));
      if (name !== 'batch') return Reflect.get(target, name);
      return async (statements: D1PreparedStatement[]) =>
        (await target.batch(statements.map((statement) => originals.get(statement) ?? statement))).map(counted);
    },
  });
}

function isRead(query: string): boolean {
  return /^\s*select\b/i.test(query) || (/^\s*with\b/i.test(query) && !/\b(insert|update|delete)\b/i.test(query));
}
