import { type AccountState, accountState, canCharge, wasDisconnectedHere } from '../../core/account-state.ts';
import { ApiError } from '../../core/errors.ts';
import { requirementMessage } from '../../core/requirement-message.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';

/** `account_missing`: no account was connected. `account_not_ready`: the account is disconnected or may not charge. */
export type AccountRefusal = 'account_missing' | 'account_not_ready';

/** Why an account cannot take payments; null if it can. `account` null: no account was ever connected. */
export function accountRefusal(account: ConnectedAccount | null): AccountRefusal | null {
  if (!account) return 'account_missing';
  return canCharge(account) ? null : 'account_not_ready';
}

/**
 * Returns the connected account if it can take payments. Throws `CONNECT_ACCOUNT_MISSING` if no account was ever
 * connected, and `CONNECT_ACCOUNT_NOT_READY` if it cannot. `reader`: whom the message is for.
 */
export function chargeableAccount(
  { account }: { readonly account: ConnectedAccount | null },
  reader: 'buyer' | 'merchant',
): ConnectedAccount {
  if (account && canCharge(account)) return account;
  if (reader === 'merchant') throw accountStateError(account);
  throw accountError(account ? 'account_not_ready' : 'account_missing');
}

/** The error for the merchant's own requests: the state of the account, what Stripe wants, and who has to act. */
export function accountStateError(account: ConnectedAccount | null): ApiError {
  if (!account) {
    const message = 'No Stripe account is connected to this workspace. Begin with POST /account/onboarding-links.';
    return new ApiError('CONNECT_ACCOUNT_MISSING', message);
  }
  const state = accountState(account);
  const message = `Your Stripe account cannot take payments (state: ${state}). ${adviceFor(account, state)}`;
  return new ApiError('CONNECT_ACCOUNT_NOT_READY', message);
}

/** The error for a buyer's request: what Stripe wants from the merchant is not a buyer's business. */
export function accountError(refusal: AccountRefusal): ApiError {
  if (refusal === 'account_missing') {
    return new ApiError('CONNECT_ACCOUNT_MISSING', 'No Stripe account is connected to this workspace yet.');
  }
  return new ApiError('CONNECT_ACCOUNT_NOT_READY', 'The connected Stripe account takes no payments at the moment.');
}

const NEW_LINK = 'Open a new link of POST /account/onboarding-links';
const START_OVER = 'POST /account/onboarding-links with "{startOver}": true connects a new account.';

function adviceFor(account: ConnectedAccount, state: AccountState): string {
  switch (state) {
    case 'none':
    case 'ready':
    case 'payouts_held':
      return '';
    case 'disconnected':
      return wasDisconnectedHere(account)
        ? 'It takes payments again once it is connected again: POST /account/onboarding-links does that.'
        : `Access to it was taken away at Stripe. ${START_OVER}`;
    case 'rejected':
      return `Stripe has refused it for good. Ask Stripe's support why. ${START_OVER}`;
    case 'started':
      return `Its onboarding at Stripe is not finished. ${NEW_LINK}, and finish it.`;
    case 'action_needed':
      return `${messages(account, 'merchant')} ${NEW_LINK}.`;
    case 'in_review':
      return messages(account, 'stripe') || 'Stripe is checking what you sent. There is nothing you need to do.';
    case 'restricted':
      return "Stripe has stopped its payments. Its Stripe dashboard says why: open it with POST /account/dashboard-links, or ask Stripe's support.";
  }
}

function messages({ requirements }: ConnectedAccount, awaiting: 'merchant' | 'stripe'): string {
  const texts = requirements.filter((one) => one.awaiting === awaiting).map((one) => requirementMessage(one));
  return [...new Set(texts)].join(' ');
}

/** The error for an account to which Stripe gives us no access, whether or not an event has said so. */
export function accessGoneError(): ApiError {
  return new ApiError('CONNECT_ACCOUNT_NOT_READY', `Stripe no longer gives access to your account. ${START_OVER}`);
}
