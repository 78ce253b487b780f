import { ApiError, unavailable } from '../../core/errors.ts';
import { claimAccount, type DirectoryEntry, deleteCopyStatement, takeOverAccount } from '../../db/account-directory.ts';
import { usesAccount } from '../../db/account-use.ts';
import { readShards } from '../../db/shards.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import { type Context, inShard } from '../context.ts';

/**
 * For how long (ms) after a claim no other workspace takes the account over: the attach that has claimed it may still
 * write its row. No attach takes nearly so long.
 */
const CLAIM_MS = 15 * 60_000;

type Claim = Pick<DirectoryEntry, 'stripeAccountId' | 'livemode' | 'workspaceId' | 'shard'>;

/**
 * Enters an account into the directory as this workspace's, before its row is written in the workspace's shard. An entry
 * of another workspace is taken over if that workspace neither has the account nor payments on it. No entry is trusted
 * alone: all shards are asked who has the account. Repeatable. Throws `validation_failed` if the account is another
 * workspace's, and `service_unavailable` if that is not certain yet.
 */
export async function claimForWorkspace(context: Context, stripeAccountId: string): Promise<Claim> {
  const { directory, workspace, shard } = context;
  const claim = { stripeAccountId, livemode: workspace.mode === 'live', workspaceId: workspace.id, shard };
  const { entry, now } = await claimAccount(directory, claim);
  await requireNoOtherHolder(context, entry);
  if (entry.workspaceId === workspace.id) return claim;
  await requireUnused(context, entry, now);
  if (await takeOverAccount(directory, entry, claim)) return claim;
  throw unavailable(`${stripeAccountId} is being connected to another workspace at this moment.`);
}

/**
 * Throws if the account is connected to another workspace of any shard, or a shard does not answer. Such a workspace then
 * gets the entry, if the entry is this workspace's: the directory had lost it.
 */
async function requireNoOtherHolder(context: Context, entry: DirectoryEntry): Promise<void> {
  const { stripeAccountId, livemode } = entry;
  const own = context.workspace.id;
  const answers = await readShards(context.databases, (database) =>
    findWorkspaceByAccount(database, stripeAccountId, livemode),
  );
  for (const answer of answers) {
    if (!answer.answers) throw unavailable(`The database of the shard ${answer.shard} does not answer.`, answer.error);
    const workspaceId = answer.value?.workspace.id ?? own;
    if (workspaceId === own) continue;
    if (entry.workspaceId === own) {
      await takeOverAccount(context.directory, entry, { stripeAccountId, livemode, workspaceId, shard: answer.shard });
    }
    throw new ApiError('validation_failed', `${stripeAccountId} is already connected to the workspace ${workspaceId}.`);
  }
}

/**
 * Throws if the workspace that an entry names has payments on the account, or may be about to get it. `now`: the time of
 * the directory's database, unix ms.
 */
async function requireUnused(context: Context, entry: DirectoryEntry, now: number): Promise<void> {
  const { stripeAccountId: account, workspaceId, claimedAt } = entry;
  const { database } = inShard(context, entry.shard);
  if (await usesAccount(database, entry)) {
    const message = `${account} has payments of the workspace ${workspaceId}. No other workspace can have it.`;
    throw new ApiError('validation_failed', message);
  }
  const waitMs = claimedAt + CLAIM_MS - now;
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    const message = `${account} may be about to be connected to the workspace ${workspaceId}. Try again in ${seconds} seconds.`;
    throw unavailable(message, undefined, seconds);
  }
  // Else the cron could restore the entry from this copy, after the directory has lost that of the next workspace.
  await deleteCopyStatement(database, entry);
}
