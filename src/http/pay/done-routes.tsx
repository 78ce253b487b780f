import { type Context, Hono } from 'hono';
import { describeError, logLine } from '../../core/log.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { linkRefusal } from '../../domain/links/readiness.ts';
import { readPaymentMethod } from '../../domain/payments/payment-method.ts';
import { makeContinueUrl } from '../../domain/payments/payment-result.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import { buyerContext, pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { prefillParameters } from '../buyer/fields.ts';
import { askedLanguage } from '../buyer/locale.ts';
import type { DoneStatus } from '../buyer/strings.tsx';
import { pageInput } from '../middleware/validate.ts';
import { respondClosed, respondFault } from './closed-response.tsx';
import { DonePage, type DonePageView } from './done-page.tsx';
import { isPaidOrProcessing } from './earlier-payments.ts';
import { prefillOfPayment } from './filled-form.ts';
import { forgetForm, paidOfVisitor, rememberPaid, sessionOfVisitor } from './form-cookie.ts';
import { layoutOf } from './layout.tsx';
import { type LoadedLink, loadLink, type PageEnv } from './load-link.ts';
import { doneQuery } from './requests.ts';

/**
 * `/pay/link/:token/done`: the page to which Stripe sends the buyer, and below it `/status` for the page's script.
 * Anybody who has the address sees it, so it shows no e-mail address of the buyer.
 */
export const doneRoutes = new Hono<PageEnv>();

doneRoutes.get(
  '/:token/done',
  pageInput('query', doneQuery, (c: Context<PageEnv>) => respondClosed(c, null, 'not_found')),
  async (c) => {
    const found = await loadPayment(c, c.req.valid('query').session_id);
    if (!found) return await respondClosed(c, null, 'not_found');
    const { loaded, payment } = found;
    const { token } = loaded.link;
    const [layout, continueUrl, method] = await Promise.all([
      layoutOf(c, loaded),
      continueUrlOf(c, loaded, payment),
      readPaymentMethod(buyerContext(c, loaded), loaded, payment),
    ]);
    // Who comes to the receipt again may be there to pay again. Anybody may have the address: only the browser that was
    // sent to this session has paid.
    const isKnown = paidOfVisitor(c) === payment.stripeSessionId;
    const isOwn = isKnown || sessionOfVisitor(c)?.id === payment.stripeSessionId;
    if (isOwn && isPaidOrProcessing(payment)) rememberPaid(c, token, payment.stripeSessionId);
    else if (isOwn && payment.status !== 'created') forgetForm(c, token);
    const offersAnother = isKnown && linkRefusal(loaded, Date.now()) === null;
    const view = { ...layout, ...receiptOf(loaded, payment), method, ...addressesOf(c, token, payment), offersAnother };
    const continues = view.status === 'paid' && loaded.link.successUrl !== null;
    const awaitsContinue = continues && continueUrl === null;
    const countsDown = continues && isOwn && !isKnown && isRecent(payment.updatedAt);
    return await c.html(<DonePage {...view} {...{ continueUrl, awaitsContinue, countsDown }} />);
  },
);

doneRoutes.get('/:token/done/status', pageInput('query', doneQuery, noSuchPayment), async (c) => {
  const found = await loadPayment(c, c.req.valid('query').session_id);
  if (!found) return noSuchPayment(c);
  const { loaded, payment } = found;
  const continueUrl = await continueUrlOf(c, loaded, payment);
  const data = { status: buyerStatus(payment), ...(continueUrl === null ? {} : { continue_url: continueUrl }) };
  return c.json({ data });
});
doneRoutes.onError((error, c) => {
  if (c.req.path.endsWith('/status')) throw error;
  return respondFault(error, c, 'done_unavailable');
});

/** For how long after a payment its receipt goes on to the shop by itself. Who opens it later wants to read it. */
const COUNTS_DOWN_FOR_MS = 10 * 60_000;

function isRecent(paidAt: number): boolean {
  return Date.now() - paidAt < COUNTS_DOWN_FOR_MS;
}

function noSuchPayment(c: Context<PageEnv>): Response {
  c.var.notes.code = 'not_found';
  return c.json({ error: { code: 'not_found', message: 'No such payment.' } }, 404);
}

/** Reads the link that the path names, and its payment with this Stripe session. null if one is missing. */
async function loadPayment(
  c: Context<PageEnv>,
  stripeSessionId: string,
): Promise<{ loaded: LoadedLink; payment: PaymentView } | null> {
  const loaded = await loadLink(c);
  const payment = loaded && (await findPaymentOfLink(loaded.database, loaded.link.token, stripeSessionId));
  return loaded && payment ? { loaded, payment } : null;
}

function receiptOf(loaded: LoadedLink, payment: PaymentView) {
  return {
    status: buyerStatus(payment),
    heading: loaded.link.title,
    amountMinor: payment.amountMinor,
    refundedMinor: payment.refundedMinor,
    currency: payment.currency,
    paidAt: payment.status === 'succeeded' ? payment.updatedAt : null,
    startedAt: payment.status === 'processing' ? payment.updatedAt : null,
    receiptNumber: String(payment.id),
    reference: payment.reference,
  };
}

function addressesOf(
  c: Context<PageEnv>,
  token: string,
  payment: PaymentView,
): Pick<DonePageView, 'refreshUrl' | 'statusUrl' | 'payUrl'> {
  const paths = pathsOf(token);
  const session = { session_id: payment.stripeSessionId };
  const lang = askedLanguage(c);
  return {
    refreshUrl: withQuery(paths.done, { ...session, ...lang }),
    statusUrl: withQuery(paths.doneStatus, session),
    payUrl: withQuery(paths.pay, { ...prefillParameters(prefillOfPayment(payment)), ...lang }),
  };
}

/** The status that the buyer sees. Until a Stripe event gives the result, it is `confirming`. */
function buyerStatus(payment: PaymentView): DoneStatus {
  const status = shownStatus(payment);
  if (status === 'created') return 'confirming';
  return status === 'succeeded' ? 'paid' : status;
}

/**
 * The merchant's `success_url` with the signed result. null: the link has none, it is too early, or an error was
 * logged: then the receipt is shown without it.
 */
async function continueUrlOf(c: Context<PageEnv>, loaded: LoadedLink, payment: PaymentView): Promise<string | null> {
  try {
    return await makeContinueUrl(buyerContext(c, loaded), loaded, payment);
  } catch (error) {
    logLine('error', 'address of the shop not found', { request_id: c.var.requestId, error: describeError(error) });
    return null;
  }
}
