import type { Event } from '../../db/outbox.ts';
import type { PaymentStatus, PaymentView } from '../../db/payments.ts';
import { hasFailed, REFUND_RANK, type RefundFacts, type RefundState, type RefundToWrite } from '../../db/refunds.ts';
import type { Context } from '../context.ts';
import { composeEvent, paymentData, refundedData, refundFailedData } from '../webhooks/event-data.ts';
import type { EventType } from '../webhooks/event-types.ts';

/** The statuses of a payment whose session is no longer open. */
export type SettledStatus = Exclude<PaymentStatus, 'created'>;

const TYPE_OF: Readonly<Record<SettledStatus, EventType>> = {
  processing: 'payments.payment.processing',
  succeeded: 'payments.payment.succeeded',
  failed: 'payments.payment.failed',
  expired: 'payments.checkout.expired',
};

/** The event about a payment's new status. The event's `data` comes from `payment`, its type from `status`. */
export async function composePaymentEvent(
  context: Context,
  payment: PaymentView,
  status: SettledStatus,
): Promise<Event> {
  return await composeEvent(context, {
    type: TYPE_OF[status],
    subject: payment.stripeSessionId,
    paymentId: payment.id,
    data: paymentData(payment),
  });
}

/**
 * Returns the `reported` refunds that are new or have a later status, oldest first, each with the event about its status:
 * `payments.payment.refunded`, `payments.refund.failed`, or none. The event's sum of refunds is preliminary:
 * `upsertRefunds` replaces it with the sum at the moment of writing. `payment`: must have its payment intent already.
 */
export async function composeRefunds(
  context: Context,
  { payment, stored }: RefundState,
  reported: readonly RefundFacts[],
): Promise<RefundToWrite[]> {
  const latest = new Map<string, RefundFacts>(stored.map((refund) => [refund.stripeRefundId, refund]));
  const writes: RefundToWrite[] = [];
  for (const refund of reported.toSorted((one, other) => one.createdAt - other.createdAt)) {
    const before = latest.get(refund.stripeRefundId);
    const isNew = before === undefined || REFUND_RANK[refund.status] > REFUND_RANK[before.status];
    const isOurs = refund.operationId !== null && before?.operationId === null;
    if (isNew) latest.set(refund.stripeRefundId, refund);
    if (!isNew && !isOurs) continue;
    const refunded = { ...payment, refundedMinor: sumOf(latest.values()) };
    const event = isNew ? await composeRefundEvent(context, refunded, refund) : null;
    writes.push({ refund, event });
  }
  return writes;
}

/** The sum of the refunds that have not failed and were not canceled, in minor units. */
function sumOf(refunds: Iterable<RefundFacts>): number {
  let sum = 0;
  for (const refund of refunds) if (!hasFailed(refund)) sum += refund.amountMinor;
  return sum;
}

/** The event about a refund's new status. null: the refund is still under way. */
async function composeRefundEvent(context: Context, payment: PaymentView, refund: RefundFacts): Promise<Event | null> {
  const fact = { subject: refund.stripeRefundId, paymentId: payment.id };
  if (hasFailed(refund)) {
    return await composeEvent(context, {
      type: 'payments.refund.failed',
      ...fact,
      data: refundFailedData(payment, refund),
    });
  }
  if (refund.status !== 'succeeded') return null;
  return await composeEvent(context, {
    type: 'payments.payment.refunded',
    ...fact,
    data: refundedData(payment, refund),
  });
}
