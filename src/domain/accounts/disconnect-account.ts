import { endReading } from '../../db/account-polling.ts';
import { findAccount } from '../../db/account-states.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import type { Context } from '../context.ts';
import { accountStateError } from './chargeable-account.ts';
import { recordDisconnection } from './sync-account.ts';

/**
 * Ends the use of the workspace's account here: it takes no more payments, and the cron no longer reads it. Stripe keeps
 * our access, so refunds and disputes are still taken from webhooks. Repeatable. Returns the account. Throws
 * `CONNECT_ACCOUNT_MISSING`.
 */
export async function disconnectAccount(context: Context): Promise<ConnectedAccount> {
  const { account, database, workspace } = context;
  if (!account) throw accountStateError(null);
  if (account.disconnectedAt === null) await recordDisconnection(context, account.stripeAccountId);
  // Also for an account that Stripe took away before: then only the merchant connects it again.
  await endReading(database, account);
  return (await findAccount(database, workspace.id)) ?? account;
}
