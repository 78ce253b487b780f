import { nextSessionCheck } from '../../core/check-schedule.ts';
import type { Database } from '../../db/client.ts';
import { type Payment, postponeCheckStatement } from '../../db/payments.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { settlePayment } from './settle-payment.ts';

/**
 * Puts the next look at a due session off, before it is read: one that always fails, at Stripe or at our own set-up, never
 * holds up the others. `now`: unix ms.
 */
export async function putOffNextLook(database: Database, payment: Payment, now: number): Promise<void> {
  await postponeCheckStatement(database, payment, nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now));
}

/**
 * Reads one due session from Stripe and settles it by the same code as a Stripe event, so that a payment is found even when
 * every event is lost. A session that Stripe does not know is not looked for again.
 */
export async function reconcileSession(context: Context, payment: Payment): Promise<void> {
  try {
    const session = await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
    await settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed, stripeEvent: null });
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'not_found') throw error;
    await postponeCheckStatement(context.database, payment, null);
  }
}
