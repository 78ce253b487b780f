import type { Context } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';
import { accountStateError } from './chargeable-account.ts';

/** Stripe's dashboard of accounts that have their own sign-in at Stripe. */
const FULL_DASHBOARD = 'https://dashboard.stripe.com/';

/**
 * The address of the account's dashboard at Stripe. That of an Express dashboard signs its visitor in, once, and is never
 * stored. Throws `CONNECT_ACCOUNT_MISSING`, and `CONNECT_ACCOUNT_NOT_READY` if the account is disconnected, or has no
 * Express dashboard yet because its onboarding is not finished.
 */
export async function openDashboard({ account, stripe }: Context): Promise<string> {
  if (!account || account.disconnectedAt !== null) throw accountStateError(account);
  if (account.dashboard !== 'express') return FULL_DASHBOARD;
  if (!account.detailsSubmitted) throw accountStateError(account);
  return await askingStripe(() => stripe.createLoginLink(account.stripeAccountId));
}
