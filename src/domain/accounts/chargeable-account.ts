import { ApiError } from '../../core/errors.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';

/** Why an account cannot take payments: none was ever connected, or Stripe does not allow it to charge. */
export type AccountRefusal = 'account_missing' | 'account_not_ready';

/** Why this account cannot take payments; null where it can. */
export function accountRefusal(account: ConnectedAccount | null): AccountRefusal | null {
  if (!account) return 'account_missing';
  return account.disconnectedAt === null && account.chargesEnabled ? null : 'account_not_ready';
}

/**
 * The account that takes the payment. Throws `CONNECT_ACCOUNT_MISSING` where none was ever connected, and
 * `CONNECT_ACCOUNT_NOT_READY` where Stripe does not allow it to charge.
 */
export function chargeableAccount({ account }: { readonly account: ConnectedAccount | null }): ConnectedAccount {
  const refusal = accountRefusal(account);
  if (!account || refusal) throw accountError(refusal ?? 'account_missing');
  return account;
}

/** The error for a request that needs an account to take a payment. */
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
