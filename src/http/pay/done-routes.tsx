import { type Context, Hono } from 'hono';
import { describeError, logLine } from '../../core/log.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { continueUrl } from '../../domain/payments/payment-result.ts';
import { shownStatus } from '../api/checkout-sessions/present-session.ts';
import { buyerContext } from '../buyer/buyer-context.ts';
import { prefillParameters, readPrefill } from '../buyer/pay-form.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { respondClosed } from './closed-response.tsx';
import { DonePage } from './done-page.tsx';
import { forgetForm, rememberSession, SESSION_ID } from './form-cookie.ts';
import { askedLanguage, frameOf, pathsOf, withQuery } from './frame.ts';
import { type LoadedLink, loadLink, shownName } from './load-link.ts';
import { respondDoneFault } from './respond-fault.ts';
import type { DonePageView } from './view.ts';

/** `/pay/link/:token/done`: where Stripe sends the buyer afterwards. Shows only what a buyer may see, and no e-mail. */
export const doneRoutes = new Hono<PageEnv>();

doneRoutes.get('/:token/done', async (c) => {
  const found = await loadPaid(c);
  if (!found) return await respondClosed(c, null, 'not_found');
  const { loaded, payment } = found;
  const { link } = loaded;
  const paths = pathsOf(link.token);
  const session = { session_id: payment.stripeSessionId };
  const lang = askedLanguage(c);
  const goOn = await goOnUrl(c, loaded, payment);
  const status = buyerStatus(payment);
  if (status !== 'confirming') {
    forgetForm(c, link.token);
    rememberSession(c, link.token, payment.stripeSessionId);
  }
  const view: DonePageView = {
    ...(await frameOf(c, loaded)),
    kind: 'done',
    status,
    businessName: shownName(loaded),
    heading: link.title,
    amountMinor: payment.amountMinor,
    refundedMinor: payment.refundedMinor,
    currency: payment.currency,
    paidAt: payment.status === 'succeeded' ? payment.updatedAt : null,
    receiptNumber: String(payment.id),
    reference: payment.reference,
    refreshUrl: withQuery(paths.done, { ...session, ...lang }),
    statusUrl: withQuery(paths.doneStatus, session),
    continueUrl: goOn,
    awaitsContinue: status === 'paid' && link.successUrl !== null && goOn === null,
    payUrl: withQuery(paths.pay, { ...broughtAlong(payment), ...lang }),
  };
  return await c.html(<DonePage {...view} />);
});

doneRoutes.get('/:token/done/status', async (c) => {
  const found = await loadPaid(c);
  if (!found) return c.json({ error: { code: 'not_found', message: 'No such payment.' } }, 404);
  const goOn = await goOnUrl(c, found.loaded, found.payment);
  return c.json({ data: { status: buyerStatus(found.payment), ...(goOn === null ? {} : { continue_url: goOn }) } });
});
doneRoutes.onError((error, c) => {
  if (c.req.path.endsWith('/status')) throw error;
  return respondDoneFault(error, c);
});

/** The link of the path and the payment of its `session_id`, which must belong to it. */
async function loadPaid(c: Context<PageEnv>): Promise<{ loaded: LoadedLink; payment: PaymentView } | null> {
  const sessionId = c.req.query('session_id') ?? '';
  const loaded = SESSION_ID.test(sessionId) ? await loadLink(c) : null;
  const payment = loaded ? await findPaymentOfLink(loaded.database, loaded.link.token, sessionId) : null;
  return loaded && payment ? { loaded, payment } : null;
}

/** What the link brought to this payment, for another try. Never an e-mail: this page's address may be shared. */
function broughtAlong({ reference, metadata }: PaymentView): Record<string, string> {
  const brought = readPrefill({ ...metadata, reference: reference ?? undefined });
  return prefillParameters({ ...brought, email: null, amount: null });
}

/** Until Stripe has said otherwise a payment is being confirmed: a late webhook is no failure. */
function buyerStatus(payment: PaymentView): DonePageView['status'] {
  const status = shownStatus(payment);
  if (status === 'created') return 'confirming';
  return status === 'succeeded' ? 'paid' : status;
}

/** The way on to the shop, or null: not yet, or not to be told just now. The receipt does not depend on it. */
async function goOnUrl(c: Context<PageEnv>, loaded: LoadedLink, payment: PaymentView): Promise<string | null> {
  try {
    return await continueUrl(buyerContext(c, loaded), loaded, payment);
  } catch (error) {
    logLine('error', 'way on to the shop not found', { request_id: c.var.requestId, error: describeError(error) });
    return null;
  }
}
