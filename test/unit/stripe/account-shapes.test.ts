import { describe, expect, it } from 'vitest';
import { toAccount } from '../../../src/stripe/account-shapes.ts';

const V1 = {
  id: 'acct_1',
  country: 'gb',
  charges_enabled: true,
  payouts_enabled: false,
  details_submitted: true,
  type: 'standard',
  capabilities: { card_payments: 'active' },
};
const entry = (description: string, status: string, more: object = {}) => ({
  description,
  awaiting_action_from: 'user',
  errors: [],
  minimum_deadline: { status },
  ...more,
});
const v2 = (more: object = {}) => ({
  dashboard: 'express',
  configuration: { merchant: { capabilities: { card_payments: { status: 'pending' } } } },
  ...more,
});

describe('an account of Stripe', () => {
  it('has what only v1 says and what only v2 says', () => {
    expect(toAccount(V1, v2())).toEqual({
      id: 'acct_1',
      country: 'GB',
      chargesEnabled: true,
      payoutsEnabled: false,
      detailsSubmitted: true,
      cards: 'pending',
      dashboard: 'express',
      requirements: [],
    });
  });

  it('has the time of the summary on the requirements that are as strict, and none that is due one day', () => {
    const requirements = {
      summary: { minimum_deadline: { status: 'past_due', time: '2026-12-05T10:00:00.000Z' } },
      entries: [
        entry('a', 'past_due', { errors: [{ code: 'x', description: 'Not readable.' }] }),
        entry('b', 'currently_due', { awaiting_action_from: 'stripe' }),
        entry('c', 'eventually_due'),
      ],
    };
    expect(toAccount(V1, v2({ requirements })).requirements).toEqual([
      { what: 'a', awaiting: 'merchant', dueAt: Date.UTC(2026, 11, 5, 10), problem: 'Not readable.' },
      { what: 'b', awaiting: 'stripe', dueAt: null, problem: null },
    ]);
  });

  it('may not charge by a status that Stripe adds one day', () => {
    const configuration = { merchant: { capabilities: { card_payments: { status: 'paused' } } } };
    expect(toAccount(V1, v2({ configuration })).cards).toBe('restricted');
    expect(toAccount(V1, v2({ configuration: { merchant: null } })).cards).toBeNull();
  });

  it('is read from v1 alone where v2 does not have it', () => {
    const requirements = {
      current_deadline: 1_796_000_000,
      currently_due: ['external_account', 'tos_acceptance.date'],
      past_due: ['external_account'],
      pending_verification: ['individual.verification.document'],
      disabled_reason: null,
    };
    expect(toAccount({ ...V1, capabilities: { card_payments: 'inactive' }, requirements }, null)).toMatchObject({
      cards: 'restricted',
      dashboard: 'full',
      requirements: [
        { what: 'external_account', awaiting: 'merchant', dueAt: 1_796_000_000_000 },
        { what: 'individual.verification.document', awaiting: 'stripe', dueAt: null },
        { what: 'tos_acceptance.date', awaiting: 'merchant', dueAt: 1_796_000_000_000 },
      ],
    });
    const rejected = { ...V1, requirements: { disabled_reason: 'rejected.fraud' } };
    expect(toAccount(rejected, null)).toMatchObject({ cards: 'rejected', requirements: [] });
    expect(toAccount({ ...V1, capabilities: null }, null)).toMatchObject({ cards: null });
  });

  it('is the same whatever order Stripe lists its requirements in, and rejected also where v2 knows of no cards', () => {
    const entries = [entry('b', 'past_due'), entry('a', 'past_due')];
    const [one, other] = [entries, entries.toReversed()].map((listed) => v2({ requirements: { entries: listed } }));
    expect(toAccount(V1, one)).toEqual(toAccount(V1, other));
    const rejected = { ...V1, requirements: { disabled_reason: 'rejected.terms_of_service' } };
    expect(toAccount(rejected, v2({ configuration: null }))).toMatchObject({ cards: 'rejected' });
  });

  it('is refused without its members', () => {
    expect(() => toAccount({ id: 'acct_1' }, null)).toThrow('charges_enabled');
  });
});
