import type { AccountRequirement, CardState, Dashboard } from '../core/accounts.ts';

/** A connected account, as Stripe has it now. */
export interface StripeAccount {
  readonly id: string;
  /** ISO 3166-1 alpha-2, in upper case. null: Stripe does not say. */
  readonly country: string | null;
  readonly chargesEnabled: boolean;
  readonly payoutsEnabled: boolean;
  readonly detailsSubmitted: boolean;
  /** null: the capability was not requested, so `chargesEnabled` alone decides. */
  readonly cards: CardState | null;
  readonly dashboard: Dashboard | null;
  readonly requirements: readonly AccountRequirement[];
}

/** The request for an account that Stripe onboards. */
export interface CreateAccount {
  /** Stripe's idempotency key. The same key with the same request always gives the same account. */
  readonly idempotencyKey: string;
  readonly workspaceId: string;
  /** ISO 3166-1 alpha-2, in upper case. It can never be changed. */
  readonly country: string;
  readonly email: string;
  /** The name of the business: an account without one cannot use Checkout. */
  readonly name: string;
  readonly website: string | null;
  readonly dashboard: Exclude<Dashboard, 'none'>;
}

/** A page of Stripe's for the owner of an account, for one visit. */
export interface StripeLink {
  readonly url: string;
  /** Unix ms. */
  readonly expiresAt: number;
}
