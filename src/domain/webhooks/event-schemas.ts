import * as z from 'zod/mini';
import { ACCOUNT_STATES } from '../../core/account-state.ts';
import type { EventType } from './event-types.ts';

const describe = (description: string) => z.meta({ description });

const amountMinor = () => z.int().check(describe('Minor units.'));
const paymentId = () =>
  z.int().check(z.meta({ format: 'int64', description: 'The id of the checkout session and payment.' }));
const linkToken = () => z.nullable(z.string()).check(describe('Token of the payment link, or null.'));
const stripeAccountId = () => z.string().check(describe('The connected Stripe account: acct_…'));

/** The members of `data` in the events about a payment's status. `payment_link_id` is the payment link's token. */
const payment = {
  payment_id: paymentId(),
  amount_cents: amountMinor(),
  currency: z.string(),
  reference: z.nullable(z.string()),
  customer_email: z.nullable(z.string()).check(describe('The one given at Stripe, else the one of the request.')),
  stripe_session_id: z.string(),
  stripe_payment_intent_id: z.nullable(z.string()),
  payment_link_id: z.nullable(z.string()).check(describe('Token of the payment link paid, or null.')),
};

/** `data` of `payments.payment.succeeded`: a buyer completed a Checkout session or paid a payment link. */
const paymentSucceededData = z.object(payment).check(z.meta({ title: 'PaymentSucceededData' }));

/** `data` of `payments.payment.failed`: a delayed payment method failed after Checkout was completed. */
const paymentFailedData = z.object(payment).check(z.meta({ title: 'PaymentFailedData' }));

/** `data` of `payments.payment.processing`: Checkout was completed, and the money has not arrived yet. */
const paymentProcessingData = z.object(payment).check(z.meta({ title: 'PaymentProcessingData' }));

/** `data` of `payments.checkout.expired`: a checkout session ended unpaid. */
const checkoutExpiredData = z.object(payment).check(z.meta({ title: 'CheckoutExpiredData' }));

/** The members of `data` in the events about a refund. */
const refund = {
  payment_id: paymentId(),
  refund_id: z.string().check(describe("Stripe's id of the refund: re_…")),
  amount_cents: z.int().check(describe('Of this refund, minor units.')),
  currency: z.string(),
  reason: z.nullable(z.string()).check(describe('Why it was made, or null.')),
  payment_amount_cents: z.int().check(describe('What was paid, minor units.')),
};
const refundedPayment = {
  reference: z.nullable(z.string()),
  stripe_payment_intent_id: z.nullable(z.string()),
  payment_link_id: linkToken(),
};

/** `data` of `payments.payment.refunded`: one full or partial refund succeeded, made through this API or at Stripe. */
const paymentRefundedData = z
  .object({
    ...refund,
    refunded_cents: z.int().check(describe('All refunds of the payment so far, this one included, minor units.')),
    ...refundedPayment,
  })
  .check(z.meta({ title: 'PaymentRefundedData' }));

/** `data` of `payments.refund.failed`: a refund did not reach the buyer, even if it was reported as succeeded before. */
const refundFailedData = z
  .object({
    ...refund,
    refunded_cents: z
      .int()
      .check(describe('The refunds of the payment that still count, without this one, minor units.')),
    status: z.enum(['failed', 'canceled']).check(describe('How the refund ended at Stripe.')),
    failure_reason: z
      .nullable(z.string())
      .check(describe("Stripe's reason: insufficient_funds, expired_or_canceled_card, declined, unknown, … or null.")),
    ...refundedPayment,
  })
  .check(z.meta({ title: 'RefundFailedData' }));

const dispute = {
  payment_id: paymentId(),
  dispute_id: z.string().check(describe("Stripe's id of the dispute: du_…")),
  amount_cents: z.int().check(describe('Disputed, minor units.')),
  currency: z.string(),
  reason: z.string().check(describe("Stripe's reason, for example fraudulent.")),
  status: z.string().check(describe("Stripe's status: needs_response, under_review, won, lost, …")),
  reference: z.nullable(z.string()),
  stripe_payment_intent_id: z.nullable(z.string()),
  payment_link_id: linkToken(),
};

/** `data` of `payments.dispute.opened`: a buyer disputes a payment at their bank. */
const disputeOpenedData = z.object(dispute).check(z.meta({ title: 'DisputeOpenedData' }));

/** `data` of `payments.dispute.closed`: a dispute was closed. `status` is won, lost, warning_closed or prevented. */
const disputeClosedData = z.object(dispute).check(z.meta({ title: 'DisputeClosedData' }));

/** `data` of `payments.link.exhausted`: a payment link has taken its maximum number of payments. */
const linkExhaustedData = z
  .object({
    payment_link_id: z.string().check(describe('Token of the payment link.')),
    title: z.string().check(describe('The title of the payment link.')),
    max_payments: z.int().check(describe('How many payments it takes in all.')),
  })
  .check(z.meta({ title: 'LinkExhaustedData' }));

const requirement = z.object({
  what: z.string().check(describe("Stripe's name of it.")),
  due_at: z.nullable(z.string()).check(describe('By when, RFC 3339; null: Stripe names no time.')),
  awaiting: z.enum(['merchant', 'stripe']).check(describe('Who acts next.')),
  message: z.string().check(describe('A sentence for the owner of the shop.')),
});

/** `data` of `payments.account.updated`: the state of the connected Stripe account has changed. */
const accountUpdatedData = z
  .object({
    stripe_account_id: stripeAccountId(),
    state: z.enum(ACCOUNT_STATES).check(describe('What the account can do, as `GET /account` answers it.')),
    charges_enabled: z.boolean().check(describe('true: the account can take payments.')),
    payouts_enabled: z.boolean().check(describe('true: Stripe pays out what the account has taken.')),
    details_submitted: z.boolean().check(describe('true: the onboarding at Stripe is complete.')),
    connected: z.boolean().check(describe('false: the account was disconnected, here or at Stripe.')),
    requirements: z.array(requirement).check(describe('What Stripe wants to know, now or by a time.')),
  })
  .check(z.meta({ title: 'AccountUpdatedData' }));

/** `data` of `webhook.endpoint.disabled`: an endpoint was disabled. Only the workspace's other endpoints receive it. */
const webhookEndpointDisabledData = z
  .object({
    webhook_endpoint_id: z.string(),
    url: z.string().check(describe('Where its events were sent.')),
    reason: z.string().check(describe('Why it was disabled, as a sentence.')),
    failing_since: z.nullable(z.iso.datetime()).check(describe('The first failure with no success after it.')),
  })
  .check(z.meta({ title: 'WebhookEndpointDisabledData' }));

/** `data` of `webhook.ping`: sent on request, to test an endpoint. */
const webhookPingData = z.object({ webhook_endpoint_id: z.string() }).check(z.meta({ title: 'WebhookPingData' }));

/** Every event type with the schema of its `data`. */
export const EVENT_DATA = {
  'payments.payment.succeeded': paymentSucceededData,
  'payments.payment.failed': paymentFailedData,
  'payments.payment.processing': paymentProcessingData,
  'payments.payment.refunded': paymentRefundedData,
  'payments.refund.failed': refundFailedData,
  'payments.checkout.expired': checkoutExpiredData,
  'payments.dispute.opened': disputeOpenedData,
  'payments.dispute.closed': disputeClosedData,
  'payments.link.exhausted': linkExhaustedData,
  'payments.account.updated': accountUpdatedData,
  'webhook.endpoint.disabled': webhookEndpointDisabledData,
  'webhook.ping': webhookPingData,
} as const satisfies Record<EventType, z.core.$ZodType>;
