import { auditOnceStatement } from '../../db/audit-log.ts';
import { updatePair } from '../../db/workspaces.ts';
import { auditOf, type Context, withWorkspace } from '../context.ts';
import { readPair } from './queries.ts';

/**
 * Suspends a live workspace and its sandbox workspace for their owner: requests with their keys are answered 402, and their
 * links take no payments. Only operators can resume them. Where both are suspended already, it is only recorded, once. `context`: of
 * either workspace. Throws `not_found`.
 */
export async function closePair(context: Context): Promise<void> {
  const pair = await readPair(context, context.workspace.pairId);
  const [{ pairId }] = pair;
  const live = pair.find(({ mode }) => mode === 'live') ?? pair[0];
  const audit = auditOf(withWorkspace(context, live.id), 'workspace.close', pairId);
  if (pair.some(({ status }) => status !== 'suspended')) {
    await updatePair(context.database, pairId, { status: 'suspended' }, audit);
  } else {
    await auditOnceStatement(context.database, audit, live.updatedAt);
  }
}
