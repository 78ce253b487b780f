import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { connectedAccounts } from './schema.ts';
import type { ConnectedAccount } from './workspaces.ts';

type AccountKey = Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>;

/**
 * Claims the accounts, of all workspaces, that are due: their Stripe events are to be read, or they are disconnected and
 * Stripe is to be asked for them again. The longest due come first. Sets the next time of each to `until`, or to
 * `disconnectedUntil` (unix ms), so that an account that fails never delays the others, and two runs never read the same
 * account. One round trip.
 */
export async function claimDueAccounts(
  database: Database,
  claim: {
    readonly now: number;
    readonly until: number;
    readonly disconnectedUntil: number;
    readonly limit: number;
  },
): Promise<ConnectedAccount[]> {
  const { nextStripeEventsReadAt, disconnectedAt } = connectedAccounts;
  const due = database
    .select({ workspaceId: connectedAccounts.workspaceId })
    .from(connectedAccounts)
    .where(and(isNotNull(nextStripeEventsReadAt), lte(nextStripeEventsReadAt, claim.now)))
    .orderBy(asc(nextStripeEventsReadAt))
    .limit(claim.limit);
  return await database
    .update(connectedAccounts)
    .set({
      nextStripeEventsReadAt: sql`CASE WHEN ${disconnectedAt} IS NULL THEN ${claim.until} ELSE ${claim.disconnectedUntil} END`,
    })
    .where(inArray(connectedAccounts.workspaceId, due))
    .returning();
}

/** How far an account's Stripe events were read in a run, and when they are read next. Times are unix ms. */
export interface AccountReading {
  readonly account: AccountKey;
  /** null: nothing new was read. */
  readonly read: {
    /** Everything before this time was handled. */
    readonly to: number;
    /** The last Stripe event of the second `to` that was handled. null: none of this second was. */
    readonly id: string | null;
  } | null;
  /** null: at the time that its claim has set. */
  readonly nextReadAt: number | null;
  /** If the workspace's latest payment is older than `since`, the account is read next at `readAt`. */
  readonly ifIdle: { readonly since: number; readonly readAt: number } | null;
}

/**
 * Records readings of accounts in one statement. A time before the stored one changes nothing. An account whose events
 * were read has access again. Skips accounts that were disconnected or replaced meanwhile.
 */
export async function recordReadings(database: Database, readings: readonly AccountReading[]): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map(({ account, read, nextReadAt, ifIdle }) => [
    account.workspaceId,
    account.stripeAccountId,
    read?.to ?? null,
    read?.id ?? null,
    nextReadAt,
    ifIdle?.since ?? null,
    ifIdle?.readAt ?? null,
  ]);
  // Repeats the condition of the index payments_list, so that its last entry is the only one read.
  const latestPayment = sql`(SELECT created_at FROM payments WHERE workspace_id = connected_accounts.workspace_id
    AND status IN ('processing', 'succeeded', 'failed') ORDER BY id DESC LIMIT 1)`;
  await database.run(sql`UPDATE connected_accounts SET
      stripe_events_read_id = CASE WHEN value ->> 2 >= coalesce(stripe_events_read_to, 0) THEN value ->> 3
        ELSE stripe_events_read_id END,
      stripe_events_read_to = CASE WHEN value ->> 2 IS NULL THEN stripe_events_read_to
        ELSE max(coalesce(stripe_events_read_to, 0), value ->> 2) END,
      access_refused_at = CASE WHEN value ->> 2 IS NULL THEN access_refused_at END,
      next_stripe_events_read_at = CASE WHEN value ->> 4 IS NOT NULL THEN value ->> 4
        WHEN value ->> 5 IS NULL OR ${latestPayment} >= value ->> 5 THEN next_stripe_events_read_at
        ELSE value ->> 6 END
    FROM json_each(${JSON.stringify(rows)})
    WHERE workspace_id = value ->> 0 AND stripe_account_id = value ->> 1
      AND disconnected_at IS NULL AND next_stripe_events_read_at IS NOT NULL`);
}

/** Makes accounts due at `at` (unix ms), because the run ended before it began them. One statement. */
export async function releaseAccounts(database: Database, accounts: readonly AccountKey[], at: number): Promise<void> {
  const ids = accounts.map(({ workspaceId }) => workspaceId);
  await database
    .update(connectedAccounts)
    .set({ nextStripeEventsReadAt: at })
    .where(
      and(
        sql`${connectedAccounts.workspaceId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
        isNotNull(connectedAccounts.nextStripeEventsReadAt),
      ),
    );
}

/** Ends the reading of a disconnected account by the cron, for good. Refunds and disputes still come by webhook. */
export async function endReading(database: Database, account: AccountKey): Promise<void> {
  await database
    .update(connectedAccounts)
    .set({ nextStripeEventsReadAt: null })
    .where(
      and(
        eq(connectedAccounts.workspaceId, account.workspaceId),
        eq(connectedAccounts.stripeAccountId, account.stripeAccountId),
        isNotNull(connectedAccounts.disconnectedAt),
      ),
    );
}
