import { wasTakenAway } from '../../core/account-state.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { Context } from '../context.ts';

/**
 * Why a payment cannot be refunded. `account_gone`: Stripe has taken the access to its account away. `not_paid`: it has not
 * succeeded. `nothing_left`: all of it was given back.
 */
export type NotRefundable = 'account_gone' | 'not_paid' | 'nothing_left';

type Refundable = Pick<
  PaymentView,
  'status' | 'stripeAccountId' | 'stripePaymentIntentId' | 'amountMinor' | 'refundedMinor'
>;

/** How much of a payment can still be refunded, in minor units. Refunds under way count as made. */
export function leftOf({ amountMinor, refundedMinor }: Pick<PaymentView, 'amountMinor' | 'refundedMinor'>): number {
  return Math.max(0, amountMinor - refundedMinor);
}

/**
 * True if Stripe has taken the access to the payment's account away. An account that was disconnected here can still be
 * refunded from, and for a replaced one only Stripe knows.
 */
export function isAccountGone({ account }: Pick<Context, 'account'>, payment: Refundable): boolean {
  if (account === null) return true;
  return wasTakenAway(account) && account.stripeAccountId === payment.stripeAccountId;
}

/** Why `refundPayment` would refuse this payment, as far as it is known here. null: it would ask Stripe. */
export function whyNotRefundable(context: Pick<Context, 'account'>, payment: Refundable): NotRefundable | null {
  if (isAccountGone(context, payment)) return 'account_gone';
  if (payment.status !== 'succeeded' || payment.stripePaymentIntentId === null) return 'not_paid';
  return leftOf(payment) === 0 ? 'nothing_left' : null;
}
