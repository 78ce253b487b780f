import { describeError, logLine } from '../../core/log.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { StripePaymentMethod } from '../../stripe/gateway.ts';
import type { PlatformContext } from '../context.ts';
import { readLimit } from '../read-limit.ts';

/** How often in a minute one isolate reads the payment method of the same payment, and of all payments. */
const mayRead = readLimit<number>({ each: 5, all: 300 });

/**
 * With what a payment was paid, as Stripe answers it now; it is never stored. null: the payment has not succeeded, the
 * account it was paid to is not connected any more, it was read too often in the last minute, or Stripe gives no
 * answer in time, which is logged. Never throws.
 */
export async function readPaymentMethod(
  context: PlatformContext,
  { workspace, account }: LinkWithSeller,
  payment: PaymentView,
): Promise<StripePaymentMethod | null> {
  const { id, status, stripeAccountId, stripeSessionId } = payment;
  const isConnected =
    account?.stripeAccountId === stripeAccountId && account.disconnectedAt === null && account.accessRefusedAt === null;
  if (status !== 'succeeded' || !isConnected || !mayRead(id, context.now())) return null;
  try {
    return await context.stripeOf(workspace.mode).retrievePaymentMethod(stripeAccountId, stripeSessionId);
  } catch (error) {
    const { requestId: request_id } = context;
    logLine('warn', 'payment method not read', { request_id, workspace: workspace.id, error: describeError(error) });
    return null;
  }
}
