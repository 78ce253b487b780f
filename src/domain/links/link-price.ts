import type { Fault } from '../../core/errors.ts';
import { amountInWords, judgeAmount, type RequestedAmount } from '../../core/money/requested-amount.ts';
import type { PaymentLink } from '../../db/payment-links.ts';

/** What a request says about a link's price. A member is undefined if it was not sent, and null to clear the value. */
export interface LinkPriceInput {
  readonly amount?: RequestedAmount | null | undefined;
  /** True if the buyer is to enter the amount. */
  readonly editable?: boolean | null | undefined;
  readonly minimum?: RequestedAmount | null | undefined;
  readonly suggested?: readonly RequestedAmount[] | null | undefined;
}

export type LinkPrice = Pick<PaymentLink, 'amountMinor' | 'minAmountMinor' | 'suggestedAmountsMinor'>;
type PriceOrFaults =
  | { readonly ok: true; readonly price: LinkPrice }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const fault = (field: string, problem: string): Fault => ({ field, code: 'validation_failed', problem });

/** Returns the amount in minor units. null: `currency` is null, or the amount is wrong and its fault is in `faults`. */
function judge(amount: RequestedAmount, currency: string | null, faults: Fault[]): number | null {
  const judged = judgeAmount(amount, currency);
  if (judged.ok) return judged.amountMinor;
  faults.push(fault(amount.field, judged.problem));
  return null;
}

/**
 * Decides the price of a new or changed link. With an amount the price is fixed, without minimum and suggestions.
 * Without an amount a fixed price stays, unless the request clears it or sets `editable`. Otherwise the buyer enters
 * the amount; a link that did not allow this before needs `editable` or a minimum. `currency` null: the request has no
 * valid one; the result is `ok: false`. `present`: the link before the change; null for a new link. Returns all faults.
 */
export function decideLinkPrice(
  input: LinkPriceInput,
  currency: string | null,
  present: LinkPrice | null,
): PriceOrFaults {
  if (input.amount) return decideFixedPrice(input.amount, input, currency, present);
  const isCleared = input.amount === null;
  if (present !== null && present.amountMinor !== null && !isCleared && input.editable !== true) {
    const { amountMinor, minAmountMinor, suggestedAmountsMinor } = present;
    return { ok: true, price: { amountMinor, minAmountMinor, suggestedAmountsMinor } };
  }
  return decideOpenPrice(input, currency, present);
}

function decideFixedPrice(
  amount: RequestedAmount,
  { editable }: LinkPriceInput,
  currency: string | null,
  present: LinkPrice | null,
): PriceOrFaults {
  const faults: Fault[] = [];
  const amountMinor = judge(amount, currency, faults);
  if (editable ?? (present !== null && present.amountMinor === null)) {
    const remedy = present === null ? 'leave one of the two out.' : 'send {amountEditable}: false with it.';
    faults.push(fault(amount.field, `is for a fixed price, but the buyer enters the amount: ${remedy}`));
  }
  if (faults.length > 0 || currency === null) return { ok: false, faults };
  return { ok: true, price: { amountMinor, minAmountMinor: null, suggestedAmountsMinor: null } };
}

function decideOpenPrice(input: LinkPriceInput, currency: string | null, present: LinkPrice | null): PriceOrFaults {
  const { minimum, editable, suggested } = input;
  const faults: Fault[] = [];
  const given = minimum ? judge(minimum, currency, faults) : null;
  const minAmountMinor = minimum === undefined ? (present?.minAmountMinor ?? null) : given;
  const wasOpen = present !== null && present.amountMinor === null;
  if (editable === false || (!editable && !minimum && !wasOpen)) {
    faults.push(
      fault(
        'amountMinor',
        'is required for a fixed price. To let the buyer enter the amount, send {amountEditable}: true.',
      ),
    );
  }
  const kept = suggested === undefined ? (present?.suggestedAmountsMinor ?? null) : null;
  const suggestedAmountsMinor = kept ?? judgeSuggested(suggested ?? [], currency, minAmountMinor, faults);
  if (minimum && given !== null && kept?.some((amount) => amount < given)) {
    const problem = 'is more than an amount that this link suggests: send {suggestedAmounts} with it.';
    faults.push(fault(minimum.field, problem));
  }
  if (faults.length > 0 || currency === null) return { ok: false, faults };
  return { ok: true, price: { amountMinor: null, minAmountMinor, suggestedAmountsMinor } };
}

function judgeSuggested(
  suggested: readonly RequestedAmount[],
  currency: string | null,
  minimum: number | null,
  faults: Fault[],
): number[] | null {
  if (suggested.length === 0) return null;
  return suggested.flatMap((one) => {
    const amountMinor = judge(one, currency, faults);
    if (amountMinor === null) return [];
    if (minimum === null || amountMinor >= minimum) return [amountMinor];
    const least = currency === null ? minimum : amountInWords({ amountMinor: minimum, currency }, one.unit);
    faults.push(fault(one.field, `must be at least the minimum, ${least}.`));
    return [];
  });
}
