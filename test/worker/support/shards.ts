import { env } from 'cloudflare:workers';
import { DEFAULT_SHARD, shardOf } from '../../../src/core/ids.ts';
import { boundShards, type DatabaseBindings } from '../../../src/core/shards.ts';

/** The shards in which `newWorkspace` makes workspaces, one after the other. */
const SHARDS_OF_WORKSPACES = ['0'];

let made = 0;

/** The shard of the next workspace. */
export function nextShard(): string {
  const shard = SHARDS_OF_WORKSPACES[made++ % SHARDS_OF_WORKSPACES.length];
  if (shard === undefined) throw new Error('There is no shard for workspaces');
  return shard;
}

/** Begins with the first of these shards again, so that a file gets the same shards alone and after other files. */
export function beginWithFirstShard(): void {
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

/** The rows that a query finds in every database, those of the first shard first. */
export async function rowsEverywhere(query: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (const { binding } of boundShards(env)) {
    const { results } = await binding
      .prepare(query)
      .bind(...values)
      .all();
    found.push(...results);
  }
  return found;
}
