import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import { minorToDecimal } from '../../../src/core/money/money.ts';
import type { RequestedAmount } from '../../../src/core/money/requested-amount.ts';
import { decideLinkPrice, type LinkPrice } from '../../../src/domain/links/link-price.ts';

/** The money members of a body, by the names that callers use. */
interface Money {
  readonly amount_cents?: unknown;
  readonly amount?: unknown;
  readonly amount_editable?: boolean | null | undefined;
  readonly min_amount_cents?: unknown;
  readonly min_amount?: unknown;
  readonly minAmount?: unknown;
  readonly suggested_amounts_cents?: readonly unknown[] | null | undefined;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/** The first member that is given counts; null where one was cleared, undefined where none was sent. */
function amountOf(input: Money, fields: readonly (keyof Money)[]): RequestedAmount | null | undefined {
  const field = fields.find((name) => input[name] !== undefined && input[name] !== null);
  if (field === undefined) return fields.some((name) => input[name] === null) ? null : undefined;
  return { field, unit: field === fields[0] ? 'minor' : 'major', value: numberOf(input[field]) };
}

function decidePrice(input: Money, currency: string | null, present: LinkPrice | null) {
  const price = {
    amount: amountOf(input, ['amount_cents', 'amount']),
    editable: input.amount_editable,
    minimum: amountOf(input, ['min_amount_cents', 'min_amount', 'minAmount']),
    suggested:
      input.suggested_amounts_cents === null
        ? null
        : input.suggested_amounts_cents?.map((value, index) => ({
            field: `suggested_amounts_cents.${index}`,
            unit: 'minor' as const,
            value: numberOf(value),
          })),
  };
  return decideLinkPrice(price, currency, present);
}

const fixed = (amountMinor: number): LinkPrice => ({ amountMinor, minAmountMinor: null, suggestedAmountsMinor: null });
const open = (minAmountMinor: number | null = null, suggestedAmountsMinor: number[] | null = null): LinkPrice => ({
  amountMinor: null,
  minAmountMinor,
  suggestedAmountsMinor,
});

/** The members that a decision refuses, or the price that it makes. */
function decide(input: Money, present: LinkPrice | null = null, currency: string | null = 'GBP') {
  const decided = decidePrice(input, currency, present);
  if (decided.ok) return decided.price;
  for (const { code } of decided.faults) expect(code).toBe('validation_failed');
  return decided.faults.map(({ field }) => (field === 'amountMinor' ? 'amount_cents' : field));
}

describe('the price of a new link', () => {
  const cases: [Money, LinkPrice | string[]][] = [
    [{}, ['amount_cents']],
    [{ amount_cents: null, amount: null }, ['amount_cents']],
    [{ amount_cents: 5000 }, fixed(5000)],
    [{ amount: 50 }, fixed(5000)],
    [{ amount_cents: 5000, amount_editable: false }, fixed(5000)],
    [{ amount_cents: 5000, amount_editable: null }, fixed(5000)],
    [{ amount_cents: 5000, amount_editable: true }, ['amount_cents']],
    [{ amount: 50, amount_editable: true }, ['amount']],
    [{ amount_cents: 5000, min_amount_cents: 100 }, fixed(5000)],
    [{ amount_cents: 5000, min_amount_cents: 'x', min_amount: -1, minAmount: [] }, fixed(5000)],
    [{ amount_cents: 5000, suggested_amounts_cents: [100] }, fixed(5000)],
    [{ amount_cents: 5000, min_amount_cents: 100, amount_editable: true }, ['amount_cents']],
    [{ amount_editable: true }, open()],
    [{ amount_editable: true, min_amount_cents: 500 }, open(500)],
    [{ amount_editable: true, min_amount: 5 }, open(500)],
    [{ amount_editable: true, min_amount_cents: null }, open()],
    [{ min_amount_cents: 500 }, open(500)],
    [{ minAmount: 5 }, open(500)],
    [{ amount_editable: false }, ['amount_cents']],
    [{ amount_editable: false, min_amount_cents: 500 }, ['amount_cents']],
    [{ amount_editable: false, min_amount_cents: 0 }, ['min_amount_cents', 'amount_cents']],
    [{ min_amount_cents: 0 }, ['min_amount_cents']],
    [{ suggested_amounts_cents: [100] }, ['amount_cents']],
    [{ amount_editable: true, suggested_amounts_cents: [] }, open()],
    [{ amount_editable: true, suggested_amounts_cents: null }, open()],
    [{ amount_editable: true, suggested_amounts_cents: [200, 100] }, open(null, [200, 100])],
    [{ min_amount_cents: 500, suggested_amounts_cents: [500, 501] }, open(500, [500, 501])],
    [
      { min_amount_cents: 500, suggested_amounts_cents: [500, 499, 1] },
      ['suggested_amounts_cents.1', 'suggested_amounts_cents.2'],
    ],
    [
      { amount_editable: true, suggested_amounts_cents: [29, '100', null, 100.5] },
      [0, 1, 2, 3].map((index) => `suggested_amounts_cents.${index}`),
    ],
  ];
  it.each(cases)('of %j is %j', (input, expected) => {
    expect(decide(input)).toEqual(expected);
  });
});

describe('the price of a link that is changed', () => {
  const FIXED = fixed(5000);
  const OPEN = open(500, [1000, 2000]);
  const cases: [string, LinkPrice, Money, LinkPrice | string[]][] = [
    ['fixed', FIXED, {}, FIXED],
    ['fixed', FIXED, { amount_cents: 7500 }, fixed(7500)],
    ['fixed', FIXED, { amount: 75 }, fixed(7500)],
    ['fixed', FIXED, { amount: 75, amount_editable: false }, fixed(7500)],
    ['fixed', FIXED, { amount: 75, amount_editable: true }, ['amount']],
    ['fixed', FIXED, { amount_editable: false }, FIXED],
    ['fixed', FIXED, { amount_editable: true }, open()],
    ['fixed', FIXED, { amount_editable: true, min_amount_cents: 300 }, open(300)],
    ['fixed', FIXED, { min_amount_cents: 300 }, FIXED],
    ['fixed', FIXED, { min_amount_cents: null }, FIXED],
    ['fixed', FIXED, { suggested_amounts_cents: [300] }, FIXED],
    ['fixed', FIXED, { amount_cents: null }, ['amount_cents']],
    ['fixed', FIXED, { amount: null }, ['amount_cents']],
    ['fixed', FIXED, { amount_cents: null, amount_editable: false }, ['amount_cents']],
    ['fixed', FIXED, { amount_cents: null, amount_editable: true }, open()],
    ['fixed', FIXED, { amount_cents: null, min_amount: 3 }, open(300)],
    ['open', OPEN, {}, OPEN],
    ['open', OPEN, { amount_cents: 7500 }, ['amount_cents']],
    ['open', OPEN, { amount: 75 }, ['amount']],
    ['open', OPEN, { amount: 75, amount_editable: true }, ['amount']],
    ['open', OPEN, { amount: 75, amount_editable: false }, fixed(7500)],
    ['open', OPEN, { amount_editable: false }, ['amount_cents']],
    ['open', OPEN, { amount_editable: false, min_amount_cents: 300 }, ['amount_cents']],
    ['open', OPEN, { amount_editable: true }, OPEN],
    ['open', OPEN, { amount_cents: null }, OPEN],
    ['open', OPEN, { min_amount_cents: 700 }, open(700, [1000, 2000])],
    ['open', OPEN, { min_amount_cents: null }, open(null, [1000, 2000])],
    ['open', OPEN, { min_amount: null }, open(null, [1000, 2000])],
    ['open', OPEN, { minAmount: null }, open(null, [1000, 2000])],
    ['open', OPEN, { minAmount: 10 }, open(1000, [1000, 2000])],
    ['open', OPEN, { minAmount: 10.01 }, ['minAmount']],
    ['open', OPEN, { min_amount_cents: 1500 }, ['min_amount_cents']],
    ['open', OPEN, { min_amount_cents: 1500, suggested_amounts_cents: [2000] }, open(1500, [2000])],
    ['open', OPEN, { min_amount_cents: 1500, suggested_amounts_cents: [1000] }, ['suggested_amounts_cents.0']],
    ['open', OPEN, { min_amount_cents: 1500, suggested_amounts_cents: null }, open(1500)],
    ['open', OPEN, { suggested_amounts_cents: null }, open(500)],
    ['open', OPEN, { suggested_amounts_cents: [] }, open(500)],
    ['open', OPEN, { suggested_amounts_cents: [499] }, ['suggested_amounts_cents.0']],
    ['open', OPEN, { min_amount_cents: 29 }, ['min_amount_cents']],
  ];
  it.each(cases)('%s, %j by %j is %j', (_, present, input, expected) => {
    expect(decide(input, present)).toEqual(expected);
  });

  it('is a price and nothing else of the link', () => {
    const link = { ...FIXED, title: 'Studio deposit', active: true };
    expect(decide({}, link)).toEqual(FIXED);
  });
});

describe('an amount', () => {
  const codes = Object.entries(CURRENCIES);
  const smallest = ([, { minimumMinor, multipleOf }]: (typeof codes)[number]) =>
    Math.ceil(minimumMinor / multipleOf) * multipleOf;

  it('is judged by the rules of its currency, whichever member carries it', () => {
    expect(codes.length).toBeGreaterThan(100);
    for (const entry of codes) {
      const [currency, { multipleOf, maximumMinor }] = entry;
      const least = smallest(entry);
      const inMajor = Number(minorToDecimal(least, currency));
      expect(decide({ amount_cents: least }, null, currency)).toEqual(fixed(least));
      expect(decide({ amount: inMajor }, null, currency)).toEqual(fixed(least));
      expect(decide({ min_amount_cents: least }, null, currency)).toEqual(open(least));
      expect(decide({ min_amount: inMajor }, null, currency)).toEqual(open(least));
      expect(decide({ minAmount: inMajor }, null, currency)).toEqual(open(least));
      const tooSmall = least - multipleOf;
      const wrong = [tooSmall, ...(multipleOf > 1 ? [least + 1] : []), 0, -least, maximumMinor + 1, 2 ** 53 + 1];
      for (const amount of wrong) {
        expect([currency, amount, decide({ amount_cents: amount }, null, currency)]).toEqual([
          currency,
          amount,
          ['amount_cents'],
        ]);
        expect(decide({ min_amount_cents: amount }, null, currency)).toEqual(['min_amount_cents']);
      }
    }
  });

  it.each([
    ['GBP', 19.99, 1999],
    ['GBP', 1.15, 115],
    ['GBP', 8.2, 820],
    ['GBP', 4.35, 435],
    ['GBP', 1.005, null],
    ['GBP', 999_999.99, 99_999_999],
    ['GBP', 1_000_000, null],
    ['JPY', 100, 100],
    ['JPY', 49.99, null],
    ['JPY', 49, null],
    ['KWD', 1.23, 1230],
    ['KWD', 1.234, null],
    ['ISK', 100, 10_000],
    ['ISK', 100.5, null],
    ['UGX', 5000, 500_000],
    ['HUF', 175, 17_500],
    ['HUF', 174.99, null],
  ])('of %s %d is %j in minor units', (currency, major, minor) => {
    expect(decide({ amount: major }, null, currency)).toEqual(minor === null ? ['amount'] : fixed(minor));
    expect(decide({ minAmount: major }, null, currency)).toEqual(minor === null ? ['minAmount'] : open(minor));
  });

  const noAmounts = [
    0,
    -1,
    -0,
    1.5,
    1e21,
    2 ** 53 + 1,
    Number.POSITIVE_INFINITY,
    '5000',
    '',
    true,
    false,
    [],
    [5000],
    {},
  ];
  it.each(noAmounts)('is not %j, in any currency, in none, and for any link', (value) => {
    for (const currency of ['GBP', 'JPY', 'KWD', null]) {
      expect(decide({ amount_cents: value }, null, currency)).toEqual(['amount_cents']);
      expect(decide({ min_amount_cents: value }, null, currency)).toEqual(['min_amount_cents']);
    }
    const suggested = { amount_editable: true, suggested_amounts_cents: [100, value] };
    expect(decide(suggested)).toEqual(['suggested_amounts_cents.1']);
  });

  it('without a currency is only judged by what needs none', () => {
    for (const input of [{ amount: 0.001 }, { amount_cents: 1 }, { minAmount: 0.001 }, { amount_editable: true }]) {
      expect(decidePrice(input, null, null)).toEqual({ ok: false, faults: [] });
    }
    expect(decide({}, null, null)).toEqual(['amount_cents']);
    expect(decide({ amount: 50, amount_editable: true }, null, null)).toEqual(['amount']);
  });
});

describe('whatever a body says', () => {
  const amount = fc.option(fc.oneof(fc.integer({ min: -10, max: 10_000 }), fc.double(), fc.string(), fc.jsonValue()), {
    nil: undefined,
  });
  const input: fc.Arbitrary<Money> = fc.record({
    amount_cents: amount,
    amount: amount,
    min_amount_cents: amount,
    min_amount: amount,
    minAmount: amount,
    amount_editable: fc.constantFrom(true, false, null, undefined),
    suggested_amounts_cents: fc.option(fc.array(amount, { maxLength: 6 }), { nil: undefined }),
  });
  const present = fc.constantFrom(null, fixed(5000), open(), open(500), open(500, [1000, 2000]));

  it('a link is either fixed, without minimum and suggestions, or open, with every suggestion at its minimum or above', () => {
    fc.assert(
      fc.property(input, present, fc.constantFrom('GBP', 'JPY', 'KWD'), (sent, link, currency) => {
        const decided = decidePrice(sent, currency, link);
        if (!decided.ok) {
          expect(decided.faults.length).toBeGreaterThan(0);
          return;
        }
        const { amountMinor, minAmountMinor, suggestedAmountsMinor } = decided.price;
        if (amountMinor !== null) {
          expect(Number.isInteger(amountMinor) && amountMinor > 0).toBe(true);
          expect([minAmountMinor, suggestedAmountsMinor]).toEqual([null, null]);
        }
        for (const suggested of suggestedAmountsMinor ?? []) {
          expect(suggested).toBeGreaterThanOrEqual(minAmountMinor ?? 1);
        }
      }),
    );
  });

  it('what is wrong in every currency is wrong in this one', () => {
    fc.assert(
      fc.property(input, fc.constantFrom(null, open(), open(500)), (sent, link) => {
        const inAny = decidePrice(sent, null, link);
        if (!inAny.ok && inAny.faults.length > 0) expect(decidePrice(sent, 'GBP', link).ok).toBe(false);
      }),
    );
  });
});
