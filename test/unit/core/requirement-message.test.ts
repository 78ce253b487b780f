import { describe, expect, it } from 'vitest';
import { requirementMessage } from '../../../src/core/requirement-message.ts';

const messageOf = (what: string, more: object = {}) =>
  requirementMessage({ what, awaiting: 'merchant', dueAt: null, problem: null, ...more });

describe('what Stripe wants, in words', () => {
  it.each([
    ['identity.individual.documents.primary_verification', 'a photo of an identity or company document'],
    ['individual.verification.document', 'a photo of an identity or company document'],
    ['external_account', 'the bank account for your payouts'],
    ['configuration.merchant.support.phone', 'a phone number'],
    ['defaults.profile.business_url', 'the address of your website'],
    ['business_profile.url', 'the address of your website'],
    ['identity.individual.date_of_birth.day', 'a date of birth'],
    ['individual.dob.month', 'a date of birth'],
    ['identity.individual.address.postal_code', 'an address'],
    ['tos_acceptance.date', "your agreement to Stripe's terms"],
    ['identity.business_details.registered_name', 'the legal name of your company'],
    ['identity.entity_type', 'the legal form of your business'],
    ['individual.id_number', 'a personal identity number'],
  ])('names %s', (what, thing) => {
    expect(messageOf(what)).toBe(`Stripe needs ${thing} from you.`);
  });

  it('says the name that Stripe gave to what we do not know', () => {
    expect(messageOf('future.thing')).toBe('Stripe needs more information (future.thing) from you.');
  });

  it('says by when, why, and who acts', () => {
    const dueAt = Date.UTC(2026, 11, 5, 23, 59);
    const problem = 'The document is not readable.';
    expect(messageOf('external_account', { dueAt, problem })).toBe(
      'Stripe needs the bank account for your payouts from you by 5 December 2026. About what you sent, Stripe says: The document is not readable.',
    );
    expect(messageOf('external_account', { dueAt, awaiting: 'stripe' })).toBe(
      'Stripe is checking the bank account for your payouts. There is nothing you need to do.',
    );
  });
});
