import type { Context } from 'hono';
import { newFormId } from '../../core/ids.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import type { Prefill } from '../buyer/fields.ts';
import { askedLanguage } from '../buyer/locale.ts';
import { shownName } from '../buyer/page-parts.tsx';
import { turnstileSiteKey } from '../buyer/turnstile.ts';
import { layoutOf } from './layout.tsx';
import type { LoadedLink, PageEnv } from './load-link.ts';
import { PayPage } from './pay-page.tsx';
import type { PayPageView } from './view.ts';

interface FormState {
  /** The id of a form that goes on; a new form where there is none. */
  readonly form?: string;
  readonly cancelled?: boolean;
  readonly fault?: PayPageView['fault']['amount'];
  readonly notice?: PayPageView['notice'];
  readonly status?: 200 | 400 | 409 | 422 | 429;
}

/** Answers with the pay page, its form filled in; 200 unless `state` has another status. */
export async function respondForm(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  prefill: Prefill,
  state: FormState,
): Promise<Response> {
  const { link } = loaded;
  const siteKey = c.var.turnstile ? turnstileSiteKey(c.var.config) : null;
  const view: PayPageView = {
    ...(await layoutOf(c, loaded)),
    businessName: shownName(loaded),
    heading: link.title,
    text: link.description,
    currency: link.currency,
    amountMinor: link.amountMinor,
    minAmountMinor: link.minAmountMinor,
    suggestedAmountsMinor: link.suggestedAmountsMinor ?? [],
    button: { background: link.buttonColor, text: link.buttonTextColor },
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

/** What the page shows its buyer: the price, or that they may choose. The form sends it back, so that a change is noticed. */
export function shownPrice(link: PaymentLink): string {
  return `${link.currency}:${link.amountMinor ?? 'open'}`;
}
