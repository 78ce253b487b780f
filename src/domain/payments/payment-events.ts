import type { Event } from '../../db/outbox.ts';
import type { PaymentStatus, PaymentView } from '../../db/payments.ts';
import { REFUND_RANK, type Refund, type RefundFacts, type RefundToWrite } from '../../db/refunds.ts';
import type { Context } from '../context.ts';
import { composeEvent } from '../webhooks/compose-event.ts';
import type { PaymentData, PaymentRefundedData } from '../webhooks/event-schemas.ts';
import type { EventType } from '../webhooks/event-types.ts';

/** The statuses of a session that has ended, or that waits for its money. */
export type SettledStatus = Exclude<PaymentStatus, 'created'>;

const TYPE_OF: Readonly<Record<SettledStatus, EventType>> = {
  processing: 'payments.payment.processing',
  succeeded: 'payments.payment.succeeded',
  failed: 'payments.payment.failed',
  expired: 'payments.checkout.expired',
};

/** The event of a payment's new status, its data as published: `payment_link_id` is the link's token. `payment`: as it is then. */
export async function composePaymentEvent(
  context: Context,
  payment: PaymentView,
  status: SettledStatus,
): Promise<Event> {
  const data: PaymentData = {
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
    customer_email: payment.customerEmail,
    stripe_session_id: payment.stripeSessionId,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
  return await composeEvent(context, {
    type: TYPE_OF[status],
    subject: String(payment.id),
    paymentId: payment.id,
    data,
  });
}

export interface RefundsToReport {
  /** As it is once the refunds are stored. */
  readonly payment: PaymentView;
  readonly stored: readonly Refund[];
}

/**
 * Which of these refunds of a payment are new or have changed, oldest first, each with `payments.payment.refunded` where it
 * has gone through since. The sum in an event is that of the refunds known here: `upsertRefunds` puts the one of its own
 * moment in its place.
 */
export async function composeRefunds(
  context: Context,
  { payment, stored }: RefundsToReport,
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
    const event =
      isNew && refund.status === 'succeeded'
        ? await composeRefunded(context, payment, refund, sumOf(latest.values()))
        : null;
    writes.push({ refund, event });
  }
  return writes;
}

/** What refunds that have not failed give back, in minor units. */
function sumOf(refunds: Iterable<RefundFacts>): number {
  let sum = 0;
  for (const refund of refunds) if (REFUND_RANK[refund.status] < 2) sum += refund.amountMinor;
  return sum;
}

async function composeRefunded(
  context: Context,
  payment: PaymentView,
  refund: RefundFacts,
  refundedMinor: number,
): Promise<Event> {
  const data: PaymentRefundedData = {
    payment_id: payment.id,
    refund_id: refund.stripeRefundId,
    amount_cents: refund.amountMinor,
    currency: refund.currency,
    reason: refund.reason,
    payment_amount_cents: payment.amountMinor,
    refunded_cents: refundedMinor,
    reference: payment.reference,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
  return await composeEvent(context, {
    type: 'payments.payment.refunded',
    subject: refund.stripeRefundId,
    paymentId: payment.id,
    data,
  });
}
