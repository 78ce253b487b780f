import { ApiError } from '../../core/errors.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';

/** `account_missing`: no account was connected. `account_not_ready`: the account is disconnected or may not charge. */
export type AccountRefusal = 'account_missing' | 'account_not_ready';

/** Why an account cannot take payments; null if it can. `account` null: no account was ever connected. */
export function accountRefusal(account: ConnectedAccount | null): AccountRefusal | null {
  if (!account) return 'account_missing';
  return account.disconnectedAt === null && account.chargesEnabled ? null : 'account_not_ready';
}

/**
 * Returns the connected account if it can take payments. Throws `CONNECT_ACCOUNT_MISSING` if no account was ever
 * connected, and `CONNECT_ACCOUNT_NOT_READY` if the account is disconnected or Stripe does not allow it to charge.
 */
export function chargeableAccount({ account }: { readonly account: ConnectedAccount | null }): ConnectedAccount {
  const refusal = accountRefusal(account);
  if (account && account.disconnectedAt !== null) {
    const message =
      'The Stripe account of this workspace is disconnected. It takes no payments until it is connected again.';
    throw new ApiError('CONNECT_ACCOUNT_NOT_READY', message);
  }
  if (!account || refusal) throw accountError(refusal ?? 'account_missing');
  return account;
}

/** The error for a request that needs an account that can take payments. */
export function accountError(refusal: AccountRefusal): ApiError {
  if (refusal === 'account_missing') {
    const message = 'No Stripe account is connected to this workspace. Connect one first.';
    return new ApiError('CONNECT_ACCOUNT_MISSING', message);
  }
  return new ApiError(
    'CONNECT_ACCOUNT_NOT_READY',
    'The connected Stripe account cannot take charges yet. Finish its onboarding at Stripe, then try again.',
  );
}
