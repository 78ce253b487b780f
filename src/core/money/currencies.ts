/**
 * Stripe's rules for one presentment currency, not ISO's and not `Intl`'s (docs.stripe.com/currencies, as of
 * 2026-07-10). `exponent`: how many decimals the major unit has at Stripe. `multipleOf`: every amount in minor units is
 * a multiple of this number. `minimumMinor` and `maximumMinor`: the smallest and the largest charge in minor units, both
 * multiples of `multipleOf`; Stripe also applies its own minimum, after conversion.
 */
export interface CurrencyRules {
  readonly exponent: 0 | 2 | 3;
  readonly multipleOf: number;
  readonly minimumMinor: number;
  readonly maximumMinor: number;
}

/** The ISO 4217 codes of all currencies that are accepted. */
const CODES = `
  AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY
  COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK
  JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR
  MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS
  SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW`;

const WITHOUT_DECIMALS = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF';

/** Currencies with three decimals, whose amounts in minor units must end in 0. */
const WITH_THREE_DECIMALS = 'BHD JOD KWD OMR TND';

/** Currencies that have two decimals at Stripe, but are charged in whole major units only. */
const IN_WHOLE_UNITS = 'ISK UGX';

/** The smallest charges in minor units. For a currency that is not listed it is the currency's smallest step. */
const MINIMUMS: readonly (readonly [minimumMinor: number, codes: string])[] = [
  [30, 'GBP'],
  [50, 'ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR'],
  [200, 'AED MYR PLN RON'],
  [250, 'DKK'],
  [300, 'NOK SEK'],
  [400, 'HKD'],
  [1000, 'MXN THB'],
  [1500, 'CZK'],
  [17_500, 'HUF'],
];

/** The most digits that Stripe takes for a charge: twelve in IDR, eight in every other currency. */
const TWELVE_DIGITS = 999_999_999_999;
const EIGHT_DIGITS = 99_999_999;

/** The largest charge in minor units of any currency. What is larger is never an amount. */
export const LARGEST_AMOUNT_MINOR = TWELVE_DIGITS;

/** The rules of every accepted currency, by its upper-case code. */
export const CURRENCIES: Readonly<Record<string, CurrencyRules>> = Object.fromEntries(
  CODES.trim()
    .split(/\s+/)
    .map((code) => [code, rulesOfCode(code)]),
);

/** The rules of a currency by its upper-case code. null: the currency is not accepted. */
export function currencyRules(code: string): CurrencyRules | null {
  return Object.hasOwn(CURRENCIES, code) ? (CURRENCIES[code] ?? null) : null;
}

function rulesOfCode(code: string): CurrencyRules {
  const isThree = WITH_THREE_DECIMALS.includes(code);
  const multipleOf = isThree ? 10 : IN_WHOLE_UNITS.includes(code) ? 100 : 1;
  const minimumMinor = MINIMUMS.find(([, codes]) => codes.includes(code))?.[0] ?? multipleOf;
  const exponent = isThree ? 3 : WITHOUT_DECIMALS.includes(code) ? 0 : 2;
  const digits = code === 'IDR' ? TWELVE_DIGITS : EIGHT_DIGITS;
  return { exponent, multipleOf, minimumMinor, maximumMinor: digits - (digits % multipleOf) };
}
