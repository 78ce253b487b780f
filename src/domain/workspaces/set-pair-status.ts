import { updatePair, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';
import { readPair } from './queries.ts';

/**
 * Suspends or resumes a live workspace and its sandbox workspace, and returns both. While suspended, requests with
 * their keys are answered 402, and their logos are not served. `id`: the id of the pair or of either workspace. Throws
 * `not_found`.
 */
export async function setPairStatus(
  context: PlatformContext,
  { id, status }: Pick<Workspace, 'id' | 'status'>,
): Promise<Workspace[]> {
  const [first] = await readPair(context, id);
  const action = status === 'suspended' ? 'workspace.suspend' : 'workspace.resume';
  const audit = auditOf(withWorkspace(context, first.id), action, first.pairId);
  await updatePair(context.database, first.pairId, { status }, audit);
  return await readPair(context, id);
}
