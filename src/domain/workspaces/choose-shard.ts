import { ApiError, unavailable } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import { databaseBytes, readShards } from '../../db/shards.ts';
import type { PlatformContext } from '../context.ts';

/**
 * The shard for a new pair of workspaces: `wanted`, or the one whose database has the fewest bytes if `wanted` is null. A
 * shard that does not answer is left out. `createPair` in the context of `inShard` then makes the pair there. Throws
 * `validation_failed` if no database is bound for `wanted`, and `service_unavailable` if no shard answers.
 */
export async function chooseShard(
  { databases }: Pick<PlatformContext, 'databases'>,
  wanted: string | null,
): Promise<string> {
  if (wanted !== null) {
    if (databases.has(wanted)) return wanted;
    const bound = [...databases.keys()].join(', ');
    throw new ApiError('validation_failed', `No database is bound for the shard ${wanted}. Bound are: ${bound}.`);
  }
  let smallest: { readonly shard: string; readonly bytes: number } | null = null;
  for (const answer of await readShards(databases, databaseBytes)) {
    const { shard } = answer;
    if (!answer.answers) logLine('error', 'shard does not answer', { shard, error: describeError(answer.error) });
    else if (smallest === null || answer.value < smallest.bytes) smallest = { shard, bytes: answer.value };
  }
  if (smallest === null) throw unavailable('No database answers.');
  return smallest.shard;
}
