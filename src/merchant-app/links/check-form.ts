import { parseCurrency } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { CreateLink } from '../../domain/links/create-link.ts';
import type { LinkChange } from '../../domain/links/update-link.ts';
import { linkChangeBody, newLinkBody } from '../../http/api/payment-links/requests.ts';
import { type AmountFault, readTypedAmount } from '../../http/buyer/amount-input.ts';
import type { Language } from '../language.ts';
import { localTime, readLocalTime } from '../local-time.ts';
import { localeIn } from '../time.ts';
import type { LinkValues } from './form-values.ts';

/** The fields of the form that can be wrong. */
export type LinkField =
  | Exclude<keyof LinkValues, 'price' | 'showName' | 'timeZone' | 'suggested'>
  /** One of the suggested amounts, by its place. */
  | `suggested.${number}`;

/** What is wrong with a field: its own fault, or that of the amount in it. */
export type LinkFault = 'refused' | AmountFault;

export type LinkFaults = ReadonlyMap<LinkField, LinkFault>;

type Body = Readonly<Record<string, unknown>>;

/** The members of the API's body, and the fields of the form that they are made of. */
const FIELDS: Readonly<Record<string, LinkField>> = {
  title: 'title',
  description: 'description',
  amount_cents: 'amount',
  min_amount_cents: 'minimum',
  suggested_amounts_cents: 'suggested.0',
  currency: 'currency',
  button_color: 'buttonColour',
  button_text_color: 'textColour',
  expires_at: 'expires',
  max_payments: 'maxPayments',
  success_url: 'successUrl',
  inactive_message: 'closedMessage',
};

interface CheckedForm {
  readonly faults: LinkFaults;
  /** The body for the API, as far as there are no faults. */
  readonly body: Body;
}

/**
 * Checks a form by the rules of the API. `present`: the link that it changes; null for a new one. Amounts are read in the
 * writing of `language`.
 */
export function checkForm(values: LinkValues, language: Language, present: PaymentLink | null): CheckedForm {
  const currency = parseCurrency(present?.currency ?? values.currency);
  const price = readPrice(values, language, currency);
  const faults = new Map<LinkField, LinkFault>(price.faults);
  const sent = { ...contentOf(values, present), ...price.body, currency: currency ?? values.currency };
  for (const { path } of newLinkBody.safeParse(sent).error?.issues ?? []) {
    const field = FIELDS[String(path[0])];
    if (field !== undefined && !faults.has(field)) faults.set(field, 'refused');
  }
  const isFine = (field: LinkField | undefined) => field === undefined || !faults.has(field);
  return { faults, body: Object.fromEntries(Object.entries(sent).filter(([member]) => isFine(FIELDS[member]))) };
}

/** The new link that a body without faults asks for. */
export const toNewLink = (body: Body): CreateLink => newLinkBody.parse(body);

/** The change of a link that a body without faults asks for. */
export const toLinkChange = ({ currency: _, ...body }: Body): LinkChange => linkChangeBody.parse(body);

/** All members but the price, null where nothing was typed. */
function contentOf(values: LinkValues, present: PaymentLink | null): Body {
  const orNull = (text: string) => (text === '' ? null : text);
  const { maxPayments } = values;
  return {
    kind: present?.kind ?? 'link',
    title: values.title,
    description: orNull(values.description),
    show_business_name: values.showName,
    button_color: orNull(values.buttonColour),
    button_text_color: orNull(values.textColour),
    expires_at: expiryOf(values, present),
    max_payments: /^\d{1,9}$/.test(maxPayments) ? Number(maxPayments) : orNull(maxPayments),
    success_url: orNull(values.successUrl),
    inactive_message: orNull(values.closedMessage),
  };
}

/** An input has no seconds: a time that nobody has changed keeps those that it had. */
function expiryOf({ expires, timeZone }: LinkValues, present: PaymentLink | null): string | null {
  const before = present?.expiresAt ?? null;
  if (before !== null && localTime(before, timeZone) === expires) return toRfc3339(before);
  const at = readLocalTime(expires, timeZone);
  return at === null ? expires || null : toRfc3339(at);
}

function readPrice(values: LinkValues, language: Language, currency: string | null) {
  const faults: [LinkField, LinkFault][] = [];
  const read = (field: LinkField, text: string, least: number | null): number[] => {
    if (currency === null) return [];
    const amount = readTypedAmount(text, localeIn(language), currency, least);
    if (amount.ok) return [amount.amountMinor];
    faults.push([field, amount.fault]);
    return [];
  };
  if (values.price === 'fixed') {
    const [amount] = read('amount', values.amount, null);
    return { faults, body: { amount_cents: amount, amount_editable: false } };
  }
  const [minimum = null] = values.minimum === '' ? [] : read('minimum', values.minimum, null);
  const suggested = values.suggested.flatMap((text, index) =>
    text === '' ? [] : read(`suggested.${index}`, text, minimum),
  );
  const body = { min_amount_cents: minimum, suggested_amounts_cents: suggested };
  return { faults, body: { amount_cents: null, amount_editable: true, ...body } };
}
