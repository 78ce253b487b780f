import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { connectedAccounts } from './schema.ts';
import type { ConnectedAccount } from './workspaces.ts';

/**
 * Claims the accounts, of all workspaces, whose Stripe events are due to be read, the longest due first. Sets the next
 * read of each to `until` (unix ms), so that an account that fails never delays the others, and two runs never read the
 * same account. A disconnected account is not returned, and never due again. One round trip.
 */
export async function claimAccountsToRead(
  database: Database,
  claim: { readonly now: number; readonly until: number; readonly limit: number },
): Promise<ConnectedAccount[]> {
  const { nextStripeEventsReadAt } = connectedAccounts;
  const due = database
    .select({ workspaceId: connectedAccounts.workspaceId })
    .from(connectedAccounts)
    .where(and(isNotNull(nextStripeEventsReadAt), lte(nextStripeEventsReadAt, claim.now)))
    .orderBy(asc(nextStripeEventsReadAt))
    .limit(claim.limit);
  const claimed = await database
    .update(connectedAccounts)
    .set({ nextStripeEventsReadAt: sql`CASE WHEN ${connectedAccounts.disconnectedAt} IS NULL THEN ${claim.until} END` })
    .where(inArray(connectedAccounts.workspaceId, due))
    .returning();
  return claimed.filter((account) => account.disconnectedAt === null);
}

/**
 * Records up to when an account's Stripe events have been read (unix ms); a lower time changes nothing. `ifIdle`: if
 * the workspace's latest payment is older than `since`, the account is read next at `readAt`. Without `ifIdle`, the
 * account is read next at the time that its claim has set.
 */
export async function recordStripeEventsRead(
  database: Database,
  account: Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>,
  readTo: number,
  ifIdle: { readonly since: number; readonly readAt: number } | null,
): Promise<void> {
  // Repeats the condition of the index payments_list, so that its last entry is the only one read.
  const latestPayment = sql`(SELECT created_at FROM payments
    WHERE workspace_id = ${account.workspaceId} AND status IN ('processing', 'succeeded', 'failed')
    ORDER BY id DESC LIMIT 1)`;
  const next = connectedAccounts.nextStripeEventsReadAt;
  await database
    .update(connectedAccounts)
    .set({
      stripeEventsReadTo: sql`max(coalesce(${connectedAccounts.stripeEventsReadTo}, 0), ${readTo})`,
      ...(ifIdle && {
        nextStripeEventsReadAt: sql`CASE WHEN ${latestPayment} >= ${ifIdle.since} THEN ${next} ELSE ${ifIdle.readAt} END`,
      }),
    })
    .where(
      and(
        eq(connectedAccounts.workspaceId, account.workspaceId),
        // Another account may have been attached, or this one disconnected, meanwhile.
        eq(connectedAccounts.stripeAccountId, account.stripeAccountId),
        isNotNull(next),
      ),
    );
}

/** Ends the reading of a disconnected account by the cron, for good. Refunds and disputes still come by webhook. */
export async function endReading(
  database: Database,
  account: Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>,
): Promise<void> {
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
