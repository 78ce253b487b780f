import Stripe from 'stripe';
import { createAccount, createOnboardingLink, isRefusal, retrieveAccount } from './accounts.ts';
import { toCharge, toCheckoutSession, toDispute, toPaymentMethod, toRefund } from './convert.ts';
import { registerPaymentMethodDomain } from './domains.ts';
import {
  type CheckoutUi,
  type CreateCheckoutSession,
  type CreateRefund,
  PAYMENT_METHOD_TIMEOUT_MS,
  STRIPE_TIMEOUT_MS,
  StripeFailure,
  type StripeFailureKind,
  type StripeGateway,
} from './gateway.ts';
import { findCheckoutSession, listCheckoutSessions, listEvents, listRefunds } from './lists.ts';

/** A client of Stripe's API with the secret key of one mode. `apiBase`: https://api.stripe.com, or a simulator on loopback. */
function stripeClient(apiBase: string, secretKey: string, beforeCall: () => void): Stripe {
  const url = new URL(apiBase);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient((input: RequestInfo | URL, init?: RequestInit) => {
      beforeCall();
      return fetch(input, init);
    }),
    host: url.hostname,
    port: url.port || (protocol === 'http' ? '80' : '443'),
    protocol,
    timeout: STRIPE_TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The languages that our pages and Stripe both have. No English: our pages also use it in place of languages they lack. */
const LOCALES = ['de', 'fr', 'es', 'it', 'nl', 'pt-BR', 'pt', 'pl', 'ja'] as const;

function localeParam({ language }: CheckoutUi): Pick<Stripe.Checkout.SessionCreateParams, 'locale'> {
  // Stripe's name for the Portuguese of Portugal is "pt".
  const wanted = language === 'pt-PT' ? 'pt' : language;
  const locale = LOCALES.find((one) => one === wanted);
  return locale === undefined ? {} : { locale };
}

function uiParams(ui: CheckoutUi): Stripe.Checkout.SessionCreateParams {
  if (ui.kind === 'hosted') return { success_url: ui.successUrl, cancel_url: ui.cancelUrl };
  // A bank's page does not open in a frame: `never` leaves out the payment methods that need one
  // (docs.stripe.com/payments/checkout/custom-success-page#disable-redirects). Our hosted page has them all.
  return { ui_mode: 'embedded_page', redirect_on_completion: 'never' };
}

function toParams(request: CreateCheckoutSession): Stripe.Checkout.SessionCreateParams {
  const metadata = { ...request.metadata };
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: request.currency.toLowerCase(),
          unit_amount: request.amountMinor,
          product_data: { name: request.productName },
        },
      },
    ],
    ...uiParams(request.ui),
    ...localeParam(request.ui),
    client_reference_id: request.operationId,
    expires_at: Math.floor(request.expiresAt / 1000),
    adaptive_pricing: { enabled: false },
    metadata,
    payment_intent_data: { metadata },
    ...(request.customerEmail === null ? {} : { customer_email: request.customerEmail }),
  };
}

function optionsOf({ account, idempotencyKey }: CreateCheckoutSession | CreateRefund): Stripe.RequestOptions {
  return { stripeAccount: account, idempotencyKey };
}

function toRefundParams({ paymentIntentId, amountMinor, reason, metadata }: CreateRefund): Stripe.RefundCreateParams {
  return {
    payment_intent: paymentIntentId,
    metadata: { ...metadata },
    ...(amountMinor === null ? {} : { amount: amountMinor }),
    ...(reason === null ? {} : { reason }),
  };
}

/** Stripe's messages where an account may not charge: these errors have no code. */
const CANNOT_CHARGE = /cannot currently make (live )?charges|without the `?card_payments`? capability/i;

/** Stripe's messages for a refund of more than is left, and for a payment without a charge: these errors have no code. */
const REFUND_TOO_LARGE = /refund amount .* is greater than/i;
const NOTHING_TO_REFUND = /successful charge to refund/i;

/** What Stripe's error codes mean to us (docs.stripe.com/error-codes). */
const KIND_OF_CODE = new Map<string | undefined, StripeFailureKind>([
  ['amount_too_small', 'invalid_amount'],
  ['amount_too_large', 'invalid_amount'],
  ['email_invalid', 'invalid_email'],
  ['url_invalid', 'invalid_url'],
  ['account_invalid', 'account_lost'],
  ['testmode_charges_only', 'charges_lost'],
  ['capability_not_active', 'account_settings'],
  ['country_unsupported', 'account_settings'],
  ['payment_method_unactivated', 'account_settings'],
  ['resource_missing', 'not_found'],
  ['charge_already_refunded', 'not_refundable'],
  ['charge_disputed', 'not_refundable'],
  ['charge_not_refundable', 'not_refundable'],
  ['refund_disputed_payment', 'not_refundable'],
  ['balance_insufficient', 'balance_insufficient'],
  ['insufficient_funds', 'balance_insufficient'],
]);

function kindOfInvalidRequest({
  code,
  message,
}: InstanceType<typeof Stripe.errors.StripeInvalidRequestError>): StripeFailureKind {
  if (REFUND_TOO_LARGE.test(message)) return 'refund_too_large';
  const kind = KIND_OF_CODE.get(code);
  if (kind) return kind;
  if (CANNOT_CHARGE.test(message)) return 'charges_lost';
  if (NOTHING_TO_REFUND.test(message)) return 'not_refundable';
  if (/can be expired/i.test(message)) return 'session_not_open';
  return 'misconfigured';
}

function kindOf(error: unknown): StripeFailureKind {
  const { errors } = Stripe;
  // Another request with the same idempotency key is running; the SDK has no class of its own for it.
  if (error instanceof errors.StripeError && error.statusCode === 409) return 'in_progress';
  if (error instanceof errors.StripeRateLimitError) return 'rate_limited';
  if (error instanceof errors.StripeIdempotencyError) return 'idempotency_mismatch';
  if (error instanceof errors.StripePermissionError) {
    // Every other 403 is about our own key or settings (docs.stripe.com/error-codes#account-invalid).
    return error.code === 'account_invalid' ? 'account_lost' : 'misconfigured';
  }
  if (error instanceof errors.StripeAuthenticationError) return 'misconfigured';
  if (error instanceof errors.StripeInvalidRequestError) return kindOfInvalidRequest(error);
  return 'unavailable';
}

/**
 * Why Stripe refused to make a session. Most refusals that a setting of the account causes have neither a code nor a
 * parameter; a parameter would be our fault. Real Stripe has not confirmed this rule: it is read from public reports.
 */
function kindOfRefusedSession(error: unknown): StripeFailureKind {
  const kind = kindOf(error);
  if (kind !== 'misconfigured' || !(error instanceof Stripe.errors.StripeInvalidRequestError)) return kind;
  return error.statusCode === 400 && !error.code && !error.param ? 'account_settings' : kind;
}

/**
 * Why a call of the v2 API failed. Its errors have classes of their own in the SDK, one for each type: whatever we do not
 * know and Stripe calls our fault is `misconfigured`, and its code is in the log.
 */
function kindOfV2(error: unknown): StripeFailureKind {
  const kind = kindOf(error);
  if (kind !== 'unavailable' || !(error instanceof Stripe.errors.StripeError)) return kind;
  if (error.statusCode === 429) return 'rate_limited';
  return isRefusal(error.statusCode) ? 'misconfigured' : kind;
}

/** Why Stripe made no link to its onboarding. A 403 for another reason is about our own key or settings. */
function kindOfRefusedLink(error: unknown): StripeFailureKind {
  const isLost = error instanceof Stripe.errors.StripeError && error.code === 'account_invalid';
  return isLost ? 'account_lost' : kindOfV2(error);
}

/**
 * Why Stripe refused to make an account. The words of v2 are not documented in full: a code, parameter or message that
 * speaks of the country or the e-mail address is about what the merchant gave.
 */
function kindOfRefusedAccount(error: unknown): StripeFailureKind {
  const kind = kindOfV2(error);
  if (!(error instanceof Stripe.errors.StripeError) || error.statusCode !== 400 || kind === 'idempotency_mismatch') {
    return kind;
  }
  const about = `${error.code ?? ''} ${error.param ?? ''} ${error.message}`;
  if (/country/i.test(about)) return 'invalid_country';
  return /e-?mail/i.test(about) ? 'invalid_email' : 'account_refused';
}

function toFailure(error: unknown, kind: StripeFailureKind): StripeFailure {
  const isStoredAnswer =
    error instanceof Stripe.errors.StripeError && error.headers?.['idempotent-replayed'] === 'true';
  const message = error instanceof Error ? error.message : String(error);
  return new StripeFailure(kind, message, { isStoredAnswer, cause: error });
}

async function guarded<T>(call: () => Promise<T>, kind = kindOf): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof StripeFailure ? error : toFailure(error, kind(error));
  }
}

/**
 * The gateway that calls Stripe with one mode's secret key. `apiBase`: https://api.stripe.com, or a simulator on
 * loopback. `beforeCall` runs before each HTTP request; if it throws, the request is not sent and the method fails with
 * `unavailable`.
 */
export function stripeGateway(
  apiBase: string,
  secretKey: string,
  beforeCall: () => void = () => undefined,
): StripeGateway {
  const stripe = stripeClient(apiBase, secretKey, beforeCall);
  const { sessions } = stripe.checkout;
  return {
    createCheckoutSession: (request) =>
      guarded(
        async () => toCheckoutSession(await sessions.create(toParams(request), optionsOf(request))),
        kindOfRefusedSession,
      ),
    retrieveCheckoutSession: (account, sessionId) =>
      guarded(async () => {
        const params = { expand: ['payment_intent'] };
        return toCheckoutSession(await sessions.retrieve(sessionId, params, { stripeAccount: account }));
      }),
    retrievePaymentMethod: (account, sessionId) =>
      guarded(async () => {
        const params = { expand: ['payment_intent.latest_charge'] };
        const options = { stripeAccount: account, timeout: PAYMENT_METHOD_TIMEOUT_MS };
        return toPaymentMethod(await sessions.retrieve(sessionId, params, options));
      }),
    expireCheckoutSession: (account, sessionId) =>
      guarded(async () => toCheckoutSession(await sessions.expire(sessionId, {}, { stripeAccount: account }))),
    findCheckoutSession: (account, created, match) =>
      guarded(() => findCheckoutSession(stripe, account, created, match)),
    listCheckoutSessions: (account, page) => guarded(() => listCheckoutSessions(stripe, account, page)),
    listEvents: (account, page) => guarded(() => listEvents(stripe, account, page)),
    retrieveAccount: (account) => guarded(() => retrieveAccount(stripe, account), kindOfV2),
    createAccount: (request) => guarded(() => createAccount(stripe, request), kindOfRefusedAccount),
    createOnboardingLink: (account, urls) =>
      guarded(() => createOnboardingLink(stripe, account, urls), kindOfRefusedLink),
    createLoginLink: (account) => guarded(async () => (await stripe.accounts.createLoginLink(account)).url),
    retrievePlatformAccountId: () => guarded(async () => (await stripe.accounts.retrieveCurrent()).id),
    retrieveCharge: (account, id) =>
      guarded(async () => toCharge(await stripe.charges.retrieve(id, {}, { stripeAccount: account }))),
    retrieveRefund: (account, id) =>
      guarded(async () => toRefund(await stripe.refunds.retrieve(id, {}, { stripeAccount: account }))),
    retrieveDispute: (account, id) =>
      guarded(async () => toDispute(await stripe.disputes.retrieve(id, {}, { stripeAccount: account }))),
    listRefunds: (account, paymentIntentId) => guarded(() => listRefunds(stripe, account, paymentIntentId)),
    createRefund: (request) =>
      guarded(async () => toRefund(await stripe.refunds.create(toRefundParams(request), optionsOf(request)))),
    registerPaymentMethodDomain: (account, domain) =>
      guarded(() => registerPaymentMethodDomain(stripe, account, domain)),
  };
}
