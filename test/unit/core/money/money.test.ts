import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from '../../../../src/core/money/currencies.ts';
import {
  amountRuleFault,
  formatMoney,
  MAX_AMOUNT_MINOR,
  majorToMinor,
  minorToDecimal,
  parseCurrency,
  resolveAmount,
} from '../../../../src/core/money/money.ts';

const codes = Object.keys(CURRENCIES);
const anyCurrency = fc.constantFrom(...codes);
const anyAmount = fc.integer({ min: 1, max: MAX_AMOUNT_MINOR });

describe('parseCurrency', () => {
  it.each(['gbp', 'GBP', 'gBp'])('reads %s as GBP', (text) => {
    expect(parseCurrency(text)).toBe('GBP');
  });

  it.each([
    'GB',
    'GBPP',
    'GBP ',
    ' GBP',
    'GBP\n',
    'ＧＢＰ',
    'zzz',
    'ıSK',
    '',
    '826',
    null,
    undefined,
    826,
    true,
    ['GBP'],
  ])('refuses %j', (value) => {
    expect(parseCurrency(value)).toBeNull();
  });

  it('accepts every currency of the table in lower case', () => {
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.map((code) => parseCurrency(code.toLowerCase()))).toEqual(codes);
  });
});

describe('majorToMinor', () => {
  it.each([
    [19.99, 'GBP', 1999],
    [1.15, 'GBP', 115],
    [8.2, 'GBP', 820],
    [4.35, 'GBP', 435],
    [49.99, 'GBP', 4999],
    [0.01, 'USD', 1],
    [999_999.99, 'USD', 99_999_999],
    [100, 'JPY', 100],
    [1.23, 'KWD', 1230],
    [1.234, 'KWD', 1234],
    [100, 'ISK', 10_000],
    [2 ** 53, 'JPY', null],
    [123_456_789_012.5, 'USD', 12_345_678_901_250],
  ])('%d %s is %j', (major, currency, expected) => {
    const result = majorToMinor(major, currency);
    expect(result.ok ? result.amountMinor : null).toBe(expected);
  });

  it.each([
    [1.005, 'GBP', 'at most 2 decimals in GBP'],
    [49.99, 'JPY', 'no decimals in JPY'],
    [1.2345, 'KWD', 'at most 3 decimals in KWD'],
    [1e-7, 'GBP', 'at most 2 decimals'],
    [5e-324, 'JPY', 'no decimals'],
    [1e21, 'GBP', 'at most 999999.99 GBP'],
    [Number.MAX_VALUE, 'JPY', 'at most 99999999 JPY'],
    [2 ** 53 + 2, 'GBP', 'at most 999999.99 GBP'],
    [0, 'GBP', 'positive'],
    [-0, 'GBP', 'positive'],
    [-1, 'GBP', 'positive'],
    [Number.POSITIVE_INFINITY, 'GBP', 'positive'],
    [Number.NaN, 'GBP', 'positive'],
  ])('refuses %d %s: must be or have %s', (major, currency, words) => {
    expect(majorToMinor(major, currency)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });

  it('brings every amount of every currency through major units and back', () => {
    fc.assert(
      fc.property(anyCurrency, anyAmount, (currency, amountMinor) => {
        const major = Number(minorToDecimal(amountMinor, currency));
        expect(majorToMinor(major, currency)).toEqual({ ok: true, amountMinor });
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses one decimal more than the currency has, whatever the amount', () => {
    fc.assert(
      fc.property(anyCurrency, anyAmount, fc.integer({ min: 1, max: 9 }), (currency, amountMinor, extraDigit) => {
        const decimal = minorToDecimal(amountMinor, currency);
        const tooFine = Number(decimal.includes('.') ? `${decimal}${extraDigit}` : `${decimal}.${extraDigit}`);
        expect(majorToMinor(tooFine, currency).ok).toBe(false);
      }),
    );
  });

  it('throws for a currency that does not exist', () => {
    expect(() => majorToMinor(1, 'ZZZ')).toThrow(RangeError);
    expect(() => majorToMinor(1, 'gbp')).toThrow(RangeError);
  });
});

describe('amountRuleFault', () => {
  it.each([
    [29, 'GBP', 'amount_cents must be at least 30 (0.30 GBP)'],
    [99_999_999 + 1, 'GBP', 'amount_cents must be at most 99999999 (999999.99 GBP)'],
    [1234, 'KWD', 'amount_cents must be a multiple of 10 (0.010 KWD)'],
    [10_050, 'ISK', 'amount_cents must be a multiple of 100 (1.00 ISK)'],
    [49, 'JPY', 'amount_cents must be at least 50 (50 JPY)'],
    [17_499, 'HUF', 'amount_cents must be at least 17500 (175.00 HUF)'],
    [0, 'GBP', 'amount_cents must be a positive integer'],
    [-30, 'GBP', 'amount_cents must be a positive integer'],
    [30.5, 'GBP', 'amount_cents must be a positive integer'],
    [Number.NaN, 'GBP', 'amount_cents must be a positive integer'],
  ])('says of %d %s that %s', (amountMinor, currency, message) => {
    expect(amountRuleFault(amountMinor, currency, 'amount_cents')).toContain(message);
  });

  it('speaks of major units where the field is in major units', () => {
    const message = amountRuleFault(29, 'GBP', 'min_amount');
    expect(message).toContain('min_amount must be at least 0.30 GBP');
    expect(message).not.toContain('30 (');
  });

  it('accepts the minimum and the maximum of every currency, and nothing next to them', () => {
    for (const [code, { minimumMinor, multipleOf }] of Object.entries(CURRENCIES)) {
      const largest = MAX_AMOUNT_MINOR - (MAX_AMOUNT_MINOR % multipleOf);
      expect(amountRuleFault(minimumMinor, code, 'amount_cents'), code).toBeNull();
      expect(amountRuleFault(largest, code, 'amount_cents'), code).toBeNull();
      expect(amountRuleFault(minimumMinor - multipleOf, code, 'amount_cents'), code).not.toBeNull();
      expect(amountRuleFault(largest + multipleOf, code, 'amount_cents'), code).not.toBeNull();
    }
  });
});

describe('resolveAmount', () => {
  it.each([
    [{ amount_cents: 4999 }, 'GBP', 4999],
    [{ amount: 49.99 }, 'GBP', 4999],
    [{ amount_cents: 4999, amount: 1 }, 'GBP', 4999],
    [{ amount_cents: 4999, amount: 'junk' }, 'GBP', 4999],
    [{ amount_cents: null, amount: 100 }, 'JPY', 100],
    [{ amount: 1.23 }, 'KWD', 1230],
  ])('reads %j in %s as %d', (input, currency, amountMinor) => {
    expect(resolveAmount(input, currency)).toEqual({ ok: true, amountMinor });
  });

  it.each([{}, { amount: null }, { amount_cents: null, amount: null }, { amount_cents: undefined }])(
    'asks for amount_cents when the request is %j',
    (input) => {
      const faults = [{ field: 'amount_cents', message: expect.stringContaining('amount_cents is required') }];
      expect(resolveAmount(input, 'GBP')).toEqual({ ok: false, faults });
      expect(resolveAmount(input, null)).toEqual({ ok: false, faults });
    },
  );

  const notIntegers = ['4999', '49.99', true, [], [4999], {}, 1.5, 0, -0, -1, Number.POSITIVE_INFINITY, Number.NaN];
  it.each(notIntegers)('refuses %j as amount_cents, with a currency and without', (value) => {
    const faults = [{ field: 'amount_cents', message: expect.stringContaining('positive integer') }];
    expect(resolveAmount({ amount_cents: value, amount: 49.99 }, 'GBP')).toEqual({ ok: false, faults });
    expect(resolveAmount({ amount_cents: value, amount: 49.99 }, null)).toEqual({ ok: false, faults });
  });

  it.each([2 ** 53, MAX_AMOUNT_MINOR + 1])(
    'refuses amount_cents %d as too large, with a currency and without',
    (value) => {
      const faults = [{ field: 'amount_cents', message: expect.stringContaining('at most 99999999') }];
      expect(resolveAmount({ amount_cents: value }, 'GBP')).toEqual({ ok: false, faults });
      expect(resolveAmount({ amount_cents: value }, null)).toEqual({ ok: false, faults });
    },
  );

  it.each(['49.99', true, [], {}, 0, -0, -1, Number.POSITIVE_INFINITY])(
    'refuses %j as amount, with a currency and without',
    (value) => {
      const faults = [{ field: 'amount', message: expect.stringContaining('amount must be a positive JSON number') }];
      expect(resolveAmount({ amount: value }, 'GBP')).toEqual({ ok: false, faults });
      expect(resolveAmount({ amount: value }, null)).toEqual({ ok: false, faults });
    },
  );

  it.each([
    [1.005, 'GBP', 'amount must have at most 2 decimals in GBP'],
    [49.99, 'JPY', 'amount must have no decimals in JPY'],
    [1.234, 'KWD', 'amount must be a multiple of 0.010 KWD'],
    [1e21, 'GBP', 'amount must be at most 999999.99 GBP'],
    [1e-7, 'GBP', 'amount must have at most 2 decimals'],
    [0.29, 'GBP', 'amount must be at least 0.30 GBP'],
    [1_000_000, 'GBP', 'amount must be at most 999999.99 GBP'],
  ])('refuses amount %d in %s: %s', (amount, currency, message) => {
    const faults = [{ field: 'amount', message: expect.stringContaining(message) }];
    expect(resolveAmount({ amount }, currency)).toEqual({ ok: false, faults });
  });

  it('neither accepts nor blames an amount whose currency is unknown', () => {
    expect(resolveAmount({ amount_cents: MAX_AMOUNT_MINOR }, null)).toEqual({ ok: false, faults: [] });
    expect(resolveAmount({ amount: 1.005 }, null)).toEqual({ ok: false, faults: [] });
    expect(resolveAmount({ amount_cents: 1 }, null)).toEqual({ ok: false, faults: [] });
  });
});

describe('minorToDecimal', () => {
  it.each([
    [4999, 'GBP', '49.99'],
    [5, 'GBP', '0.05'],
    [0, 'GBP', '0.00'],
    [100, 'JPY', '100'],
    [1230, 'KWD', '1.230'],
    [10, 'KWD', '0.010'],
    [10_000, 'ISK', '100.00'],
    [MAX_AMOUNT_MINOR, 'USD', '999999.99'],
  ])('%d %s is "%s"', (amountMinor, currency, expected) => {
    expect(minorToDecimal(amountMinor, currency)).toBe(expected);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('throws for %d', (amountMinor) => {
    expect(() => minorToDecimal(amountMinor, 'GBP')).toThrow(RangeError);
  });
});

describe('formatMoney', () => {
  it.each([
    [4999, 'GBP', 'en-GB', '£49.99'],
    [5000, 'GBP', 'en-GB', '£50.00'],
    [99_999_999, 'USD', 'en-US', '$999,999.99'],
    [100, 'JPY', 'en-GB', 'JP¥100'],
    [1230, 'KWD', 'en-GB', 'KWD 1.230'],
    [150_000, 'HUF', 'en-GB', 'HUF 1,500.00'],
    [10_000, 'ISK', 'en-GB', 'ISK 100.00'],
    [4999, 'EUR', 'de-DE', '49,99 €'],
  ])('writes %d %s for %s as %s', (amountMinor, currency, locale, expected) => {
    expect(formatMoney({ amountMinor, currency }, locale).replaceAll('\u00a0', ' ')).toBe(expected);
  });

  it('shows every digit of the amount in every currency', () => {
    fc.assert(
      fc.property(anyCurrency, anyAmount, (currency, amountMinor) => {
        const digits = formatMoney({ amountMinor, currency }, 'en-GB').replace(/[^\d.]/g, '');
        expect(digits).toContain(minorToDecimal(amountMinor, currency));
      }),
    );
  });
});
