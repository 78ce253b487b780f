import { findAccount } from '../../db/account-states.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import type { Context } from '../context.ts';
import { syncAccount } from './sync-account.ts';

/** `isReachable` false: Stripe gives us no access to the account. */
export interface CurrentAccount {
  /** null: none was ever connected. */
  readonly account: ConnectedAccount | null;
  readonly isReachable: boolean;
}

/**
 * Reads the workspace's account at Stripe and stores what Stripe says. Returns it as it is stored then. One that is not
 * connected is not read, because only merchants and operators connect it again. Throws StripeFailure.
 */
export async function readAccountNow(context: Context): Promise<CurrentAccount> {
  const { account, database, workspace } = context;
  if (account?.disconnectedAt !== null) return { account, isReachable: true };
  const isReachable = await syncAccount(context, account.stripeAccountId);
  return { account: await findAccount(database, workspace.id), isReachable };
}
