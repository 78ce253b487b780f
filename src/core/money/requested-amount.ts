import { LARGEST_AMOUNT_MINOR } from './currencies.ts';
import { type Money, majorToMinor, minorToDecimal, rulesOf } from './money.ts';

/** The unit of a requested amount. `minor`: cents or pence. `major`: dollars or pounds, which is deprecated. */
export type AmountUnit = 'minor' | 'major';

/** An amount as a caller asks for it, before it is checked by the rules of a currency. */
export interface RequestedAmount {
  /** The name of the input's member that holds the amount. Faults are reported under this name. */
  readonly field: string;
  readonly unit: AmountUnit;
  /** The number that the caller sent; NaN where the caller sent no number. */
  readonly value: number;
}

/** `amountMinor` is null where no currency was given: no fault was found, but the currency's rules were not checked. */
type JudgedAmount =
  | { readonly ok: true; readonly amountMinor: number | null }
  | { readonly ok: false; readonly problem: string };

export const NOT_MINOR_UNITS = 'must be a positive integer in minor units, for example 4999 for 49.99.';
export const NOT_MAJOR_UNITS = 'must be a positive JSON number in major units, for example 49.99.';

/**
 * Checks a requested amount by Stripe's rules for its currency (docs.stripe.com/currencies): it must be positive, have
 * no more decimals than the currency, be within its minimum and maximum, and be a multiple of its smallest step.
 * `currency`: an upper-case code, or null where the caller named no valid currency. Throws RangeError for an unknown
 * currency.
 */
export function judgeAmount({ unit, value }: RequestedAmount, currency: string | null): JudgedAmount {
  if (unit === 'major') return judgeMajor(value, currency);
  if (!Number.isInteger(value) || value < 1) return { ok: false, problem: NOT_MINOR_UNITS };
  if (value > LARGEST_AMOUNT_MINOR && currency === null) {
    return { ok: false, problem: `must be at most ${LARGEST_AMOUNT_MINOR}.` };
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
  const { minimumMinor, maximumMinor } = rulesOf(currency);
  if (amountMinor > maximumMinor) {
    return { ok: false, problem: `must be at most ${amountInWords({ amountMinor: maximumMinor, currency }, unit)}.` };
  }
  const problem = stepProblem(amountMinor, currency, unit);
  if (problem !== null) return { ok: false, problem };
  if (amountMinor >= minimumMinor) return { ok: true, amountMinor };
  const least = amountInWords({ amountMinor: minimumMinor, currency }, unit);
  return { ok: false, problem: `must be at least ${least}, the smallest charge in ${currency}.` };
}

/** null where an amount is a multiple of its currency's smallest step, else a sentence without its subject ("must be …"). */
export function stepProblem(amountMinor: number, currency: string, unit: AmountUnit): string | null {
  const { multipleOf } = rulesOf(currency);
  if (amountMinor % multipleOf === 0) return null;
  const step = amountInWords({ amountMinor: multipleOf, currency }, unit);
  return `must be a multiple of ${step}: ${currency} is charged in steps of that size.`;
}

/** An amount as messages write it: "49.99 GBP" where `unit` is `major`, "4999 (49.99 GBP)" where it is `minor`. */
export function amountInWords({ amountMinor, currency }: Money, unit: AmountUnit): string {
  const decimal = `${minorToDecimal(amountMinor, currency)} ${currency}`;
  return unit === 'minor' ? `${amountMinor} (${decimal})` : decimal;
}
