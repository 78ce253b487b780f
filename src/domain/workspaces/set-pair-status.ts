import { ApiError } from '../../core/errors.ts';
import { findPair, updatePairStatus, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext } from '../context.ts';

/**
 * Suspends or resumes a live workspace and its sandbox workspace, and returns both. While suspended, requests with
 * their keys are answered 402. `id`: the id of the pair or of either workspace. Throws `not_found`.
 */
export async function setPairStatus(
  context: PlatformContext,
  id: string,
  status: Workspace['status'],
): Promise<Workspace[]> {
  const [first] = await findPair(context.database, id);
  if (!first) throw new ApiError('not_found', `No workspace has the id ${id}.`);
  const action = status === 'suspended' ? 'workspace.suspend' : 'workspace.resume';
  await updatePairStatus(
    context.database,
    first.pairId,
    status,
    context.now(),
    auditOf({ ...context, workspace: first }, action, first.pairId),
  );
  return await findPair(context.database, first.pairId);
}
