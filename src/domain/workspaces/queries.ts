import { ApiError, unavailable } from '../../core/errors.ts';
import { readShards } from '../../db/shards.ts';
import { type AccountOwner, findPair, findWorkspace, type Workspace } from '../../db/workspaces.ts';
import type { RecentRequest } from '../../objects/recent-requests.ts';
import { type Context, inShard, inWorkspace, type PlatformContext } from '../context.ts';

/** A live workspace and its sandbox, by the id of one of them or of the pair. Throws `not_found`. */
export async function readPair(context: PlatformContext, id: string): Promise<[Workspace, ...Workspace[]]> {
  const [first, ...rest] = await findPair(context.database, id);
  if (!first) throw new ApiError('not_found', `No workspace has the id ${id}.`);
  return [first, ...rest];
}

/**
 * The last hundred requests with secret keys of a workspace, the newest first. Throws `not_found`: asking the gate of a
 * workspace that does not exist would make one.
 */
export async function readRecentRequests(context: PlatformContext, workspaceId: string): Promise<RecentRequest[]> {
  await requireWorkspace(context, workspaceId);
  return await context.gateOf(workspaceId).recentRequests();
}

/** When each secret key of a workspace was last used (unix ms), by key id. A key that was never used is left out. Throws `not_found`. */
export async function readKeyUses(context: PlatformContext, workspaceId: string): Promise<Record<string, number>> {
  await requireWorkspace(context, workspaceId);
  return await context.gateOf(workspaceId).lastUses();
}

/** The context of a workspace, in whatever shard it is: its id does not say that. Throws `not_found`. */
export async function findContext(context: PlatformContext, workspaceId: string): Promise<Context> {
  const { shard, owner } = await requireWorkspace(context, workspaceId);
  return inWorkspace(inShard(context, shard), owner);
}

/** Looks for a workspace in all shards: its id does not say in which one it is. Throws `not_found`. */
async function requireWorkspace(
  context: PlatformContext,
  workspaceId: string,
): Promise<{ readonly shard: string; readonly owner: AccountOwner }> {
  const answers = await readShards(context.databases, (database) => findWorkspace(database, workspaceId));
  for (const answer of answers) {
    if (answer.answers && answer.value !== null) return { shard: answer.shard, owner: answer.value };
  }
  const silent = answers.find((answer) => !answer.answers);
  if (silent) throw unavailable(`The database of the shard ${silent.shard} does not answer.`, silent.error);
  throw new ApiError('not_found', `No workspace has the id ${workspaceId}.`);
}
