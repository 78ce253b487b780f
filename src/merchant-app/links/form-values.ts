import type { PaymentLink } from '../../db/payment-links.ts';
import { typedAmountText } from '../../http/buyer/amount-input.ts';
import { isTimeZone, localTime } from '../local-time.ts';
import { type Clock, localeIn } from '../time.ts';

/** How many amounts a link can suggest. */
export const SUGGESTIONS = 6;

/** What stands in the form of a link, as it was typed. An empty text: nothing. */
export interface LinkValues {
  readonly title: string;
  readonly description: string;
  readonly price: 'fixed' | 'open';
  readonly amount: string;
  readonly minimum: string;
  readonly suggested: readonly string[];
  readonly currency: string;
  readonly showName: boolean;
  readonly buttonColour: string;
  readonly textColour: string;
  /** In the time zone `timeZone`, without seconds. */
  readonly expires: string;
  readonly timeZone: string;
  readonly maxPayments: string;
  readonly successUrl: string;
  readonly closedMessage: string;
}

/** The empty form of a new link. */
export function emptyValues({ language, timeZone }: Clock): LinkValues {
  const texts = { title: '', description: '', amount: '', minimum: '', expires: '', maxPayments: '' };
  const more = { buttonColour: '', textColour: '', successUrl: '', closedMessage: '' };
  const currency = language === 'de' ? 'EUR' : 'GBP';
  return { ...texts, ...more, price: 'fixed', suggested: [], currency, showName: true, timeZone };
}

/** The form of a link as it is stored. */
export function valuesOfLink(link: PaymentLink, { language, timeZone }: Clock): LinkValues {
  const { currency, amountMinor, minAmountMinor, suggestedAmountsMinor, expiresAt, maxPayments } = link;
  const typed = (amount: number | null) =>
    amount === null ? '' : typedAmountText(amount, localeIn(language), currency);
  return {
    title: link.title,
    description: link.description ?? '',
    price: amountMinor === null ? 'open' : 'fixed',
    amount: typed(amountMinor),
    minimum: typed(minAmountMinor),
    suggested: (suggestedAmountsMinor ?? []).map(typed),
    currency,
    showName: link.showBusinessName,
    buttonColour: link.buttonColor ?? '',
    textColour: link.buttonTextColor ?? '',
    expires: expiresAt === null ? '' : localTime(expiresAt, timeZone),
    timeZone,
    maxPayments: maxPayments === null ? '' : String(maxPayments),
    successUrl: link.successUrl ?? '',
    closedMessage: link.inactiveMessage ?? '',
  };
}

/** What was typed in the form that was sent. */
export function valuesIn(fields: URLSearchParams, { timeZone }: Clock): LinkValues {
  const typed = (name: string) => (fields.get(name) ?? '').trim();
  const sentZone = typed('time_zone');
  return {
    title: typed('title'),
    description: typed('description').replaceAll('\r\n', '\n'),
    price: typed('price') === 'open' ? 'open' : 'fixed',
    amount: typed('amount'),
    minimum: typed('minimum'),
    suggested: fields
      .getAll('suggested')
      .map((text) => text.trim())
      .slice(0, SUGGESTIONS),
    currency: typed('currency'),
    showName: fields.has('show_name'),
    buttonColour: colourIn(fields, 'button_colour'),
    textColour: colourIn(fields, 'text_colour'),
    expires: typed('expires'),
    timeZone: isTimeZone(sentZone) ? sentZone : timeZone,
    maxPayments: typed('max_payments'),
    successUrl: typed('success_url'),
    closedMessage: typed('closed_message').replaceAll('\r\n', '\n'),
  };
}

/** A colour was picked where the picker does not have what it had at first. Else what was typed beside it counts. */
function colourIn(fields: URLSearchParams, name: string): string {
  const picked = fields.get(`${name}_picked`);
  return picked !== null && picked !== fields.get(`${name}_shown`) ? picked : (fields.get(name) ?? '').trim();
}
