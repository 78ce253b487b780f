import { type CurrencyRules, currencyRules } from './currencies.ts';

/** An amount of money: an integer in the currency's minor unit on Stripe's wire, and the upper-case currency code. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** A double holds every integer of up to 15 digits exactly. Every amount that is allowed has far fewer digits. */
const MAX_EXACT_DIGITS = 15;

/** Reads a currency code in any case and returns it in upper case. null: not the code of an accepted currency. */
export function parseCurrency(value: string): string | null {
  if (!/^[A-Za-z]{3}$/.test(value)) return null;
  const code = value.toUpperCase();
  return currencyRules(code) === null ? null : code;
}

/**
 * Converts a number in major units to integer minor units: 19.99 → 1999. Works on the decimal text, because multiplying
 * floats can be wrong. Refuses a number that is not positive and finite, is too large, or has more decimals than the
 * currency. `message`: a sentence without its subject ("must be …"). Throws RangeError for an unknown currency.
 */
export function majorToMinor(
  major: number,
  currency: string,
): { ok: true; amountMinor: number } | { ok: false; message: string } {
  const { exponent, maximumMinor } = rulesOf(currency);
  if (!Number.isFinite(major) || major <= 0) return { ok: false, message: 'must be a positive number in major units.' };
  // From 1e21 up and from 1e-7 down the text has an exponent: such a number is too large, or has too many decimals.
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(major)) ?? [];
  if ((whole === undefined && major < 1) || fraction.length > exponent) {
    const decimals = exponent === 0 ? 'no decimals' : `at most ${exponent} decimals`;
    return { ok: false, message: `must have ${decimals} in ${currency}.` };
  }
  if (whole === undefined || whole.length + exponent > MAX_EXACT_DIGITS) {
    return { ok: false, message: `must be at most ${minorToDecimal(maximumMinor, currency)} ${currency}.` };
  }
  return { ok: true, amountMinor: Number(whole + fraction.padEnd(exponent, '0')) };
}

/**
 * Converts minor units to decimal text in major units with all of the currency's decimals: "49.99", "100", "1.230".
 * Throws RangeError for a negative number, a fraction or an unknown currency.
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
 * Money as people of a locale write it. `locale`: a BCP 47 tag such as "en-GB". `decimals`: how many decimals are
 * shown; by default as many as Stripe gives the currency, which differs from `Intl` for some currencies. Throws
 * RangeError for a malformed locale or an unknown currency.
 */
export function formatMoney(money: Money, locale: string, decimals = rulesOf(money.currency).exponent): string {
  const text = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Number(minorToDecimal(money.amountMinor, money.currency)));
  // In right-to-left text "UK£" would be shown as "£UK": an isolate keeps the letters before the sign (Unicode UAX #9).
  return text.startsWith('\u200f') ? text.replace(/[A-Z]+\p{Sc}/u, '\u2066$&\u2069') : text;
}

/** The rules of a currency by its upper-case code. Throws RangeError for an unknown currency. */
export function rulesOf(currency: string): CurrencyRules {
  const rules = currencyRules(currency);
  if (rules === null) throw new RangeError(`Unknown currency ${JSON.stringify(currency)}: parseCurrency comes first.`);
  return rules;
}
