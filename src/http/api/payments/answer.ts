import * as z from 'zod/mini';
import { SHOWN_PAYMENT_STATUSES } from '../../../db/payment-lists.ts';
import { PAYMENT_STATUSES, REFUND_STATUSES } from '../../../db/schema.ts';

const describe = (description: string) => z.meta({ description });

const refund = {
  id: z.int(),
  payment_id: z.int(),
  amount_cents: z.int().check(describe('Minor units.')),
  currency: z.string(),
  status: z
    .enum(REFUND_STATUSES)
    .check(describe('`pending` becomes `succeeded`, `failed` or `canceled`. What has failed is not given back.')),
  reason: z.nullable(z.string()),
  stripe_refund_id: z.string(),
  created_at: z.iso.datetime(),
};

/** A refund in answers. */
export const refundSchema = z.object(refund).check(z.meta({ title: 'Refund' }));

const dispute = z.object({
  id: z.int(),
  amount_cents: z.int().check(describe('Minor units.')),
  currency: z.string(),
  status: z.string().check(describe("Stripe's: needs_response, under_review, won, lost, …")),
  reason: z.string(),
  stripe_dispute_id: z.string(),
  created_at: z.iso.datetime(),
  closed_at: z.nullable(z.iso.datetime()),
});

const HISTORY_TYPES = [
  ...PAYMENT_STATUSES,
  ...REFUND_STATUSES.map((status) => `refund.${status}` as const),
  'dispute.opened',
  'dispute.closed',
] as const;

const historyEntry = z.object({ type: z.enum(HISTORY_TYPES), at: z.iso.datetime() });

const payment = {
  id: z.int().check(describe('Also the id of its checkout session, and the payment_id of webhooks.')),
  status: z.enum(SHOWN_PAYMENT_STATUSES),
  amount_cents: z.int().check(describe('What was paid, minor units.')),
  refunded_cents: z.int().check(describe('What was given back of it, pending refunds included, minor units.')),
  currency: z.string(),
  description: z.nullable(z.string()),
  reference: z.nullable(z.string()),
  customer_email: z.nullable(z.string()).check(describe('The one given at Stripe, else the one of the request.')),
  metadata: z.record(z.string(), z.string()),
  payment_link_id: z.nullable(z.int()).check(describe('Row id of the payment link paid, or null.')),
  payment_link_token: z.nullable(z.string()),
  stripe_session_id: z.string(),
  stripe_payment_intent_id: z.nullable(z.string()),
  created_at: z.iso.datetime().check(describe('When its checkout session was created.')),
  updated_at: z.iso.datetime(),
};

/** A payment in lists. */
export const paymentSchema = z.object(payment).check(z.meta({ title: 'Payment' }));

/** A payment with all that happened to it, each list oldest first. */
export const paymentDetailsSchema = z
  .object({
    ...payment,
    refunds: z.array(z.object(refund)),
    disputes: z.array(dispute),
    history: z.array(historyEntry),
  })
  .check(z.meta({ title: 'PaymentDetails' }));

export type PaymentAnswer = z.output<typeof paymentSchema>;
export type PaymentDetailsAnswer = z.output<typeof paymentDetailsSchema>;
export type RefundAnswer = z.output<typeof refundSchema>;
export type DisputeAnswer = z.output<typeof dispute>;
export type HistoryEntry = z.output<typeof historyEntry>;
