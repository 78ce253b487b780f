import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { newFormId } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { visitorOf } from '../../core/visitor.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import { type PayLinkResult, payLink } from '../../domain/checkout/pay-link.ts';
import { inWorkspace } from '../../domain/context.ts';
import { linkRefusal } from '../../domain/links/readiness.ts';
import { chosenAmount, typedAmountText } from '../buyer/amount-input.ts';
import { buyerContext, pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { type Prefill, prefill, prefillParameters } from '../buyer/fields.ts';
import { askedLanguage, localeOf } from '../buyer/locale.ts';
import { isHuman, proofState, turnstileSiteKey } from '../buyer/turnstile.ts';
import { isSameSite } from '../middleware/origin.ts';
import { formBody, pageInput, validQuery } from '../middleware/validate.ts';
import { cleanAddress } from './clean-address.ts';
import { respondClosed, respondFault, respondRefusal } from './closed-response.tsx';
import { doneUrl, earlierPayments, isPaidOrProcessing, paidNotice, sessionsOfVisitor } from './earlier-payments.ts';
import { faultOfFilled, filledForm, keepForm } from './filled-form.ts';
import {
  forgetForm,
  formOfVisitor,
  paidOfVisitor,
  rememberForm,
  rememberPaid,
  rememberSession,
  type SentForm,
  sessionOfVisitor,
} from './form-cookie.ts';
import { respondForm, shownPrice } from './form-response.tsx';
import { type LoadedLink, loadLink, type PageEnv } from './load-link.ts';
import { type PayForm, payForm, payQuery } from './requests.ts';
import { switchLanguage } from './switch-language.ts';

/** A buyer reads for how long a place is kept in steps of five minutes, because it is about that long. */
const STEP_MINUTES = 5;
const STEP_MS = STEP_MINUTES * 60_000;

/** `/pay/link/:token`: the pay page. GET shows its form and changes nothing. POST opens a session. */
export const payRoutes = new Hono<PageEnv>();

payRoutes.use(cleanAddress());

payRoutes.get('/:token', linkOfPath(), validQuery(payQuery), async (c) => {
  const { loaded } = c.var;
  const { link } = loaded;
  const query = c.req.valid('query');
  const earlier = earlierPayments(c, loaded);
  const { unpaid, paid } = earlier;
  if (query.cancelled && paid && !unpaid) return redirectToDone(c, loaded, paid);
  const isNewlyPaid = paid !== null && paid.stripeSessionId !== paidOfVisitor(c);
  if (isNewlyPaid) rememberPaid(c, link.token, paid.stripeSessionId);
  const refusal = linkRefusal(loaded, Date.now());
  if (refusal) return await respondRefusal(c, loaded, refusal);
  // A buyer who comes back from Checkout gets the same form, so that its open session and place are used again.
  const sent = isNewlyPaid ? null : formOfVisitor(c);
  const filled = filledForm(c, link, query, sent);
  // After a change of the language the page says again what it had said.
  const again = query.kept && sent !== null;
  if (again && query.notice === 'slow_down') c.set('turnstile', true);
  return await respondForm(c, loaded, filled, {
    form: sent?.id ?? newFormId(),
    cancelled: query.cancelled,
    keptMinutes: query.cancelled ? minutesKept(link, unpaid) : null,
    earlier: paidNotice(c, link.token, earlier),
    notice: again ? query.notice : undefined,
    fault: again ? faultOfFilled(c, link, filled) : undefined,
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
    if (sent.lang !== undefined) return switchLanguage(c, loaded, sent);
    if (sent.shown !== shownPrice(link)) {
      return await respondForm(c, loaded, sent.prefill, { form: sent.form, notice: 'price_changed', status: 409 });
    }
    const { form } = sent;
    const chosen = chosenAmount(link, sent, localeOf(c));
    if (!chosen.ok) {
      keepForm(c, link.token, { form, ...sent.prefill });
      return await respondForm(c, loaded, sent.prefill, { form, fault: chosen.fault, status: 422 });
    }
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
    return await respondForm(c, loaded, typed, { form, fault: { code: 'not_accepted' }, status: 422 });
  },
);
payRoutes.onError((error, c) => respondFault(error, c));

type CheckedForm = PayForm & {
  /** `prefill.amount` is the amount to charge as a buyer would type it. null: the price is fixed. */
  readonly prefill: Prefill;
  readonly amountMinor: number;
};

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

/** For how many minutes the open session of a buyer keeps their place. null: not for long, or there is no limit. */
function minutesKept({ maxPayments }: PaymentLink, unpaid: PaymentView | null): number | null {
  if (maxPayments === null || unpaid?.status !== 'created') return null;
  const minutes = Math.floor((unpaid.expiresAt - Date.now()) / STEP_MS) * STEP_MINUTES;
  return minutes > 0 ? minutes : null;
}

/**
 * Ends the open session that this form has made with other content, so that the buyer cannot pay both. Returns the
 * payment if that session was paid meanwhile or is processing, else null. Throws ApiError if Stripe does not answer.
 */
async function endOtherSession(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  checked: CheckedForm,
): Promise<PaymentView | null> {
  if (sessionOfVisitor(c)?.form !== checked.form) return null;
  const { unpaid } = earlierPayments(c, loaded);
  if (unpaid?.status !== 'created' || isSameContent(unpaid, checked, formOfVisitor(c))) return null;
  try {
    await expireSession(inWorkspace(buyerContext(c, loaded), loaded), unpaid.id);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'checkout_session_not_open') throw error;
    const now = await findPaymentOfLink(loaded.database, loaded.link.token, unpaid.stripeSessionId);
    return now && isPaidOrProcessing(now) ? now : null;
  }
}

/** True if a form with this content made the session. An e-mail that Stripe had refused is only in the sent form. */
function isSameContent(session: PaymentView, { amountMinor, prefill }: CheckedForm, sent: SentForm | null): boolean {
  const { email, reference, utm } = prefill;
  return (
    session.amountMinor === amountMinor &&
    (session.customerEmail ?? sent?.email ?? null) === email &&
    session.reference === reference &&
    JSON.stringify(session.metadata) === JSON.stringify(utm)
  );
}

function redirectToDone(c: Context<PageEnv>, { link }: LoadedLink, payment: PaymentView): Response {
  // So the receipt offers another payment, because the buyer may have come for that.
  if (isPaidOrProcessing(payment)) rememberPaid(c, link.token, payment.stripeSessionId);
  return c.redirect(doneUrl(c, link.token, payment), 303);
}

async function sendToCheckout(c: Context<PageEnv>, loaded: LoadedLink, checked: CheckedForm): Promise<PayLinkResult> {
  const { config } = c.var;
  const { link } = loaded;
  const { prefill, form, proof } = checked;
  const base = `${config.publicUrl}${pathsOf(link.token).pay}`;
  const lang = askedLanguage(c);
  const sameForm = { ...prefillParameters(prefill), ...lang };
  c.set('sameForm', sameForm);
  keepForm(c, link.token, { form, ...prefill });
  const address = c.req.header('CF-Connecting-IP') ?? null;
  const asked = {
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
    visitor: { address: visitorOf(address), proof: proofState(config, proof) },
    isHuman: () => isHuman(config, proof, address),
  } as const;
  try {
    return await payLink(inWorkspace(buyerContext(c, loaded), loaded), asked);
  } catch (error) {
    replaceRefusedForm(c, loaded, error);
    throw error;
  }
}

/**
 * After a refusal because of the seller's account the buyer gets a new form: Stripe may repeat the refusal of the old
 * one for a day, also to an account that is ready by then. A form with an open session stays, because it holds a place.
 */
function replaceRefusedForm(c: Context<PageEnv>, loaded: LoadedLink, error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'CONNECT_ACCOUNT_NOT_READY') return;
  if (earlierPayments(c, loaded).unpaid?.status === 'created') return;
  rememberForm(c, loaded.link.token, { id: newFormId(), email: null, amount: null, typedIn: '', openedWith: null });
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
      c.set('turnstile', true);
      return await respondForm(c, loaded, prefill, { form, notice: 'slow_down', status: 429 });
  }
}
