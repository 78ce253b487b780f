import { type CurrencyRules, currencyRules } from './currencies.ts';

/** An amount of money: an integer in the currency's minor unit on Stripe's wire, and the upper-case currency code. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** The most one charge may be, in minor units of any currency (Stripe: eight digits). */
export const MAX_AMOUNT_MINOR = 99_999_999;

/** What is wrong with an amount of a request. `message` begins with the field. */
export interface AmountFault {
  field: 'amount_cents' | 'amount';
  message: string;
}

/** More digits than this could round as a double; every amount that is allowed has far fewer. */
const MAX_EXACT_DIGITS = 15;

/**
 * The upper-case code of a currency Stripe takes: three ASCII letters in any case, nothing around them; else null.
 */
export function parseCurrency(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[A-Za-z]{3}$/.test(value)) return null;
  const code = value.toUpperCase();
  return currencyRules(code) === null ? null : code;
}

/**
 * A JSON number in major units → integer minor units, through its shortest decimal text, never by multiplying
 * floats: 19.99 → 1999. Refuses what is not a positive finite number or has more decimals than the currency.
 * `message` is a sentence without its subject ("must be …"): put the field's name in front. Throws RangeError for an
 * unknown currency.
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
 * Judges an amount in minor units by its currency: whole, within minimum and maximum, a multiple of what the currency
 * is charged in (contract of Stripe, docs.stripe.com/currencies). Null when fine, else a sentence that begins with
 * `field`; fields named `…_cents` get minor units, others major. Throws RangeError for an unknown currency.
 */
export function amountRuleFault(amountMinor: number, currency: string, field: string): string | null {
  const { minimumMinor } = rulesOf(currency);
  if (!Number.isInteger(amountMinor) || amountMinor < 1) return notAPositiveInteger(field);
  const inWords = (minor: number) => amountInWords({ amountMinor: minor, currency }, field);
  if (amountMinor > MAX_AMOUNT_MINOR) return `${field} must be at most ${inWords(MAX_AMOUNT_MINOR)}.`;
  const fault = stepFault(amountMinor, currency, field);
  if (fault !== null) return fault;
  if (amountMinor < minimumMinor) {
    return `${field} must be at least ${inWords(minimumMinor)}, the smallest charge in ${currency}.`;
  }
  return null;
}

/** Null where an amount is a multiple of what its currency is charged in, else a sentence as of `amountRuleFault`. */
export function stepFault(amountMinor: number, currency: string, field: string): string | null {
  const { multipleOf } = rulesOf(currency);
  if (amountMinor % multipleOf === 0) return null;
  const step = amountInWords({ amountMinor: multipleOf, currency }, field);
  return `${field} must be a multiple of ${step}: ${currency} is charged in steps of that size.`;
}

/** An amount for a message about `field`: for fields named `…_cents` in minor units too. */
export function amountInWords({ amountMinor, currency }: Money, field: string): string {
  const decimal = `${minorToDecimal(amountMinor, currency)} ${currency}`;
  return field.endsWith('_cents') ? `${amountMinor} (${decimal})` : decimal;
}

/**
 * The amount of a request in minor units. `amount_cents` (integer, minor units) wins over `amount` (number, major
 * units, deprecated); null is absent; one of them is required. `currency`: upper-case code, or null where the request
 * has no valid one: then only what needs no currency is judged, and an amount without fault gives `ok: false` with no
 * faults, since its value is not known.
 */
export function resolveAmount(
  input: { amount_cents?: unknown; amount?: unknown },
  currency: string | null,
): { ok: true; amountMinor: number } | { ok: false; faults: AmountFault[] } {
  const amountMinor = input.amount_cents ?? null;
  const major = input.amount ?? null;
  if (amountMinor !== null) return resolveMinor(amountMinor, currency);
  if (major !== null) return resolveMajor(major, currency);
  return refuse('amount_cents', 'amount_cents is required: a positive integer in minor units, for example 4999.');
}

/** Minor units → plain decimal text in major units with all of the currency's decimals: "49.99", "100", "1.230". */
export function minorToDecimal(amountMinor: number, currency: string): string {
  const { exponent } = rulesOf(currency);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) {
    throw new RangeError(`An amount must be a non-negative integer in minor units, not ${amountMinor}.`);
  }
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Money as people of `locale` (a BCP 47 tag, "en-GB") write it, with Stripe's number of decimals, which differs from
 * Intl's own for some currencies; `decimals` is another number of them. Throws RangeError for a malformed locale or an
 * unknown currency.
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

function rulesOf(currency: string): CurrencyRules {
  const rules = currencyRules(currency);
  if (rules === null) throw new RangeError(`Unknown currency ${JSON.stringify(currency)}: parseCurrency comes first.`);
  return rules;
}

function resolveMinor(
  value: unknown,
  currency: string | null,
): { ok: true; amountMinor: number } | { ok: false; faults: AmountFault[] } {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    return refuse('amount_cents', notAPositiveInteger('amount_cents'));
  }
  if (currency === null) {
    if (value <= MAX_AMOUNT_MINOR) return { ok: false, faults: [] };
    return refuse('amount_cents', `amount_cents must be at most ${MAX_AMOUNT_MINOR}.`);
  }
  const message = amountRuleFault(value, currency, 'amount_cents');
  return message === null ? { ok: true, amountMinor: value } : refuse('amount_cents', message);
}

function resolveMajor(
  value: unknown,
  currency: string | null,
): { ok: true; amountMinor: number } | { ok: false; faults: AmountFault[] } {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    return refuse('amount', 'amount must be a positive JSON number in major units, for example 49.99.');
  }
  if (currency === null) return { ok: false, faults: [] };
  const converted = majorToMinor(value, currency);
  if (!converted.ok) return refuse('amount', `amount ${converted.message}`);
  const message = amountRuleFault(converted.amountMinor, currency, 'amount');
  return message === null ? converted : refuse('amount', message);
}

function notAPositiveInteger(field: string): string {
  return `${field} must be a positive integer in minor units, for example 4999 for 49.99.`;
}

function refuse(field: AmountFault['field'], message: string): { ok: false; faults: AmountFault[] } {
  return { ok: false, faults: [{ field, message }] };
}
