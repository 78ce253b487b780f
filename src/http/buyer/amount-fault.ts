import { formatMoney } from '../../core/money/money.ts';
import { type AmountFault, leastAmount, typedAmountText } from './amount-input.ts';
import type { Locale } from './locale.ts';
import type { Strings } from './strings.tsx';

/** What a page needs to know where a buyer chooses the amount. Amounts are integer minor units. */
export interface AmountView {
  readonly locale: Locale;
  readonly currency: string;
  readonly minAmountMinor: number | null;
  readonly suggestedAmountsMinor: readonly number[];
}

/** The words beside the amount field for a fault: a text, and the values to fill in. */
export function amountFaultText(
  fault: AmountFault,
  view: AmountView,
  { faults }: Strings,
): { readonly template: string; readonly values: Readonly<Record<string, string>> } {
  const { locale, currency } = view;
  const amount = (amountMinor: number) => ({ amount: formatMoney({ amountMinor, currency }, locale.tag) });
  const example = (amountMinor: number) => ({ example: typedAmountText(amountMinor, locale, currency) });
  switch (fault.code) {
    case 'empty':
      return { template: faults.empty, values: {} };
    case 'not_a_number':
      return { template: faults.notANumber, values: example(exampleAmount(view)) };
    case 'ambiguous_separator':
      return { template: faults.ambiguousSeparator, values: example(fault.thousandsMinor) };
    case 'too_many_decimals':
      if (fault.decimals === 0) return { template: faults.noDecimals, values: { currency } };
      return { template: faults.tooManyDecimals, values: { currency, count: number(fault.decimals, locale.tag) } };
    case 'below_minimum':
      return { template: faults.belowMinimum, values: amount(fault.minimumMinor) };
    case 'above_maximum':
      return { template: faults.aboveMaximum, values: amount(fault.maximumMinor) };
    case 'not_a_multiple':
      return { template: faults.notAMultiple, values: amount(fault.multipleOf) };
    case 'not_accepted':
      return { template: faults.notAccepted, values: {} };
  }
}

function exampleAmount({ currency, minAmountMinor, suggestedAmountsMinor }: AmountView): number {
  return suggestedAmountsMinor[0] ?? leastAmount(currency, minAmountMinor);
}

function number(value: number, tag: string): string {
  return new Intl.NumberFormat(tag).format(value);
}
