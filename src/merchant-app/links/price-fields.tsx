import type { Child } from 'hono/jsx';
import { CURRENCIES } from '../../core/money/currencies.ts';
import type { Language } from '../language.ts';
import { describing, Field, FieldFrame } from '../pages/field.tsx';
import { formTexts } from './form-texts.ts';
import { SUGGESTIONS } from './form-values.ts';
import type { FormPart } from './form-view.ts';

const COMMON = ['EUR', 'GBP', 'USD', 'CHF', 'SEK', 'DKK', 'NOK', 'PLN', 'CZK', 'JPY', 'AUD', 'CAD'];

interface CurrencyName {
  readonly code: string;
  readonly name: string;
}

const namesByLanguage = new Map<Language, readonly CurrencyName[]>();

/** All currencies that Stripe takes, by code. */
function currencyNames(language: Language): readonly CurrencyName[] {
  const known = namesByLanguage.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  const all = Object.keys(CURRENCIES).map((code) => ({ code, name: names.of(code) ?? code }));
  namesByLanguage.set(language, all);
  return all;
}

const AMOUNT = { inputmode: 'decimal', autocomplete: 'off', maxlength: 40 } as const;

/** Whether the price is fixed or the buyer's, the amounts, and the currency. Only the fields of the chosen kind are seen. */
export function PriceFields({ view, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  const { values } = view;
  const kind = (value: 'fixed' | 'open') => (
    <label class="check">
      <input type="radio" name="price" value={value} checked={values.price === value} />
      {texts[value]}
    </label>
  );
  return (
    <>
      <fieldset>
        <legend>{texts.price}</legend>
        <div class="cols pair">
          {kind('fixed')}
          {kind('open')}
        </div>
      </fieldset>
      <div class="cols pair">
        <div class="if-fixed">
          <Field
            id="amount"
            label={texts.amount}
            hint={texts.amountHint}
            fault={faultOf('amount')}
            input={{ value: values.amount, ...AMOUNT }}
          />
        </div>
        <div class="if-open">
          <Field
            id="minimum"
            label={<Optional text={texts.minimum} language={language} />}
            hint={texts.minimumHint}
            fault={faultOf('minimum')}
            input={{ value: values.minimum, ...AMOUNT }}
          />
        </div>
        <CurrencyField view={view} language={language} faultOf={faultOf} />
      </div>
      <Suggestions view={view} language={language} faultOf={faultOf} />
    </>
  );
}

/** The label of a field that may be left empty. */
export function Optional({ text, language }: { text: string; language: Language }): Child {
  return (
    <>
      {text} <span class="soft">{formTexts[language].optional}</span>
    </>
  );
}

function Suggestions({ view, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  return (
    <fieldset class="if-open">
      <legend>
        <Optional text={texts.suggested} language={language} />
      </legend>
      <div class="six">
        {Array.from({ length: SUGGESTIONS }, (_, index) => {
          const id = `suggested-${index}`;
          const fault = faultOf(`suggested.${index}`);
          return (
            <div class={fault === null ? 'field' : 'field bad'}>
              <input
                id={id}
                name="suggested"
                aria-label={texts.suggestion(index + 1)}
                value={view.values.suggested[index] ?? ''}
                {...AMOUNT}
                {...describing({ id, fault })}
              />
              {fault !== null && (
                <p class="error" id={`${id}-error`}>
                  {fault}
                </p>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

function CurrencyField({ view: { values, link }, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  const fault = faultOf('currency');
  const frame = { id: 'currency', label: texts.currency, fault };
  if (link !== null) {
    return <Field {...frame} hint={texts.currencyStays} input={{ value: link.currency, readonly: true }} />;
  }
  const option = ({ code, name }: CurrencyName) => (
    <option value={code} selected={code === values.currency}>
      {code}, {name}
    </option>
  );
  const all = currencyNames(language);
  return (
    <FieldFrame {...frame}>
      <select id="currency" name="currency" {...describing(frame)}>
        <optgroup label={texts.common}>{all.filter(({ code }) => COMMON.includes(code)).map(option)}</optgroup>
        <optgroup label={texts.all}>{all.filter(({ code }) => !COMMON.includes(code)).map(option)}</optgroup>
      </select>
    </FieldFrame>
  );
}
