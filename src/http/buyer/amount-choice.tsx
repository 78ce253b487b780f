import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import {
  type AmountFault,
  currencyAffix,
  leastAmount,
  MAX_TYPED_CHARACTERS,
  parseTypedAmount,
  shortMoney,
  typedAmountText,
} from './amount-input.ts';
import type { Locale } from './locale.ts';
import { Icon, type LinkView } from './page-parts.tsx';
import { type Strings, say } from './strings.tsx';

/** Suggestions with at most so many characters stand three in a row on a phone. */
const SHORT_CHIP_CHARACTERS = 6;

/** What the choice of an amount shows of its payment link. Amounts are integer minor units. */
type AmountView = Pick<LinkView, 'currency' | 'minAmountMinor' | 'suggestedAmountsMinor'> & { readonly locale: Locale };

interface PartProps {
  readonly view: AmountView;
  /** The amount as the buyer typed it, valid or not. null: nothing was typed yet. */
  readonly typed: string | null;
  readonly fault: AmountFault | null;
  readonly strings: Strings;
}

/**
 * The fields of a form in which the buyer chooses the amount. `suggested` is one of the merchant's suggestions in minor
 * units, as radio buttons that need no script, or empty for another amount. `amount` is a text field for any amount. A
 * chosen suggestion counts, whatever `amount` holds.
 */
export function AmountChoice(props: PartProps): Child {
  const { view, strings } = props;
  return (
    <>
      {view.suggestedAmountsMinor.length > 0 && (
        <fieldset>
          <legend>{strings.chooseAmount}</legend>
          <Suggestions {...props} />
        </fieldset>
      )}
      <AmountField {...props} />
    </>
  );
}

function Suggestions({ view, typed, fault, strings }: PartProps): Child {
  const { locale, currency, suggestedAmountsMinor } = view;
  const amount = parseTypedAmount(typed ?? '', locale, currency);
  // Without scripts a chosen suggestion hides the field, and with it the message about the fault.
  const chosenMinor = amount.ok && fault === null ? amount.amountMinor : null;
  const chips = suggestedAmountsMinor.map((amountMinor) => ({
    amountMinor,
    text: shortMoney(amountMinor, locale, currency),
  }));
  const inThrees = [3, 5, 6].includes(chips.length) && chips.every(({ text }) => text.length <= SHORT_CHIP_CHARACTERS);
  return (
    <div class={inThrees ? 'chips three' : 'chips'}>
      {chips.map(({ amountMinor, text }) => (
        <label class="chip">
          <input
            type="radio"
            name="suggested"
            value={String(amountMinor)}
            checked={chosenMinor === amountMinor}
            data-text={typedAmountText(amountMinor, locale, currency)}
          />
          <span>
            <bdi>{text}</bdi>
          </span>
        </label>
      ))}
      <label class="chip other">
        <input type="radio" name="suggested" value="" />
        <span>{strings.otherAmount}</span>
      </label>
    </div>
  );
}

function AmountField({ view, typed, fault, strings }: PartProps): Child {
  const { symbol, before } = currencyAffix(view.locale, view.currency);
  const words = fault === null ? null : amountFaultText(fault, view, strings);
  // `below_minimum` repeats the hint, and `not_accepted` contradicts it.
  const hinted = fault?.code !== 'below_minimum' && fault?.code !== 'not_accepted';
  const unit = (
    <span id="unit">
      <bdi>{symbol}</bdi>
    </span>
  );
  const least = { amountMinor: leastAmount(view.currency, view.minAmountMinor), currency: view.currency };
  return (
    <div class="field">
      <label for="amount">{view.suggestedAmountsMinor.length > 0 ? strings.otherAmount : strings.amount}</label>
      <div class={fault === null ? 'money' : 'money bad'}>
        {before && unit}
        <input
          id="amount"
          name="amount"
          type="text"
          inputmode="decimal"
          autocomplete="off"
          enterkeyhint="go"
          maxlength={MAX_TYPED_CHARACTERS}
          value={typed ?? ''}
          aria-describedby={`${fault === null ? '' : 'error '}unit${hinted ? ' hint' : ''}`}
          aria-invalid={fault === null ? undefined : 'true'}
          autofocus={fault !== null}
        />
        {!before && unit}
      </div>
      {words !== null && (
        <p class="error" id="error">
          <Icon name="alert" size={20} />
          <span>{say(words.template, words.values)}</span>
        </p>
      )}
      {hinted && (
        <p class="hint" id="hint">
          {say(strings.atLeast, { amount: formatMoney(least, view.locale.tag) })}
        </p>
      )}
    </div>
  );
}

/** The message about a fault, which stands beside the amount field: a text, and the values for its `{name}` places. */
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
