import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { connectedAccounts } from './schema.ts';
import type { ConnectedAccount } from './workspaces.ts';

/**
 * Claims the accounts whose Stripe events are due to be read, across workspaces: the cron's own question, soonest first. Each
 * is put off to `until` (unix ms), so that one whose reading fails never holds up the others and two runs never read the
 * same. A disconnected one is claimed no more. One round trip.
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
 * Notes up to when an account's Stripe events have been read (unix ms); never takes it back. `ifIdle`: when they are read
 * next where the workspace's latest payment is older than `since`; null: the claim's time stands.
 */
export async function noteStripeEventsRead(
  database: Database,
  account: Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>,
  readTo: number,
  ifIdle: { readonly since: number; readonly readAt: number } | null,
): Promise<void> {
  // Repeats the condition of the index payments_list, which answers this with its last entry.
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
