import { type CurrencyRules, currencyRules } from './currencies.ts';

/** An amount of money: an integer in the currency's minor unit on Stripe's wire, and the upper-case currency code. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** The most one charge may be, in minor units of any currency (Stripe: eight digits). */
export const MAX_AMOUNT_MINOR = 99_999_999;

/** More digits than this could round as a double; every amount that is allowed has far fewer. */
const MAX_EXACT_DIGITS = 15;

/** The upper-case code of a currency that Stripe accepts, from three ASCII letters in any case. null: anything else. */
export function parseCurrency(value: string): string | null {
  if (!/^[A-Za-z]{3}$/.test(value)) return null;
  const code = value.toUpperCase();
  return currencyRules(code) === null ? null : code;
}

/**
 * Converts a number in major units to integer minor units, from its decimal text and not by multiplying floats: 19.99 → 1999.
 * Refuses what is not a positive finite number or has more decimals than the currency. `message` is a sentence without its
 * subject ("must be …"): put the field's name in front. Throws RangeError for an unknown currency.
 */
export function majorToMinor(
  major: number,
  currency: string,
): { ok: true; amountMinor: number } | { ok: false; message: string } {
  const { exponent } = rulesOf(currency);
  if (!Number.isFinite(major) || major <= 0) return { ok: false, message: 'must be a positive number in major units.' };
  // From 1e21 up and 1e-7 down the text has an exponent: too large for any currency, or too fine for any.
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(major)) ?? [];
  if ((whole === undefined && major < 1) || fraction.length > exponent) {
    const decimals = exponent === 0 ? 'no decimals' : `at most ${exponent} decimals`;
    return { ok: false, message: `must have ${decimals} in ${currency}.` };
  }
  if (whole === undefined || whole.length + exponent > MAX_EXACT_DIGITS) {
    return { ok: false, message: `must be at most ${minorToDecimal(MAX_AMOUNT_MINOR, currency)} ${currency}.` };
  }
  return { ok: true, amountMinor: Number(whole + fraction.padEnd(exponent, '0')) };
}

/**
 * Converts minor units to decimal text in major units with all of the currency's decimals: "49.99", "100", "1.230". Throws
 * RangeError for a negative number or a fraction, and for an unknown currency.
 */
export function minorToDecimal(amountMinor: number, currency: string): string {
  const { exponent } = rulesOf(currency);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) {
    throw new RangeError(`An amount must be a non-negative integer in minor units, not ${amountMinor}.`);
  }
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Money as people of `locale` (a BCP 47 tag, "en-GB") write it. `decimals`: how many are shown; by default Stripe's number,
 * which differs from Intl's for some currencies. Throws RangeError for a malformed locale or an unknown currency.
 */
export function formatMoney(money: Money, locale: string, decimals = rulesOf(money.currency).exponent): string {
  const text = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Number(minorToDecimal(money.amountMinor, money.currency)));
  // Where it is read from the right, "UK£" would be shown as "£UK": kept together by an isolate (Unicode UAX #9).
  return text.startsWith('\u200f') ? text.replace(/[A-Z]+\p{Sc}/u, '\u2066$&\u2069') : text;
}

/** The rules of a currency. Throws RangeError for an unknown one. */
export function rulesOf(currency: string): CurrencyRules {
  const rules = currencyRules(currency);
  if (rules === null) throw new RangeError(`Unknown currency ${JSON.stringify(currency)}: parseCurrency comes first.`);
  return rules;
}
