import type Stripe from 'stripe';
import { newId, randomText } from '../ids.ts';
import type { StoredSession } from '../state.ts';
import { type Instrument, methodDetails } from './payment-methods.ts';

/** The payment intent of a session, before any attempt (docs.stripe.com/api/payment_intents/object). */
export function newPaymentIntent(stored: StoredSession, created: number): Stripe.PaymentIntent {
  const id = newId('pi');
  const { object: session, intentData } = stored;
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: session.amount_total ?? 0,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created,
    currency: session.currency ?? 'usd',
    customer: null,
    customer_account: null,
    description: intentData.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: stored.livemode,
    managed_payments: { enabled: false },
    metadata: { ...intentData.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: session.payment_method_types,
    payment_record: null,
    processing: null,
    receipt_email: intentData.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

/** One attempt to charge an intent; it carries the intent's metadata (docs.stripe.com/api/charges/object). */
export function newCharge(
  intent: Stripe.PaymentIntent,
  status: 'failed' | 'pending' | 'succeeded',
  instrument: Instrument,
  email: string,
  created: number,
): Stripe.Charge {
  const id = newId('ch');
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: status === 'succeeded' ? intent.amount : 0,
    amount_refunded: 0,
    ...unusedChargeParts(),
    balance_transaction: status === 'succeeded' ? newId('txn') : null,
    billing_details: billingDetails(email),
    captured: status !== 'failed',
    created,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_code: status === 'failed' ? 'card_declined' : null,
    failure_message: status === 'failed' ? 'Your card was declined.' : null,
    fraud_details: {},
    livemode: intent.livemode,
    metadata: { ...intent.metadata },
    outcome: outcome(status),
    paid: status !== 'failed',
    payment_intent: intent.id,
    payment_method: newId('pm'),
    payment_method_details: methodDetails(instrument, intent.amount),
    receipt_email: intent.receipt_email,
    refunded: false,
    refunds: { object: 'list', data: [], has_more: false, url: `/v1/charges/${id}/refunds` },
    status,
  };
}

function billingDetails(email: string): Stripe.Charge.BillingDetails {
  return {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email,
    name: null,
    phone: null,
    tax_id: null,
  };
}

/** The members that are null for every charge made here. */
function unusedChargeParts() {
  return {
    application: null,
    application_fee: null,
    application_fee_amount: null,
    calculated_statement_descriptor: null,
    failure_balance_transaction: null,
    on_behalf_of: null,
    receipt_number: null,
    receipt_url: null,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}

function outcome(status: 'failed' | 'pending' | 'succeeded'): Stripe.Charge.Outcome {
  const declined = status === 'failed';
  return {
    advice_code: declined ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: declined ? '01' : null,
    network_status: declined ? 'declined_by_network' : 'approved_by_network',
    reason: declined ? 'generic_decline' : null,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: declined ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: declined ? 'issuer_declined' : 'authorized',
  };
}
