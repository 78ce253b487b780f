import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { type AmountView, amountFaultText } from './amount-fault.ts';
import {
  type AmountFault,
  currencyAffix,
  leastAmount,
  MAX_TYPED_CHARACTERS,
  parseTypedAmount,
  shortMoney,
  typedAmountText,
} from './amount-input.ts';
import { Icon } from './page-parts.tsx';
import { type Strings, say } from './strings.tsx';

/** Suggestions up to this long stand three in a row on a phone. */
const SHORT_CHIP_CHARACTERS = 6;

interface PartProps {
  readonly view: AmountView;
  /** As the buyer typed it, faulty or not. */
  readonly typed: string | null;
  readonly fault: AmountFault | null;
  readonly strings: Strings;
}

/**
 * Where the buyer says how much: the merchant's suggestions as radio buttons, which need no script, and the field for
 * any other amount. Fields `suggested` (minor units, empty for "other") and `amount` (as typed); a suggestion wins.
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
  // Without scripts a chosen suggestion hides the field, and with it the fault.
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
  // The one fault repeats the hint, the other contradicts it.
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
