import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import {
  type AmountFault,
  currencyAffix,
  leastAmount,
  MAX_TYPED_CHARACTERS,
  parseTypedAmount,
  payableReadings,
  shortMoney,
  typedAmountText,
} from './amount-input.ts';
import { amountStyle } from './amount-style.ts';
import type { Locale } from './locale.ts';
import { Icon, type LinkView } from './page-parts.tsx';
import { type Strings, say } from './strings.tsx';

/** So many typed characters are seen whole in the field. A longer text is no amount, and would make the letters tiny. */
const ROOM_FOR_TYPED = 16;

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
 * units, as radio buttons that need no script, or empty for another amount. `amount` is a text field for any amount. If
 * it was refused because it can mean several amounts, these are choices of `suggested` too. A chosen one counts,
 * whatever `amount` holds.
 */
export function AmountChoice(props: PartProps): Child {
  const { view, strings } = props;
  const { suggestedAmountsMinor } = view;
  const readings = readingsOf(props);
  return (
    <>
      {suggestedAmountsMinor.length > 0 && (
        <fieldset class="suggestions">
          <legend>{strings.chooseAmount}</legend>
          <Chips {...props} chips={suggestionChips(view)} chosenMinor={chosenSuggestion(props)} withOther />
        </fieldset>
      )}
      <AmountField {...props} />
      {readings.length > 0 && (
        <fieldset class="readings">
          <legend>{strings.faults.whichAmount}</legend>
          <Chips {...props} chips={readings} chosenMinor={null} withOther={suggestedAmountsMinor.length === 0} />
        </fieldset>
      )}
    </>
  );
}

/**
 * The button of a form with an `AmountChoice`. With something to tap it has a second text, which names the chosen
 * amount: "Pay £10". One of the two is hidden, and the page's script changes which.
 */
export function AmountButton(props: PartProps): Child {
  const { view, strings } = props;
  const chips = [...suggestionChips(view), ...readingsOf(props)];
  const chosen = suggestionChips(view).find(({ amountMinor }) => amountMinor === chosenSuggestion(props));
  return (
    <button class="pay" type="submit">
      <span hidden={chosen !== undefined}>{strings.continueToPayment}</span>
      {chips.length > 0 && (
        <span hidden={chosen === undefined}>{say(strings.pay, { amount: chosen?.text ?? '' })}</span>
      )}
    </button>
  );
}

/** The CSS for the amounts of `AmountChoice` and `AmountButton`: none is wider than its place. */
export function amountChoiceStyle(props: Omit<PartProps, 'strings'>): string {
  const { view, typed, fault } = props;
  const { locale, currency, minAmountMinor } = view;
  const written = (amountMinor: number) => formatMoney({ amountMinor, currency }, locale.tag);
  const inField = [
    `${currencyAffix(locale, currency).symbol} ${typed?.slice(0, ROOM_FOR_TYPED) ?? ''}`,
    written(leastAmount(currency, minAmountMinor)),
    ...(fault?.code === 'above_maximum' ? [written(fault.maximumMinor)] : []),
  ];
  const textsOf = (chips: readonly Chip[]) => chips.map(({ text }) => text);
  const suggestions = textsOf(suggestionChips(view));
  const readings = textsOf(readingsOf(props));
  return [
    amountStyle(':root', [...suggestions, ...readings]),
    amountStyle('.suggestions', suggestions),
    amountStyle('.readings', readings),
    amountStyle('.field', inField),
  ].join('');
}

/** An amount that the buyer can tap, in minor units and as text. */
interface Chip {
  readonly amountMinor: number;
  readonly text: string;
}

function suggestionChips({ suggestedAmountsMinor, locale, currency }: AmountView): Chip[] {
  return suggestedAmountsMinor.map((amountMinor) => ({ amountMinor, text: shortMoney(amountMinor, locale, currency) }));
}

function readingsOf({ view, typed, fault }: Omit<PartProps, 'strings'>): Chip[] {
  if (fault === null || typed === null) return [];
  const { locale, currency, minAmountMinor } = view;
  return payableReadings(typed, locale, currency, minAmountMinor).map((amountMinor) => ({
    amountMinor,
    text: formatMoney({ amountMinor, currency }, locale.tag),
  }));
}

/** The suggestion that is chosen when the page is opened, in minor units. */
function chosenSuggestion({ view, typed, fault }: Omit<PartProps, 'strings'>): number | null {
  const amount = parseTypedAmount(typed ?? '', view.locale, view.currency);
  // Without scripts a chosen suggestion hides the field, and with it the message about the fault.
  if (!amount.ok || fault !== null) return null;
  return view.suggestedAmountsMinor.includes(amount.amountMinor) ? amount.amountMinor : null;
}

interface ChipsProps extends PartProps {
  readonly chips: readonly Chip[];
  readonly chosenMinor: number | null;
  /** True: the last choice is another amount, for browsers without scripts. */
  readonly withOther: boolean;
}

function Chips({ view, strings, chips, chosenMinor, withOther }: ChipsProps): Child {
  const { locale, currency } = view;
  return (
    <div class={[3, 5, 6].includes(chips.length) ? 'chips three' : 'chips'}>
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
            <bdi class="amount">{text}</bdi>
          </span>
        </label>
      ))}
      {withOther && (
        <label class="chip other">
          <input type="radio" name="suggested" value="" />
          <span>{strings.otherAmount}</span>
        </label>
      )}
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
    case 'two_readings':
      return { template: faults.twoReadings, values: {} };
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
