import { nextSessionCheck } from '../../core/check-schedule.ts';
import { type Payment, postponeCheckStatement } from '../../db/payments.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { settlePayment } from './settle-payment.ts';

/**
 * Reads one due session from Stripe and settles it by the same code as a Stripe event, so that a payment is found even when
 * every event is lost. Puts the next look off first: a session that always fails never holds up the others.
 */
export async function reconcileSession(context: Context, payment: Payment): Promise<void> {
  const now = context.now();
  const next = nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now);
  await postponeCheckStatement(context.database, payment, next);
  try {
    const session = await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
    await settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed, stripeEvent: null });
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'not_found') throw error;
    await postponeCheckStatement(context.database, payment, null);
  }
}
