import type { Context } from 'hono';
import type { PaymentLink } from '../../db/payment-links.ts';
import { chosenAmount, parseTypedAmount, typedAmountText } from '../buyer/amount-input.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { prefillParameters } from '../buyer/fields.ts';
import { type Locale, localeOf, negotiateLocale } from '../buyer/locale.ts';
import { rememberForm } from './form-cookie.ts';
import type { LoadedLink, PageEnv } from './load-link.ts';
import { type PayForm, payQuery } from './requests.ts';

/**
 * Leads a buyer who wants the pay page in another language, `lang`, to that page. What they have entered is kept in
 * the cookie of the form. Opens no session.
 */
export function switchLanguage(
  c: Context<PageEnv>,
  { link }: LoadedLink,
  { form, lang, prefill, ...sent }: PayForm,
): Response {
  const locale = negotiateLocale(lang, c.req.header('Accept-Language'));
  const amount = amountInLocale(link, sent, { from: localeOf(c), to: locale });
  rememberForm(c, link.token, { id: form, email: prefill.email, amount, openedWith: null });
  const { cancelled, notice } = payQuery.parse(c.req.query());
  const query = {
    ...prefillParameters({ ...prefill, amount: null }),
    ...(cancelled ? { cancelled: '1' } : {}),
    ...(notice === undefined ? {} : { notice }),
    kept: '1',
    lang: locale.tag,
  };
  return c.redirect(withQuery(pathsOf(link.token).pay, query), 303);
}

/**
 * The amount that the buyer has chosen or typed, as text for the form in another language. It stays as typed, unless
 * it means another amount there, as "1.234" does. null: the price is fixed, nothing was typed, or it was unclear in the
 * one language and would be read as an amount in the other.
 */
function amountInLocale(
  link: PaymentLink,
  sent: Pick<PayForm, 'suggested' | 'amount'>,
  { from, to }: { readonly from: Locale; readonly to: Locale },
): string | null {
  if (link.amountMinor !== null) return null;
  const { amount = '' } = sent;
  const { currency } = link;
  const chosen = chosenAmount(link, sent, from);
  const before = chosen.ok ? chosen : parseTypedAmount(amount, from, currency);
  const after = parseTypedAmount(amount, to, currency);
  if (!before.ok) return after.ok ? null : amount || null;
  const isSame = after.ok && after.amountMinor === before.amountMinor;
  return isSame ? amount : typedAmountText(before.amountMinor, to, currency);
}
