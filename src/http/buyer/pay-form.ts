import * as z from 'zod/mini';
import { EMAIL } from '../../core/email.ts';
import { isFormId } from '../../core/ids.ts';
import { textFault } from '../../core/text.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { readBytes } from '../read-bytes.ts';
import { type AmountFault, amountLimitFault, MAX_TYPED_CHARACTERS, readTypedAmount } from './amount-input.ts';
import type { Locale } from './locale.ts';

const MAX_BYTES = 16 * 1024;
/** Stripe takes URLs of some thousand characters. */
const MAX_QUERY_CHARACTERS = 1_500;
const UTM_NAMES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

/** What a link in an e-mail or an advertisement may bring along. */
export interface Prefill {
  readonly email: string | null;
  readonly reference: string | null;
  readonly utm: Readonly<Record<string, string>>;
  /** As typed. */
  readonly amount: string | null;
}

const email = z.email({ pattern: EMAIL }).check(z.maxLength(254));

/** Reads what a query or a form brings; what does not fit is left out, since the buyer cannot mend it. */
export function readPrefill(values: Readonly<Record<string, string | undefined>>): Prefill {
  const { email: address, reference, amount } = values;
  const utm = UTM_NAMES.flatMap((name) => {
    const value = values[name];
    return isPlain(value) ? [[name, value] as const] : [];
  });
  return {
    email: email.safeParse(address).data ?? null,
    reference: isPlain(reference) ? reference : null,
    utm: Object.fromEntries(utm),
    amount: amount ? amount.slice(0, MAX_TYPED_CHARACTERS) : null,
  };
}

/** What a link brought along, for the way back to its page. Too much for an address is left behind. */
export function prefillParameters(prefill: Prefill): Record<string, string> {
  const parameters = {
    ...(prefill.amount ? { amount: prefill.amount } : {}),
    ...(prefill.email ? { email: prefill.email } : {}),
    ...(prefill.reference ? { reference: prefill.reference } : {}),
    ...prefill.utm,
  };
  return new URLSearchParams(parameters).toString().length > MAX_QUERY_CHARACTERS ? {} : parameters;
}

/** One line of text that may travel on: no control or text direction characters. */
function isPlain(value: string | undefined): value is string {
  return value !== undefined && value !== '' && textFault(value, { max: 500, lineBreaks: false }) === null;
}

/** A form as it came: fields of the first value each. null: too large, or not a form. */
export async function readForm(request: Request): Promise<Record<string, string | undefined> | null> {
  const type = request.headers.get('Content-Type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return null;
  const bytes = await readBytes(request, MAX_BYTES);
  if (!bytes) return null;
  const fields = new URLSearchParams(new TextDecoder().decode(bytes));
  return Object.fromEntries([...fields.keys()].map((name) => [name, fields.get(name) ?? undefined]));
}

/** The form's random id, or null where somebody made one up. */
export function formIdOf(fields: Readonly<Record<string, string | undefined>>): string | null {
  const { operation } = fields;
  return operation !== undefined && isFormId(operation) ? operation : null;
}

/** What the buyer was shown: the price, or that they may choose. Sent back with the form, and compared. */
export function shownPrice(link: PaymentLink): string {
  return `${link.currency}:${link.amountMinor ?? 'open'}`;
}

/** The amount to charge, in minor units: the link's, a suggested one, or what the buyer typed. */
export function chosenAmount(
  link: PaymentLink,
  fields: Readonly<Record<string, string | undefined>>,
  locale: Locale,
): { readonly ok: true; readonly amountMinor: number } | { readonly ok: false; readonly fault: AmountFault } {
  if (link.amountMinor !== null) return { ok: true, amountMinor: link.amountMinor };
  const { suggested, amount = '' } = fields;
  const offered = link.suggestedAmountsMinor?.find((minor) => String(minor) === suggested);
  if (offered === undefined) return readTypedAmount(amount, locale, link.currency, link.minAmountMinor);
  const fault = amountLimitFault(offered, link.currency, link.minAmountMinor);
  return fault === null ? { ok: true, amountMinor: offered } : { ok: false, fault };
}
