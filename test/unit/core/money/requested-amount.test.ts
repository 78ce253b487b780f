import { describe, expect, it } from 'vitest';
import { CURRENCIES, LARGEST_AMOUNT_MINOR } from '../../../../src/core/money/currencies.ts';
import { type AmountUnit, judgeAmount } from '../../../../src/core/money/requested-amount.ts';

const judge = (value: number, currency: string | null, unit: AmountUnit = 'minor') =>
  judgeAmount({ field: 'amount', unit, value }, currency);

describe('an amount in minor units', () => {
  it.each([
    [29, 'GBP', 'must be at least 30 (0.30 GBP)'],
    [99_999_999 + 1, 'GBP', 'must be at most 99999999 (999999.99 GBP)'],
    [99_999_999 + 1, 'KWD', 'must be at most 99999990 (99999.990 KWD)'],
    [999_999_999_999 + 1, 'IDR', 'must be at most 999999999999 (9999999999.99 IDR)'],
    [1234, 'KWD', 'must be a multiple of 10 (0.010 KWD)'],
    [10_050, 'ISK', 'must be a multiple of 100 (1.00 ISK)'],
    [49, 'JPY', 'must be at least 50 (50 JPY)'],
    [17_499, 'HUF', 'must be at least 17500 (175.00 HUF)'],
  ])('of %d %s %s', (amountMinor, currency, problem) => {
    expect(judge(amountMinor, currency)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it.each([1.5, 0, -0, -1, -30, 30.5, Number.POSITIVE_INFINITY, Number.NaN])(
    'must be a positive integer, not %d, with a currency and without',
    (value) => {
      const refused = { ok: false, problem: expect.stringContaining('positive integer') };
      expect(judge(value, 'GBP')).toEqual(refused);
      expect(judge(value, null)).toEqual(refused);
    },
  );

  it.each([2 ** 53, 999_999_999_999 + 1])('of %d is too large, with a currency and without', (value) => {
    const refused = { ok: false, problem: expect.stringContaining('at most 999999999999') };
    expect(judge(value, 'IDR')).toEqual(refused);
    expect(judge(value, null)).toEqual(refused);
  });

  it('has at most twelve digits in IDR, and eight in every other currency', () => {
    for (const [code, { multipleOf, maximumMinor }] of Object.entries(CURRENCIES)) {
      const digits = code === 'IDR' ? 999_999_999_999 : 99_999_999;
      expect(maximumMinor, code).toBe(digits - (digits % multipleOf));
    }
  });

  it('is taken at the minimum and the maximum of every currency, and at nothing next to them', () => {
    for (const [code, { minimumMinor, maximumMinor: largest, multipleOf }] of Object.entries(CURRENCIES)) {
      expect(judge(minimumMinor, code), code).toEqual({ ok: true, amountMinor: minimumMinor });
      expect(judge(largest, code), code).toEqual({ ok: true, amountMinor: largest });
      expect(judge(minimumMinor - multipleOf, code).ok, code).toBe(false);
      expect(judge(largest + multipleOf, code).ok, code).toBe(false);
    }
  });
});

describe('an amount in major units', () => {
  it.each([
    [49.99, 'GBP', 4999],
    [100, 'JPY', 100],
    [1.23, 'KWD', 1230],
    [9_999_999_999.99, 'IDR', 999_999_999_999],
  ])('of %d %s is %d in minor units', (value, currency, amountMinor) => {
    expect(judge(value, currency, 'major')).toEqual({ ok: true, amountMinor });
  });

  it.each([0, -0, -1, Number.POSITIVE_INFINITY, Number.NaN])(
    'must be a positive number, not %d, with a currency and without',
    (value) => {
      const refused = { ok: false, problem: expect.stringContaining('must be a positive JSON number') };
      expect(judge(value, 'GBP', 'major')).toEqual(refused);
      expect(judge(value, null, 'major')).toEqual(refused);
    },
  );

  it.each([
    [1.005, 'GBP', 'must have at most 2 decimals in GBP'],
    [49.99, 'JPY', 'must have no decimals in JPY'],
    [1.234, 'KWD', 'must be a multiple of 0.010 KWD'],
    [1e21, 'GBP', 'must be at most 999999.99 GBP'],
    [1e-7, 'GBP', 'must have at most 2 decimals'],
    [0.29, 'GBP', 'must be at least 0.30 GBP'],
    [1_000_000, 'GBP', 'must be at most 999999.99 GBP'],
    [10_000_000_000, 'IDR', 'must be at most 9999999999.99 IDR'],
    [1e21, 'IDR', 'must be at most 9999999999.99 IDR'],
  ])('of %d %s %s', (amount, currency, problem) => {
    expect(judge(amount, currency, 'major')).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('an amount whose currency is unknown', () => {
  it('is neither taken nor blamed', () => {
    expect(judge(LARGEST_AMOUNT_MINOR, null)).toEqual({ ok: true, amountMinor: null });
    expect(judge(1, null)).toEqual({ ok: true, amountMinor: null });
    expect(judge(1.005, null, 'major')).toEqual({ ok: true, amountMinor: null });
  });
});
