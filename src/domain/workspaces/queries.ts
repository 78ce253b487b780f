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
  const found = await findWorkspace(context.database, workspaceId);
  if (!found) throw new ApiError('not_found', `No workspace has the id ${workspaceId}.`);
  return await context.gateOf(workspaceId).recentRequests();
}
