import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { PaymentLink } from '../../db/payment-links.ts';
import { type AmountFault, chosenAmount, parseTypedAmount, typedAmountText } from '../buyer/amount-input.ts';
import type { Prefill } from '../buyer/fields.ts';
import { type Locale, localeOf, negotiateLocale } from '../buyer/locale.ts';
import { rememberForm, type SentForm } from './form-cookie.ts';
import { amountInAddress } from './form-response.tsx';
import type { PageEnv } from './load-link.ts';
import type { PayForm, payQuery } from './requests.ts';

/** What `keepForm` keeps. `typedIn`: the locale in which `amount` was typed. Not set: that of the request. */
interface KeptForm {
  readonly form: string;
  readonly email: string | null;
  readonly amount: string | null;
  readonly typedIn?: Locale;
}

/** Keeps what is in a form for the buyer who comes back to its page. */
export function keepForm(c: Context<PageEnv>, token: string, kept: KeptForm): void {
  const { form, email, amount, typedIn = localeOf(c) } = kept;
  rememberForm(c, token, { id: form, email, amount, typedIn: typedIn.tag, openedWith: amountInAddress(c) });
}

/**
 * The amount in a sent form, for its page in the locale `to`: what was tapped, written in that locale, else what was
 * typed in that of the request. null: the price is fixed, or there is no amount.
 */
export function enteredAmount(
  c: Context<PageEnv>,
  link: PaymentLink,
  sent: Pick<PayForm, 'suggested' | 'amount'>,
  to: Locale,
): Required<Pick<KeptForm, 'amount' | 'typedIn'>> {
  const from = localeOf(c);
  const chosen = sent.suggested && link.amountMinor === null ? chosenAmount(link, sent, from) : null;
  if (chosen?.ok) return { amount: typedAmountText(chosen.amountMinor, to, link.currency), typedIn: to };
  return { amount: link.amountMinor === null ? sent.amount || null : null, typedIn: from };
}

/**
 * What stands in the form of a buyer who comes back: above all what they had entered, `sent`. Only on the way back from
 * Checkout and after a change of the language it has their e-mail: whoever opens the link anew may be another person at
 * the same computer. An amount in the address is new if the form was not opened with it.
 */
export function filledForm(
  c: Context<PageEnv>,
  { currency }: PaymentLink,
  { prefill, cancelled, kept }: z.output<typeof payQuery>,
  sent: SentForm | null,
): Prefill {
  const email = prefill.email ?? (cancelled || kept ? (sent?.email ?? null) : null);
  const isNew = prefill.amount !== null && prefill.amount !== sent?.openedWith;
  if (isNew || sent === null || sent.amount === null) return { ...prefill, email };
  const from = negotiateLocale(sent.typedIn, undefined);
  return { ...prefill, email, amount: amountInLocale(sent.amount, currency, { from, to: localeOf(c) }) };
}

/** What is wrong with the amount that stands in the form again. undefined: nothing, or there is no amount. */
export function faultOfFilled(c: Context<PageEnv>, link: PaymentLink, { amount }: Prefill): AmountFault | undefined {
  if (amount === null) return undefined;
  const chosen = chosenAmount(link, { amount }, localeOf(c));
  return chosen.ok ? undefined : chosen.fault;
}

/**
 * An amount as text for the form in another language. It stays as typed, unless it means another amount there, as
 * "1.234" does. null: it was unclear in the one language and would be read as an amount in the other.
 */
function amountInLocale(
  amount: string,
  currency: string,
  { from, to }: { readonly from: Locale; readonly to: Locale },
): string | null {
  const before = parseTypedAmount(amount, from, currency);
  const after = parseTypedAmount(amount, to, currency);
  if (!before.ok) return after.ok ? null : amount;
  const isSame = after.ok && after.amountMinor === before.amountMinor;
  return isSame ? amount : typedAmountText(before.amountMinor, to, currency);
}
