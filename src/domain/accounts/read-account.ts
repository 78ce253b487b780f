import { findAccount } from '../../db/account-states.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import type { Context } from '../context.ts';
import { syncAccount } from './sync-account.ts';

/**
 * Reads the workspace's account at Stripe and stores what Stripe says. Returns it as it is stored then. One that is not
 * connected is not read, because only merchants and operators connect it again. null: none was ever connected. Throws
 * StripeFailure.
 */
export async function readAccountNow(context: Context): Promise<ConnectedAccount | null> {
  const { account, database, workspace } = context;
  if (account?.disconnectedAt !== null) return account;
  await syncAccount(context, account.stripeAccountId);
  return await findAccount(database, workspace.id);
}
