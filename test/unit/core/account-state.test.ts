import { describe, expect, it } from 'vitest';
import { accountState, canCharge, owesAnswer } from '../../../src/core/account-state.ts';
import type { AccountRequirement } from '../../../src/core/accounts.ts';

const OWED: AccountRequirement = { what: 'external_account', awaiting: 'merchant', dueAt: null, problem: null };
const CHECKED: AccountRequirement = { ...OWED, awaiting: 'stripe' };

const READY = {
  chargesEnabled: true,
  detailsSubmitted: true,
  payoutsEnabled: true,
  cards: 'active',
  requirements: [],
  disconnectedAt: null,
} as const;

type Account = Parameters<typeof accountState>[0];

describe('the state of an account', () => {
  it.each([
    ['none', false, null],
    ['ready', true, READY],
    ['ready', true, { ...READY, requirements: [OWED, CHECKED] }],
    // Never asked for cards: it charges by other methods, as accounts did before capabilities.
    ['ready', true, { ...READY, cards: null }],
    // Connected before payouts were read.
    ['ready', true, { ...READY, payoutsEnabled: null }],
    ['payouts_held', true, { ...READY, payoutsEnabled: false, requirements: [OWED] }],
    ['started', false, { ...READY, detailsSubmitted: false }],
    ['action_needed', false, { ...READY, chargesEnabled: false, requirements: [CHECKED, OWED] }],
    ['action_needed', false, { ...READY, cards: 'restricted', requirements: [OWED] }],
    ['in_review', false, { ...READY, chargesEnabled: false, requirements: [CHECKED] }],
    ['in_review', false, { ...READY, cards: 'pending' }],
    ['restricted', false, { ...READY, cards: 'restricted' }],
    ['restricted', false, { ...READY, cards: 'unsupported' }],
    ['restricted', false, { ...READY, chargesEnabled: false }],
    ['rejected', false, { ...READY, cards: 'rejected', detailsSubmitted: false }],
    ['disconnected', false, { ...READY, disconnectedAt: 1, cards: 'rejected' }],
  ] as [string, boolean, Account][])('is %s, and charging %s', (state, charges, account) => {
    expect([accountState(account), canCharge(account)]).toEqual([state, charges]);
  });

  it('owes an answer only where the merchant has to act', () => {
    expect([owesAnswer({ requirements: [CHECKED] }), owesAnswer({ requirements: [CHECKED, OWED] })]).toEqual([
      false,
      true,
    ]);
  });
});
