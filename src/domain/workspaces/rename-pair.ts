import { renameOrganisation } from '../../db/organisations.ts';
import { updatePair, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';
import { readPair } from './queries.ts';

/**
 * Gives a live workspace and its sandbox workspace another name, and returns both. Buyers may see it. `id`: the id of
 * the pair or of either workspace. `name`: checked by the caller. Throws `not_found`.
 *
 * The name that counts is that of the workspaces, so it is written first. The organisation in the first shard has a copy
 * for the menu of the merchant app. If the call ends in between, the menu shows the old name until it is repeated.
 */
export async function renamePair(
  context: PlatformContext,
  { id, name }: Pick<Workspace, 'id' | 'name'>,
): Promise<Workspace[]> {
  const [first] = await readPair(context, id);
  const audit = auditOf(withWorkspace(context, first.id), 'workspace.rename', first.pairId);
  await updatePair(context.database, first.pairId, { name }, audit);
  const pair = await readPair(context, id);
  const live = pair.find(({ mode }) => mode === 'live');
  if (live) await renameOrganisation(context.directory, live.id, live.name);
  return pair;
}
