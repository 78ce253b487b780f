import { type AccountState, accountState, owesAnswer } from '../../core/account-state.ts';
import { requirementMessage } from '../../core/requirement-message.ts';
import type { ReturnedAccount } from '../../domain/accounts/returned-account.ts';
import type { IconName } from '../buyer/page-parts.tsx';

/** What a page says. */
export interface ConnectText {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly icon: IconName;
  readonly isGood?: boolean;
  /** What Stripe wants or checks, a sentence each. */
  readonly needs?: readonly string[];
  /** A paragraph below them. */
  readonly closing?: string | null;
}

/** How an account stands, as the page after Stripe's onboarding shows it. */
export interface ShownState extends ConnectText {
  /** The state, or `asking` while Stripe does not answer. */
  readonly status: AccountState | 'asking';
  /** True: asking Stripe again soon can change nothing. */
  readonly isFinal: boolean;
}

const GO_ON = 'To go on at Stripe, ask whoever sent you there for a new link.';
const ANSWER = 'To give it to Stripe, ask whoever sent you there for a new link.';

const STATES: Readonly<Record<AccountState | 'asking', ConnectText>> = {
  asking: {
    title: 'We are waiting for Stripe',
    paragraphs: ['We cannot say how your account stands. Nothing that you entered at Stripe is lost.'],
    icon: 'clock',
  },
  ready: {
    title: 'You are ready to take payments',
    paragraphs: ['Stripe takes payments for you and pays them out. You can close this page.'],
    icon: 'tick',
    isGood: true,
  },
  payouts_held: {
    title: 'You can take payments, but payouts are on hold',
    paragraphs: ['Stripe keeps the money for you, and does not pay it out to your bank yet.'],
    icon: 'pause',
  },
  started: {
    title: 'You are not finished yet',
    paragraphs: [
      'Stripe does not have all your details, so you cannot take payments. What you have entered is kept there.',
    ],
    icon: 'back',
  },
  action_needed: {
    title: 'Stripe needs something more from you',
    paragraphs: ['You can take payments once Stripe has it.'],
    icon: 'alert',
  },
  in_review: {
    title: 'Stripe is checking your details',
    paragraphs: ['You can take payments once Stripe has finished. You need not wait here.'],
    icon: 'clock',
  },
  restricted: {
    title: 'Stripe does not let you take payments yet',
    paragraphs: ['It does not say what it waits for. Your dashboard at Stripe says more, or Stripe’s support.'],
    icon: 'alert',
  },
  rejected: {
    title: 'Stripe has refused this account',
    paragraphs: [
      'It cannot take payments. Stripe’s support can say why.',
      'Whoever sent you to Stripe can start over with a new account.',
    ],
    icon: 'alert',
  },
  disconnected: {
    title: 'This account is not connected',
    paragraphs: ['It takes no payments here. Ask whoever sent you to Stripe.'],
    icon: 'pause',
  },
  none: {
    title: 'No account is connected',
    paragraphs: ['Ask whoever sent you to Stripe for a new link.'],
    icon: 'search',
  },
};

const FINAL: readonly string[] = ['ready', 'rejected', 'disconnected', 'none'];
/** What an unfinished onboarding lacks, its owner reads at Stripe. An account that is over needs nothing. */
const WITH_NEEDS: readonly string[] = ['ready', 'payouts_held', 'action_needed', 'in_review', 'restricted'];

/** What the page after Stripe's onboarding says about an account. It names neither the account nor its owner. */
export function shownState({ account, isConfirmed }: ReturnedAccount): ShownState {
  const status = isConfirmed ? accountState(account) : 'asking';
  const requirements = account && WITH_NEEDS.includes(status) ? account.requirements : [];
  // What Stripe writes about a document may name its owner. Stripe's own pages show it.
  const messages = requirements.map((requirement) => requirementMessage({ ...requirement, problem: null }));
  const closing = status === 'started' ? GO_ON : owesAnswer({ requirements }) ? ANSWER : null;
  return {
    ...STATES[status],
    status,
    needs: [...new Set(messages)],
    closing,
    isFinal: FINAL.includes(status),
  };
}

/** For a link to Stripe that was used before or has run out. */
export const LINK_EXPIRED: ConnectText = {
  title: 'This link no longer works',
  paragraphs: [
    'A link to Stripe works once, and for about ten minutes. What you have entered at Stripe is kept.',
    'Ask whoever sent you the link for a new one. For your safety, only they can make it.',
  ],
  icon: 'clock',
};

/** For an address that is not ours, or not any more. */
export const UNKNOWN: ConnectText = {
  title: 'This page cannot be opened any more',
  paragraphs: [
    'Its address is not complete, or too old. What you have entered at Stripe is kept.',
    'Ask whoever sent you to Stripe for a new link.',
  ],
  icon: 'search',
};

/** For a failure on our side. */
export const UNAVAILABLE: ConnectText = {
  title: 'We cannot look right now',
  paragraphs: ['Nothing that you entered at Stripe is lost. Please try again in a minute.'],
  icon: 'alert',
};
