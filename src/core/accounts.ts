/** What Stripe says of the capability to take cards (docs.stripe.com/api/v2/core/accounts/object). */
export const CARD_STATES = ['active', 'pending', 'restricted', 'rejected', 'unsupported'] as const;
export type CardState = (typeof CARD_STATES)[number];

/** Which dashboard of Stripe's the owner of an account has. */
export const DASHBOARDS = ['express', 'full', 'none'] as const;
export type Dashboard = (typeof DASHBOARDS)[number];

/** Something that Stripe wants to know, now or by `dueAt`. */
export interface AccountRequirement {
  /** Stripe's name of it, such as `identity.individual.documents.primary_verification`. */
  readonly what: string;
  /** Who acts next: the owner of the account, or Stripe, which looks at what was sent. */
  readonly awaiting: 'merchant' | 'stripe';
  /** Unix ms; null: Stripe names no time. */
  readonly dueAt: number | null;
  /** Why Stripe does not accept what was sent, in Stripe's words for people; null: it has not said. */
  readonly problem: string | null;
}
