import type { Fault } from '../../core/errors.ts';
import { judgeAmount, type RequestedAmount } from '../../core/money/requested-amount.ts';
import type { PaymentLink } from '../../db/payment-links.ts';

/** What a request says about a link's price. undefined: not sent. null: to be cleared. */
export interface LinkPriceInput {
  readonly amount?: RequestedAmount | null | undefined;
  /** True: the buyer enters the amount. */
  readonly editable?: boolean | null | undefined;
  readonly minimum?: RequestedAmount | null | undefined;
  readonly suggested?: readonly RequestedAmount[] | null | undefined;
}

export type LinkPrice = Pick<PaymentLink, 'amountMinor' | 'minAmountMinor' | 'suggestedAmountsMinor'>;
export type PriceOrFaults =
  | { readonly ok: true; readonly price: LinkPrice }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const fault = (field: string, problem: string): Fault => ({ field, code: 'validation_failed', problem });

/** The amount in minor units. null: it is wrong, and the fault is added to `faults`; or there is no currency. */
function judge(amount: RequestedAmount, currency: string | null, faults: Fault[]): number | null {
  const judged = judgeAmount(amount, currency);
  if (judged.ok) return judged.amountMinor;
  faults.push(fault(amount.field, judged.problem));
  return null;
}

/**
 * Decides the price of a link. With an amount the price is fixed, and a minimum and suggestions are dropped. Without an amount
 * the buyer enters it, if the request says so or has a minimum, or the link is like that already. `currency` null: the request
 * has no valid one; then the result is `ok: false`, with the faults that need no currency. `present`: the link to change; null
 * for a new one. Returns all faults at once, each with the code `validation_failed`.
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
    faults.push(fault(one.field, `must be at least the minimum, ${minimum}.`));
    return [];
  });
}
