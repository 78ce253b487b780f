import type { Mode } from '../../core/api-keys.ts';
import { type PairIds, pairIdsOf } from '../../core/derive.ts';
import { newOperationId } from '../../core/ids.ts';
import { insertPair, type Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';

type Pair = Readonly<Record<Mode, Workspace>>;

/**
 * Creates a live workspace and its sandbox workspace, which share no data, in the shard of `context`. `name`: of both;
 * buyers may see it. Can be repeated: a workspace that is there already stays as it is.
 */
export async function createPair(context: PlatformContext, ids: PairIds, name: string): Promise<void> {
  await writePair(context, pairOf(ids, name, context.now()));
}

/** Like `createPair`, with new ids. Returns the two workspaces. Each call creates other ones. */
export async function createNewPair(context: PlatformContext, name: string): Promise<Pair> {
  const pair = pairOf(await pairIdsOf(newOperationId(context.shard)), name, context.now());
  await writePair(context, pair);
  return pair;
}

function pairOf({ id, sandboxId }: PairIds, name: string, now: number): Pair {
  const common = { pairId: id, name, status: 'active', createdAt: now, updatedAt: now } as const;
  return { live: { ...common, id, mode: 'live' }, sandbox: { ...common, id: sandboxId, mode: 'sandbox' } };
}

async function writePair(context: PlatformContext, pair: Pair): Promise<void> {
  const withAudit = (workspace: Workspace) => ({
    workspace,
    audit: auditOf(withWorkspace(context, workspace.id), 'workspace.create', workspace.id),
  });
  await insertPair(context.database, { live: withAudit(pair.live), sandbox: withAudit(pair.sandbox) });
}
