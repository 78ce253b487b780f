import { and, count, eq, gt, type SQL, sql } from 'drizzle-orm';
import { DEFAULT_SHARD } from '../core/ids.ts';
import type { Database } from './client.ts';
import { insertEach, insertIf } from './insert-if.ts';
import { accountDirectory, connectedAccounts } from './schema.ts';

// Every `directory` is the database of the first shard.

/** The workspace and the shard that a Stripe account of one mode belongs to. */
export type DirectoryEntry = typeof accountDirectory.$inferSelect;

type AccountKey = Pick<DirectoryEntry, 'stripeAccountId' | 'livemode'>;

function isEntryOf({ stripeAccountId, livemode }: AccountKey): SQL | undefined {
  return and(eq(accountDirectory.stripeAccountId, stripeAccountId), eq(accountDirectory.livemode, livemode));
}

/** A statement that selects the entry of an account. */
export function directoryEntryStatement(directory: Database, account: AccountKey) {
  return directory.select().from(accountDirectory).where(isEntryOf(account)).limit(1);
}

/**
 * Claims an account for a workspace, before its row is written in the workspace's shard. Returns the entry that is
 * stored then: of this workspace, with the new `claimedAt`, or of another one, which has it already. Repeatable. One
 * round trip.
 */
export async function claimAccount(directory: Database, claim: DirectoryEntry): Promise<DirectoryEntry> {
  const [, , [entry]] = await directory.batch([
    connectedBeforeStatement(directory, claim),
    directory
      .insert(accountDirectory)
      .values(claim)
      .onConflictDoUpdate({
        target: [accountDirectory.stripeAccountId, accountDirectory.livemode],
        set: { claimedAt: claim.claimedAt },
        setWhere: eq(accountDirectory.workspaceId, claim.workspaceId),
      }),
    directoryEntryStatement(directory, claim),
  ]);
  if (!entry) throw new Error(`The directory lost the entry of ${claim.stripeAccountId}`);
  return entry;
}

/** A statement that writes the entry of an account that is connected in the first shard and has no entry yet. */
function connectedBeforeStatement(directory: Database, { stripeAccountId, livemode }: AccountKey) {
  const { workspaceId, createdAt } = connectedAccounts;
  return insertEach(
    directory,
    accountDirectory,
    {
      ...{ stripeAccountId, livemode, shard: DEFAULT_SHARD, givenUpAt: null },
      ...{ workspaceId: sql`${workspaceId}`, claimedAt: sql`${createdAt}` },
    },
    sql`FROM ${connectedAccounts} WHERE ${connectedAccounts.stripeAccountId} = ${stripeAccountId}
      AND ${connectedAccounts.livemode} = ${sql.param(livemode, connectedAccounts.livemode)}`,
  ).onConflictDoNothing();
}

/**
 * Gives an account to another workspace, if its entry is still `from`. Returns false where the entry has changed
 * meanwhile: nothing was written.
 */
export async function takeOverAccount(
  directory: Database,
  from: DirectoryEntry,
  to: Pick<DirectoryEntry, 'workspaceId' | 'shard' | 'claimedAt'>,
): Promise<boolean> {
  const { workspaceId, shard, claimedAt } = to;
  const changed = await directory
    .update(accountDirectory)
    .set({ workspaceId, shard, claimedAt })
    .where(
      and(
        isEntryOf(from),
        eq(accountDirectory.workspaceId, from.workspaceId),
        eq(accountDirectory.claimedAt, from.claimedAt),
      ),
    )
    .returning({ workspaceId: accountDirectory.workspaceId });
  return changed.length > 0;
}

/**
 * Writes the entries that accounts of one shard lack, for example after the first database was restored to an earlier
 * day. Entries that exist stay as they are. One statement.
 */
export async function addMissingEntries(
  directory: Database,
  shard: string,
  accounts: readonly (AccountKey & { readonly workspaceId: string; readonly createdAt: number })[],
): Promise<void> {
  const rows = accounts.map((account) => [
    account.stripeAccountId,
    account.livemode ? 1 : 0,
    account.workspaceId,
    account.createdAt,
  ]);
  await directory.run(sql`INSERT INTO account_directory (stripe_account_id, livemode, workspace_id, shard, claimed_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, ${shard}, value ->> 3 FROM json_each(${JSON.stringify(rows)})
    WHERE TRUE ON CONFLICT DO NOTHING`);
}

/** Which account is to be given up, and how many of its mode may be: fewer than `most` after `since` (unix ms). */
interface GivingUp {
  readonly entry: DirectoryEntry;
  readonly since: number;
  readonly most: number;
}

/**
 * Records that an account is given up, unless as many accounts of its mode were given up of late, in all shards
 * together: then returns false. An account that was counted of late is not counted again.
 */
export async function countGivenUp(directory: Database, { entry, since, most }: GivingUp): Promise<boolean> {
  const { givenUpAt, livemode } = accountDirectory;
  const others = directory
    .select({ count: count() })
    .from(accountDirectory)
    .where(
      and(
        // Literally as in the index account_directory_given_up.
        sql`${givenUpAt} IS NOT NULL`,
        gt(givenUpAt, since),
        eq(livemode, entry.livemode),
        sql`${accountDirectory.stripeAccountId} <> ${entry.stripeAccountId}`,
      ),
    );
  const counted = await insertIf(directory, accountDirectory, entry, sql`(${others}) < ${most}`)
    .onConflictDoUpdate({
      target: [accountDirectory.stripeAccountId, accountDirectory.livemode],
      set: { givenUpAt: entry.givenUpAt },
    })
    .returning({ workspaceId: accountDirectory.workspaceId });
  return counted.length > 0;
}
