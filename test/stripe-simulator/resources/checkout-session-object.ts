import type Stripe from 'stripe';
import { newId, newSessionId, randomText } from '../ids.ts';
import type { Scope, StoredSession, WireLineItem } from '../state.ts';
import type { NewSession } from './checkout-session-parameters.ts';

/** Where hosted Checkout is, and what its addresses end with. */
interface CheckoutPlace {
  readonly origin: string;
  readonly fragment: string;
}

/** A new open session with its line items (docs.stripe.com/api/checkout/sessions/object). `created`: seconds. */
export function newStoredSession(
  scope: Scope,
  input: NewSession,
  created: number,
  checkout: CheckoutPlace,
): StoredSession {
  return {
    ...scope,
    object: newSessionObject(newSessionId(scope.livemode), scope, input, created, checkout),
    lineItems: input.line_items.map((item) => newLineItem(item, scope, created)),
    intentData: {
      description: input.payment_intent_data?.description ?? null,
      receiptEmail: input.payment_intent_data?.receipt_email ?? null,
      metadata: input.payment_intent_data?.metadata ?? {},
    },
    paymentIntentId: null,
    settleAtMs: null,
  };
}

function newSessionObject(
  id: string,
  scope: Scope,
  input: NewSession,
  created: number,
  { origin, fragment }: CheckoutPlace,
): Stripe.Checkout.Session {
  const hosted = input.ui_mode === 'hosted_page';
  return {
    ...unusedSessionParts(),
    id,
    adaptive_pricing: { enabled: input.adaptive_pricing?.enabled ?? true },
    amount_subtotal: input.totalMinor,
    amount_total: input.totalMinor,
    billing_address_collection: input.billing_address_collection ?? null,
    cancel_url: input.cancel_url ?? null,
    client_reference_id: input.client_reference_id ?? null,
    client_secret: hosted ? null : `${id}_secret_${randomText(40)}`,
    created,
    currency: input.currency,
    customer_creation: input.customer_creation ?? 'if_required',
    customer_details: input.customer_email === undefined ? null : customerDetails(input.customer_email),
    customer_email: input.customer_email ?? null,
    expires_at: input.expires_at,
    livemode: scope.livemode,
    locale: input.locale ?? null,
    metadata: input.metadata,
    origin_context: input.origin_context ?? null,
    payment_method_types: input.payment_method_types ?? ['card'],
    ...(hosted ? {} : { redirect_on_completion: input.redirect_on_completion ?? 'always' }),
    ...(input.return_url === undefined ? {} : { return_url: input.return_url }),
    submit_type: input.submit_type ?? null,
    success_url: input.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: input.ui_mode,
    url: hosted ? `${origin}/c/pay/${id}${fragment}` : null,
  };
}

/** The buyer's details, as a session shows them. */
export function customerDetails(email: string): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: null,
  };
}

/** The members that are the same for every session. */
function unusedSessionParts() {
  return {
    object: 'checkout.session' as const,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    discounts: [],
    integration_identifier: null,
    invoice: null,
    invoice_creation: noInvoice(),
    managed_payments: { enabled: false },
    mode: 'payment',
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    subscription: null,
    wallet_options: null,
  };
}

function noInvoice(): Stripe.Checkout.Session.InvoiceCreation {
  return {
    enabled: false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: null,
      metadata: {},
      rendering_options: null,
    },
  };
}

function newLineItem(item: NewSession['line_items'][number], scope: Scope, created: number): WireLineItem {
  const { currency, unit_amount: unitAmount, product_data: product } = item.price_data;
  const amount = unitAmount * item.quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: product.name,
    metadata: item.metadata ?? {},
    price: {
      id: newId('price'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created,
      currency,
      custom_unit_amount: null,
      livemode: scope.livemode,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId('prod'),
      recurring: null,
      tax_behavior: item.price_data.tax_behavior ?? 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: unitAmount,
      unit_amount_decimal: String(unitAmount),
    },
    quantity: item.quantity,
  };
}
