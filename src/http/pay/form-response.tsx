import type { Context } from 'hono';
import { newFormId } from '../../core/ids.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { AmountFault } from '../buyer/amount-input.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import type { Prefill } from '../buyer/fields.ts';
import { askedLanguage } from '../buyer/locale.ts';
import { linkView } from '../buyer/page-parts.tsx';
import { turnstileSiteKey } from '../buyer/turnstile.ts';
import type { PaidNotice } from './earlier-payments.ts';
import { layoutOf } from './layout.tsx';
import type { LoadedLink, PageEnv } from './load-link.ts';
import { amountInAddress, cancelledParameter } from './page-query.ts';
import { PayPage, type PayPageView } from './pay-page.tsx';
import type { FormNotice } from './requests.ts';

interface FormState {
  /** The id of a form that is shown again. Not set: the page gets a new form. */
  readonly form?: string;
  readonly cancelled?: boolean;
  readonly openForMinutes?: number | null;
  readonly earlier?: PaidNotice | null;
  readonly fault?: AmountFault | undefined;
  readonly notice?: FormNotice | null;
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
  const siteKey = state.notice === 'slow_down' ? turnstileSiteKey(c.var.config) : null;
  c.set('turnstile', siteKey !== null);
  // The amount in the address stays there, for `rememberEntered`.
  const openedWith = amountInAddress(c);
  const address = { ...askedLanguage(c), ...(openedWith === null ? {} : { amount: openedWith }) };
  const cancelled = state.cancelled ?? false;
  const shown = { ...cancelledParameter(cancelled), ...(state.notice ? { notice: state.notice } : {}) };
  const view: PayPageView = {
    ...(await layoutOf(c, loaded)),
    ...linkView(loaded),
    text: link.description,
    action: withQuery(pathsOf(link.token).pay, address),
    languageAction: withQuery(pathsOf(link.token).pay, { ...address, ...shown }),
    form: state.form ?? newFormId(),
    shownPrice: shownPrice(link),
    prefill: { email: prefill.email, reference: prefill.reference, passthrough: prefill.utm, amount: prefill.amount },
    fault: { amount: state.fault ?? null },
    notice: state.notice ?? null,
    turnstile: siteKey === null ? null : { siteKey },
    qrSvgUrl: pathsOf(link.token).qrSvg,
    cancelled,
    openForMinutes: state.openForMinutes ?? null,
    earlier: state.earlier ?? null,
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
