import { and, eq, sql } from 'drizzle-orm';
import type { DirectoryEntry } from './account-directory.ts';
import type { Database } from './client.ts';
import { connectedAccounts, payments } from './schema.ts';

/** What a workspace has of an account that it may have replaced by another one. */
interface Hold {
  readonly isConnected: boolean;
  /** The workspace has payments or open sessions on the account. */
  readonly hasPayments: boolean;
}

/**
 * What the workspace of a directory entry has of its account. `database`: of the workspace's shard. Looks through the
 * payments of the workspace and all open sessions. One round trip.
 */
export async function readHold(database: Database, entry: DirectoryEntry): Promise<Hold> {
  const isOnAccount = and(
    eq(payments.workspaceId, entry.workspaceId),
    eq(payments.stripeAccountId, entry.stripeAccountId),
  );
  const [connected, paid, open] = await database.batch([
    database
      .select({ workspaceId: connectedAccounts.workspaceId })
      .from(connectedAccounts)
      .where(
        and(
          eq(connectedAccounts.workspaceId, entry.workspaceId),
          eq(connectedAccounts.stripeAccountId, entry.stripeAccountId),
        ),
      ),
    database
      .select({ id: payments.id })
      .from(payments)
      // Literally as in the index payments_list.
      .where(and(isOnAccount, sql`status IN ('processing', 'succeeded', 'failed')`))
      .limit(1),
    database
      .select({ id: payments.id })
      .from(payments)
      // Literally as in the index payments_due.
      .where(and(isOnAccount, sql`next_check_at IS NOT NULL`))
      .limit(1),
  ]);
  return { isConnected: connected.length > 0, hasPayments: paid.length > 0 || open.length > 0 };
}
