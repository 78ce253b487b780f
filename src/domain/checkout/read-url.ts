import type { PaymentView } from '../../db/payments.ts';
import type { Context } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';

/** True while a buyer may still pay the session, by our own row and clock. At Stripe it may have ended already. */
export function isOpen({ status, expiresAt }: PaymentView, now: number): boolean {
  return status === 'created' && expiresAt > now;
}

/**
 * Where the buyer of an open session pays, read from Stripe. null if Stripe says that the session has ended: nothing is
 * stored then, because its event will be. Throws the API error of a failed Stripe call.
 */
export async function readUrl(context: Context, payment: PaymentView): Promise<string | null> {
  const { stripeAccountId, stripeSessionId } = payment;
  const session = await askingStripe(() => context.stripe.retrieveCheckoutSession(stripeAccountId, stripeSessionId));
  return session.status === 'open' ? session.url : null;
}
