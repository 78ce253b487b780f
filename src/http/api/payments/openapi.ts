import type { RouteDescription } from '../route-description.ts';
import { listPaymentsQuery, newRefund } from './requests.ts';
import { paymentDetailsSchema, paymentSchema, refundSchema } from './responses.ts';

const read = {
  method: 'get',
  scopes: ['service.payments.payments.read'],
  request: [],
  idempotent: false,
} as const;

/** What became of completed checkout sessions, and giving money back. */
export const PAYMENT_ROUTES: readonly RouteDescription[] = [
  {
    ...read,
    path: '/payments',
    operationId: 'listPayments',
    summary: 'List payments',
    description:
      'The payments of your workspace, newest first: checkout sessions that a buyer has completed, not those that are open or have expired. All filters given must hold. `cursor` costs the same on every page.',
    success: { status: 200, schema: paymentSchema(), description: 'A page of payments.' },
    errors: ['validation_failed'],
    query: listPaymentsQuery,
  },
  {
    ...read,
    path: '/payments/{id}',
    operationId: 'getPayment',
    summary: 'Read a payment',
    description:
      'One payment with its refunds, its disputes and its history, each oldest first. Its id is that of its checkout session. A session that is open or has expired is no payment: 404.',
    success: { status: 200, schema: paymentDetailsSchema(), description: 'The payment.' },
    errors: ['not_found'],
  },
  {
    method: 'post',
    path: '/payments/{id}/refunds',
    operationId: 'createRefund',
    summary: 'Refund a payment',
    description:
      'Gives back all that is left of a payment, or `amount_cents` of it, from the balance of your Stripe account. Never more than is left, however many refunds are asked for at once. Send an `Idempotency-Key`: after a timeout the same request finds the refund it has made. The refund is told as `payments.payment.refunded` once it goes through. What is not paid, also a session that is open or has expired, is 409 `payment_not_refundable`.',
    scopes: ['service.payments.refunds.create'],
    request: [newRefund],
    optionalBody: true,
    requestExample: { amount_cents: 1500, reason: 'requested_by_customer' },
    success: { status: 201, schema: refundSchema(), description: 'The refund, with its status so far.' },
    errors: ['invalid_amount', 'not_found', 'payment_not_refundable', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
    idempotent: true,
  },
];
