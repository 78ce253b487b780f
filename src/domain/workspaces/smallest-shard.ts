import { unavailable } from '../../core/errors.ts';
import { readDatabaseBytes, smallestOf } from '../../db/database-size.ts';
import { readShards } from '../../db/shards.ts';
import type { PlatformContext } from '../context.ts';

/**
 * The shard whose database has the fewest bytes. One that does not answer is left out: a new workspace does not wait for
 * it. Throws `service_unavailable` if none answers.
 */
export async function smallestShard({ databases }: Pick<PlatformContext, 'databases'>): Promise<string> {
  const answers = await readShards(databases, readDatabaseBytes);
  const smallest = smallestOf(answers.filter((answer) => answer.answers));
  if (smallest) return smallest.shard;
  throw unavailable('No database answers.', answers.find((answer) => !answer.answers)?.error);
}
