import { logLine } from '../../core/log.ts';
import { addMissingEntries, readAccountsInTurn } from '../../db/account-directory.ts';
import type { JobContext } from '../context.ts';

/** How often the cron runs (ms): the time says which accounts are next, so that nothing is to be stored. */
const MINUTE_MS = 60_000;
/** How many connected accounts, and how many copies of entries, are looked at in one run. */
const AT_ONCE = 500;

/**
 * Writes the directory entries that accounts of this shard lack, for example after the first database was restored to an
 * earlier day: without its entry, the disputes of an account find no workspace. Each run looks at some accounts, and the
 * runs of an hour at 30,000, also those that are disconnected or replaced. An account whose entry names another workspace
 * is logged as an error. Repeatable.
 */
export async function restoreEntries({ database, directory, shard, now }: JobContext): Promise<void> {
  const turn = Math.floor(now() / MINUTE_MS);
  const accounts = await readAccountsInTurn(database, { shard, turn, limit: AT_ONCE });
  if (accounts.length === 0) return;
  for (const { account, workspaceId, enteredFor } of await addMissingEntries(directory, shard, accounts)) {
    logLine('error', 'account of two workspaces', { account, shard, workspace: workspaceId, entered_for: enteredFor });
  }
}
