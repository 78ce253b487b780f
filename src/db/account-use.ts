import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { DirectoryEntry } from './account-directory.ts';
import type { Database } from './client.ts';
import { payments } from './schema.ts';

/**
 * True if the workspace of a directory entry has payments on its account, or sessions that may still be paid. `database`:
 * of the workspace's shard. Looks through the payments of the workspace and all open sessions. One
 * round trip.
 */
export async function usesAccount(database: Database, entry: DirectoryEntry): Promise<boolean> {
  const isOnAccount = and(
    eq(payments.workspaceId, entry.workspaceId),
    eq(payments.stripeAccountId, entry.stripeAccountId),
  );
  const find = (condition: SQL) =>
    database.select({ id: payments.id }).from(payments).where(and(isOnAccount, condition)).limit(1);
  // Each literally as in an index: payments_list, payments_due, payments_given_up.
  const found = await database.batch([
    find(sql`status IN ('processing', 'succeeded', 'failed')`),
    find(sql`next_check_at IS NOT NULL`),
    find(sql`status = 'created' AND next_check_at IS NULL`),
  ]);
  return found.some((rows) => rows.length > 0);
}
