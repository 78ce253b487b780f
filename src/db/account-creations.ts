import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { accountCreations, connectedAccounts } from './schema.ts';

export type AccountCreation = typeof accountCreations.$inferSelect;

/**
 * Records that an account is to be made at Stripe, in place of `replaces`. Returns what is stored then: this creation, or
 * the one that another request has begun, which is to be gone on with. null: the workspace's account is another than
 * `replaces` by now, and nothing was written. One round trip.
 */
export async function beginCreation(database: Database, creation: AccountCreation): Promise<AccountCreation | null> {
  const { workspaceId, replaces, ...begun } = creation;
  const current = database
    .select({ id: connectedAccounts.stripeAccountId })
    .from(connectedAccounts)
    .where(eq(connectedAccounts.workspaceId, workspaceId));
  const [, [stored]] = await database.batch([
    insertIf(database, accountCreations, creation, sql`(${current}) IS ${replaces}`).onConflictDoUpdate({
      target: accountCreations.workspaceId,
      set: { replaces, ...begun },
      // A creation that has ended, and whose row was left by a crash, was of an earlier account.
      setWhere: sql`${accountCreations.replaces} IS NOT ${replaces}`,
    }),
    database
      .select()
      .from(accountCreations)
      .where(and(eq(accountCreations.workspaceId, workspaceId), sql`${accountCreations.replaces} IS ${replaces}`)),
  ]);
  return stored ?? null;
}

/** Ends a creation: its account is connected, or Stripe has refused to make it. */
export async function endCreation(database: Database, { workspaceId, operationId }: AccountCreation): Promise<void> {
  await database
    .delete(accountCreations)
    .where(and(eq(accountCreations.workspaceId, workspaceId), eq(accountCreations.operationId, operationId)));
}
