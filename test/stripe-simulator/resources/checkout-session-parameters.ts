import * as z from 'zod';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import { StripeFailure } from '../failures.ts';
import type { FormTree } from '../form-encoding.ts';
import { boolean, email, integer, list, metadata, parameters, parseParameters, text, url } from '../parameters.ts';

const MIN_LIFETIME_SECONDS = 30 * 60;
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;

/** Parameters of Stripe that the simulator does not implement. */
const NOT_SIMULATED = [
  ...['after_expiration', 'allow_promotion_codes', 'allowed_payment_method_types', 'automatic_tax'],
  ...['branding_settings', 'consent_collection', 'custom_fields', 'custom_text', 'customer', 'customer_account'],
  ...['customer_update', 'discounts', 'excluded_payment_method_types', 'integration_identifier', 'invoice_creation'],
  ...['managed_payments', 'name_collection', 'optional_items', 'payment_method_collection'],
  ...['payment_method_configuration', 'payment_method_data', 'payment_method_options', 'permissions'],
  ...['phone_number_collection', 'saved_payment_method_options', 'setup_intent_data', 'shipping_address_collection'],
  ...['shipping_options', 'subscription_data', 'tax_id_collection', 'wallet_options'],
];

const priceData = z.strictObject({
  currency: text().transform((value, context) => {
    const code = value.toUpperCase();
    if (Object.hasOwn(CURRENCIES, code)) return value.toLowerCase();
    const known = Object.keys(CURRENCIES).join(', ').toLowerCase();
    context.addIssue({
      code: 'custom',
      message: `Invalid currency: ${value}. Stripe currently supports these currencies: ${known}`,
    });
    return z.NEVER;
  }),
  unit_amount: integer(0),
  product_data: z.strictObject({
    name: text(),
    description: text().optional(),
    images: list(text()).optional(),
    metadata: metadata().optional(),
    tax_code: text().optional(),
    unit_label: text().optional(),
  }),
  tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
});

const createSchema = parameters({
  adaptive_pricing: z.strictObject({ enabled: boolean().optional() }).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  cancel_url: url().optional(),
  client_reference_id: text(200).optional(),
  currency: text(3).optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  customer_email: email().optional(),
  expires_at: integer().optional(),
  line_items: list(z.strictObject({ price_data: priceData, quantity: integer(1), metadata: metadata().optional() })),
  locale: text(10).optional(),
  metadata: metadata().default({}),
  mode: z.enum(['payment', 'setup', 'subscription']).default('payment'),
  origin_context: z.enum(['mobile_app', 'web']).optional(),
  payment_intent_data: z
    .strictObject({
      description: text(1000).optional(),
      metadata: metadata().default({}),
      receipt_email: email().optional(),
      statement_descriptor: text(22).optional(),
      statement_descriptor_suffix: text(22).optional(),
    })
    .optional(),
  payment_method_types: list(text()).optional(),
  redirect_on_completion: z.enum(['always', 'if_required', 'never']).optional(),
  return_url: url().optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  success_url: url().optional(),
  ui_mode: z.enum(['elements', 'embedded_page', 'form', 'hosted_page']).default('hosted_page'),
});

export type NewSession = z.output<typeof createSchema> & {
  currency: string;
  /** Integer, minor units. */
  totalMinor: number;
  /** Seconds since 1970. */
  expires_at: number;
};

/**
 * The parameters of `POST /v1/checkout/sessions`, refused where Stripe refuses them
 * (docs.stripe.com/api/checkout/sessions/create). `nowSeconds`: when the session is made.
 */
export function parseNewSession(params: FormTree, nowSeconds: number): NewSession {
  const skipped = NOT_SIMULATED.find((name) => Object.hasOwn(params, name));
  if (skipped)
    throw new StripeFailure(`The simulator does not implement this parameter: ${skipped}`, { param: skipped });
  const input = parseParameters(createSchema, params);
  if (input.mode !== 'payment')
    throw new StripeFailure(`The simulator implements mode \`payment\` only, not \`${input.mode}\`.`, {
      param: 'mode',
    });
  checkReturnUrls(input);
  return { ...input, ...checkAmounts(input), expires_at: checkExpiry(input.expires_at, nowSeconds) };
}

type Input = z.output<typeof createSchema>;

function checkReturnUrls(input: Input): void {
  if (input.ui_mode === 'hosted_page') {
    requireParam(input.success_url, 'success_url');
    refuseParam(input.return_url, 'return_url', input.ui_mode);
    refuseParam(input.redirect_on_completion, 'redirect_on_completion', input.ui_mode);
    return;
  }
  if (input.ui_mode !== 'embedded_page') {
    throw new StripeFailure(`The simulator does not implement ui_mode \`${input.ui_mode}\`.`, { param: 'ui_mode' });
  }
  refuseParam(input.success_url, 'success_url', input.ui_mode);
  refuseParam(input.cancel_url, 'cancel_url', input.ui_mode);
  if (input.redirect_on_completion === 'never')
    refuseParam(input.return_url, 'return_url', 'redirect_on_completion: never');
  else requireParam(input.return_url, 'return_url');
}

function requireParam(value: string | undefined, param: string): void {
  if (value === undefined)
    throw new StripeFailure(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

function refuseParam(value: string | undefined, param: string, reason: string): void {
  if (value !== undefined) throw new StripeFailure(`You may not specify \`${param}\` with \`${reason}\`.`, { param });
}

function checkAmounts(input: Input): { currency: string; totalMinor: number } {
  const first = input.line_items[0];
  if (!first)
    throw new StripeFailure('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  const currency = first.price_data.currency;
  if (input.line_items.some((item) => item.price_data.currency !== currency)) {
    throw new StripeFailure('All line items must have the same currency.', { param: 'line_items' });
  }
  input.line_items.forEach((item, index) => {
    checkMultiple(item.price_data.unit_amount, currency, `line_items[${index}][price_data][unit_amount]`);
  });
  const totalMinor = input.line_items.reduce((sum, item) => sum + item.price_data.unit_amount * item.quantity, 0);
  const rules = CURRENCIES[currency.toUpperCase()];
  const minimum = rules?.minimumMinor ?? 1;
  const maximum = rules?.maximumMinor ?? 99_999_999;
  const param = 'line_items[0][price_data][unit_amount]';
  if (totalMinor < minimum) {
    const message = `The Checkout Session's total amount due must add up to at least ${minimum} ${currency} in minor units.`;
    throw new StripeFailure(message, { code: 'amount_too_small', param });
  }
  if (totalMinor > maximum) {
    const message = `The Checkout Session's total amount due must be no more than ${maximum} ${currency} in minor units.`;
    throw new StripeFailure(message, { code: 'amount_too_large', param });
  }
  return { currency, totalMinor };
}

function checkMultiple(amountMinor: number, currency: string, param: string): void {
  const multiple = CURRENCIES[currency.toUpperCase()]?.multipleOf ?? 1;
  if (amountMinor % multiple === 0) return;
  const message = `Invalid amount: ${amountMinor}. Amounts in ${currency} must be evenly divisible by ${multiple}.`;
  throw new StripeFailure(message, { code: 'parameter_invalid_integer', param });
}

function checkExpiry(expiresAt: number | undefined, nowSeconds: number): number {
  const lifetime = expiresAt === undefined ? MAX_LIFETIME_SECONDS : expiresAt - nowSeconds;
  const param = 'expires_at';
  if (lifetime < MIN_LIFETIME_SECONDS) {
    throw new StripeFailure('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', {
      param,
    });
  }
  if (lifetime > MAX_LIFETIME_SECONDS) {
    throw new StripeFailure('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', {
      param,
    });
  }
  return nowSeconds + lifetime;
}
