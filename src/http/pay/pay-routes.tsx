import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { newFormId } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { PayLinkResult } from '../../domain/checkout/pay-link.ts';
import { linkRefusal } from '../../domain/links/readiness.ts';
import { type AmountFault, chosenAmount, typedAmountText } from '../buyer/amount-input.ts';
import { prefill } from '../buyer/fields.ts';
import { localeOf } from '../buyer/locale.ts';
import { turnstileSiteKey } from '../buyer/turnstile.ts';
import { isSameSite } from '../middleware/origin.ts';
import { formBody, pageInput, validQuery } from '../middleware/validate.ts';
import { respondClosed, respondFault, respondRefusal } from './closed-response.tsx';
import { doneUrl, earlierPayments, isPaidOrProcessing, paidNotice, sessionsOfVisitor } from './earlier-payments.ts';
import { faultOfForm, filledForm, withPrefillOf } from './filled-form.ts';
import { redirectRefused, switchLanguage } from './form-again.ts';
import { forgetForm, formOfVisitor, paidOfVisitor, rememberPaid, rememberSession } from './form-cookie.ts';
import { respondForm, shownPrice } from './form-response.tsx';
import { type LoadedLink, loadLink, type PageEnv } from './load-link.ts';
import { type PayForm, payForm, payQuery } from './requests.ts';
import { type CheckedForm, endOtherSession, sendToCheckout } from './send-to-checkout.ts';

/** A buyer reads for how long the link stays open to them in steps of five minutes, because it is about that long. */
const STEP_MINUTES = 5;
const STEP_MS = STEP_MINUTES * 60_000;

/** `/pay/link/:token`: the pay page. GET shows its form and changes nothing. POST opens a session. */
export const payRoutes = new Hono<PageEnv>();

payRoutes.get('/:token', linkOfPath(), validQuery(payQuery), async (c) => {
  const { loaded } = c.var;
  const { link } = loaded;
  const query = c.req.valid('query');
  const earlier = earlierPayments(c, loaded);
  const { unpaid, paid } = earlier;
  if (query.cancelled && paid && !unpaid) return redirectToDone(c, loaded, paid);
  const isNewlyPaid = paid !== null && paid.stripeSessionId !== paidOfVisitor(c);
  if (isNewlyPaid) rememberPaid(c, link.token, paid.stripeSessionId);
  const closed = linkRefusal(loaded, Date.now());
  if (closed) return await respondRefusal(c, loaded, closed);
  // A buyer who comes back from Checkout gets the same form, so that its open session and place are used again.
  const sent = isNewlyPaid ? null : formOfVisitor(c);
  const left = query.cancelled ? unpaid : null;
  const filled = withPrefillOf(left, filledForm(c, link, query, sent));
  const paidBefore = paidNotice(c, link.token, earlier);
  const refusal = query.again && sent ? sent.refusal : null;
  return await respondForm(c, loaded, filled, {
    form: sent?.id ?? newFormId(),
    // Anyone can write the address: only a session that is not paid shows that this buyer was not charged.
    cancelled: left !== null,
    openForMinutes: left && openForMinutes(link, left),
    earlier: paidBefore,
    notice: refusal === 'amount_refused' ? null : refusal,
    fault: paidBefore && !sent ? undefined : faultOfForm(c, link, { query, sent, filled }),
  });
});

payRoutes.post(
  '/:token',
  ownPagesOnly(),
  formBody(),
  linkOfPath(),
  payableLink(),
  pageInput('form', payForm, (c: Context<PageEnv>, sent) =>
    respondForm(c, c.var.loaded, prefill.parse(sent), { notice: 'try_again', status: 400 }),
  ),
  async (c) => {
    const { loaded } = c.var;
    const { link } = loaded;
    const sent = c.req.valid('form');
    if (sent.lang !== undefined) return switchLanguage(c, link, sent);
    if (sent.shown !== shownPrice(link)) {
      return await respondForm(c, loaded, sent.prefill, { form: sent.form, notice: 'price_changed', status: 409 });
    }
    const { form } = sent;
    const chosen = chosenAmount(link, sent, localeOf(c));
    if (!chosen.ok) return await respondAmountRefused(c, loaded, sent, chosen.fault);
    const { amountMinor } = chosen;
    // If the form is shown again, its field has the amount of the chosen suggestion.
    const amount = link.amountMinor === null ? typedAmountText(amountMinor, localeOf(c), link.currency) : null;
    const checked: CheckedForm = { ...sent, prefill: { ...sent.prefill, amount }, amountMinor };
    const paid = await endOtherSession(c, loaded, checked);
    if (paid) return redirectToDone(c, loaded, paid);
    const result = await sendToCheckout(c, loaded, checked);
    if (result.kind !== 'amount_refused') return await respondResult(c, loaded, checked, result);
    if (amount === null) return await respondPriceRefused(c, loaded);
    const typed = { ...sent.prefill, amount: sent.suggested ? amount : sent.prefill.amount };
    return await respondAmountRefused(c, loaded, { form, prefill: typed }, { code: 'not_accepted' });
  },
);
payRoutes.onError((error, c) => respondFault(error, c));

/**
 * Answers a form that a page of another site has sent with a page and 403, before it is read.
 *
 * @example routes.post('/:token', ownPagesOnly(), formBody(), handler)
 */
function ownPagesOnly() {
  return createMiddleware<PageEnv>(async function ownPagesOnly(c, next) {
    if (!isSameSite(c.req, c.var.config.publicUrl)) return await respondClosed(c, null, 'refused');
    return await next();
  });
}

/**
 * Reads the link that the path names with the buyer's earlier payments, and sets `c.var.loaded`. If there is none,
 * answers with a page and 404.
 *
 * @example routes.get('/:token', linkOfPath(), handler)
 */
function linkOfPath() {
  return createMiddleware<PageEnv>(async function linkOfPath(c, next) {
    const loaded = await loadLink(c, sessionsOfVisitor(c));
    if (!loaded) return await respondClosed(c, null, 'not_found');
    c.set('loaded', loaded);
    return await next();
  });
}

/**
 * Answers a form of a link that takes no payment with a page. Does not refuse a sold-out link, because the form may
 * hold a place already: only the link's gate knows.
 *
 * @example routes.post('/:token', linkOfPath(), payableLink(), handler)
 */
function payableLink() {
  return createMiddleware<PageEnv>(async function payableLink(c, next) {
    const refusal = linkRefusal(c.var.loaded, Date.now());
    if (refusal && refusal !== 'sold_out') return await respondRefusal(c, c.var.loaded, refusal);
    return await next();
  });
}

/**
 * Answers a form whose amount is refused with the form again, and 422. A browser that shows pages is led to the pay page
 * instead: it cannot show the answer of a POST again when the buyer comes back to it.
 */
async function respondAmountRefused(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  sent: Pick<PayForm, 'form' | 'prefill'>,
  fault: AmountFault,
): Promise<Response> {
  if (c.req.header('Sec-Fetch-Mode') === 'navigate') return redirectRefused(c, loaded.link, sent, fault);
  return await respondForm(c, loaded, sent.prefill, { form: sent.form, fault, status: 422 });
}

/** For how many minutes the open session of a buyer has a place. null: not for long, or there is no limit. */
function openForMinutes({ maxPayments }: PaymentLink, unpaid: PaymentView): number | null {
  if (maxPayments === null || unpaid.status !== 'created') return null;
  const minutes = Math.floor((unpaid.expiresAt - Date.now()) / STEP_MS) * STEP_MINUTES;
  return minutes > 0 ? minutes : null;
}

function redirectToDone(c: Context<PageEnv>, { link }: LoadedLink, payment: PaymentView): Response {
  // So the receipt offers another payment, because the buyer may have come for that.
  if (isPaidOrProcessing(payment)) rememberPaid(c, link.token, payment.stripeSessionId);
  return c.redirect(doneUrl(c, link.token, payment), 303);
}

/** Answers and logs that Stripe refuses the fixed price of the link. Only the seller can change that price. */
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
  result: Exclude<PayLinkResult, { kind: 'amount_refused' }>,
): Promise<Response> {
  const { token } = loaded.link;
  switch (result.kind) {
    case 'checkout':
      rememberSession(c, token, { id: result.payment.stripeSessionId, form });
      return c.redirect(result.url, 303);
    case 'paid':
      return redirectToDone(c, loaded, result.payment);
    // Only the widget opens embedded sessions.
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
      return await respondForm(c, loaded, prefill, { form, notice: 'slow_down', status: 429 });
  }
}
