import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, LARGEST_AMOUNT_MINOR } from '../../../../src/core/money/currencies.ts';
import { formatMoney, majorToMinor, minorToDecimal, parseCurrency } from '../../../../src/core/money/money.ts';

const codes = Object.keys(CURRENCIES);
const anyCurrency = fc.constantFrom(...codes);
const anyAmount = fc.integer({ min: 1, max: LARGEST_AMOUNT_MINOR });

describe('parseCurrency', () => {
  it.each(['gbp', 'GBP', 'gBp'])('reads %s as GBP', (text) => {
    expect(parseCurrency(text)).toBe('GBP');
  });

  it.each(['GB', 'GBPP', 'GBP ', ' GBP', 'GBP\n', 'ＧＢＰ', 'zzz', 'ıSK', '', '826'])('refuses %j', (value) => {
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

describe('minorToDecimal', () => {
  it.each([
    [4999, 'GBP', '49.99'],
    [5, 'GBP', '0.05'],
    [0, 'GBP', '0.00'],
    [100, 'JPY', '100'],
    [1230, 'KWD', '1.230'],
    [10, 'KWD', '0.010'],
    [10_000, 'ISK', '100.00'],
    [99_999_999, 'USD', '999999.99'],
    [999_999_999_999, 'IDR', '9999999999.99'],
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
    [999_999_999_999, 'IDR', 'id-ID', 'Rp 9.999.999.999,99'],
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
