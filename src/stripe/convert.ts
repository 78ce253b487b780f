import type Stripe from 'stripe';
import type { StripeAccount, StripeCharge, StripeCheckoutSession, StripeDispute, StripeRefund } from './gateway.ts';

type Reference = string | { id: string } | null | undefined;

function idOf(reference: Reference): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === 'string' ? reference : reference.id;
}

function statusOf(status: string | null): StripeCheckoutSession['status'] {
  return status === 'complete' || status === 'expired' ? status : 'open';
}

/** Stripe's session in our narrow type. A session is paid only with `payment_status: paid`. */
export function toCheckoutSession(session: Stripe.Checkout.Session): StripeCheckoutSession {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  return {
    id: session.id,
    url: session.url ?? null,
    status: statusOf(session.status),
    paymentFailed: intent?.status === 'requires_payment_method' || intent?.status === 'canceled',
    paid: session.payment_status === 'paid',
    amountMinor: session.amount_total ?? null,
    currency: session.currency?.toUpperCase() ?? null,
    paymentIntentId: idOf(session.payment_intent),
    customerEmail: session.customer_details?.email ?? session.customer_email ?? null,
    metadata: session.metadata ?? {},
    createdAt: session.created * 1000,
    expiresAt: session.expires_at * 1000,
  };
}

/** Stripe's refund in our narrow type. */
export function toRefund(refund: Stripe.Refund): StripeRefund {
  return {
    id: refund.id,
    paymentIntentId: idOf(refund.payment_intent),
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    status: refund.status ?? null,
    reason: refund.reason ?? null,
    createdAt: refund.created * 1000,
  };
}

/** Stripe's charge in our narrow type. */
export function toCharge(charge: Stripe.Charge): StripeCharge {
  return { id: charge.id, paymentIntentId: idOf(charge.payment_intent), metadata: charge.metadata ?? {} };
}

/** Stripe's dispute in our narrow type. */
export function toDispute(dispute: Stripe.Dispute): StripeDispute {
  return {
    id: dispute.id,
    paymentIntentId: idOf(dispute.payment_intent),
    amountMinor: dispute.amount,
    currency: dispute.currency.toUpperCase(),
    status: dispute.status,
    reason: dispute.reason,
    createdAt: dispute.created * 1000,
  };
}

/** Stripe's account in our narrow type. */
export function toAccount(account: Stripe.Account): StripeAccount {
  return {
    id: account.id,
    chargesEnabled: account.charges_enabled,
    detailsSubmitted: account.details_submitted,
  };
}
