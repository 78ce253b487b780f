import { describeError, logLine } from '../../core/log.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { StripePaymentMethod } from '../../stripe/gateway.ts';
import type { PlatformContext } from '../context.ts';

/** How often in a minute one isolate reads the payment method of the same payment, and of all payments. */
const READS_OF_PAYMENT = 5;
const READS_OF_ALL = 300;

// Each read is a call with the platform's key, whose rate limit at Stripe all merchants share. Who knows the addresses of
// receipts could use that up by loading them again and again: hence these limits, kept only in memory.
const recentReads = { minute: 0, all: 0, counts: new Map<number, number>() };

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

function mayRead(paymentId: number, now: number): boolean {
  const minute = Math.floor(now / 60_000);
  if (recentReads.minute !== minute) {
    recentReads.minute = minute;
    recentReads.all = 0;
    recentReads.counts.clear();
  }
  const reads = (recentReads.counts.get(paymentId) ?? 0) + 1;
  recentReads.counts.set(paymentId, reads);
  if (reads > READS_OF_PAYMENT || recentReads.all >= READS_OF_ALL) return false;
  recentReads.all += 1;
  return true;
}
