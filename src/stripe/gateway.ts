import type { CreateAccount, StripeAccount, StripeLink } from './account-types.ts';

export type { CreateAccount, StripeAccount, StripeLink } from './account-types.ts';

/** The parts of a Checkout session that we use. Amounts are integer minor units, times unix milliseconds. */
export interface StripeCheckoutSession {
  readonly id: string;
  /** Where the buyer pays; null for an embedded session, and for one that has ended. */
  readonly url: string | null;
  /** What a browser needs to show an embedded session; null for a hosted one, and where Stripe's answer leaves it out. */
  readonly clientSecret: string | null;
  readonly status: 'open' | 'complete' | 'expired';
  readonly paid: boolean;
  /** True where a delayed payment has failed. Always false where the session was read without its payment intent. */
  readonly paymentFailed: boolean;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly paymentIntentId: string | null;
  readonly customerEmail: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** With what a session was paid, as a receipt names it. */
export interface StripePaymentMethod {
  /** A proper noun: "Visa", "Apple Pay · Visa", "SEPA Direct Debit". null: a card whose brand Stripe does not know. */
  readonly name: string | null;
  /** The last four digits of the card or bank account. null: the method has none. */
  readonly last4: string | null;
}

export interface StripeRefund {
  readonly id: string;
  readonly paymentIntentId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: string | null;
  readonly reason: string | null;
  /** Why the refund failed, in Stripe's words; null: it has not failed, or Stripe does not know. */
  readonly failureReason: string | null;
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

/** The ids and metadata of an object of unexpected shape, to recognize it as ours. */
export interface StripeTraces {
  readonly id: string | null;
  readonly paymentIntentId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * An event whose object has the shape of another API version than ours: only its id is used, and the object is read
 * from Stripe again. `traces`: what recognizes the object as ours, where the other version has it.
 */
export type OutdatedFact = {
  readonly kind: 'outdated';
  readonly id: string;
  readonly traces: StripeTraces;
} & (
  | { readonly object: 'charge' | 'refund' | 'dispute' }
  /** `atBest`: the last status of a payment that such an event can report. */
  | { readonly object: 'session'; readonly atBest: 'succeeded' | 'failed' | 'expired' }
);

/**
 * What a Stripe event is about. `other`: its type is not one that we handle. `misshapen`: we handle its type, but its
 * object has not the shape that Stripe documents. `faults`: the wrong members, never their values.
 */
export type StripeFact =
  | { readonly kind: 'session'; readonly session: StripeCheckoutSession; readonly asyncPaymentFailed: boolean }
  | { readonly kind: 'charge_refunded'; readonly charge: StripeCharge }
  | { readonly kind: 'refund'; readonly refund: StripeRefund }
  | { readonly kind: 'dispute'; readonly dispute: StripeDispute }
  | { readonly kind: 'account_updated' }
  | OutdatedFact
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
  /** The connected account. null: an event of the platform's own account. */
  readonly account: string | null;
  readonly livemode: boolean;
  /** Unix ms, by Stripe's clock. */
  readonly createdAt: number;
  readonly fact: StripeFact;
}

/** A request for a page of a list by time. `from`, `to`: unix ms, both included. `after`: `next` of the page before, if any. */
export interface PageOfTime {
  readonly from: number;
  readonly to: number;
  readonly after: string | null;
}

/** A page of at most 100 items. `next`: where the next page begins; null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** An event from Stripe's list. `body`: its JSON text. */
export interface StripeEventWithBody {
  readonly event: StripeEvent;
  readonly body: string;
}

/**
 * Where the buyer pays. `hosted`: on Stripe's own page, which then sends the buyer to `successUrl` or `cancelUrl`.
 * `embedded`: inside our frame, only with payment methods that need no other page.
 */
export type CheckoutUi = (
  | { readonly kind: 'hosted'; readonly successUrl: string; readonly cancelUrl: string }
  | { readonly kind: 'embedded' }
) & {
  /** The buyer's language (BCP 47, as "de" or "pt-PT"). Stripe uses the browser's for null and for one that it lacks. */
  readonly language: string | null;
};

/** The request for a session on a connected account: a direct charge, so the money never passes through the platform. */
export interface CreateCheckoutSession {
  readonly account: string;
  /** Stripe's idempotency key for this attempt. The same key with the same request always gives the same session. */
  readonly idempotencyKey: string;
  readonly operationId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly productName: string;
  readonly customerEmail: string | null;
  readonly ui: CheckoutUi;
  /** Set on the session and also on its payment intent, because Stripe does not copy it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: number;
}

/** The reasons for a refund that Stripe accepts (docs.stripe.com/api/refunds/create#create_refund-reason). */
export const STRIPE_REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** The request for a refund on the connected account. */
export interface CreateRefund {
  readonly account: string;
  /** Stripe's idempotency key for this attempt. The same key with the same request always gives the same refund. */
  readonly idempotencyKey: string;
  readonly paymentIntentId: string;
  /** In minor units. null: everything that Stripe has not refunded yet. */
  readonly amountMinor: number | null;
  readonly reason: (typeof STRIPE_REFUND_REASONS)[number] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Why a call to Stripe failed. `rate_limited`: Stripe refused it because of too many calls, or because it was working on the
 * object (docs.stripe.com/rate-limits); nothing was done. `in_progress`: another request with the same Stripe idempotency key is running.
 * `charges_lost`: Stripe does not let the connected account charge. `account_settings`: a setting of the account refuses
 * this session, for example a missing business name; the failure's message is Stripe's sentence for the merchant.
 * `account_refused`: Stripe does not make this account.
 */
export type StripeFailureKind =
  | 'unavailable'
  | 'rate_limited'
  | 'in_progress'
  | 'misconfigured'
  | 'account_lost'
  | 'charges_lost'
  | 'account_refused'
  | 'account_settings'
  | 'not_found'
  | 'session_not_open'
  | 'idempotency_mismatch'
  | 'invalid_amount'
  | 'invalid_country'
  | 'invalid_email'
  | 'invalid_url'
  | 'refund_too_large'
  | 'not_refundable'
  | 'balance_insufficient';

/**
 * A call to Stripe failed. `isStoredAnswer`: Stripe repeated the answer that it stored for the call's idempotency key.
 * Another call with this key gets the same answer, so only a new key can succeed.
 */
export class StripeFailure extends Error {
  readonly kind: StripeFailureKind;
  readonly isStoredAnswer: boolean;

  constructor(kind: StripeFailureKind, message: string, extra: { isStoredAnswer?: boolean; cause?: unknown } = {}) {
    super(message, { cause: extra.cause });
    this.name = 'StripeFailure';
    this.kind = kind;
    this.isStoredAnswer = extra.isStoredAnswer ?? false;
  }

  /** True where Stripe may have done what was asked, although the call failed. */
  get mayHaveHappened(): boolean {
    return this.kind === 'unavailable' || this.kind === 'in_progress' || this.kind === 'idempotency_mismatch';
  }
}

/** How long (ms) a call to Stripe may take: less than the gate's lease of 30 s, so it ends before its operation can be resumed. */
export const STRIPE_TIMEOUT_MS = 10_000;

/** How long (ms) a receipt waits at most for its payment method: it is complete without. */
export const PAYMENT_METHOD_TIMEOUT_MS = 2_000;

/** The calls that we make to Stripe, in one mode. Every method throws StripeFailure and nothing else. */
export interface StripeGateway {
  createCheckoutSession(request: CreateCheckoutSession): Promise<StripeCheckoutSession>;
  retrieveCheckoutSession(account: string, sessionId: string): Promise<StripeCheckoutSession>;
  /**
   * With what a session was paid: one call, which ends after PAYMENT_METHOD_TIMEOUT_MS. null: Stripe has no charge of
   * the session, or nothing that names the method.
   */
  retrievePaymentMethod(account: string, sessionId: string): Promise<StripePaymentMethod | null>;
  /** Throws `session_not_open` where the session is complete or has expired. */
  expireCheckoutSession(account: string, sessionId: string): Promise<StripeCheckoutSession>;
  /**
   * The newest of the account's sessions, created between these times (unix ms), for which `match` is true. null: there
   * is none. Throws `unavailable` where the account has too many sessions to find out.
   */
  findCheckoutSession(
    account: string,
    created: { readonly from: number; readonly to: number },
    match: (session: StripeCheckoutSession) => boolean,
  ): Promise<StripeCheckoutSession | null>;
  /**
   * One page of the account's sessions, newest first, each with the state of its payment intent. Objects that lack the
   * shape of a session are left out.
   */
  listCheckoutSessions(account: string, page: PageOfTime): Promise<Page<StripeCheckoutSession>>;
  /** One page of the account's events of the types that we handle, newest first. */
  listEvents(account: string, page: PageOfTime): Promise<Page<StripeEventWithBody>>;
  /** Two calls. Throws `account_lost` where Stripe answers `account_invalid`: this key has no access to the account. */
  retrieveAccount(account: string): Promise<StripeAccount>;
  /** Returns the id of the new account. Throws `invalid_country` and `invalid_email`. */
  createAccount(request: CreateAccount): Promise<string>;
  /** A link to Stripe's onboarding of the account: for one visit, about ten minutes. */
  createOnboardingLink(account: string, urls: { returnUrl: string; refreshUrl: string }): Promise<StripeLink>;
  /** The address of the account's Express dashboard, signed in, for one visit. */
  createLoginLink(account: string): Promise<string>;
  /** The id of the account that the secret key itself belongs to (docs.stripe.com/api/accounts/retrieve). */
  retrievePlatformAccountId(): Promise<string>;
  retrieveCharge(account: string, chargeId: string): Promise<StripeCharge>;
  retrieveRefund(account: string, refundId: string): Promise<StripeRefund>;
  retrieveDispute(account: string, disputeId: string): Promise<StripeDispute>;
  listRefunds(account: string, paymentIntentId: string): Promise<StripeRefund[]>;
  /**
   * Throws `refund_too_large` where less than the amount is left to refund, `not_refundable` where Stripe no longer
   * refunds this payment, and `balance_insufficient` where the account cannot pay the refund.
   */
  createRefund(request: CreateRefund): Promise<StripeRefund>;
  /**
   * Registers a host on the account, so that pages of this host show wallets. Repeatable. Source:
   * docs.stripe.com/payments/payment-methods/pmd-registration. Returns why Stripe shows no wallets there all the same, in
   * Stripe's words; null if it shows them.
   */
  registerPaymentMethodDomain(account: string, domain: string): Promise<string | null>;
}
