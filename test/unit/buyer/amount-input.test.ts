import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import { formatMoney } from '../../../src/core/money/money.ts';
import {
  type AmountFault,
  amountLimitFault,
  currencyAffix,
  leastAmount,
  parseTypedAmount,
  readTypedAmount,
  shortMoney,
  typedAmountText,
} from '../../../src/http/buyer/amount-input.ts';
import { LANGUAGES, negotiateLocale } from '../../../src/http/buyer/locale.ts';

const locale = (tag: string) => negotiateLocale(tag, undefined);
const parse = (text: string, tag: string, currency: string) => parseTypedAmount(text, locale(tag), currency);

const REGIONS = ['en-IN', 'en-ZA', 'de-CH', 'de-AT', 'fr-CH', 'fr-CA', 'es-MX', 'es-419', 'it-CH', 'pt-BR', 'pt-PT'];
const TAGS = [...LANGUAGES, ...REGIONS, 'ar-EG', 'ar-AE', 'ar-SA', 'ar-MA', 'nl-BE'];
const anyTag = fc.constantFrom(...TAGS);
const anyCurrency = fc.constantFrom(...Object.keys(CURRENCIES));
const anyMoney = fc
  .constantFrom(...Object.entries(CURRENCIES))
  .chain(([currency, { maximumMinor }]) => fc.tuple(fc.constant(currency), fc.integer({ min: 1, max: maximumMinor })));

describe('what a buyer types', () => {
  it.each([
    ['12.50', 'en', 'GBP', 1250],
    ['12,50', 'de', 'EUR', 1250],
    ['12.50', 'de', 'EUR', 1250],
    ['12,50', 'en', 'GBP', 1250],
    ['12,5', 'fr', 'EUR', 1250],
    ['.50', 'en', 'USD', 50],
    ['12', 'pl', 'PLN', 1200],
    ['007', 'en', 'GBP', 700],
    ['  12.50  ', 'en', 'GBP', 1250],
    ['€ 12,50', 'de', 'EUR', 1250],
    ['12,50 €', 'de', 'EUR', 1250],
    ['12.50 EUR', 'en', 'EUR', 1250],
    ['eur12.50', 'en', 'EUR', 1250],
    ['$12.50', 'en', 'USD', 1250],
    ['$12.50', 'en', 'CAD', 1250],
    ['CA$12.50', 'en', 'CAD', 1250],
    ['12,50 zł', 'pl', 'PLN', 1250],
    ['1 234,50', 'fr', 'EUR', 123_450],
    ['1\u202f234,50', 'fr', 'EUR', 123_450],
    ['1 234', 'pl', 'PLN', 123_400],
    ["1'234.50", 'de-CH', 'CHF', 123_450],
    ['1’234.50', 'de-CH', 'CHF', 123_450],
    ['1,234.50', 'en', 'GBP', 123_450],
    ['1.234,50', 'de', 'EUR', 123_450],
    ['1,234.50', 'de', 'EUR', 123_450],
    ['1,00,000.50', 'en-IN', 'INR', 10_000_050],
    ['1,00,000', 'en-IN', 'INR', 10_000_000],
    ['٥٠', 'ar', 'SAR', 5000],
    ['١٢٫٥٠', 'ar', 'SAR', 1250],
    ['١٬٢٣٤٫٥٠', 'ar-EG', 'EGP', 123_450],
    ['١٢،٥', 'ar', 'SAR', 1250],
    ['۱۲٫۵', 'ar', 'SAR', 1250],
    ['１２．５０', 'ja', 'USD', 1250],
    ['16.000.000', 'en', 'IDR', 1_600_000_000],
    ['Rp 9.999.999.999,99', 'de', 'IDR', 999_999_999_999],
    ['9999999999.99', 'en', 'IDR', 999_999_999_999],
    ['１０００', 'ja', 'JPY', 1000],
    ['￥1,000', 'ja', 'JPY', 1000],
    ['1,000', 'en', 'JPY', 1000],
    ['1.000', 'de', 'JPY', 1000],
    ['1,234,567', 'ja', 'JPY', 1_234_567],
    ['1.230', 'en', 'KWD', 1230],
    ['1,230', 'de', 'KWD', 1230],
    ['\u200f12.50\u202c', 'en', 'GBP', 1250],
  ])('%j in %s is read as %s %i minor', (text, tag, currency, amountMinor) => {
    expect(parse(text, tag, currency)).toEqual({ ok: true, amountMinor });
  });

  it.each<[string, string, string, AmountFault['code']]>([
    ['', 'en', 'GBP', 'empty'],
    ['   ', 'en', 'GBP', 'empty'],
    ['£', 'en', 'GBP', 'not_a_number'],
    ['1,000', 'en', 'GBP', 'ambiguous_separator'],
    ['1.000', 'en', 'GBP', 'ambiguous_separator'],
    ['1.000', 'de', 'EUR', 'ambiguous_separator'],
    ['1,000', 'de', 'EUR', 'ambiguous_separator'],
    ['1,000', 'de', 'JPY', 'ambiguous_separator'],
    ['1,230', 'en', 'KWD', 'ambiguous_separator'],
    ['12.505', 'en', 'GBP', 'ambiguous_separator'],
    ['1234.505', 'en', 'GBP', 'too_many_decimals'],
    ['0.500', 'en', 'GBP', 'too_many_decimals'],
    ['49.99', 'en', 'JPY', 'too_many_decimals'],
    ['1.2345', 'en', 'KWD', 'too_many_decimals'],
    ['1e5', 'en', 'GBP', 'not_a_number'],
    ['-1', 'en', 'GBP', 'not_a_number'],
    ['−1', 'en', 'GBP', 'not_a_number'],
    ['+5', 'en', 'GBP', 'not_a_number'],
    ['0x10', 'en', 'GBP', 'not_a_number'],
    ['1/2', 'en', 'GBP', 'not_a_number'],
    ['½', 'en', 'GBP', 'not_a_number'],
    ['5²', 'en', 'GBP', 'not_a_number'],
    ['NaN', 'en', 'GBP', 'not_a_number'],
    ['Infinity', 'en', 'GBP', 'not_a_number'],
    ['1.2.3', 'en', 'GBP', 'not_a_number'],
    ['1,2,3', 'en', 'GBP', 'not_a_number'],
    ['1.234.50', 'de', 'EUR', 'not_a_number'],
    ['1.234.567.8', 'de', 'EUR', 'not_a_number'],
    ['1 2', 'en', 'GBP', 'not_a_number'],
    ['12 50', 'fr', 'EUR', 'not_a_number'],
    ['0 500', 'fr', 'EUR', 'not_a_number'],
    ['12.', 'en', 'GBP', 'not_a_number'],
    ['.', 'en', 'GBP', 'not_a_number'],
    ['$12', 'en', 'GBP', 'not_a_number'],
    ['12 EUR', 'en', 'GBP', 'not_a_number'],
    ['€12€', 'en', 'EUR', 'not_a_number'],
    ['ten', 'en', 'GBP', 'not_a_number'],
    ['12<b>', 'en', 'GBP', 'not_a_number'],
    ['1234567890', 'en', 'GBP', 'above_maximum'],
    ['0000000005', 'en', 'GBP', 'not_a_number'],
    ['9'.repeat(41), 'en', 'GBP', 'not_a_number'],
    ['१२', 'en', 'INR', 'not_a_number'],
  ])('%j in %s is no amount of %s: %s', (text, tag, currency, code) => {
    expect(parse(text, tag, currency)).toMatchObject({ ok: false, fault: { code } });
  });

  it('answers what an unclear separator would mean as thousands, so that the message can show it', () => {
    expect(parse('1,000', 'en', 'GBP')).toEqual({
      ok: false,
      fault: { code: 'ambiguous_separator', thousandsMinor: 100_000 },
    });
  });

  it('answers how many decimals the currency has', () => {
    expect(parse('1.2345', 'en', 'KWD')).toMatchObject({ fault: { decimals: 3 } });
    expect(parse('1.5', 'ja', 'JPY')).toMatchObject({ fault: { decimals: 0 } });
  });

  it('is refused for a currency that Stripe does not take', () => {
    expect(() => parse('1', 'en', 'ZZZ')).toThrow(RangeError);
  });

  it('is read back as the same amount, for every amount the page itself writes into the field', () => {
    fc.assert(
      fc.property(anyTag, anyMoney, (tag, [currency, amountMinor]) => {
        const text = typedAmountText(amountMinor, locale(tag), currency);
        expect(parse(text, tag, currency)).toEqual({ ok: true, amountMinor });
      }),
      { numRuns: 1000 },
    );
  });

  it('is never another amount than the one shown, when it is copied from the page', () => {
    let read = 0;
    fc.assert(
      fc.property(anyTag, anyMoney, (tag, [currency, amountMinor]) => {
        const typed = parse(formatMoney({ amountMinor, currency }, locale(tag).tag), tag, currency);
        if (typed.ok) read += 1;
        expect(typed.ok ? typed.amountMinor : typed.fault.code).toBe(typed.ok ? amountMinor : 'ambiguous_separator');
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(900);
  });

  it('is judged without a throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyTag, anyCurrency, (text, tag, currency) => {
        const typed = parse(text, tag, currency);
        if (typed.ok) expect(Number.isSafeInteger(typed.amountMinor) && typed.amountMinor >= 0).toBe(true);
      }),
    );
  });
});

describe('the limits of an amount', () => {
  it.each<[number, string, number | null, AmountFault | null]>([
    [0, 'GBP', null, { code: 'below_minimum', minimumMinor: 30 }],
    [29, 'GBP', null, { code: 'below_minimum', minimumMinor: 30 }],
    [30, 'GBP', null, null],
    [499, 'GBP', 500, { code: 'below_minimum', minimumMinor: 500 }],
    [500, 'GBP', 500, null],
    [20, 'GBP', 10, { code: 'below_minimum', minimumMinor: 30 }],
    [99_999_999, 'GBP', null, null],
    [100_000_000, 'GBP', null, { code: 'above_maximum', maximumMinor: 99_999_999 }],
    [99_999_990, 'KWD', null, null],
    [100_000_000, 'KWD', null, { code: 'above_maximum', maximumMinor: 99_999_990 }],
    [1234, 'KWD', null, { code: 'not_a_multiple', multipleOf: 10 }],
    [150, 'ISK', null, { code: 'not_a_multiple', multipleOf: 100 }],
    [999_999_999_999, 'IDR', null, null],
    [1_000_000_000_000, 'IDR', null, { code: 'above_maximum', maximumMinor: 999_999_999_999 }],
    [99_999_950, 'UGX', null, { code: 'above_maximum', maximumMinor: 99_999_900 }],
  ])('of %i minor in %s with a minimum of %s', (amountMinor, currency, minimum, fault) => {
    expect(amountLimitFault(amountMinor, currency, minimum)).toEqual(fault);
  });

  it('are judged after the text is read', () => {
    expect(readTypedAmount('2,50', locale('de'), 'EUR', 500)).toEqual({
      ok: false,
      fault: { code: 'below_minimum', minimumMinor: 500 },
    });
    expect(readTypedAmount('1,000', locale('en'), 'GBP', 500)).toMatchObject({
      fault: { code: 'ambiguous_separator' },
    });
    expect(readTypedAmount('5', locale('de'), 'EUR', 500)).toEqual({ ok: true, amountMinor: 500 });
  });

  it("never fall below the currency's own minimum", () => {
    expect(leastAmount('HUF', 100)).toBe(17_500);
    expect(leastAmount('HUF', 20_000)).toBe(20_000);
    expect(leastAmount('HUF', null)).toBe(17_500);
  });
});

describe('how the page writes an amount', () => {
  it('leaves out decimals that are all zero where there is little room, and only those', () => {
    expect(shortMoney(2500, locale('en'), 'GBP')).toBe('£25');
    expect(shortMoney(2550, locale('en'), 'GBP')).toBe('£25.50');
    expect(shortMoney(1500, locale('en'), 'JPY')).toBe('¥1,500');
    expect(shortMoney(1500, locale('en'), 'KWD')).toContain('1.500');
  });

  it('puts the currency on the side where the locale has it', () => {
    expect(currencyAffix(locale('en'), 'GBP')).toEqual({ symbol: '£', before: true });
    expect(currencyAffix(locale('de'), 'EUR')).toEqual({ symbol: '€', before: false });
    expect(currencyAffix(locale('pt-PT'), 'CVE').symbol).not.toBe('');
  });
});
