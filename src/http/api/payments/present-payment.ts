import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { Dispute } from '../../../db/disputes.ts';
import type { CompletedPayment, PaymentDetails } from '../../../db/payment-lists.ts';
import type { Refund } from '../../../db/refunds.ts';
import { shownStatus } from '../../../domain/payments/shown-status.ts';
import type { DisputeAnswer, HistoryEntry, PaymentAnswer, PaymentDetailsAnswer, RefundAnswer } from './answer.ts';

/** A payment as lists show it. */
export function presentPayment(payment: CompletedPayment): PaymentAnswer {
  return {
    id: payment.id,
    status: shownStatus(payment),
    amount_cents: payment.amountMinor,
    refunded_cents: payment.refundedMinor,
    currency: payment.currency,
    description: payment.description,
    reference: payment.reference,
    customer_email: payment.customerEmail,
    metadata: payment.metadata,
    payment_link_id: payment.paymentLinkId,
    payment_link_token: payment.paymentLinkToken,
    stripe_session_id: payment.stripeSessionId,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    created_at: toRfc3339(payment.createdAt),
    updated_at: toRfc3339(payment.updatedAt),
  };
}

/** A payment with its refunds, its disputes and its history. */
export function presentPaymentDetails(details: PaymentDetails): PaymentDetailsAnswer {
  return {
    ...presentPayment(details.payment),
    refunds: details.refunds.map(presentRefund),
    disputes: details.disputes.map(presentDispute),
    history: historyOf(details),
  };
}

/** A refund as every answer shows it. */
export function presentRefund(refund: Refund): RefundAnswer {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    amount_cents: refund.amountMinor,
    currency: refund.currency,
    status: refund.status,
    reason: refund.reason,
    stripe_refund_id: refund.stripeRefundId,
    created_at: toRfc3339(refund.createdAt),
  };
}

function presentDispute(dispute: Dispute): DisputeAnswer {
  return {
    id: dispute.id,
    amount_cents: dispute.amountMinor,
    currency: dispute.currency,
    status: dispute.status,
    reason: dispute.reason,
    stripe_dispute_id: dispute.stripeDisputeId,
    created_at: toRfc3339(dispute.createdAt),
    closed_at: dispute.closedAt === null ? null : toRfc3339(dispute.closedAt),
  };
}

/** What happened, oldest first; within one second in the order of a payment's life, since Stripe's own times are no finer. */
function historyOf({ payment, refunds, disputes }: PaymentDetails): HistoryEntry[] {
  const happened: { type: HistoryEntry['type']; at: number }[] = [
    { type: 'created', at: payment.createdAt },
    ...payment.history.map(({ status, at }) => ({ type: status, at })),
    ...refunds.map((refund) => ({ type: `refund.${refund.status}` as const, at: refundedAt(refund) })),
    ...disputes.map(({ createdAt }) => ({ type: 'dispute.opened' as const, at: createdAt })),
    ...disputes.flatMap(({ closedAt }) =>
      closedAt === null ? [] : [{ type: 'dispute.closed' as const, at: closedAt }],
    ),
  ];
  const seconds = (at: number) => Math.floor(at / 1000);
  return happened
    .toSorted((left, right) => seconds(left.at) - seconds(right.at))
    .map(({ type, at }) => ({ type, at: toRfc3339(at) }));
}

/** A refund that came back did so later than it was made. */
function refundedAt({ status, createdAt, updatedAt }: Refund): number {
  return status === 'failed' || status === 'canceled' ? updatedAt : createdAt;
}
