import { ApiError } from '../../core/errors.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';

/** Why an account cannot be charged: none was ever connected, or Stripe does not let it charge. */
export type AccountRefusal = 'account_missing' | 'account_not_ready';

/** Why this account cannot be charged, or null where it can. */
export function accountRefusal(account: ConnectedAccount | null): AccountRefusal | null {
  if (!account) return 'account_missing';
  return account.disconnectedAt === null && account.chargesEnabled ? null : 'account_not_ready';
}

/**
 * The account to charge. Throws `CONNECT_ACCOUNT_MISSING` where none was ever connected and `CONNECT_ACCOUNT_NOT_READY`
 * where Stripe does not let it charge.
 */
export function chargeableAccount({ account }: { readonly account: ConnectedAccount | null }): ConnectedAccount {
  if (!account) throw accountError('account_missing');
  const refusal = accountRefusal(account);
  if (refusal) throw accountError(refusal);
  return account;
}

/** The error of a caller who wants to charge such an account. */
export function accountError(refusal: AccountRefusal): ApiError {
  if (refusal === 'account_missing') {
    return new ApiError(
      'CONNECT_ACCOUNT_MISSING',
      'No Stripe account is connected to this workspace. Connect one first.',
    );
  }
  return new ApiError(
    'CONNECT_ACCOUNT_NOT_READY',
    'The connected Stripe account cannot take charges yet. Finish its onboarding at Stripe, then try again.',
  );
}
