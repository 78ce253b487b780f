import type { RouteDescription } from '../route-description.ts';
import { listPaymentsQuery, newRefund } from './requests.ts';
import { paymentDetailsSchema, paymentSchema, refundSchema } from './responses.ts';

const refund = {
  id: 41,
  payment_id: 8123,
  amount_cents: 1500,
  currency: 'GBP',
  status: 'succeeded',
  reason: 'requested_by_customer',
  failure_reason: null,
  stripe_refund_id: 're_3PqXr2',
  created_at: '2026-05-20T09:00:00Z',
};

const payment = {
  id: 8123,
  status: 'partially_refunded',
  amount_cents: 4999,
  refunded_cents: 1500,
  currency: 'GBP',
  description: 'Order #1042',
  reference: '1042',
  customer_email: 'buyer@example.com',
  metadata: { order_id: '1042' },
  payment_link_id: null,
  payment_link_token: null,
  stripe_session_id: 'cs_live_a1Qp7',
  stripe_payment_intent_id: 'pi_3PqXr2',
  created_at: '2026-05-19T18:00:00Z',
  updated_at: '2026-05-20T09:00:00Z',
};

const id = { description: 'The `id` of the payment, which is the id of its checkout session.', example: 8123 };

const tag = 'Payments';

const read = {
  tag,
  method: 'get',
  scopes: ['service.payments.payments.read'],
} as const;

export const PAYMENT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/payments',
    operationId: 'listPayments',
    summary: 'List payments',
    description:
      'Returns the payments of your workspace, newest first. A payment is a checkout session that a buyer has completed: sessions that are open or expired are not in the list. If you send several filters, a payment must match all of them. To read a long list, use `cursor`: it is as fast on the last page as on the first. One request looks only so far: if hardly any payment matches a `status` or several filters together, a page may have fewer payments than `limit`, or none, while `has_more` is true. Then go on with `next_cursor`, not with `offset`.',
    success: { status: 200, schema: paymentSchema(), description: 'A page of payments.', example: payment },
    query: listPaymentsQuery,
  },
  {
    ...read,
    id,
    path: '/payments/{id}',
    operationId: 'getPayment',
    summary: 'Read a payment',
    description:
      'Returns one payment with its refunds, disputes and history, each oldest first. The id of a payment is the id of its checkout session. A session that is open or expired is not a payment and is answered with 404.',
    success: {
      status: 200,
      schema: paymentDetailsSchema(),
      description: 'The payment.',
      example: {
        ...payment,
        refunds: [refund],
        disputes: [],
        history: [
          { type: 'created', at: '2026-05-19T18:00:00Z' },
          { type: 'succeeded', at: '2026-05-19T18:04:10Z' },
          { type: 'refund.succeeded', at: '2026-05-20T09:00:00Z' },
        ],
      },
    },
  },
  {
    tag,
    id,
    method: 'post',
    path: '/payments/{id}/refunds',
    operationId: 'createRefund',
    summary: 'Refund a payment',
    description:
      'Gives back all that is left of a payment, or `amount_cents` of it, from the balance of your Stripe account. You can never refund more than is left, even with many requests at once. Send an `Idempotency-Key`: if a request times out, send it again, and you get the refund that it made. When the refund succeeds, you receive the event `payments.payment.refunded`. If it does not reach the buyer, even weeks later, you receive `payments.refund.failed`, and its amount can be refunded again. A session that is not paid, and a payment of which nothing is left, are answered with 409 `payment_not_refundable`, with and without an amount.',
    scopes: ['service.payments.refunds.create'],
    request: [{ name: 'RefundRequest', schema: newRefund }],
    optionalBody: true,
    requestExamples: {
      part: {
        summary: 'A part of the payment',
        value: { amount_cents: 1500, reason: 'requested_by_customer' },
      },
      all: { summary: 'All that is left', value: {} },
    },
    success: {
      status: 201,
      schema: refundSchema(),
      description: 'The refund with its current status.',
      example: refund,
    },
    errors: ['invalid_amount', 'payment_not_refundable', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
  },
];
