import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { Dispute } from '../../../db/disputes.ts';
import { type CompletedPayment, type PaymentDetails, SHOWN_PAYMENT_STATUSES } from '../../../db/payment-lists.ts';
import type { Refund } from '../../../db/refunds.ts';
import { PAYMENT_STATUSES, REFUND_STATUSES } from '../../../db/schema.ts';
import { historyOf, type PaymentMoment } from '../../../domain/payments/history.ts';
import { shownStatus } from '../../../domain/payments/queries.ts';
import { documented, rowIdSchema } from '../fields.ts';

const refund = () => ({
  id: documented(rowIdSchema(), 'The id of the refund.'),
  payment_id: rowIdSchema(),
  amount_cents: documented(z.int(), 'Minor units.'),
  currency: z.string(),
  status: documented(
    z.enum(REFUND_STATUSES),
    '`pending` and `requires_action` become `succeeded`, `failed` or `canceled`. `succeeded` can still become `failed`. A failed or canceled refund gives nothing back: its amount can be refunded again.',
  ),
  reason: documented(z.nullable(z.string()), 'Your reason, or the one given at Stripe.'),
  failure_reason: documented(
    z.nullable(z.string()),
    "Stripe's reason for a failed refund, for example `insufficient_funds` or `expired_or_canceled_card`. null: it has not failed, or Stripe gives no reason.",
  ),
  stripe_refund_id: documented(z.string(), 'The refund at Stripe: re_…'),
  created_at: z.iso.datetime(),
});

/** The schema of a refund in answers. */
export const refundSchema = () => documented(z.object(refund()), { title: 'Refund' });

const dispute = () =>
  documented(
    z.object({
      id: documented(rowIdSchema(), 'The id of the dispute.'),
      amount_cents: documented(z.int(), 'Minor units.'),
      currency: z.string(),
      status: documented(z.string(), "Stripe's: needs_response, under_review, won, lost, …"),
      reason: documented(z.string(), "Stripe's reason, for example `fraudulent`."),
      stripe_dispute_id: documented(z.string(), 'The dispute at Stripe: du_…'),
      created_at: z.iso.datetime(),
      closed_at: documented(z.nullable(z.iso.datetime()), 'null while it is open.'),
    }),
    { title: 'Dispute' },
  );

const historyEntry = () =>
  documented(
    z.object({
      type: documented(
        z.enum([
          ...PAYMENT_STATUSES,
          ...REFUND_STATUSES.map((status) => `refund.${status}` as const),
          'dispute.opened',
          'dispute.closed',
        ]),
        'A new status of the payment, a refund or a dispute.',
      ),
      at: documented(z.iso.datetime(), 'When it happened.'),
    }),
    { title: 'PaymentHistoryEntry' },
  );

const payment = () => ({
  id: documented(rowIdSchema(), 'Also the id of its checkout session, and the payment_id of webhooks.'),
  status: documented(
    z.enum(SHOWN_PAYMENT_STATUSES),
    'After a refund: `partially_refunded` or `refunded`. A refund that has failed does not count.',
  ),
  amount_cents: documented(z.int(), 'The amount that was paid, in minor units.'),
  refunded_cents: documented(
    z.int(),
    'The part that was given back, with pending refunds and without failed ones, in minor units.',
  ),
  currency: z.string(),
  description: documented(z.nullable(z.string()), 'The line item on the Checkout page.'),
  reference: z.nullable(z.string()),
  customer_email: documented(
    z.nullable(z.string()),
    'The address that the buyer entered at Stripe, else the one of your request.',
  ),
  metadata: z.record(z.string(), z.string()),
  payment_link_id: documented(z.nullable(rowIdSchema()), 'The row id of the payment link, or null.'),
  payment_link_token: z.nullable(z.string()),
  stripe_session_id: z.string(),
  stripe_payment_intent_id: z.nullable(z.string()),
  created_at: documented(z.iso.datetime(), 'When its checkout session was created.'),
  updated_at: documented(
    z.iso.datetime(),
    'When the payment itself was last changed. Refunds and disputes do not count: `history` has their times.',
  ),
});

/** The schema of a payment in lists. */
export const paymentSchema = () => documented(z.object(payment()), { title: 'Payment' });

/** The schema of a payment with its refunds, disputes and history, each list oldest first. */
export const paymentDetailsSchema = () =>
  documented(
    z.object({
      ...payment(),
      refunds: documented(z.array(refundSchema()), 'Oldest first. Refunds made at Stripe are included.'),
      disputes: documented(z.array(dispute()), 'Oldest first.'),
      history: documented(z.array(historyEntry()), 'What has happened, oldest first.'),
    }),
    { title: 'PaymentDetails' },
  );

type PaymentAnswer = z.output<ReturnType<typeof paymentSchema>>;
type PaymentDetailsAnswer = z.output<ReturnType<typeof paymentDetailsSchema>>;
type RefundAnswer = z.output<ReturnType<typeof refundSchema>>;
type HistoryEntry = PaymentDetailsAnswer['history'][number];

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

/** A payment as the answer for one payment shows it, with its refunds, disputes and history. */
export function presentPaymentDetails(details: PaymentDetails): PaymentDetailsAnswer {
  return {
    ...presentPayment(details.payment),
    refunds: details.refunds.map(presentRefund),
    disputes: details.disputes.map(presentDispute),
    history: historyOf(details).map(presentHistoryEntry),
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
    failure_reason: refund.failureReason,
    stripe_refund_id: refund.stripeRefundId,
    created_at: toRfc3339(refund.createdAt),
  };
}

function presentDispute(dispute: Dispute): PaymentDetailsAnswer['disputes'][number] {
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

function presentHistoryEntry(entry: PaymentMoment): HistoryEntry {
  return { type: historyType(entry), at: toRfc3339(entry.at) };
}

function historyType(entry: PaymentMoment): HistoryEntry['type'] {
  switch (entry.kind) {
    case 'session':
      return 'created';
    case 'payment':
      return entry.status;
    case 'refund':
      return `refund.${entry.status}`;
    case 'dispute':
      return `dispute.${entry.state}`;
  }
}
