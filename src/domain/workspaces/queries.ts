import { ApiError } from '../../core/errors.ts';
import { findPair, findWorkspace, type Workspace } from '../../db/workspaces.ts';
import type { RecentRequest } from '../../objects/recent-requests.ts';
import type { PlatformContext } from '../context.ts';

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

async function requireWorkspace(context: PlatformContext, workspaceId: string): Promise<void> {
  if (await findWorkspace(context.database, workspaceId)) return;
  throw new ApiError('not_found', `No workspace has the id ${workspaceId}.`);
}
