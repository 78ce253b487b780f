import { eq } from 'drizzle-orm';
import type { Mode } from '../core/api-keys.ts';
import type { Database } from './client.ts';
import { platformAccounts } from './schema.ts';

// Every `directory` is the database of the first shard.

export type PlatformAccount = typeof platformAccounts.$inferSelect;

/** The platform's own Stripe account in a mode, as it was recorded. null: none is recorded yet. */
export async function findPlatformAccount(directory: Database, mode: Mode): Promise<PlatformAccount | null> {
  const [row] = await directory.select().from(platformAccounts).where(eq(platformAccounts.mode, mode));
  return row ?? null;
}

/** Records the platform's own Stripe account in a mode. Changes nothing where one is recorded already. */
export async function recordPlatformAccount(directory: Database, account: PlatformAccount): Promise<void> {
  await directory.insert(platformAccounts).values(account).onConflictDoNothing();
}
