import { updatePair, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';
import { readPair } from './queries.ts';

/**
 * Gives a live workspace and its sandbox workspace another name, and returns both. Buyers may see it. `id`: the id of
 * the pair or of either workspace. `name`: checked by the caller. Throws `not_found`.
 */
export async function renamePair(
  context: PlatformContext,
  { id, name }: Pick<Workspace, 'id' | 'name'>,
): Promise<Workspace[]> {
  const [first] = await readPair(context, id);
  const audit = auditOf(withWorkspace(context, first.id), 'workspace.rename', first.pairId);
  await updatePair(context.database, first.pairId, { name }, audit);
  return await readPair(context, id);
}
