import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import { formatMoney, rulesOf } from '../../../src/core/money/money.ts';
import {
  type AmountFault,
  amountLimitFault,
  currencyAffix,
  leastAmount,
  parseTypedAmount,
  payableReadings,
  readTypedAmount,
  shortMoney,
  typedAmountText,
} from '../../../src/http/buyer/amount-input.ts';
import { LANGUAGES, negotiateLocale } from '../../../src/http/buyer/locale.ts';

const locale = (tag: string) => negotiateLocale(tag, undefined);
const parse = (text: string, tag: string, currency: string) => parseTypedAmount(text, locale(tag), currency);

const EUROPE = ['de-CH', 'de-AT', 'fr-CH', 'it-CH', 'nl-BE', 'pt-PT', 'en-DE'];
const ELSEWHERE = ['en-IN', 'en-ZA', 'fr-CA', 'es-MX', 'es-419', 'es-CR', 'pt-BR', 'pt-CV'];
const TAGS = [...LANGUAGES, ...EUROPE, ...ELSEWHERE, 'ar-EG', 'ar-AE', 'ar-SA', 'ar-MA'];
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

  it.each(TAGS)('is the amount shown in %s when it is copied from the page, in every currency', (tag) => {
    for (const [currency, { maximumMinor, multipleOf }] of Object.entries(CURRENCIES)) {
      for (const amountMinor of [maximumMinor, 123_456 * multipleOf]) {
        const text = formatMoney({ amountMinor, currency }, locale(tag).tag);
        expect(parse(text, tag, currency), text).toEqual({ ok: true, amountMinor });
      }
    }
  });

  it('is never made of other digits than the typed ones, however it is read', () => {
    const text = fc
      .array(fc.constantFrom(...'0123456789', ...'0123456789', '.', ',', ' ', "'"), { maxLength: 12 })
      .map((characters) => characters.join(''));
    const significant = (digits: string) => digits.replace(/\D/g, '').replace(/^0+|0+$/g, '');
    let read = 0;
    fc.assert(
      fc.property(text, anyTag, anyCurrency, (typedText, tag, currency) => {
        const typed = parse(typedText, tag, currency);
        const amounts = typed.ok ? [typed.amountMinor] : payableReadings(typedText, locale(tag), currency, null);
        for (const amountMinor of amounts) {
          read += 1;
          expect(significant(String(amountMinor))).toBe(significant(typedText));
          const most = Number(typedText.replace(/\D/g, '')) * 10 ** rulesOf(currency).exponent;
          expect(amountMinor).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(100);
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

/** What a text is, in the locales and currencies after it: an amount in minor units, or a fault with readings to tap. */
type Row = readonly [string, string, string, number | readonly [AmountFault['code'], ...number[]]];

const ENGLISH_ROWS: readonly Row[] = [
  ['1,000', 'en en-GB en-IN ja es-MX ar', 'GBP', 100_000],
  ['1,000', 'en en-GB en-IN ja es-MX ar', 'JPY', 1000],
  ['12,345', 'en', 'GBP', 1_234_500],
  ['1,230', 'en ja', 'KWD', ['two_readings', 1230, 1_230_000]],
  ['1.230', 'en ja', 'KWD', 1230],
  ['1.000', 'en ja es-MX', 'GBP', ['two_readings', 100, 100_000]],
  ['12.500', 'en', 'GBP', ['two_readings', 1250, 1_250_000]],
  ['5.555', 'en ja', 'GBP', ['too_many_decimals']],
  ['1.000', 'en', 'JPY', ['too_many_decimals']],
  ['1,00,000', 'en-IN', 'INR', 10_000_000],
  ['1.000.000', 'en', 'USD', ['above_maximum']],
];
const CONTINENTAL_ROWS: readonly Row[] = [
  ['1.000', 'de es it nl pt', 'EUR', 100_000],
  ['12.345', 'de', 'EUR', 1_234_500],
  ['1.000', 'de es', 'JPY', 1000],
  ['1,230', 'de', 'KWD', 1230],
  ['1.230', 'de', 'KWD', ['two_readings', 1230, 1_230_000]],
  ['1,000', 'de fr pl', 'EUR', ['two_readings', 100, 100_000]],
  ['1.000', 'fr pl pt-PT', 'EUR', ['two_readings', 100, 100_000]],
  ['5,555', 'de fr', 'EUR', ['too_many_decimals']],
  ['1,000', 'de', 'JPY', ['too_many_decimals']],
  ['100,500', 'de', 'KWD', 100_500],
  ['100.500', 'de', 'KWD', ['above_maximum']],
];
const OTHER_ROWS: readonly Row[] = [
  ...[' ', '\u00a0', '\u202f', '\u2009', "'", '’', '‘', '´', '٬'].flatMap((separator): Row[] => [
    [`1${separator}000`, 'en de fr de-CH pl ar-EG', 'EUR', 100_000],
    [`1${separator}000`, 'en de fr de-CH pl ar-EG', 'KWD', 1_000_000],
    [`1${separator}000`, 'en de fr de-CH pl ar-EG', 'JPY', 1000],
  ]),
  ['1.000', 'de-CH fr-CH it-CH', 'CHF', ['two_readings', 100, 100_000]],
  ['1.000', 'de-AT', 'EUR', 100_000],
  ['1,000', 'en-ZA', 'ZAR', ['two_readings', 100, 100_000]],
  ['1,000', 'ar-EG', 'EGP', ['two_readings', 100, 100_000]],
  ['١٬٠٠٠', 'ar ar-EG', 'EGP', 100_000],
  ['１，０００', 'ja', 'USD', 100_000],
  ['12$50', 'pt-CV', 'CVE', 1250],
];

describe('a separator before three digits', () => {
  const rows = [...ENGLISH_ROWS, ...CONTINENTAL_ROWS, ...OTHER_ROWS].flatMap(([text, tags, currency, result]) =>
    tags.split(' ').map((tag) => [text, tag, currency, result] as const),
  );

  it.each(rows)('in %j, typed in %s for %s, is read as %j', (text, tag, currency, result) => {
    const typed = readTypedAmount(text, locale(tag), currency, null);
    const readings = payableReadings(text, locale(tag), currency, null);
    const read = typed.ok ? typed.amountMinor : [typed.fault.code, ...readings];
    expect(read).toEqual(result);
    expect(typed.ok ? readings : []).toEqual([]);
  });

  it('is not offered as amounts if the link takes only one of them, and the message is about the one that it does not take', () => {
    const readings = (minimum: number) => payableReadings('1.000', locale('en'), 'GBP', minimum);
    const fault = (minimum: number) => readTypedAmount('1.000', locale('en'), 'GBP', minimum);
    expect([readings(100), readings(500), readings(200_000)]).toEqual([[100, 100_000], [], []]);
    expect(fault(500)).toEqual({ ok: false, fault: { code: 'below_minimum', minimumMinor: 500 } });
    expect(fault(200_000)).toEqual({ ok: false, fault: { code: 'below_minimum', minimumMinor: 200_000 } });
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
    expect(readTypedAmount('1,000', locale('en'), 'GBP', 500)).toEqual({ ok: true, amountMinor: 100_000 });
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
