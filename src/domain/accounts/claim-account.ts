import { ApiError, unavailable } from '../../core/errors.ts';
import { claimAccount, type DirectoryEntry, takeOverAccount } from '../../db/account-directory.ts';
import { readHold } from '../../db/account-holds.ts';
import { type Context, inShard } from '../context.ts';

/**
 * For how long (ms) after a claim no other workspace takes the account over: the attach that has claimed it may still
 * write its row. No attach takes nearly so long.
 */
const CLAIM_MS = 15 * 60_000;

/**
 * Enters an account into the directory as this workspace's, before its row is written in the workspace's shard. An entry
 * of another workspace is taken over if that workspace neither has the account nor payments on it. Repeatable. Throws
 * `validation_failed` if the account is another workspace's, and `service_unavailable` if that is not certain yet.
 */
export async function claimForWorkspace(context: Context, stripeAccountId: string): Promise<void> {
  const { directory, workspace, shard } = context;
  const claim = { workspaceId: workspace.id, shard, claimedAt: context.now() };
  const livemode = workspace.mode === 'live';
  const entry = await claimAccount(directory, { stripeAccountId, livemode, ...claim, givenUpAt: null });
  if (entry.workspaceId === workspace.id) return;
  await requireFree(context, entry);
  if (await takeOverAccount(directory, entry, claim)) return;
  throw unavailable(`${stripeAccountId} is being connected to another workspace at this moment.`);
}

/** Throws if the workspace that an entry names has the account, may be about to get it, or has payments on it. */
async function requireFree(context: Context, entry: DirectoryEntry): Promise<void> {
  const { stripeAccountId: account, workspaceId, claimedAt } = entry;
  const { isConnected, hasPayments } = await readHold(inShard(context, entry.shard).database, entry);
  if (isConnected) {
    throw new ApiError('validation_failed', `${account} is already connected to the workspace ${workspaceId}.`);
  }
  if (hasPayments) {
    const message = `${account} has payments of the workspace ${workspaceId}. No other workspace can have it.`;
    throw new ApiError('validation_failed', message);
  }
  const freeAt = claimedAt + CLAIM_MS;
  if (context.now() >= freeAt) return;
  const seconds = Math.ceil((freeAt - context.now()) / 1000);
  const message = `${account} may be about to be connected to the workspace ${workspaceId}. Try again in ${seconds} seconds.`;
  throw unavailable(message, undefined, seconds);
}
