import Stripe from 'stripe';
import { toAccount, toCheckoutSession, toRefund } from './convert.ts';
import { type CreateCheckoutSession, StripeFailure, type StripeFailureKind, type StripeGateway } from './gateway.ts';

/** Below the gate's lease of 30 s, so that a request is over before its key can be resumed. */
const TIMEOUT_MS = 10_000;
/** Pages of 100 sessions looked through for an operation's own: what is not found by then is not known to be missing. */
const MAX_PAGES = 25;

/** A client on Stripe's API for one mode's platform key. `apiBase`: https://api.stripe.com, or a stand-in on loopback. */
export function stripeClient(apiBase: string, secretKey: string): Stripe {
  const url = new URL(apiBase);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    host: url.hostname,
    port: url.port || (protocol === 'http' ? '80' : '443'),
    protocol,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
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
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    client_reference_id: request.operationId,
    expires_at: Math.floor(request.expiresAt / 1000),
    adaptive_pricing: { enabled: false },
    metadata,
    payment_intent_data: { metadata },
    ...(request.customerEmail === null ? {} : { customer_email: request.customerEmail }),
  };
}

/** Stripe's answer to a charge on an account that may not charge carries no code of its own, only this wording. */
const CANNOT_CHARGE = /cannot currently make (live )?charges|charges_enabled|has not (yet )?(completed|activated)/i;

function kindOfInvalidRequest(error: InstanceType<typeof Stripe.errors.StripeInvalidRequestError>): StripeFailureKind {
  if (error.code === 'amount_too_small' || error.code === 'amount_too_large') return 'invalid_amount';
  if (error.code === 'email_invalid') return 'invalid_email';
  if (error.code === 'url_invalid') return 'invalid_url';
  if (error.code === 'account_invalid' || CANNOT_CHARGE.test(error.message)) return 'account_lost';
  if (error.code === 'resource_missing') return 'not_found';
  if (/can be expired/i.test(error.message)) return 'session_not_open';
  return 'misconfigured';
}

function kindOf(error: unknown): StripeFailureKind {
  const { errors } = Stripe;
  // Another request with the same idempotency key is running; the SDK has no class of its own for it.
  if (error instanceof errors.StripeError && error.statusCode === 409) return 'in_progress';
  if (error instanceof errors.StripeIdempotencyError) return 'idempotency_mismatch';
  if (error instanceof errors.StripePermissionError) return 'account_lost';
  if (error instanceof errors.StripeAuthenticationError) return 'misconfigured';
  if (error instanceof errors.StripeRateLimitError || error instanceof errors.StripeConnectionError)
    return 'unavailable';
  if (error instanceof errors.StripeInvalidRequestError) return kindOfInvalidRequest(error);
  return 'unavailable';
}

function toFailure(error: unknown): StripeFailure {
  const replayed = error instanceof Stripe.errors.StripeError && error.headers?.['idempotent-replayed'] === 'true';
  const message = error instanceof Error ? error.message : String(error);
  return new StripeFailure(kindOf(error), message, { replayed, cause: error });
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof StripeFailure ? error : toFailure(error);
  }
}

/** The adapter: the only place that speaks Stripe's SDK. */
export function stripeGateway(apiBase: string, secretKey: string): StripeGateway {
  const stripe = stripeClient(apiBase, secretKey);
  const { sessions } = stripe.checkout;
  return {
    createCheckoutSession: (request) =>
      guarded(async () =>
        toCheckoutSession(
          await sessions.create(toParams(request), {
            stripeAccount: request.account,
            idempotencyKey: request.idempotencyKey,
          }),
        ),
      ),
    retrieveCheckoutSession: (account, sessionId) =>
      guarded(async () =>
        toCheckoutSession(
          await sessions.retrieve(sessionId, { expand: ['payment_intent'] }, { stripeAccount: account }),
        ),
      ),
    expireCheckoutSession: (account, sessionId) =>
      guarded(async () => toCheckoutSession(await sessions.expire(sessionId, {}, { stripeAccount: account }))),
    findCheckoutSession: (account, created, match) =>
      guarded(async () => {
        let after: string | undefined;
        for (let page = 0; page < MAX_PAGES; page++) {
          const list = await sessions.list(
            {
              created: { gte: Math.floor(created.from / 1000), lte: Math.ceil(created.to / 1000) },
              limit: 100,
              ...(after ? { starting_after: after } : {}),
            },
            { stripeAccount: account },
          );
          const found = list.data.map(toCheckoutSession).find(match);
          if (found) return found;
          after = list.data.at(-1)?.id;
          if (!list.has_more || !after) return null;
        }
        throw new StripeFailure('unavailable', `Not found among ${MAX_PAGES * 100} sessions, and there are more`);
      }),
    retrieveAccount: (account) => guarded(async () => toAccount(await stripe.accounts.retrieve(account))),
    listRefunds: (account, paymentIntentId) =>
      guarded(async () => {
        const list = await stripe.refunds.list(
          { payment_intent: paymentIntentId, limit: 100 },
          { stripeAccount: account },
        );
        return list.data.map(toRefund);
      }),
  };
}
