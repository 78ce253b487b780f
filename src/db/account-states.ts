import { and, eq, isNotNull, isNull, lte } from 'drizzle-orm';
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
export type AccountChanges = Pick<ConnectedAccount, 'disconnectedAt' | 'stateAsOf'> &
  Partial<Omit<ConnectedAccount, 'workspaceId' | 'stripeAccountId' | 'livemode' | 'createdAt' | 'updatedAt'>>;

/**
 * When an account's state may be changed. `connected`: while it is connected. `disconnected`: only a disconnected
 * account, which comes back.
 */
export type AccountChange = 'connected' | 'disconnected';

/**
 * Stores an account's state at Stripe and the event about it, if there is one. Writes nothing where the row is no longer
 * as it was read (`stored`), a newer state is stored, or `change` does not allow it. `isChange`: something was written.
 * `queued`: the ids of the event's deliveries.
 */
export async function updateAccountState(
  database: Database,
  stored: ConnectedAccount,
  { state, change }: { readonly state: AccountChanges; readonly change: AccountChange },
  audit: AuditEntry,
  event: Event | null,
): Promise<{ readonly isChange: boolean; readonly queued: string[] }> {
  const { workspaceId, stripeAccountId, disconnectedAt, stateAsOf, updatedAt } = connectedAccounts;
  const results = await database.batch([
    database
      .update(connectedAccounts)
      // Each change has a time of its own, by which the next one sees whether the row is as it was read.
      .set({ ...state, updatedAt: Math.max(audit.at, stored.updatedAt + 1) })
      .where(
        and(
          eq(workspaceId, stored.workspaceId),
          eq(stripeAccountId, stored.stripeAccountId),
          eq(updatedAt, stored.updatedAt),
          lte(stateAsOf, state.stateAsOf),
          change === 'connected' ? isNull(disconnectedAt) : isNotNull(disconnectedAt),
        ),
      )
      .returning({ workspaceId }),
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
