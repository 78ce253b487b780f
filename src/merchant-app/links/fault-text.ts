import { formatMoney, parseCurrency } from '../../core/money/money.ts';
import type { Language } from '../language.ts';
import { tagOf } from '../time.ts';
import type { LinkFault, LinkFaults, LinkField } from './check-form.ts';
import { formTexts } from './form-texts.ts';
import type { LinkValues } from './form-values.ts';

/** Says what is wrong with each field of a form, in the reader's language. null: nothing is. */
export function faultTexts(
  faults: LinkFaults,
  { currency }: Pick<LinkValues, 'currency'>,
  language: Language,
): (field: LinkField) => string | null {
  const texts = formTexts[language].faults;
  return (field) => {
    const fault = faults.get(field);
    if (fault === undefined) return null;
    if (fault !== 'refused') return amountFaultText(fault, currency, language);
    return field.startsWith('suggested') || !isNamed(field) ? texts.amount : texts[field];
  };
}

const isNamed = (field: LinkField): field is keyof (typeof formTexts)['en']['faults'] =>
  Object.hasOwn(formTexts.en.faults, field);

function amountFaultText(fault: Exclude<LinkFault, 'refused'>, currency: string, language: Language): string {
  const texts = formTexts[language].amountFaults;
  const known = parseCurrency(currency);
  const money = (amountMinor: number) =>
    known === null ? '' : formatMoney({ amountMinor, currency: known }, tagOf(language));
  switch (fault.code) {
    case 'too_many_decimals':
      return texts.too_many_decimals(fault.decimals);
    case 'below_minimum':
      return texts.below_minimum(money(fault.minimumMinor));
    case 'above_maximum':
      return texts.above_maximum(money(fault.maximumMinor));
    case 'not_a_multiple':
      return texts.not_a_multiple(money(fault.multipleOf));
    default:
      return texts[fault.code];
  }
}
