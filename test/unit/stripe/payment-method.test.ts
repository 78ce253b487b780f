import { describe, expect, it } from 'vitest';
import { toPaymentMethod } from '../../../src/stripe/convert.ts';
import { methodDetails } from '../../stripe-simulator/resources/payment-methods.ts';

const paidWith = (details: object) => ({ payment_intent: { latest_charge: { payment_method_details: details } } });
const card = (over: object) => ({ type: 'card', card: { brand: 'visa', last4: '4242', wallet: null, ...over } });

describe('the payment method of a session', () => {
  it.each<[object, string | null, string | null]>([
    [card({}), 'Visa', '4242'],
    [card({ brand: 'amex', last4: '0005' }), 'American Express', '0005'],
    [card({ brand: 'cartes_bancaires' }), 'Cartes Bancaires', '4242'],
    [card({ wallet: { type: 'apple_pay', apple_pay: {}, dynamic_last4: '0042' } }), 'Apple Pay · Visa', '4242'],
    [card({ wallet: { type: 'link', dynamic_last4: null } }), 'Link · Visa', '4242'],
    [card({ brand: 'unknown' }), null, '4242'],
    [methodDetails({ type: 'bank' }, 100), 'SEPA Direct Debit', '3000'],
    [methodDetails({ type: 'ideal' }, 100), 'iDEAL', null],
    [methodDetails({ type: 'paypal' }, 100), 'PayPal', null],
    [methodDetails({ type: 'link' }, 100), 'Link', null],
    [{ type: 'us_bank_account', us_bank_account: { last4: '6789' } }, 'ACH Direct Debit', '6789'],
    [{ type: 'new_method' }, 'New Method', null],
  ])('is named as buyers know it: %j', (details, name, last4) => {
    expect(toPaymentMethod(paidWith(details))).toEqual({ name, last4 });
  });

  it.each([
    { payment_intent: null },
    { payment_intent: { latest_charge: null } },
    { payment_intent: { latest_charge: { payment_method_details: null } } },
    paidWith(card({ brand: 'unknown', last4: null })),
  ])('is null where nothing names it: %j', (session) => {
    expect(toPaymentMethod(session)).toBe(null);
  });

  it.each([{ payment_intent: 'pi_1' }, { payment_intent: { latest_charge: 'ch_1' } }, paidWith(card({ last4: 4242 }))])(
    'is refused in another shape: %j',
    (session) => {
      expect(() => toPaymentMethod(session)).toThrow('has not the shape');
    },
  );
});
