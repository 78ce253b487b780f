import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { newFormId } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { visitorOf } from '../../core/visitor.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import type { PayLinkResult } from '../../domain/checkout/pay-link.ts';
import { inWorkspace } from '../../domain/context.ts';
import { typedAmountText } from '../buyer/amount-input.ts';
import { buyerContext } from '../buyer/buyer-context.ts';
import {
  chosenAmount,
  formIdOf,
  type Prefill,
  prefillParameters,
  readForm,
  readPrefill,
  shownPrice,
} from '../buyer/pay-form.ts';
import { isHuman, proofOf, turnstileSiteKey } from '../buyer/turnstile.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { isSameSite } from '../middleware/same-site.ts';
import { type AmountRefused, askForSession } from './ask-for-session.ts';
import { respondClosed } from './closed-response.tsx';
import { forgetForm, formOfVisitor, rememberForm, rememberSession, sessionOfVisitor } from './form-cookie.ts';
import { askedLanguage, frameOf, localeOf, pathsOf, withQuery } from './frame.ts';
import { type LoadedLink, loadLink, shownName, whyClosed } from './load-link.ts';
import { PayPage } from './pay-page.tsx';
import { respondFault } from './respond-fault.ts';
import type { PayPageView } from './view.ts';

/** `/pay/link/:token`: the page a buyer lands on. Reading it changes nothing; only its form does. */
export const payRoutes = new Hono<PageEnv>();

payRoutes.get('/:token', async (c) => {
  const loaded = await loadLink(c);
  if (!loaded) return await respondClosed(c, null, 'not_found');
  const query = c.req.query();
  const cancelled = query.cancelled !== undefined;
  const last = cancelled ? await lastPayment(c, loaded) : null;
  if (last && isOnItsWay(last)) return redirectToDone(c, loaded, last);
  // Only here: a form that is sent may be that of the very payment, and the gate knows.
  const soldOut = loaded.link.soldOutAt === null ? null : 'sold_out';
  const closed = whyClosed(loaded, Date.now()) ?? soldOut;
  if (closed) return await respondClosed(c, loaded, closed);
  return await respondForm(c, loaded, readPrefill(query), {
    // Back from Checkout: the same form again, so that the session that is open, and its place, are used again.
    operation: formOfVisitor(c) ?? newFormId(),
    cancelled,
  });
});

payRoutes.post('/:token', async (c) => {
  if (!isSameSite(c.req, c.var.config.publicUrl)) return await respondClosed(c, null, 'refused');
  const fields = await readForm(c.req.raw);
  const loaded = await loadLink(c);
  if (!loaded) return await respondClosed(c, null, 'not_found');
  const closed = whyClosed(loaded, Date.now());
  if (closed) return await respondClosed(c, loaded, closed);
  if (!fields) return await respondForm(c, loaded, readPrefill({}), { notice: 'try_again', status: 400 });

  const prefill = readPrefill(fields);
  const form = formIdOf(fields);
  if (!form) return await respondForm(c, loaded, prefill, { notice: 'try_again', status: 400 });
  if (fields.shown !== shownPrice(loaded.link)) {
    return await respondForm(c, loaded, prefill, { notice: 'price_changed', status: 409 });
  }
  const chosen = chosenAmount(loaded.link, fields, localeOf(c));
  if (!chosen.ok) return await respondForm(c, loaded, prefill, { operation: form, fault: chosen.fault, status: 422 });
  const { amountMinor } = chosen;
  // A chip that was tapped without scripts comes back as the amount it stands for.
  const amount =
    loaded.link.amountMinor === null ? typedAmountText(amountMinor, localeOf(c), loaded.link.currency) : null;
  const checked = { fields, prefill: { ...prefill, amount }, form, amountMinor };
  const paid = amount === null ? null : await leaveOtherAmount(c, loaded, checked);
  if (paid) return redirectToDone(c, loaded, paid);
  const result = await sendToCheckout(c, loaded, checked);
  if (result.kind !== 'amount_refused') return await respondResult(c, loaded, checked, result);
  if (amount === null) return await respondPriceRefused(c, loaded);
  const typed = fields.suggested ? amount : prefill.amount;
  const fault = { code: 'not_accepted' } as const;
  return await respondForm(c, loaded, { ...prefill, amount: typed }, { operation: form, fault, status: 422 });
});

interface CheckedForm {
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly prefill: Prefill;
  readonly form: string;
  readonly amountMinor: number;
}

/** What this buyer was last sent to pay here, or came back from; null: nothing, as far as this browser knows. */
async function lastPayment(c: Context<PageEnv>, { database, link }: LoadedLink): Promise<PaymentView | null> {
  const sessionId = sessionOfVisitor(c);
  return sessionId === null ? null : await findPaymentOfLink(database, link.token, sessionId);
}

function isOnItsWay({ status }: PaymentView): boolean {
  return status === 'succeeded' || status === 'processing';
}

/**
 * Ends the session of the same form with another amount: nobody pays both, and its place on the link is free for this one.
 * Answers the payment where that was paid meanwhile. Throws ApiError while Stripe cannot be asked.
 */
async function leaveOtherAmount(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  { form, amountMinor }: CheckedForm,
): Promise<PaymentView | null> {
  if (formOfVisitor(c) !== form) return null;
  const last = await lastPayment(c, loaded);
  if (last?.status !== 'created' || last.amountMinor === amountMinor) return null;
  try {
    await expireSession(inWorkspace(buyerContext(c, loaded), loaded), last.id);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'checkout_session_not_open') throw error;
    const now = await lastPayment(c, loaded);
    return now && isOnItsWay(now) ? now : null;
  }
}

function redirectToDone(c: Context<PageEnv>, { link }: LoadedLink, payment: PaymentView): Response {
  const session = { session_id: payment.stripeSessionId };
  return c.redirect(withQuery(pathsOf(link.token).done, { ...session, ...askedLanguage(c) }), 303);
}

async function sendToCheckout(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  checked: CheckedForm,
): Promise<PayLinkResult | AmountRefused> {
  const { config } = c.var;
  const { link } = loaded;
  const { prefill, form } = checked;
  const base = `${config.publicUrl}${pathsOf(link.token).pay}`;
  const lang = askedLanguage(c);
  const sameForm = { ...prefillParameters(prefill), ...lang };
  c.set('sameForm', sameForm);
  rememberForm(c, link.token, form);
  const address = c.req.header('CF-Connecting-IP') ?? null;
  return await askForSession(inWorkspace(buyerContext(c, loaded), loaded), {
    link,
    form,
    price: { amountMinor: checked.amountMinor, currency: link.currency },
    customerEmail: prefill.email,
    reference: prefill.reference,
    metadata: prefill.utm,
    ui: {
      kind: 'hosted',
      successUrl: withQuery(`${base}/done?session_id={CHECKOUT_SESSION_ID}`, lang),
      cancelUrl: withQuery(base, { cancelled: '1', ...sameForm }),
      language: localeOf(c).language,
    },
    visitor: { address: visitorOf(address), proof: proofOf(config, checked.fields) },
    isHuman: () => isHuman(config, checked.fields, address),
  });
}

/** The buyer did not choose this price and cannot mend it: the seller has to. */
async function respondPriceRefused(c: Context<PageEnv>, loaded: LoadedLink): Promise<Response> {
  const { token, amountMinor, currency } = loaded.link;
  const price = { link: token, amount_minor: amountMinor, currency };
  logLine('warn', 'price not accepted by Stripe', { request_id: c.var.requestId, ...price });
  return await respondClosed(c, loaded, 'not_ready');
}

async function respondResult(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  { prefill, form }: CheckedForm,
  result: PayLinkResult,
): Promise<Response> {
  const { token } = loaded.link;
  switch (result.kind) {
    case 'checkout':
      rememberSession(c, token, result.payment.stripeSessionId);
      return c.redirect(result.url, 303);
    case 'paid':
      return redirectToDone(c, loaded, result.payment);
    // Only the widget asks for an embedded one.
    case 'embedded':
    case 'spent':
      forgetForm(c, token);
      return await respondForm(c, loaded, prefill, { notice: 'try_again', status: 409 });
    case 'sold_out':
      return await respondClosed(c, loaded, result.held ? 'sold_out_held' : 'sold_out');
    case 'slow_down':
      if (!result.crowded || turnstileSiteKey(c.var.config) === null) {
        return await respondClosed(c, loaded, 'slow_down', result.retryAfterSeconds);
      }
      c.header('Retry-After', String(result.retryAfterSeconds));
      c.set('turnstile', true);
      return await respondForm(c, loaded, prefill, { operation: form, notice: 'slow_down', status: 429 });
  }
}

interface FormState {
  readonly operation?: string;
  readonly cancelled?: boolean;
  readonly fault?: PayPageView['fault']['amount'];
  readonly notice?: PayPageView['notice'];
  readonly status?: 200 | 400 | 409 | 422 | 429;
}

async function respondForm(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  prefill: Prefill,
  state: FormState,
): Promise<Response> {
  const { link } = loaded;
  const siteKey = c.var.turnstile ? turnstileSiteKey(c.var.config) : null;
  const view: PayPageView = {
    ...(await frameOf(c, loaded)),
    kind: 'pay',
    businessName: shownName(loaded),
    heading: link.title,
    text: link.description,
    currency: link.currency,
    amountMinor: link.amountMinor,
    minAmountMinor: link.minAmountMinor,
    suggestedAmountsMinor: link.suggestedAmountsMinor ?? [],
    button: { background: link.buttonColor, text: link.buttonTextColor },
    action: withQuery(pathsOf(link.token).pay, askedLanguage(c)),
    operation: state.operation ?? newFormId(),
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

payRoutes.onError(respondFault);
