import type { AccountRequirement, CardState, Dashboard } from './accounts.ts';

/**
 * What a workspace's account can do. `none`: no account was ever connected. `started`: the merchant has not finished
 * Stripe's onboarding. `payouts_held`: it takes payments, but Stripe pays nothing out. `action_needed`: it takes no
 * payments until the merchant answers Stripe. `in_review`: until Stripe has looked at what was sent. `restricted`: Stripe
 * does not say what it waits for.
 */
export const ACCOUNT_STATES = [
  'none',
  'disconnected',
  'rejected',
  'started',
  'payouts_held',
  'ready',
  'action_needed',
  'in_review',
  'restricted',
] as const;

export type AccountState = (typeof ACCOUNT_STATES)[number];

/** What Stripe says about an account, as it is stored. */
export interface AccountFacts {
  readonly chargesEnabled: boolean;
  readonly detailsSubmitted: boolean;
  /** null: not read from Stripe yet. */
  readonly payoutsEnabled: boolean | null;
  readonly cards: CardState | null;
  readonly country: string | null;
  readonly dashboard: Dashboard | null;
  readonly requirements: readonly AccountRequirement[];
}

/** The members of an account's row that Stripe's answer decides. */
export function factsOf(account: AccountFacts): AccountFacts {
  const { chargesEnabled, detailsSubmitted, payoutsEnabled, cards, country, dashboard, requirements } = account;
  return { chargesEnabled, detailsSubmitted, payoutsEnabled, cards, country, dashboard, requirements };
}

type JudgedAccount = Omit<AccountFacts, 'country' | 'dashboard'> & { readonly disconnectedAt: number | null };

/** The state of an account: the first that holds. `account` null: none was ever connected. */
export function accountState(account: JudgedAccount | null): AccountState {
  if (!account) return 'none';
  if (account.disconnectedAt !== null) return 'disconnected';
  if (account.cards === 'rejected') return 'rejected';
  if (!account.detailsSubmitted) return 'started';
  if (mayCharge(account)) return account.payoutsEnabled === false ? 'payouts_held' : 'ready';
  if (owesAnswer(account)) return 'action_needed';
  const isLookedAt = account.cards === 'pending' || account.requirements.some(({ awaiting }) => awaiting === 'stripe');
  return isLookedAt ? 'in_review' : 'restricted';
}

/** True for an account that can take payments now. */
export function canCharge(account: JudgedAccount | null): boolean {
  const state = accountState(account);
  return state === 'ready' || state === 'payouts_held';
}

/** True if Stripe pays out what the account has taken. An account that was not read yet counts by what it may charge. */
export function paysOut({ payoutsEnabled, chargesEnabled }: AccountFacts): boolean {
  return payoutsEnabled ?? chargesEnabled;
}

/** True if Stripe waits for something from the merchant. */
export function owesAnswer({ requirements }: Pick<AccountFacts, 'requirements'>): boolean {
  return requirements.some(({ awaiting }) => awaiting === 'merchant');
}

/**
 * True for an account that was disconnected here, by the merchant or an operator: only they connect it again. One that
 * Stripe took from us is asked for at Stripe every day instead.
 */
export function wasDisconnectedHere(account: {
  readonly disconnectedAt: number | null;
  readonly nextStripeEventsReadAt: number | null;
}): boolean {
  return account.disconnectedAt !== null && account.nextStripeEventsReadAt === null;
}

/** True for an account whose access was taken away at Stripe, not here: its merchant can only connect a new one. */
export function wasTakenAway(account: Parameters<typeof wasDisconnectedHere>[0] | null): boolean {
  return account !== null && account.disconnectedAt !== null && !wasDisconnectedHere(account);
}

/** An account whose capability to take cards was not requested may charge by other methods. */
function mayCharge({ chargesEnabled, cards }: JudgedAccount): boolean {
  return chargesEnabled && (cards === null || cards === 'active');
}
