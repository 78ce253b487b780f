import { and, count, eq, gt, ne, notExists, type SQL, sql } from 'drizzle-orm';
import { DEFAULT_SHARD } from '../core/ids.ts';
import type { Database } from './client.ts';
import { insertEach, insertIf } from './insert-if.ts';
import { accountDirectory, connectedAccounts } from './schema.ts';

// Every `directory` is the database of the first shard.

/** The workspace and the shard that a Stripe account of one mode belongs to. */
export type DirectoryEntry = typeof accountDirectory.$inferSelect;

type AccountKey = Pick<DirectoryEntry, 'stripeAccountId' | 'livemode'>;
type Claim = Pick<DirectoryEntry, 'stripeAccountId' | 'livemode' | 'workspaceId' | 'shard'>;

/** The time of the database (unix ms): claims are made by Workers and by operators' computers, whose clocks differ. */
const NOW = sql<number>`CAST(unixepoch('subsec') * 1000 AS INTEGER)`;
/** Differs from the stored time of the claim in any case: `takeOverAccount` with the earlier one then does nothing. */
const RENEWED = sql`max(${NOW}, ${accountDirectory.claimedAt} + 1)`;

function isEntryOf({ stripeAccountId, livemode }: AccountKey): SQL | undefined {
  return and(eq(accountDirectory.stripeAccountId, stripeAccountId), eq(accountDirectory.livemode, livemode));
}

function isEntryFor(claim: Omit<Claim, 'shard'>): SQL | undefined {
  return and(isEntryOf(claim), eq(accountDirectory.workspaceId, claim.workspaceId));
}

/** A statement that selects the entry of an account. */
export function directoryEntryStatement(directory: Database, account: AccountKey) {
  return directory.select().from(accountDirectory).where(isEntryOf(account)).limit(1);
}

/**
 * Claims an account for a workspace, before its row is written in the workspace's shard. Returns the entry that is
 * stored then: of this workspace, with the new `claimedAt`, or of another one, which has it already. `now`: the time of
 * the database, unix ms. Repeatable. One round trip.
 */
export async function claimAccount(
  directory: Database,
  claim: Claim,
): Promise<{ readonly entry: DirectoryEntry; readonly now: number }> {
  const [, [stored]] = await directory.batch([
    directory
      .insert(accountDirectory)
      .values({ ...claim, claimedAt: NOW })
      .onConflictDoUpdate({
        target: [accountDirectory.stripeAccountId, accountDirectory.livemode],
        set: { claimedAt: RENEWED },
        setWhere: eq(accountDirectory.workspaceId, claim.workspaceId),
      }),
    directory.select({ entry: accountDirectory, now: NOW }).from(accountDirectory).where(isEntryOf(claim)),
  ]);
  if (!stored) throw new Error(`The directory lost the entry of ${claim.stripeAccountId}`);
  return stored;
}

/**
 * Gives an account to another workspace, if its entry is still `from`. Returns false where the entry has changed
 * meanwhile: nothing was written.
 */
export async function takeOverAccount(directory: Database, from: DirectoryEntry, to: Claim): Promise<boolean> {
  const changed = await directory
    .update(accountDirectory)
    .set({ workspaceId: to.workspaceId, shard: to.shard, claimedAt: RENEWED })
    .where(and(isEntryFor(from), eq(accountDirectory.claimedAt, from.claimedAt)))
    .returning({ workspaceId: accountDirectory.workspaceId });
  return changed.length > 0;
}

/**
 * Renews a claim once the account's row is written. False: another workspace has taken the account over meanwhile. True:
 * a takeover that has begun before fails.
 */
export async function renewClaim(directory: Database, claim: Claim): Promise<boolean> {
  const renewed = await directory
    .update(accountDirectory)
    .set({ claimedAt: RENEWED })
    .where(isEntryFor(claim))
    .returning({ workspaceId: accountDirectory.workspaceId });
  return renewed.length > 0;
}

/**
 * A statement that keeps a copy of an entry in the shard of its workspace, for the day on which the directory has lost it.
 * In the first shard it does nothing: the entry itself is there.
 */
export function keepCopyStatement(database: Database, claim: Claim) {
  const { stripeAccountId, livemode, workspaceId, shard } = claim;
  const copy = { stripeAccountId, livemode, workspaceId, shard, claimedAt: NOW, givenUpAt: null };
  return insertIf(database, accountDirectory, copy, sql`${shard} <> ${DEFAULT_SHARD}`).onConflictDoUpdate({
    target: [accountDirectory.stripeAccountId, accountDirectory.livemode],
    set: { workspaceId },
  });
}

/**
 * A statement that deletes the copy of an entry in the shard of its workspace, unless the workspace has the account. In the
 * first shard it does nothing.
 */
export function deleteCopyStatement(database: Database, claim: Omit<Claim, 'shard'>) {
  const { stripeAccountId, workspaceId } = connectedAccounts;
  const holder = database
    .select({ workspaceId })
    .from(connectedAccounts)
    .where(and(eq(workspaceId, claim.workspaceId), eq(stripeAccountId, claim.stripeAccountId)));
  return database
    .delete(accountDirectory)
    .where(and(isEntryFor(claim), ne(accountDirectory.shard, DEFAULT_SHARD), notExists(holder)));
}

/** An account that belongs to a workspace by the rows of its shard. */
interface AccountOfShard extends AccountKey {
  readonly workspaceId: string;
}

/**
 * Some accounts of a shard: of those that are connected, also if they are disconnected, and of the copies of entries, at
 * most `limit` each. `turn`: counted up by one, it goes through all of them and begins anew. One round trip.
 */
export async function readAccountsInTurn(
  database: Database,
  { shard, turn, limit }: { readonly shard: string; readonly turn: number; readonly limit: number },
): Promise<AccountOfShard[]> {
  const isInTurn = (table: typeof accountDirectory | typeof connectedAccounts) => {
    const size = sql`CAST(${limit} AS INTEGER)`;
    const start = sql`(SELECT CAST(${turn} AS INTEGER) % ((max(rowid) + ${size} - 1) / ${size}) * ${size} FROM ${table})`;
    return sql`${table}.rowid > ${start} AND ${table}.rowid <= ${start} + ${size}`;
  };
  const [connected, copies] = await database.batch([
    database
      .select({
        stripeAccountId: connectedAccounts.stripeAccountId,
        livemode: connectedAccounts.livemode,
        workspaceId: connectedAccounts.workspaceId,
      })
      .from(connectedAccounts)
      .where(isInTurn(connectedAccounts)),
    database
      .select({
        stripeAccountId: accountDirectory.stripeAccountId,
        livemode: accountDirectory.livemode,
        workspaceId: accountDirectory.workspaceId,
      })
      .from(accountDirectory)
      .where(and(isInTurn(accountDirectory), eq(accountDirectory.shard, shard))),
  ]);
  return [...connected, ...copies];
}

/** An account whose entry names another workspace than the rows of its shard. */
interface Contradiction {
  readonly account: string;
  readonly workspaceId: string;
  readonly enteredFor: string;
}

/**
 * Writes the entries that accounts of one shard lack. Entries that exist stay as they are: those that name another
 * workspace are returned. One round trip.
 */
export async function addMissingEntries(
  directory: Database,
  shard: string,
  accounts: readonly AccountOfShard[],
): Promise<Contradiction[]> {
  const rows = accounts.map((account) => [account.stripeAccountId, account.livemode ? 1 : 0, account.workspaceId]);
  const listed = sql`json_each(${JSON.stringify(rows)})`;
  const [account, livemode, workspaceId] = [sql`value ->> 0`, sql`value ->> 1`, sql<string>`value ->> 2`];
  const missing = { stripeAccountId: account, livemode, workspaceId, shard, claimedAt: NOW, givenUpAt: null };
  const [, contradictions] = await directory.batch([
    insertEach(directory, accountDirectory, missing, sql`FROM ${listed} WHERE TRUE`).onConflictDoNothing(),
    directory
      .select({ account: accountDirectory.stripeAccountId, workspaceId, enteredFor: accountDirectory.workspaceId })
      .from(listed)
      .innerJoin(
        accountDirectory,
        and(eq(accountDirectory.stripeAccountId, account), eq(accountDirectory.livemode, livemode)),
      )
      .where(ne(accountDirectory.workspaceId, workspaceId)),
  ]);
  return contradictions;
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
