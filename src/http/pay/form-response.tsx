import type { Context } from 'hono';
import { newFormId } from '../../core/ids.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import type { Prefill } from '../buyer/fields.ts';
import { askedLanguage } from '../buyer/locale.ts';
import { linkView } from '../buyer/page-parts.tsx';
import { turnstileSiteKey } from '../buyer/turnstile.ts';
import { layoutOf } from './layout.tsx';
import type { LoadedLink, PageEnv } from './load-link.ts';
import { PayPage, type PayPageView } from './pay-page.tsx';

interface FormState {
  /** The id of a form that is shown again. Not set: the page gets a new form. */
  readonly form?: string;
  readonly cancelled?: boolean;
  readonly fault?: PayPageView['fault']['amount'];
  readonly notice?: PayPageView['notice'];
  readonly status?: 200 | 400 | 409 | 422 | 429;
}

/** Answers with the pay page and its form, which `prefill` fills in. The status is that of `state`, or else 200. */
export async function respondForm(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  prefill: Prefill,
  state: FormState,
): Promise<Response> {
  const { link } = loaded;
  const reason = state.fault?.code ?? state.notice;
  if (reason) c.var.notes.code = reason;
  const siteKey = c.var.turnstile ? turnstileSiteKey(c.var.config) : null;
  const view: PayPageView = {
    ...(await layoutOf(c, loaded)),
    ...linkView(loaded),
    text: link.description,
    action: withQuery(pathsOf(link.token).pay, askedLanguage(c)),
    form: state.form ?? newFormId(),
    shownPrice: shownPrice(link),
    prefill: { email: prefill.email, reference: prefill.reference, passthrough: prefill.utm, amount: prefill.amount },
    fault: { amount: state.fault ?? null },
    notice: state.notice ?? null,
    turnstile: siteKey === null ? null : { siteKey },
    qrSvgUrl: pathsOf(link.token).qrSvg,
    cancelled: state.cancelled ?? false,
  };
  return await c.html(<PayPage {...view} />, state.status ?? 200);
}

/**
 * The price of a link as text: currency and minor units, or `open` if the buyer chooses the amount. The form sends it
 * back, so that a change of the price is noticed.
 */
export function shownPrice(link: PaymentLink): string {
  return `${link.currency}:${link.amountMinor ?? 'open'}`;
}
