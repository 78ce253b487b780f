import { expect } from 'vitest';
import * as z from 'zod';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, callWith, rowsOf, type SessionAnswer } from './api.ts';
import type { BindingChanges } from './direct.ts';
import { heldEvents, openSession, sendAll, stripePost } from './payments.ts';
import { pay, stripeRequests, stripeSessions } from './simulator.ts';
import { call, type TestWorkspace } from './workspace.ts';

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const refundShape = z.strictObject({
  id: z.int().min(1),
  payment_id: z.int().min(1),
  amount_cents: z.int().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
  reason: z.string().nullable(),
  failure_reason: z.string().nullable(),
  stripe_refund_id: z.string().regex(/^re_\w+$/),
  created_at: moment,
});
export type RefundAnswer = z.output<typeof refundShape>;

const paymentShape = {
  id: z.int().min(1),
  status: z.enum(['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded']),
  amount_cents: z.int().min(1),
  refunded_cents: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  description: z.string().nullable(),
  reference: z.string().nullable(),
  customer_email: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  payment_link_id: z.int().nullable(),
  payment_link_token: z.string().nullable(),
  stripe_session_id: z.string().regex(/^cs_(test|live)_\w+$/),
  stripe_payment_intent_id: z.string().nullable(),
  created_at: moment,
  updated_at: moment,
};
const paymentListAnswer = z.strictObject({
  data: z.array(z.strictObject(paymentShape)),
  meta: z.strictObject({
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});
export type PaymentList = z.output<typeof paymentListAnswer>;

const detailsShape = z.strictObject({
  ...paymentShape,
  refunds: z.array(refundShape),
  disputes: z.array(
    z.strictObject({
      id: z.int().min(1),
      amount_cents: z.int(),
      currency: z.string(),
      status: z.string(),
      reason: z.string(),
      stripe_dispute_id: z.string().regex(/^d[up]_\w+$/),
      created_at: moment,
      closed_at: moment.nullable(),
    }),
  ),
  history: z.array(z.strictObject({ type: z.string(), at: moment })),
});
export type PaymentDetails = z.output<typeof detailsShape>;

/** A page of payments, after its answer was found to be one to the letter. */
export async function expectPayments(response: Response): Promise<PaymentList> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return paymentListAnswer.parse(JSON.parse(text));
}

export async function listPayments(shop: TestWorkspace, query = ''): Promise<PaymentList> {
  return await expectPayments(await call(shop.key, 'GET', `/payments${query}`));
}

/** A payment as the API shows it now, with all that happened to it. */
export async function readPayment(shop: TestWorkspace, id: number): Promise<PaymentDetails> {
  const response = await call(shop.key, 'GET', `/payments/${id}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return z.strictObject({ data: detailsShape }).parse(JSON.parse(text)).data;
}

export type PaidSession = SessionAnswer & { readonly intent: string };

/** A session that a buyer has paid, with its Stripe events received. `extra` members are added to the session's body. */
export async function paidSession(shop: TestWorkspace, extra: Record<string, unknown> = {}): Promise<PaidSession> {
  const session = await openSession(shop, extra);
  await pay(session.stripe_session_id, 'paid');
  await sendAll(await heldEvents(shop));
  return { ...session, intent: await intentOf(shop, session) };
}

async function intentOf(shop: TestWorkspace, { stripe_session_id }: SessionAnswer): Promise<string> {
  const sessions = await stripeSessions(accountOf(shop.account));
  return String(sessions.find(({ id }) => id === stripe_session_id)?.payment_intent);
}

/** Asks for a refund. `key`: its Idempotency-Key; none by default. */
export async function askRefund(
  shop: TestWorkspace,
  id: number | string,
  body: unknown = {},
  { key, bindings = {} }: { readonly key?: string; readonly bindings?: BindingChanges } = {},
): Promise<Response> {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  return await callWith(bindings, shop.key, 'POST', `/payments/${id}/refunds`, body, headers);
}

/** The refund of an answer, after its status was found to be the expected one. */
export async function expectRefund(response: Response): Promise<RefundAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return z.strictObject({ data: refundShape }).parse(JSON.parse(text)).data;
}

/** The POSTs to Stripe that were to make a refund, oldest first. */
export async function refundRequests(shop: TestWorkspace) {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter(({ method, path }) => method === 'POST' && path === '/v1/refunds');
}

const stripeRefundList = z.object({ data: z.array(z.looseObject({ id: z.string(), amount: z.int() })) });

/** The refunds that Stripe has of a payment, newest first. */
export async function stripeRefunds(shop: TestWorkspace, { intent }: PaidSession) {
  const url = `${SIMULATED.stripeUrl}/v1/refunds?payment_intent=${intent}`;
  const response = await fetch(url, {
    headers: {
      Authorization: `Bearer ${SIMULATED.variables.STRIPE_SECRET_KEY_TEST}`,
      'Stripe-Account': accountOf(shop.account),
    },
  });
  return stripeRefundList.parse(await response.json()).data;
}

/** A refund made in Stripe's dashboard; all that is left without an amount in minor units. */
export async function dashboardRefund(shop: TestWorkspace, { intent }: PaidSession, amount?: number): Promise<string> {
  const params = { payment_intent: intent, ...(amount === undefined ? {} : { amount: String(amount) }) };
  return String((await stripePost(accountOf(shop.account), '/v1/refunds', params)).id);
}

export const refundRows = (shop: TestWorkspace) => rowsOf('refunds', shop.workspace.id);

/** A payment was refunded once: at Stripe, in our rows, in the audit log and in the events. */
export async function expectOneRefund(
  shop: TestWorkspace,
  session: PaidSession,
  response: Response,
): Promise<RefundAnswer> {
  const refund = await expectRefund(response);
  const atStripe = await stripeRefunds(shop, session);
  expect(atStripe.map(({ id, amount }) => [id, amount])).toEqual([[refund.stripe_refund_id, refund.amount_cents]]);
  const rows = await refundRows(shop);
  expect(rows).toMatchObject([
    { id: refund.id, stripe_refund_id: refund.stripe_refund_id, operation_id: expect.stringMatching(/^op_/) },
  ]);
  const audit = await rowsOf('audit_log', shop.workspace.id);
  const asked = audit.filter(({ action }) => action === 'refund.create');
  expect(asked).toMatchObject([{ actor: expect.stringMatching(/^key:/), object: refund.stripe_refund_id }]);
  const events = await rowsOf('events', shop.workspace.id);
  expect(events.filter(({ type }) => type === 'payments.payment.refunded')).toHaveLength(1);
  return refund;
}
