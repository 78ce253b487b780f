import { and, eq, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
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

/** What Stripe decides in an account's row. */
const FACTS = [
  'chargesEnabled',
  'detailsSubmitted',
  'payoutsEnabled',
  'cards',
  'country',
  'dashboard',
  'requirements',
] as const;

/** What the cron and Stripe events change in an account's row. An undefined member stays as it is. */
export type AccountChanges = Pick<ConnectedAccount, 'disconnectedAt' | 'stateAsOf'> &
  Partial<Pick<ConnectedAccount, (typeof FACTS)[number] | 'accessRefusedAt' | 'nextStripeEventsReadAt'>>;

/**
 * When an account's state may be changed. `connected`: while it is connected. `disconnected`: only a disconnected
 * account, which comes back.
 */
export type AccountChange = 'connected' | 'disconnected';

/**
 * Stores an account's state at Stripe and the event about it, if there is one. Writes nothing where a newer state is stored, nothing
 * would change, `change` does not allow it, or the account is no longer the workspace's. `isChange`: something was
 * written. `queued`: the ids of the event's deliveries.
 */
export async function updateAccountState(
  database: Database,
  { workspaceId, stripeAccountId }: AccountKey,
  { state, change }: { readonly state: AccountChanges; readonly change: AccountChange },
  audit: AuditEntry,
  event: Event | null,
): Promise<{ readonly isChange: boolean; readonly queued: string[] }> {
  const { disconnectedAt } = connectedAccounts;
  // The same state reported again writes nothing, not even an audit entry.
  const differs = or(
    ...FACTS.filter((name) => state[name] !== undefined).map((name) => {
      const column = connectedAccounts[name];
      return sql`${column} IS NOT ${sql.param(state[name], column)}`;
    }),
  );
  const changesAccess = change === 'disconnected' || state.disconnectedAt !== null;
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
          change === 'connected' ? isNull(disconnectedAt) : isNotNull(disconnectedAt),
          changesAccess ? undefined : differs,
        ),
      )
      .returning({ workspaceId: connectedAccounts.workspaceId }),
    auditIfChangedStatement(database, audit),
    ...(event ? outboxIfChangedStatements(database, event) : []),
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
