import type { RouteDescription } from '../route-description.ts';
import { adHocSession, linkSession } from './requests.ts';
import { checkoutSessionSchema } from './responses.ts';

export const CHECKOUT_SESSION_ROUTES: readonly RouteDescription[] = [
  {
    method: 'post',
    path: '/checkout-sessions',
    operationId: 'createCheckoutSession',
    summary: 'Create a Checkout session',
    description:
      'Your backend decides the amount, or names a payment link that does. Redirect the buyer to `data.url`. Stripe collects the card and settles the funds directly into your connected account; SoftSolz takes no fee. Sessions live 30 minutes.',
    scopes: ['service.payments.checkout.create'],
    request: [adHocSession, linkSession],
    requestExample: {
      amount_cents: 4999,
      currency: 'gbp',
      description: 'Order #1042',
      reference: '1042',
      customer_email: 'buyer@example.com',
      success_url: 'https://yoursite.com/pay/success',
      cancel_url: 'https://yoursite.com/pay/cancel',
      metadata: { order_id: '1042' },
    },
    success: {
      status: 201,
      schema: checkoutSessionSchema(),
      description: 'The session. Redirect the buyer to `data.url`.',
    },
    errors: [
      'invalid_amount',
      'invalid_currency',
      'invalid_url',
      'not_found',
      'CONNECT_ACCOUNT_MISSING',
      'CONNECT_ACCOUNT_NOT_READY',
      'payment_link_inactive',
      'payment_link_sold_out',
      'stripe_error',
    ],
    idempotent: true,
  },
  {
    method: 'get',
    path: '/checkout-sessions/{id}',
    operationId: 'getCheckoutSession',
    summary: 'Read a Checkout session',
    description:
      '`status` goes `created` → `processing` → `succeeded`, `failed` or `expired`, only forwards. A declined card leaves it `created`. `processing`: a delayed payment method has not settled yet. Once money went back it reads `partially_refunded` or `refunded`.',
    scopes: ['service.payments.checkout.read', 'service.payments.checkout.create'],
    request: [],
    success: { status: 200, schema: checkoutSessionSchema(), description: 'The session with its present status.' },
    errors: ['not_found'],
    idempotent: false,
  },
  {
    method: 'post',
    path: '/checkout-sessions/{id}/expire',
    operationId: 'expireCheckoutSession',
    summary: 'Expire a Checkout session',
    description: 'Ends an open session, so that it cannot be paid any more. One that has expired already answers 200.',
    scopes: ['service.payments.checkout.create'],
    request: [],
    optionalBody: true,
    success: { status: 200, schema: checkoutSessionSchema(), description: 'The expired session.' },
    errors: ['not_found', 'checkout_session_not_open', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
    idempotent: true,
  },
];
