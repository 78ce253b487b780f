import { nextSessionCheck } from '../../core/check-schedule.ts';
import { logLine } from '../../core/log.ts';
import type { Database } from '../../db/client.ts';
import { type Payment, postponeCheckStatement } from '../../db/payments.ts';
import { quarantineStatement } from '../../db/stripe-events.ts';
import { isLivemode } from '../../db/workspaces.ts';
import { type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { refusingViolations, settlePayment } from './settle-payment.ts';

/**
 * Puts the next look at a due session off, before it is read: one that always fails, at Stripe or at our own set-up, never
 * holds up the others. `now`: unix ms.
 */
export async function putOffNextLook(database: Database, payment: Payment, now: number): Promise<void> {
  await postponeCheckStatement(database, payment, nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now));
}

/**
 * Reads one due session from Stripe and settles it by the same code as a Stripe event, so that a payment is found even when
 * every event is lost. A session that Stripe does not know, or that does not fit its row, is not looked for again; the
 * latter is set aside.
 */
export async function reconcileSession(context: Context, payment: Payment): Promise<void> {
  try {
    const session = await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
    const told = await refusingViolations(() =>
      settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed, stripeEvent: null }),
    );
    if (told.kind === 'refused') await setAside(context, payment, session, told.reason);
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'not_found') throw error;
    await postponeCheckStatement(context.database, payment, null);
  }
}

/** Quarantined under the Stripe session's id, with the session as we read it: there is no Stripe event that told of it. */
async function setAside(
  context: Context,
  payment: Payment,
  session: StripeCheckoutSession,
  reason: string,
): Promise<void> {
  logLine('error', 'session refused', { payment: payment.id, stripe_session: session.id, reason });
  await context.database.batch([
    quarantineStatement(context.database, {
      id: session.id,
      stripeAccountId: payment.stripeAccountId,
      livemode: isLivemode(context.workspace.mode),
      type: 'checkout.session',
      reason,
      body: JSON.stringify(session),
      receivedAt: context.now(),
      releasedAt: null,
    }),
    postponeCheckStatement(context.database, payment, null),
  ]);
}
