/** A Checkout session as far as we use it. Amounts are integer minor units, times unix milliseconds. */
export interface StripeCheckoutSession {
  readonly id: string;
  /** Where the buyer pays; null for an embedded session, and once it is over. */
  readonly url: string | null;
  /** What lets a browser show an embedded session; null for a hosted one, and where Stripe does not tell it again. */
  readonly clientSecret: string | null;
  readonly status: 'open' | 'complete' | 'expired';
  readonly paid: boolean;
  /** A delayed method failed. Known only where the session was read with its payment intent, else false. */
  readonly paymentFailed: boolean;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly paymentIntentId: string | null;
  readonly customerEmail: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface StripeRefund {
  readonly id: string;
  readonly paymentIntentId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: string | null;
  readonly reason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

export interface StripeCharge {
  readonly id: string;
  readonly paymentIntentId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StripeDispute {
  readonly id: string;
  readonly paymentIntentId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: string;
  readonly reason: string;
  readonly createdAt: number;
}

export interface StripeAccount {
  readonly id: string;
  readonly chargesEnabled: boolean;
  readonly detailsSubmitted: boolean;
}

/** By what an object of unexpected shape can be told to be ours. */
export interface StripeTraces {
  readonly id: string | null;
  readonly paymentIntentId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What a verified Stripe event tells us about. `other`: a type that we do not act on. `misshapen`: a type that we act on,
 * whose object is not of the shape Stripe documents; `faults` names the members, never their values.
 */
export type StripeFact =
  | { readonly kind: 'session'; readonly session: StripeCheckoutSession; readonly asyncPaymentFailed: boolean }
  | { readonly kind: 'charge_refunded'; readonly charge: StripeCharge }
  | { readonly kind: 'refund'; readonly refund: StripeRefund }
  | { readonly kind: 'dispute'; readonly dispute: StripeDispute }
  | { readonly kind: 'account_updated'; readonly account: StripeAccount }
  | { readonly kind: 'account_deauthorized' }
  | {
      readonly kind: 'misshapen';
      readonly faults: readonly string[];
      readonly traces: StripeTraces;
    }
  | { readonly kind: 'other' };

export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** null: an event of the platform's own account. */
  readonly account: string | null;
  readonly livemode: boolean;
  /** Unix ms, by Stripe's clock. */
  readonly createdAt: number;
  readonly fact: StripeFact;
}

/** Which page of a list by time: `from` and `to` are unix ms, both included; `after` is the `next` of the page before. */
export interface PageOfTime {
  readonly from: number;
  readonly to: number;
  readonly after: string | null;
}

/** At most 100 items. `next`: null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** An event read from Stripe's list, with its JSON. */
export interface ListedStripeEvent {
  readonly event: StripeEvent;
  readonly body: string;
}

/**
 * Where the buyer pays, and goes afterwards. `hosted`: on Stripe's own page. `embedded`: inside our frame, with the payment
 * methods that stay there.
 */
export type CheckoutUi = (
  | { readonly kind: 'hosted'; readonly successUrl: string; readonly cancelUrl: string }
  | { readonly kind: 'embedded' }
) & {
  /** ISO 639-1, of the page that the buyer comes from; null: the browser's own, and so for one that Stripe does not speak. */
  readonly language: string | null;
};

/** The request for a session on a connected account: a direct charge, so the money never passes through the platform. */
export interface CreateCheckoutSession {
  readonly account: string;
  /** The operation, with its attempt: the same key and the same members always mean the same session. */
  readonly idempotencyKey: string;
  readonly operationId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly productName: string;
  readonly customerEmail: string | null;
  readonly ui: CheckoutUi;
  /** Written on the session and on the payment intent: Stripe does not copy it by itself. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: number;
}

/** Stripe's own words for a refund's reason (docs.stripe.com/api/refunds/create#create_refund-reason). */
export const STRIPE_REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** The request for a refund on the connected account. */
export interface CreateRefund {
  readonly account: string;
  /** The operation, with its attempt: the same key and the same members always mean the same refund. */
  readonly idempotencyKey: string;
  readonly paymentIntentId: string;
  /** Integer minor units; null: all that is left, as Stripe counts it. */
  readonly amountMinor: number | null;
  readonly reason: (typeof STRIPE_REFUND_REASONS)[number] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export const STRIPE_FAILURE_KINDS = [
  'unavailable',
  'in_progress',
  'misconfigured',
  'account_lost',
  'not_found',
  'session_not_open',
  'idempotency_mismatch',
  'invalid_amount',
  'invalid_email',
  'invalid_url',
  'refund_too_large',
  'not_refundable',
  'balance_insufficient',
] as const;
export type StripeFailureKind = (typeof STRIPE_FAILURE_KINDS)[number];

/** A call to Stripe that did not succeed. `replayed`: Stripe repeated a stored answer, so asking again changes nothing. */
export class StripeFailure extends Error {
  readonly kind: StripeFailureKind;
  readonly replayed: boolean;

  constructor(kind: StripeFailureKind, message: string, extra: { replayed?: boolean; cause?: unknown } = {}) {
    super(message, { cause: extra.cause });
    this.name = 'StripeFailure';
    this.kind = kind;
    this.replayed = extra.replayed ?? false;
  }

  /** True where Stripe may have done what was asked, although it did not say so. */
  get mayHaveHappened(): boolean {
    return this.kind === 'unavailable' || this.kind === 'in_progress' || this.kind === 'idempotency_mismatch';
  }
}

/** The few calls we make to Stripe, for one mode. Every method throws StripeFailure and nothing else. */
export interface StripeGateway {
  createCheckoutSession(request: CreateCheckoutSession): Promise<StripeCheckoutSession>;
  retrieveCheckoutSession(account: string, sessionId: string): Promise<StripeCheckoutSession>;
  /** Throws `session_not_open` where the session is complete or has expired. */
  expireCheckoutSession(account: string, sessionId: string): Promise<StripeCheckoutSession>;
  /**
   * The account's sessions created between these moments (unix ms), newest first, looked through until `match`. null only
   * where there is none: throws `unavailable` where there are too many to tell.
   */
  findCheckoutSession(
    account: string,
    created: { readonly from: number; readonly to: number },
    match: (session: StripeCheckoutSession) => boolean,
  ): Promise<StripeCheckoutSession | null>;
  /**
   * One page of the account's sessions created between these moments (unix ms, both included), newest first, each with what
   * became of its payment. What is not of a session's shape is left out.
   */
  listCheckoutSessions(account: string, page: PageOfTime): Promise<Page<StripeCheckoutSession>>;
  /** One page of the account's events of the types that we act on, created between these moments, newest first. */
  listEvents(account: string, page: PageOfTime): Promise<Page<ListedStripeEvent>>;
  retrieveAccount(account: string): Promise<StripeAccount>;
  listRefunds(account: string, paymentIntentId: string): Promise<StripeRefund[]>;
  /**
   * Throws `refund_too_large` where more is asked for than is left, `not_refundable` where Stripe gives nothing of this
   * payment back (any more), `balance_insufficient` where the account cannot pay it.
   */
  createRefund(request: CreateRefund): Promise<StripeRefund>;
  /**
   * Registers a host whose pages show wallets on the account (docs.stripe.com/payments/payment-methods/pmd-registration).
   * Repeatable: Stripe answers the one it has.
   */
  registerPaymentMethodDomain(account: string, domain: string): Promise<void>;
}
