import type { Payment } from '../../db/payments.ts';
import { FULL_DASHBOARD } from '../accounts/open-dashboard.ts';
import type { Context } from '../context.ts';

/**
 * The address of a payment in Stripe's dashboard of its account. null: Stripe has no payment yet, or the account has an
 * Express dashboard, whose pages have no fixed addresses.
 */
export function paymentAtStripe(
  { account, workspace }: Pick<Context, 'account' | 'workspace'>,
  { stripeAccountId, stripePaymentIntentId }: Pick<Payment, 'stripeAccountId' | 'stripePaymentIntentId'>,
): string | null {
  const isExpress = account?.stripeAccountId === stripeAccountId && account.dashboard === 'express';
  if (stripePaymentIntentId === null || isExpress) return null;
  const test = workspace.mode === 'sandbox' ? 'test/' : '';
  return `${FULL_DASHBOARD}${stripeAccountId}/${test}payments/${stripePaymentIntentId}`;
}
