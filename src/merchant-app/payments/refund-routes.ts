import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { newFormId } from '../../core/ids.ts';
import { parseRowId } from '../../core/row-ids.ts';
import type { PaymentView } from '../../db/payments.ts';
import { readSession } from '../../domain/payments/queries.ts';
import { refundByForm } from '../../domain/payments/refund-by-form.ts';
import { whyNotRefundable } from '../../domain/payments/refundable.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { readForm } from '../form.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { paymentsPath } from './parts.tsx';
import { amountFault, fullRefund, type RefundFaults, readRefund, type SentRefund } from './refund-form.ts';
import { notRefundablePage, refundPage } from './refund-page.tsx';

const PATH = `${WORKSPACE_PATH}/payments/:id/refund` as const;

/** The refund of a payment, on a page of its own. */
export const refundRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('refunds.create'), async (c) => {
    const payment = await readSession(c.var.context, parseRowId(c.req.param('id')));
    const why = whyNotRefundable(c.var.context, payment);
    if (why !== null) return c.html(notRefundablePage({ shell: shellOf(c), payment, why }));
    const values = fullRefund(payment, c.var.language);
    return c.html(refundPage({ ...viewOf(c, payment), formId: newFormId(), values, faults: {}, notDone: null }));
  })

  .post(PATH, allowedTo('refunds.create'), async (c) => {
    const { context, language } = c.var;
    const payment = await readSession(context, parseRowId(c.req.param('id')));
    const sent = readRefund(await readForm(c), payment, language);
    if (sent.wanted === null || sent.id === null) return respondFaulty(c, payment, { sent, faults: sent.faults });
    try {
      const outcome = await refundByForm(context, { id: payment.id, form: sent.id, ...sent.wanted });
      if (outcome.kind === 'spent') return respondNotDone(c, payment, { sent, status: 409 });
      const which = outcome.kind === 'refunded' ? 'refund' : 'earlier';
      return c.redirect(`${paymentsPath(shellOf(c), payment.id)}?${which}=${outcome.refund.id}`, 303);
    } catch (error) {
      return await respondError(c, sent, error);
    }
  });

const viewOf = (c: Context<WorkspaceEnv>, payment: PaymentView) => ({
  shell: shellOf(c),
  publicUrl: c.var.config.service.publicUrl,
  payment,
});

interface Faulty {
  readonly sent: SentRefund;
  readonly faults: RefundFaults;
}

/** The form with what is wrong in it. It keeps its id, because an earlier try may have made the refund without an answer. */
function respondFaulty(c: Context<WorkspaceEnv>, payment: PaymentView, { sent: { id, values }, faults }: Faulty) {
  const formId = id ?? newFormId();
  return c.html(refundPage({ ...viewOf(c, payment), formId, values, faults, notDone: 'form' }), 422);
}

/** The form again, because Stripe refused the refund, or did not answer: then it keeps its id, and so makes one refund. */
function respondNotDone(
  c: Context<WorkspaceEnv>,
  payment: PaymentView,
  { sent, status }: { readonly sent: SentRefund; readonly status: ApiError['status'] },
) {
  const isUnclear = status === 503;
  const formId = (isUnclear ? sent.id : null) ?? newFormId();
  const notDone = isUnclear ? 'again' : 'stripe';
  return c.html(refundPage({ ...viewOf(c, payment), formId, values: sent.values, faults: {}, notDone }), status);
}

/** Says why nothing was refunded. Throws what the page has no words for. */
async function respondError(c: Context<WorkspaceEnv>, sent: SentRefund, error: unknown) {
  if (!(error instanceof ApiError)) throw error;
  const { context, language } = c.var;
  const { code, status } = error;
  // What is left may have changed since the payment was read.
  const payment = await readSession(context, parseRowId(c.req.param('id') ?? ''));
  switch (code) {
    case 'invalid_amount': {
      const amount = amountFault(payment, language, sent.wanted?.amountMinor ?? 0);
      // Where Stripe itself refused the amount, it repeats that answer to this form.
      const id = error.cause === undefined ? sent.id : null;
      return respondFaulty(c, payment, { sent: { ...sent, id }, faults: { amount } });
    }
    case 'payment_not_refundable':
    case 'CONNECT_ACCOUNT_NOT_READY': {
      const why = whyNotRefundable(context, payment);
      if (why !== null) return c.html(notRefundablePage({ shell: shellOf(c), payment, why }), status);
      return respondNotDone(c, payment, { sent, status });
    }
    case 'stripe_error':
    case 'service_unavailable':
      return respondNotDone(c, payment, { sent, status });
    default:
      throw error;
  }
}
