import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { rulesOf } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import {
  type AmountFault,
  chosenAmount,
  leastAmount,
  parseTypedAmount,
  typedAmountText,
} from '../buyer/amount-input.ts';
import { type Prefill, prefill } from '../buyer/fields.ts';
import { type Locale, localeOf, negotiateLocale } from '../buyer/locale.ts';
import { rememberForm, type SentForm } from './form-cookie.ts';
import type { PageEnv } from './load-link.ts';
import { amountInAddress } from './page-query.ts';
import type { FormRefusal, PayForm, payQuery } from './requests.ts';

/** What a buyer has entered. `typedIn`: the locale in which `amount` was typed. Not set: that of the request. */
interface EnteredForm {
  readonly form: string;
  readonly email: string | null;
  readonly amount: string | null;
  readonly typedIn?: Locale;
  readonly refusal?: FormRefusal;
}

/** A form that the page may show again: the query of the page, the form as sent, and what stands in it now. */
interface FormAgain {
  readonly query: z.output<typeof payQuery>;
  /** null: there is no cookie of it. */
  readonly sent: SentForm | null;
  readonly filled: Prefill;
}

/** Keeps in the cookie of the form what is in it, for the buyer who comes back to its page. */
export function rememberEntered(c: Context<PageEnv>, token: string, entered: EnteredForm): void {
  const { form, email, amount, typedIn = localeOf(c), refusal = null } = entered;
  const openedWith = amountInAddress(c);
  rememberForm(c, token, { id: form, email, amount, typedIn: typedIn.tag, openedWith, refusal });
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
): Required<Pick<EnteredForm, 'amount' | 'typedIn'>> {
  const from = localeOf(c);
  const chosen = sent.suggested && link.amountMinor === null ? chosenAmount(link, sent, from) : null;
  if (chosen?.ok) return { amount: typedAmountText(chosen.amountMinor, to, link.currency), typedIn: to };
  return { amount: link.amountMinor === null ? sent.amount || null : null, typedIn: from };
}

/**
 * What stands in the form of a buyer who comes back: above all what they had entered, `sent`. Only on the way back from
 * Checkout and where the page shows the sent form again it has their e-mail: whoever opens the link anew may be another
 * person at the same computer. An amount in the address is new if the form was not opened with it.
 */
export function filledForm(
  c: Context<PageEnv>,
  { currency }: PaymentLink,
  { prefill: inAddress, cancelled, again }: z.output<typeof payQuery>,
  sent: SentForm | null,
): Prefill {
  const email = inAddress.email ?? (cancelled || again ? (sent?.email ?? null) : null);
  const isNew = inAddress.amount !== null && inAddress.amount !== sent?.openedWith;
  if (isNew || sent === null || sent.amount === null) return { ...inAddress, email };
  const from = negotiateLocale(sent.typedIn, undefined);
  return { ...inAddress, email, amount: amountInLocale(sent.amount, currency, { from, to: localeOf(c) }) };
}

/** The reference and campaign of the form that has made a session. The prefill has no e-mail address and no amount. */
export function prefillOfPayment({ reference, metadata }: PaymentView): Prefill {
  return prefill.parse({ ...metadata, reference });
}

/** Adds what a session was made with: the address that leads back from Checkout leaves it out if it is long. */
export function withPrefillOf(session: PaymentView | null, filled: Prefill): Prefill {
  if (session === null) return filled;
  const { reference, utm } = prefillOfPayment(session);
  return { ...filled, reference: filled.reference ?? reference, utm: { ...utm, ...filled.utm } };
}

/**
 * What is wrong with the amount of a sent form that is shown again as `filled`: with its cookie, `sent`, what stands in
 * it, else what the address says. undefined: nothing, nothing was entered yet, or the page is opened anew.
 */
export function faultOfForm(
  c: Context<PageEnv>,
  link: PaymentLink,
  { query, sent, filled: { amount } }: FormAgain,
): AmountFault | undefined {
  if (link.amountMinor !== null || !query.again) return undefined;
  if (sent === null) return query.refused && amount === null ? faultOfCode(query.refused, link) : undefined;
  const isRefused = sent.refusal === 'amount_refused';
  if (amount === null && !isRefused) return undefined;
  const chosen = chosenAmount(link, { amount: amount ?? '' }, localeOf(c));
  if (!chosen.ok) return chosen.fault;
  return isRefused ? { code: 'not_accepted' } : undefined;
}

/** The fault of this code with the limits of the link. undefined: no amount of its currency can have it. */
function faultOfCode(code: AmountFault['code'], { currency, minAmountMinor }: PaymentLink): AmountFault | undefined {
  const { exponent, maximumMinor, multipleOf } = rulesOf(currency);
  switch (code) {
    case 'too_many_decimals':
      return { code, decimals: exponent };
    case 'below_minimum':
      return { code, minimumMinor: leastAmount(currency, minAmountMinor) };
    case 'above_maximum':
      return { code, maximumMinor };
    case 'not_a_multiple':
      return multipleOf === 1 ? undefined : { code, multipleOf };
    default:
      return { code };
  }
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
