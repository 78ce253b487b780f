import type Stripe from 'stripe';
import { NO_CAUSE } from '../announce.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import type { StoredAccount } from '../state.ts';
import { changeAccount } from './account-changes.ts';
import { BANK_ACCOUNT, DOCUMENT, requirements } from './account-requirements.ts';

const DUE_AFTER_SECONDS = 3 * 24 * 60 * 60;

/** What Stripe can decide about an account, when it is onboarded and later. */
export const OUTCOMES = [
  'ready',
  'document_needed',
  'requirement_due',
  'in_review',
  'in_review_without_charges',
  'payouts_held',
  'cards_not_granted',
  'rejected',
  'loses_cards',
  'regains_cards',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

interface Decision {
  cards: Stripe.Account.Capabilities.CardPayments;
  charges: boolean;
  payouts: boolean;
  requirements: Stripe.Account.Requirements;
}

const READY = { cards: 'active', charges: true, payouts: true } as const;
const OFF = { cards: 'inactive', charges: false, payouts: false } as const;

const EXPIRED_DOCUMENT = {
  code: 'verification_document_expired',
  reason: 'The document that was uploaded has expired. Upload one that is still valid.',
  requirement: DOCUMENT,
} as const;

/** The account's state after an outcome. `deadline`, seconds since 1970, is for what is needed by a date. */
function decide(outcome: Outcome, deadline: number): Decision {
  switch (outcome) {
    case 'ready':
    case 'regains_cards':
      return { ...READY, requirements: requirements() };
    case 'document_needed':
      return {
        ...OFF,
        requirements: requirements({ due: [DOCUMENT], deadline, disabledReason: 'requirements.past_due' }),
      };
    case 'requirement_due':
      return { ...READY, requirements: requirements({ due: [DOCUMENT], deadline }) };
    case 'in_review':
      return { ...READY, requirements: requirements({ pending: [DOCUMENT] }) };
    case 'in_review_without_charges':
      return {
        ...OFF,
        cards: 'pending',
        requirements: requirements({ pending: [DOCUMENT], disabledReason: 'requirements.pending_verification' }),
      };
    case 'payouts_held':
      return {
        ...READY,
        payouts: false,
        requirements: requirements({ pastDue: [BANK_ACCOUNT], disabledReason: 'requirements.past_due' }),
      };
    case 'cards_not_granted':
      // With another capability that takes payments, charges stay enabled.
      return { ...READY, cards: 'inactive', requirements: requirements() };
    case 'rejected':
      return { ...OFF, requirements: requirements({ disabledReason: 'rejected.other' }) };
    case 'loses_cards':
      return { ...OFF, payouts: true, requirements: pastDue([DOCUMENT], [EXPIRED_DOCUMENT]) };
  }
}

function pastDue(names: string[], errors: Stripe.Account.Requirements.Error[] = []): Stripe.Account.Requirements {
  return requirements({ pastDue: names, errors, disabledReason: 'requirements.past_due' });
}

/**
 * Gives an account the state of an outcome, as if its details had been submitted, and sends the events. `dueAt`, seconds
 * since 1970, is for `document_needed` and `requirement_due`: three days ahead by default.
 */
export function applyOutcome(simulation: Simulation, account: StoredAccount, outcome: Outcome, dueAt?: number): void {
  const decision = decide(outcome, dueAt ?? nowSeconds(simulation) + DUE_AFTER_SECONDS);
  changeAccount(simulation, account, NO_CAUSE, (object) => {
    object.details_submitted = true;
    object.charges_enabled = decision.charges;
    object.payouts_enabled = decision.payouts;
    object.requirements = decision.requirements;
    setRequestedCapabilities(object, decision.cards);
  });
}

/** Lets what was needed by a date that has come be past due: the account cannot charge any more. */
export function passDeadlines(simulation: Simulation): void {
  for (const account of simulation.state.accounts.values()) {
    const deadline = account.object.requirements?.current_deadline ?? null;
    if (!account.connected || deadline === null || deadline > nowSeconds(simulation)) continue;
    changeAccount(simulation, account, NO_CAUSE, (object) => {
      object.charges_enabled = false;
      object.requirements = pastDue(object.requirements?.currently_due ?? []);
      setRequestedCapabilities(object, 'inactive');
    });
  }
}

function setRequestedCapabilities(object: Stripe.Account, status: Decision['cards']): void {
  object.capabilities = Object.fromEntries(Object.keys(object.capabilities ?? {}).map((name) => [name, status]));
}
