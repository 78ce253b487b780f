import type { ErrorDetail } from '../../core/errors.ts';
import { amountRuleFault, MAX_AMOUNT_MINOR, majorToMinor } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';

/** The money members of a link's body, as they came. undefined: not sent. null: cleared. */
export interface LinkPriceInput {
  readonly amount_cents?: unknown;
  readonly amount?: unknown;
  readonly amount_editable?: boolean | null | undefined;
  readonly min_amount_cents?: unknown;
  readonly min_amount?: unknown;
  readonly minAmount?: unknown;
  readonly suggested_amounts_cents?: readonly unknown[] | null | undefined;
}

export type LinkPrice = Pick<PaymentLink, 'amountMinor' | 'minAmountMinor' | 'suggestedAmountsMinor'>;
export type PriceOrFaults =
  | { readonly ok: true; readonly price: LinkPrice }
  | { readonly ok: false; readonly faults: readonly ErrorDetail[] };

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
const fault = (path: string, message: string): ErrorDetail => ({ path, code: 'validation_failed', message });

/** The members for one amount: the first that is given counts. Minor units in the first, major units in its aliases. */
const FIXED = ['amount_cents', 'amount'] as const;
const MINIMUM = ['min_amount_cents', 'min_amount', 'minAmount'] as const;
type AmountFields = typeof FIXED | typeof MINIMUM;

/** The member that counts, as the caller wrote it; null: none was given. */
function givenField(input: LinkPriceInput, fields: AmountFields) {
  return fields.find((field) => isGiven(input[field])) ?? null;
}

/** One amount of a body in minor units; null where none was given, or a wrong one. */
function readAmount(
  input: LinkPriceInput,
  fields: AmountFields,
  currency: string | null,
  faults: ErrorDetail[],
): number | null {
  const field = givenField(input, fields);
  if (field === null) return null;
  const value = input[field];
  if (field === fields[0]) return judge(value, field, currency, faults);
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    faults.push(fault(field, `${field} must be a positive JSON number in major units, for example 50.00.`));
    return null;
  }
  if (currency === null) return null;
  const converted = majorToMinor(value, currency);
  if (converted.ok) return judge(converted.amountMinor, field, currency, faults);
  faults.push(fault(field, `${field} ${converted.message}`));
  return null;
}

function judge(value: unknown, field: string, currency: string | null, faults: ErrorDetail[]): number | null {
  const minor = typeof value === 'number' ? value : Number.NaN;
  const message = currency === null ? rangeFault(minor, field) : amountRuleFault(minor, currency, field);
  if (message === null) return minor;
  faults.push(fault(field, message));
  return null;
}

function rangeFault(minor: number, field: string): string | null {
  if (Number.isInteger(minor) && minor >= 1 && minor <= MAX_AMOUNT_MINOR) return null;
  return `${field} must be a positive integer in minor units, at most ${MAX_AMOUNT_MINOR}.`;
}

/** What is wrong with a body's amounts in any currency and for any link: what is no positive amount at all. */
export function amountFaults(input: LinkPriceInput): ErrorDetail[] {
  const faults: ErrorDetail[] = [];
  readAmount(input, FIXED, null, faults);
  if (givenField(input, FIXED) !== null) return faults;
  readAmount(input, MINIMUM, null, faults);
  for (const [index, value] of (input.suggested_amounts_cents ?? []).entries()) {
    judge(value, `suggested_amounts_cents.${index}`, null, faults);
  }
  return faults;
}

/**
 * What a body makes of a link's price. With an amount it is fixed, and a minimum and suggestions are dropped. Without one
 * the buyer enters it, if the body says so or gives a minimum, or the link already is so. `currency` null: the body has no
 * valid one, only what needs none is judged, and without faults it is `ok: false` all the same. `present`: the link to
 * change, null for a new one. All faults at once, each `validation_failed`.
 */
export function decideLinkPrice(
  input: LinkPriceInput,
  currency: string | null,
  present: LinkPrice | null,
): PriceOrFaults {
  if (givenField(input, FIXED) !== null) return decideFixedPrice(input, currency, present);
  const cleared = FIXED.some((field) => input[field] === null);
  if (present !== null && present.amountMinor !== null && !cleared && input.amount_editable !== true) {
    const { amountMinor, minAmountMinor, suggestedAmountsMinor } = present;
    return { ok: true, price: { amountMinor, minAmountMinor, suggestedAmountsMinor } };
  }
  return decideOpenPrice(input, currency, present);
}

function decideFixedPrice(input: LinkPriceInput, currency: string | null, present: LinkPrice | null): PriceOrFaults {
  const faults: ErrorDetail[] = [];
  const amountMinor = readAmount(input, FIXED, currency, faults);
  const editable = input.amount_editable ?? (present !== null && present.amountMinor === null);
  if (editable) {
    const field = givenField(input, FIXED) ?? FIXED[0];
    const remedy = present === null ? 'leave one of the two out.' : 'send amount_editable: false with it.';
    faults.push(fault(field, `${field} is for a fixed price, but the buyer enters the amount: ${remedy}`));
  }
  if (faults.length > 0 || currency === null) return { ok: false, faults };
  return { ok: true, price: { amountMinor, minAmountMinor: null, suggestedAmountsMinor: null } };
}

function decideOpenPrice(input: LinkPriceInput, currency: string | null, present: LinkPrice | null): PriceOrFaults {
  const faults: ErrorDetail[] = [];
  const read = readAmount(input, MINIMUM, currency, faults);
  const minimumField = givenField(input, MINIMUM);
  const minimumSent = MINIMUM.some((field) => input[field] !== undefined);
  const minAmountMinor = minimumSent ? read : (present?.minAmountMinor ?? null);
  const wasOpen = present !== null && present.amountMinor === null;
  if (input.amount_editable === false || (!input.amount_editable && minimumField === null && !wasOpen)) {
    const message =
      'amount_cents is required for a fixed price. Or send amount_editable: true to let the buyer enter it.';
    faults.push(fault('amount_cents', message));
  }
  const suggested = input.suggested_amounts_cents;
  const kept = suggested === undefined ? (present?.suggestedAmountsMinor ?? null) : null;
  const suggestedAmountsMinor = kept ?? readSuggested(suggested ?? [], currency, minAmountMinor, faults);
  if (minimumField !== null && minAmountMinor !== null && kept?.some((amount) => amount < minAmountMinor)) {
    const message = `${minimumField} is more than an amount that this link suggests: send suggested_amounts_cents with it.`;
    faults.push(fault(minimumField, message));
  }
  if (faults.length > 0 || currency === null) return { ok: false, faults };
  return { ok: true, price: { amountMinor: null, minAmountMinor, suggestedAmountsMinor } };
}

function readSuggested(
  suggested: readonly unknown[],
  currency: string | null,
  minimum: number | null,
  faults: ErrorDetail[],
): number[] | null {
  if (suggested.length === 0) return null;
  return suggested.flatMap((value, index) => {
    const path = `suggested_amounts_cents.${index}`;
    const amount = judge(value, path, currency, faults);
    if (amount === null) return [];
    if (minimum === null || amount >= minimum) return [amount];
    faults.push(fault(path, `${path} must be at least the minimum, ${minimum}.`));
    return [];
  });
}
