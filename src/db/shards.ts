import { answerWithin, type Database } from './client.ts';

/** After this time (ms) a database that has not answered counts as down. */
const PATIENCE_MS = 5_000;

/** What the database of one shard has answered, or the error with which it failed. */
export type ShardAnswer<T> =
  | { readonly shard: string; readonly answers: true; readonly value: T }
  | { readonly shard: string; readonly answers: false; readonly error: unknown };

/**
 * Calls `read` for the databases of all shards at the same time. One that fails, or that has not answered after some
 * seconds, does not stop the others. Never throws.
 */
export async function readShards<T>(
  databases: ReadonlyMap<string, Database>,
  read: (database: Database) => Promise<T>,
): Promise<ShardAnswer<T>[]> {
  const readOne = async ([shard, database]: [string, Database]): Promise<ShardAnswer<T>> => {
    try {
      return { shard, answers: true, value: await answerWithin(PATIENCE_MS, () => read(database)) };
    } catch (error) {
      return { shard, answers: false, error };
    }
  };
  return await Promise.all([...databases].map(readOne));
}
