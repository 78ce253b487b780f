import { eq } from 'drizzle-orm';
import type { Mode } from '../core/api-keys.ts';
import type { Database } from './client.ts';
import { platformAccounts } from './schema.ts';

export type PlatformAccount = typeof platformAccounts.$inferSelect;

/** The platform's own Stripe account in a mode, as it was recorded. null: none is recorded yet. */
export async function findPlatformAccount(database: Database, mode: Mode): Promise<PlatformAccount | null> {
  const [row] = await database.select().from(platformAccounts).where(eq(platformAccounts.mode, mode));
  return row ?? null;
}

/** Records the platform's own Stripe account in a mode. Changes nothing where one is recorded already. */
export async function recordPlatformAccount(database: Database, account: PlatformAccount): Promise<void> {
  await database.insert(platformAccounts).values(account).onConflictDoNothing();
}
