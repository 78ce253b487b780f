import { env } from 'cloudflare:workers';
import { DEFAULT_SHARD, shardOf } from '../../../src/core/ids.ts';
import { boundShards, type DatabaseBindings } from '../../../src/core/shards.ts';

/** All shards. */
export const SHARDS = boundShards(env).map(({ shard }) => shard);

let made = 0;

/** The shard of the next workspace: the last one, then each in turn. */
export function nextShard(): string {
  made += 1;
  const shard = SHARDS.at(-made % SHARDS.length);
  if (shard === undefined) throw new Error('No database is bound');
  return shard;
}

/** Begins with the last shard again, so that a file has the same shards alone and after other files. */
export function beginShardsAnew(): void {
  made = 0;
}

/** The D1 binding of a shard, among the real ones or others. Throws RangeError where there is none. */
export function bindingOf(shard: string, bindings: DatabaseBindings = env): D1Database {
  const bound = boundShards(bindings).find((candidate) => candidate.shard === shard);
  if (!bound) throw new RangeError(`No database is bound for the shard ${shard}`);
  return bound.binding;
}

/** The D1 binding of the database in which the row with this id is. */
export function bindingOfId(id: string): D1Database {
  return bindingOf(shardOf(id) ?? DEFAULT_SHARD);
}

/** Runs one statement in every database. */
export async function inEveryDatabase(query: string, ...values: unknown[]): Promise<void> {
  for (const { binding } of boundShards(env)) {
    await binding
      .prepare(query)
      .bind(...values)
      .run();
  }
}

/** The rows that a query finds in all databases, those of the first shard first. */
export async function rowsEverywhere(query: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  const found = await Promise.all(
    boundShards(env).map(({ binding }) =>
      binding
        .prepare(query)
        .bind(...values)
        .all(),
    ),
  );
  return found.flatMap(({ results }) => results);
}
