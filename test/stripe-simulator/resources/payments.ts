import type Stripe from 'stripe';
import { announce, type Cause, type Happening, happened, NO_CAUSE } from '../announce.ts';
import { newId } from '../ids.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import type { StoredSession } from '../state.ts';
import { customerDetails } from './checkout-session-object.ts';
import type { Instrument } from './payment-methods.ts';
import { newCharge, newPaymentIntent } from './payment-objects.ts';

/** The buyer pays an open session, and the money is there at once. */
export function payAtOnce(simulation: Simulation, stored: StoredSession, email: string, instrument: Instrument): void {
  const { intent, happenings } = beginAttempt(simulation, stored);
  const charge = newCharge(intent, 'succeeded', instrument, email, nowSeconds(simulation));
  keepCharge(simulation, stored, charge);
  succeed(intent, charge);
  complete(stored, email, 'paid');
  announce(simulation, stored, NO_CAUSE, [
    ...happenings,
    happened('payment_intent.succeeded', intent),
    happened('charge.succeeded', charge),
    happened('checkout.session.completed', stored.object),
  ]);
}

/** The card is declined: the session stays open for another try. */
export function declineCard(simulation: Simulation, stored: StoredSession, email: string, card: Instrument): void {
  const { intent, happenings } = beginAttempt(simulation, stored);
  const charge = newCharge(intent, 'failed', card, email, nowSeconds(simulation));
  keepCharge(simulation, stored, charge);
  fail(intent, charge);
  announce(simulation, stored, NO_CAUSE, [
    ...happenings,
    happened('charge.failed', charge),
    happened('payment_intent.payment_failed', intent),
  ]);
}

/**
 * The buyer pays by bank: the session is complete, but the money has not arrived yet. `status`: `processing`, or
 * `requires_action` for a voucher that the buyer still has to pay (docs.stripe.com/payments/vouchers).
 */
export function payByBank(
  simulation: Simulation,
  stored: StoredSession,
  email: string,
  status: 'processing' | 'requires_action' = 'processing',
): void {
  const { intent, happenings } = beginAttempt(simulation, stored);
  const charge = newCharge(intent, 'pending', { type: 'bank' }, email, nowSeconds(simulation));
  keepCharge(simulation, stored, charge);
  intent.status = status;
  intent.latest_charge = charge.id;
  intent.payment_method = charge.payment_method;
  complete(stored, email, 'unpaid');
  announce(simulation, stored, NO_CAUSE, [
    ...happenings,
    happened(`payment_intent.${status}`, intent),
    happened('checkout.session.completed', stored.object),
  ]);
}

/** The bank's answer to a payment that was processing. */
export function settleBankPayment(simulation: Simulation, stored: StoredSession, succeeded: boolean): void {
  const intent = simulation.state.paymentIntents.get(stored.paymentIntentId ?? '')?.object;
  const charge = simulation.state.charges.get(String(intent?.latest_charge))?.object;
  if (!intent || !charge) throw new Error(`Session ${stored.object.id} has no payment to settle.`);
  stored.settleAtMs = null;
  charge.status = succeeded ? 'succeeded' : 'failed';
  if (succeeded) {
    charge.amount_captured = charge.amount;
    charge.balance_transaction = newId('txn');
    succeed(intent, charge);
    stored.object.payment_status = 'paid';
  } else {
    charge.paid = false;
    charge.failure_code = 'insufficient_funds';
    charge.failure_message = "The customer's account has insufficient funds to cover this payment.";
    fail(intent, charge);
  }
  announce(simulation, stored, NO_CAUSE, [
    happened(succeeded ? 'charge.succeeded' : 'charge.failed', charge),
    happened(succeeded ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', intent),
    happened(`checkout.session.async_payment_${succeeded ? 'succeeded' : 'failed'}`, stored.object),
  ]);
}

/** An open session ends unpaid. */
export function expireSession(simulation: Simulation, stored: StoredSession, cause: Cause): void {
  stored.object.status = 'expired';
  stored.object.url = null;
  announce(simulation, stored, cause, [happened('checkout.session.expired', stored.object)]);
}

/** True if a session waits for the bank's answer, or for the payment of a voucher. */
export function isProcessing(simulation: Simulation, stored: StoredSession): boolean {
  const status = simulation.state.paymentIntents.get(stored.paymentIntentId ?? '')?.object.status;
  return status === 'processing' || status === 'requires_action';
}

/** Lets open sessions expire and bank payments from a page settle, each at its time. */
export function endSessionsInTime(simulation: Simulation): void {
  const seconds = nowSeconds(simulation);
  for (const stored of simulation.state.sessions.values()) {
    if (stored.object.status === 'open' && stored.object.expires_at <= seconds) {
      expireSession(simulation, stored, NO_CAUSE);
    } else if (stored.settleAtMs !== null && stored.settleAtMs <= simulation.now()) {
      settleBankPayment(simulation, stored, true);
    }
  }
}

/** The payment intent of the session. The first try makes it and adds its event to `happenings`. */
function beginAttempt(
  simulation: Simulation,
  stored: StoredSession,
): { intent: Stripe.PaymentIntent; happenings: Happening[] } {
  const existing = simulation.state.paymentIntents.get(stored.paymentIntentId ?? '');
  if (existing) return { intent: existing.object, happenings: [] };
  const intent = newPaymentIntent(stored, nowSeconds(simulation));
  const { livemode, account } = stored;
  simulation.state.paymentIntents.set(intent.id, { livemode, account, object: intent });
  stored.paymentIntentId = intent.id;
  return { intent, happenings: [happened('payment_intent.created', intent)] };
}

function keepCharge(simulation: Simulation, { livemode, account }: StoredSession, charge: Stripe.Charge): void {
  simulation.state.charges.set(charge.id, { livemode, account, object: charge });
}

function succeed(intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.last_payment_error = null;
  intent.latest_charge = charge.id;
  intent.payment_method = charge.payment_method;
}

function fail(intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'requires_payment_method';
  intent.latest_charge = charge.id;
  intent.payment_method = null;
  intent.last_payment_error = {
    charge: charge.id,
    code: charge.failure_code ?? undefined,
    decline_code: 'generic_decline',
    doc_url: 'https://stripe.com/docs/error-codes/card-declined',
    message: charge.failure_message ?? undefined,
    type: 'card_error',
  };
}

function complete(stored: StoredSession, email: string, paymentStatus: 'paid' | 'unpaid'): void {
  stored.object.status = 'complete';
  stored.object.payment_status = paymentStatus;
  stored.object.payment_intent = stored.paymentIntentId;
  stored.object.customer_details = customerDetails(email);
  stored.object.url = null;
}
