import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { mapDatabases } from './counting.ts';
import { bindingOf } from './shards.ts';

interface Asked {
  readonly shard: string;
  readonly query: string;
  values: readonly unknown[];
}

/**
 * The D1 databases, which record their statements as they are prepared and bound. `rowsRead` runs them all again and adds up the
 * rows that D1 read, `bytesRead` adds up the length of the rows that it answered, and `plan` shows how SQLite finds the
 * rows of each statement, line by line.
 */
export function notingD1(databases: DatabaseBindings): {
  readonly bindings: DatabaseBindings;
  rowsRead(): Promise<number>;
  bytesRead(): Promise<number>;
  plan(): Promise<string[]>;
} {
  const asked: Asked[] = [];
  const noted = (database: D1Database, shard: string) =>
    new Proxy(database, {
      get(target, name) {
        if (name !== 'prepare') return Reflect.get(target, name);
        return (query: string) => {
          const statement = target.prepare(query);
          return new Proxy(statement, {
            get(inner, member) {
              if (member !== 'bind') return Reflect.get(inner, member);
              return (...values: unknown[]) => {
                asked.push({ shard, query, values });
                return inner.bind(...values);
              };
            },
          });
        };
      },
    });
  const rowsRead = async () => {
    let rows = 0;
    for (const { shard, query, values } of asked) {
      const { meta } = await bindingOf(shard)
        .prepare(query)
        .bind(...values)
        .all();
      rows += Number(meta.rows_read ?? Number.NaN);
    }
    if (asked.length === 0) throw new Error('No statement was noted');
    return rows;
  };
  const bytesRead = async () => {
    let bytes = 0;
    for (const { shard, query, values } of asked) {
      const { results } = await bindingOf(shard)
        .prepare(query)
        .bind(...values)
        .all();
      bytes += new TextEncoder().encode(JSON.stringify(results)).byteLength;
    }
    if (asked.length === 0) throw new Error('No statement was noted');
    return bytes;
  };
  const plan = async () => {
    const lines: string[] = [];
    for (const { shard, query, values } of asked) {
      const explained = bindingOf(shard)
        .prepare(`EXPLAIN QUERY PLAN ${query}`)
        .bind(...values);
      lines.push(...(await explained.all<{ detail: string }>()).results.map(({ detail }) => detail));
    }
    if (lines.length === 0) throw new Error('No statement was noted');
    return lines;
  };
  return { bindings: mapDatabases(databases, noted), rowsRead, bytesRead, plan };
}
