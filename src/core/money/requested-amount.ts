import { MAX_AMOUNT_MINOR, type Money, majorToMinor, minorToDecimal, rulesOf } from './money.ts';

/** Minor units are cents and pence; major units, pounds and dollars, are the deprecated way to write an amount. */
export type AmountUnit = 'minor' | 'major';

/** An amount as a caller asks for it, before it is judged by the rules of a currency. */
export interface RequestedAmount {
  /** How the caller names it: faults are reported under this name. */
  readonly field: string;
  readonly unit: AmountUnit;
  /** As sent; NaN for what is no number. */
  readonly value: number;
}

export type JudgedAmount =
  /** `amountMinor` null: nothing is wrong as far as that can be said without a currency. */
  { readonly ok: true; readonly amountMinor: number | null } | { readonly ok: false; readonly problem: string };

export const NOT_MINOR_UNITS = 'must be a positive integer in minor units, for example 4999 for 49.99.';
export const NOT_MAJOR_UNITS = 'must be a positive JSON number in major units, for example 49.99.';

/**
 * Judges a requested amount by Stripe's rules for its currency (docs.stripe.com/currencies): positive, no more decimals than
 * the currency has, within its minimum and maximum, a multiple of what it is charged in. `currency`: upper-case code; null
 * where the caller named no valid one, then only what needs no currency is judged. `problem` is a sentence without its
 * subject. Throws RangeError for an unknown currency.
 */
export function judgeAmount({ unit, value }: RequestedAmount, currency: string | null): JudgedAmount {
  if (unit === 'major') return judgeMajor(value, currency);
  if (!Number.isInteger(value) || value < 1) return { ok: false, problem: NOT_MINOR_UNITS };
  if (value > MAX_AMOUNT_MINOR && currency === null) {
    return { ok: false, problem: `must be at most ${MAX_AMOUNT_MINOR}.` };
  }
  return currency === null ? { ok: true, amountMinor: null } : judgeMinor(value, currency, unit);
}

function judgeMajor(value: number, currency: string | null): JudgedAmount {
  if (!Number.isFinite(value) || value <= 0) return { ok: false, problem: NOT_MAJOR_UNITS };
  if (currency === null) return { ok: true, amountMinor: null };
  const converted = majorToMinor(value, currency);
  return converted.ok
    ? judgeMinor(converted.amountMinor, currency, 'major')
    : { ok: false, problem: converted.message };
}

function judgeMinor(amountMinor: number, currency: string, unit: AmountUnit): JudgedAmount {
  const problem = limitProblem(amountMinor, currency, unit) ?? stepProblem(amountMinor, currency, unit);
  if (problem !== null) return { ok: false, problem };
  const { minimumMinor } = rulesOf(currency);
  if (amountMinor >= minimumMinor) return { ok: true, amountMinor };
  const least = amountInWords({ amountMinor: minimumMinor, currency }, unit);
  return { ok: false, problem: `must be at least ${least}, the smallest charge in ${currency}.` };
}

function limitProblem(amountMinor: number, currency: string, unit: AmountUnit): string | null {
  if (amountMinor <= MAX_AMOUNT_MINOR) return null;
  return `must be at most ${amountInWords({ amountMinor: MAX_AMOUNT_MINOR, currency }, unit)}.`;
}

/** Null where an amount is a multiple of what its currency is charged in, else what is wrong, without its subject. */
export function stepProblem(amountMinor: number, currency: string, unit: AmountUnit): string | null {
  const { multipleOf } = rulesOf(currency);
  if (amountMinor % multipleOf === 0) return null;
  const step = amountInWords({ amountMinor: multipleOf, currency }, unit);
  return `must be a multiple of ${step}: ${currency} is charged in steps of that size.`;
}

/** An amount for a message: "49.99 GBP", and to callers who write minor units "4999 (49.99 GBP)". */
export function amountInWords({ amountMinor, currency }: Money, unit: AmountUnit): string {
  const decimal = `${minorToDecimal(amountMinor, currency)} ${currency}`;
  return unit === 'minor' ? `${amountMinor} (${decimal})` : decimal;
}
