import type { Context } from 'hono';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { prefillParameters } from '../buyer/fields.ts';
import { negotiateLocale } from '../buyer/locale.ts';
import { enteredAmount, keepForm } from './filled-form.ts';
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
  keepForm(c, link.token, { form, email: prefill.email, ...enteredAmount(c, link, sent, locale) });
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
