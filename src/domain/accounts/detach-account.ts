import { endReading } from '../../db/account-polling.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import type { Context } from '../context.ts';
import { accountError } from './chargeable-account.ts';
import { disconnectAccount } from './sync-account.ts';

/**
 * Ends the use of the workspace's account here: it takes no more payments, and the cron no longer reads it. Stripe keeps
 * our access, so refunds and disputes are still taken from webhooks. Returns the account as it was: `disconnectedAt` is
 * set if this was done before. Throws `CONNECT_ACCOUNT_MISSING`.
 */
export async function detachAccount(context: Context): Promise<ConnectedAccount> {
  const { account } = context;
  if (!account) throw accountError('account_missing');
  if (account.disconnectedAt === null) await disconnectAccount(context, account.stripeAccountId);
  // Also for an account that was disconnected before: only an operator connects it again.
  await endReading(context.database, account);
  return account;
}
