import type { Event } from '../../db/outbox.ts';
import type { PaymentStatus, PaymentView } from '../../db/payments.ts';
import { REFUND_RANK, type RefundFacts, type RefundState, type RefundToWrite } from '../../db/refunds.ts';
import type { Context } from '../context.ts';
import { composeEvent, paymentData, refundData } from '../webhooks/event-data.ts';
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
 * Returns the `reported` refunds that are new or have changed, oldest first, each with the event
 * `payments.payment.refunded` if the refund has now succeeded. The event's sum of refunds is preliminary:
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
    const hasGoneThrough = isNew && refund.status === 'succeeded';
    const refunded = { ...payment, refundedMinor: sumOf(latest.values()) };
    writes.push({ refund, event: hasGoneThrough ? await composeRefunded(context, refunded, refund) : null });
  }
  return writes;
}

/** The sum of the refunds that have not failed and were not canceled, in minor units. */
function sumOf(refunds: Iterable<RefundFacts>): number {
  let sum = 0;
  for (const refund of refunds) if (REFUND_RANK[refund.status] < 2) sum += refund.amountMinor;
  return sum;
}

async function composeRefunded(context: Context, payment: PaymentView, refund: RefundFacts): Promise<Event> {
  return await composeEvent(context, {
    type: 'payments.payment.refunded',
    subject: refund.stripeRefundId,
    paymentId: payment.id,
    data: refundData(payment, refund),
  });
}
