import type { Mode } from '../../core/api-keys.ts';
import { newWorkspaceId } from '../../core/ids.ts';
import { insertPair, type Workspace } from '../../db/workspaces.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/** A new workspace with its sandbox: two rows that see nothing of each other. `name` is what buyers may be shown. */
export async function createPair(
  context: AdminContext,
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
  await insertPair(
    context.database,
    [live, sandbox],
    [
      adminAudit(context, live.id, 'workspace.create', live.id),
      adminAudit(context, sandbox.id, 'workspace.create', sandbox.id),
    ],
  );
  return { live, sandbox };
}
