import { ApiError } from '../../core/errors.ts';
import type { PaymentView } from '../../db/payments.ts';
import { type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { readSession } from '../payments/queries.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { askingStripe } from '../stripe-errors.ts';

/**
 * Ends an open session, so that it cannot be paid any more. Returns an expired session unchanged. Throws `not_found`,
 * `checkout_session_not_open` if the session is paid, failed or processing, and the API error of a failed Stripe call.
 */
export async function expireSession(context: Context, id: number): Promise<PaymentView> {
  const payment = await readSession(context, id);
  if (payment.status === 'expired') return payment;
  if (payment.status !== 'created') throw notOpen(payment.status);

  const session = await askingStripe(() => expireAtStripe(context, payment));
  const result = await settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed, payment });
  if (result.kind === 'refused') {
    throw new ApiError('stripe_error', 'The session at Stripe does not match this checkout session.');
  }
  const settled = await readSession(context, payment.id);
  if (settled.status !== 'expired') throw notOpen(settled.status);
  return settled;
}

function notOpen(status: string): ApiError {
  return new ApiError(
    'checkout_session_not_open',
    `This checkout session is ${status}: only an open one can be expired.`,
  );
}

/** Expires a session at Stripe and returns it. If the session is not open any more, returns it as Stripe has it. */
async function expireAtStripe(context: Context, payment: PaymentView): Promise<StripeCheckoutSession> {
  try {
    return await context.stripe.expireCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'session_not_open') throw error;
    return await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
  }
}
