import { and, count, eq, gt, isNotNull, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import { connectedAccounts } from './schema.ts';
import type { ConnectedAccount } from './workspaces.ts';

type AccountKey = Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>;

/** The workspace's account as it is stored now. null: none is connected. */
export async function findAccount(database: Database, workspaceId: string): Promise<ConnectedAccount | null> {
  const [row] = await database.select().from(connectedAccounts).where(eq(connectedAccounts.workspaceId, workspaceId));
  return row ?? null;
}

/** What the cron and Stripe events change in an account's row. An undefined member stays as it is. */
export type AccountState = Pick<
  ConnectedAccount,
  'chargesEnabled' | 'detailsSubmitted' | 'disconnectedAt' | 'stateAsOf'
> &
  Partial<Pick<ConnectedAccount, 'accessRefusedAt' | 'nextStripeEventsReadAt'>>;

/**
 * When an account's state may be changed. `connected`: while it is connected. `disconnected`: only a disconnected
 * account, which comes back. `few_given_up`: while it is connected, and fewer than `most` accounts of its mode were
 * given up after `since` (unix ms).
 */
export type AccountChange =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'few_given_up'; readonly livemode: boolean; readonly since: number; readonly most: number };

/**
 * True in SQL if fewer than `most` accounts of a mode were disconnected after `since` (unix ms) because Stripe refused
 * access, without a Stripe event about it.
 */
function fewGivenUp(database: Database, livemode: boolean, since: number, most: number): SQL {
  const { accessRefusedAt, disconnectedAt } = connectedAccounts;
  const given = database
    .select({ count: count() })
    .from(connectedAccounts)
    .where(
      // Literally as in the index connected_accounts_refused.
      and(sql`${accessRefusedAt} IS NOT NULL`, gt(disconnectedAt, since), eq(connectedAccounts.livemode, livemode)),
    );
  return sql`(${given}) < ${most}`;
}

function isAllowed(database: Database, change: AccountChange): SQL | undefined {
  const { disconnectedAt } = connectedAccounts;
  switch (change.kind) {
    case 'connected':
      return isNull(disconnectedAt);
    case 'disconnected':
      return isNotNull(disconnectedAt);
    case 'few_given_up':
      return and(isNull(disconnectedAt), fewGivenUp(database, change.livemode, change.since, change.most));
  }
}

/**
 * Stores an account's state at Stripe and the event about it. Writes nothing where a newer state is stored, nothing
 * would change, `change` does not allow it, or the account is no longer the workspace's. `isChange`: something was
 * written. `queued`: the ids of the event's deliveries.
 */
export async function updateAccountState(
  database: Database,
  { workspaceId, stripeAccountId }: AccountKey,
  { state, change }: { readonly state: AccountState; readonly change: AccountChange },
  audit: AuditEntry,
  event: Event,
): Promise<{ readonly isChange: boolean; readonly queued: string[] }> {
  const { chargesEnabled, detailsSubmitted } = connectedAccounts;
  // The same state reported again writes nothing, not even an audit entry.
  const differs = or(ne(chargesEnabled, state.chargesEnabled), ne(detailsSubmitted, state.detailsSubmitted));
  const changesAccess = change.kind === 'disconnected' || state.disconnectedAt !== null;
  const results = await database.batch([
    database
      .update(connectedAccounts)
      .set({ ...state, updatedAt: audit.at })
      .where(
        and(
          eq(connectedAccounts.workspaceId, workspaceId),
          // The workspace may have another account by now.
          eq(connectedAccounts.stripeAccountId, stripeAccountId),
          lte(connectedAccounts.stateAsOf, state.stateAsOf),
          isAllowed(database, change),
          changesAccess ? undefined : differs,
        ),
      )
      .returning({ workspaceId: connectedAccounts.workspaceId }),
    auditIfChangedStatement(database, audit),
    ...outboxIfChangedStatements(database, event),
  ]);
  return { isChange: results[0].length > 0, queued: queuedIn(results) };
}

/** Records that Stripe refuses access to a connected account since `now` (unix ms), or since an earlier refusal. */
export async function recordRefusedAccess(database: Database, account: AccountKey, now: number): Promise<void> {
  const { workspaceId, stripeAccountId, accessRefusedAt, disconnectedAt } = connectedAccounts;
  await database
    .update(connectedAccounts)
    .set({ accessRefusedAt: now })
    .where(
      and(
        eq(workspaceId, account.workspaceId),
        eq(stripeAccountId, account.stripeAccountId),
        isNull(accessRefusedAt),
        isNull(disconnectedAt),
      ),
    );
}
