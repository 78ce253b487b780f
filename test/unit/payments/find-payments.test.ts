import { describe, expect, it } from 'vitest';
import { paymentSearchesOf } from '../../../src/domain/payments/find-payments.ts';

describe('What a text in the search field of payments can mean', () => {
  it.each([
    ['the whole number of a payment, or a reference of digits', '3734912345678', [{ id: 3734912345678 }]],
    ['the number in groups, as a receipt shows it', ' 3734 9123\u00a04567 8', [{ id: 3734912345678 }]],
    ['a short number', '1042', [{ id: 1042 }]],
    ['an address', 'Ann@Example.com', [{ customerEmail: 'Ann@Example.com' }]],
    ['an address of an international domain', 'ann@münchen.de', [{ customerEmail: 'ann@xn--mnchen-3ya.de' }]],
    ['a number that is too large for an id', '9007199254740993', []],
    ['a number that begins with 0', '0042', []],
    ['digits with a sign', '-42', []],
    ['a fraction', '1.5', []],
    ['a word', 'order-1042', []],
    ['half an address', 'ann@', []],
    ['an address in a sentence', 'of ann@example.com', []],
  ])('%s: %j', (_, typed, before) => {
    expect(paymentSearchesOf(typed)).toEqual([...before, { reference: typed.trim() }]);
  });
});
