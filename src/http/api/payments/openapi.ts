import type { RouteDescription } from '../route-description.ts';
import { listPaymentsQuery, newRefund } from './requests.ts';
import { paymentDetailsSchema, paymentSchema, refundSchema } from './responses.ts';

const read = {
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
      'Returns the payments of your workspace, newest first. A payment is a checkout session that a buyer has completed: sessions that are open or expired are not in the list. If you send several filters, a payment must match all of them. To read a long list, use `cursor`: it is as fast on the last page as on the first.',
    success: { status: 200, schema: paymentSchema(), description: 'A page of payments.' },
    query: listPaymentsQuery,
  },
  {
    ...read,
    path: '/payments/{id}',
    operationId: 'getPayment',
    summary: 'Read a payment',
    description:
      'Returns one payment with its refunds, disputes and history, each oldest first. The id of a payment is the id of its checkout session. A session that is open or expired is not a payment and is answered with 404.',
    success: { status: 200, schema: paymentDetailsSchema(), description: 'The payment.' },
  },
  {
    method: 'post',
    path: '/payments/{id}/refunds',
    operationId: 'createRefund',
    summary: 'Refund a payment',
    description:
      'Gives back all that is left of a payment, or `amount_cents` of it, from the balance of your Stripe account. You can never refund more than is left, even with many requests at once. Send an `Idempotency-Key`: if a request times out, send it again, and you get the refund that it made. When the refund succeeds, you receive the event `payments.payment.refunded`. If it does not reach the buyer, even weeks later, you receive `payments.refund.failed`, and its amount can be refunded again. A session that is not paid is answered with 409 `payment_not_refundable`.',
    scopes: ['service.payments.refunds.create'],
    request: [newRefund],
    optionalBody: true,
    requestExample: { amount_cents: 1500, reason: 'requested_by_customer' },
    success: { status: 201, schema: refundSchema(), description: 'The refund with its current status.' },
    errors: ['invalid_amount', 'payment_not_refundable', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
  },
];
