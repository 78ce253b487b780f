import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { accountCreations, connectedAccounts } from './schema.ts';

/** For how long (ms) Stripe knows an idempotency key of its v2 API. */
const KEY_KEPT_MS = 30 * 24 * 60 * 60_000;

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
      // What was left by a crash: a creation of an earlier account, or one whose key Stripe has forgotten.
      setWhere: sql`${accountCreations.replaces} IS NOT ${replaces} OR ${accountCreations.createdAt} < ${creation.createdAt - KEY_KEPT_MS}`,
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
