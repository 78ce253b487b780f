import type { Context } from 'hono';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { AmountFault } from '../buyer/amount-input.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { type Prefill, prefillParameters } from '../buyer/fields.ts';
import { askedLanguage, negotiateLocale } from '../buyer/locale.ts';
import { enteredAmount, rememberEntered } from './filled-form.ts';
import type { PageEnv } from './load-link.ts';
import { cancelledParameter } from './page-query.ts';
import { type PayForm, shownQuery } from './requests.ts';

/**
 * Redirects a buyer whose amount was refused to the pay page, which shows it again with its fault. The page answers a
 * GET, so that the browser's Back from Checkout finds it: no browser shows the answer to a POST again without asking.
 * The address has the code of the fault, for a browser that keeps no cookies.
 */
export function redirectRefused(
  c: Context<PageEnv>,
  { token }: PaymentLink,
  { form, prefill }: Pick<PayForm, 'form' | 'prefill'>,
  fault: AmountFault,
): Response {
  c.var.notes.code = fault.code;
  rememberEntered(c, token, { form, ...prefill, refusal: 'amount_refused' });
  return redirectToForm(c, token, prefill, { refused: fault.code, ...askedLanguage(c) });
}

/**
 * Redirects a buyer who wants the pay page in another language, `lang`, to that page. What they have entered and read is
 * kept in the cookie of the form. Opens no session.
 */
export function switchLanguage(
  c: Context<PageEnv>,
  link: PaymentLink,
  { form, lang, prefill, ...sent }: PayForm,
): Response {
  const locale = negotiateLocale(lang, c.req.header('Accept-Language'));
  const { cancelled, notice: refusal = null } = shownQuery.parse(c.req.query());
  const { email } = prefill;
  rememberEntered(c, link.token, { form, email, ...enteredAmount(c, link, sent, locale), refusal });
  const parameters = { again: '1', ...cancelledParameter(cancelled !== undefined), lang: locale.tag };
  return redirectToForm(c, link.token, prefill, parameters);
}

/** The amount is in the cookie alone: what was typed into its field can be anything, and may identify the buyer. */
function redirectToForm(
  c: Context<PageEnv>,
  token: string,
  prefill: Prefill,
  more: Readonly<Record<string, string>>,
): Response {
  const parameters = { ...prefillParameters({ ...prefill, amount: null }), ...more };
  return c.redirect(withQuery(pathsOf(token).pay, parameters), 303);
}
