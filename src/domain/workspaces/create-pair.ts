import type { Mode } from '../../core/api-keys.ts';
import { newWorkspaceId } from '../../core/ids.ts';
import { insertPair, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';

/**
 * Creates a live workspace and its sandbox workspace, which share no data, in the shard of `context`. `name`: of both;
 * buyers may see it.
 */
export async function createPair(
  context: PlatformContext,
  name: string,
): Promise<{ live: Workspace; sandbox: Workspace }> {
  const now = context.now();
  const pairId = newWorkspaceId();
  const workspace = (mode: Mode): Workspace => ({
    id: newWorkspaceId(),
    pairId,
    mode,
    name,
    status: 'active',
    createdAt: now,
    updatedAt: now,
  });
  const live = workspace('live');
  const sandbox = workspace('sandbox');
  const audit = ({ id }: Workspace) => auditOf(withWorkspace(context, id), 'workspace.create', id);
  await insertPair(context.database, [live, sandbox], [audit(live), audit(sandbox)]);
  return { live, sandbox };
}
