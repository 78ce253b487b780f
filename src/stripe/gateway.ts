/** A Checkout session as far as we use it. Amounts are integer minor units, times unix milliseconds. */
export interface StripeCheckoutSession {
  readonly id: string;
  readonly url: string | null;
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
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Written on the session and on the payment intent: Stripe does not copy it by itself. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: number;
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
  retrieveAccount(account: string): Promise<StripeAccount>;
  listRefunds(account: string, paymentIntentId: string): Promise<StripeRefund[]>;
}
