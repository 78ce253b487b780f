import type { RouteDescription } from '../route-description.ts';
import { adHocSession, linkSession } from './requests.ts';
import { checkoutSessionSchema } from './responses.ts';

const session = {
  id: 8123,
  url: 'https://checkout.stripe.com/c/pay/cs_live_a1Qp7',
  stripe_session_id: 'cs_live_a1Qp7',
  amount_cents: 4999,
  currency: 'GBP',
  status: 'created',
  payment_link_id: null,
  payment_link_token: null,
  reference: '1042',
  expires_at: '2026-05-19T18:30:00Z',
  created_at: '2026-05-19T18:00:00Z',
};

const id = { description: 'The `id` of the checkout session.', example: 8123 };

const tag = 'Checkout sessions';

export const CHECKOUT_SESSION_ROUTES: readonly RouteDescription[] = [
  {
    tag,
    method: 'post',
    path: '/checkout-sessions',
    operationId: 'createCheckoutSession',
    summary: 'Create a Checkout session',
    description:
      'Creates a page at Stripe on which your buyer pays. Send the amount, or the payment link whose price applies. Then redirect the buyer to `data.url`. Stripe collects the card details and pays the money directly into your connected account. SoftSolz takes no fee. A session expires after 30 minutes. Use a new `Idempotency-Key` for each attempt to pay, not one for each order.',
    scopes: ['service.payments.checkout.create'],
    request: [
      { name: 'AdHocCheckoutSessionRequest', schema: adHocSession },
      { name: 'PaymentLinkCheckoutSessionRequest', schema: linkSession },
    ],
    requestExamples: {
      amount: {
        summary: 'An amount that your server decides',
        value: {
          amount_cents: 4999,
          currency: 'gbp',
          description: 'Order #1042',
          reference: '1042',
          customer_email: 'buyer@example.com',
          success_url: 'https://yoursite.com/pay/success?session={CHECKOUT_SESSION_ID}',
          cancel_url: 'https://yoursite.com/pay/cancel',
          metadata: { order_id: '1042' },
        },
      },
      payment_link: {
        summary: 'The price of one of your payment links',
        value: {
          payment_link_token: 'lnk_08f3c2a1b9dk4e6f7a0bc',
          reference: '1042',
          success_url: 'https://yoursite.com/pay/success',
          cancel_url: 'https://yoursite.com/pay/cancel',
        },
      },
    },
    success: {
      status: 201,
      schema: checkoutSessionSchema(),
      description: 'The session. Redirect the buyer to `data.url`.',
      example: session,
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
  },
  {
    tag,
    id,
    method: 'get',
    path: '/checkout-sessions/{id}',
    operationId: 'getCheckoutSession',
    summary: 'Read a Checkout session',
    description:
      'Returns the session with its current `status`. A session starts as `created` and ends as `succeeded`, `failed` or `expired`. It is `processing` while a delayed payment method has not settled. A declined card leaves it `created`. If the money arrives after all, `failed` and `expired` become `succeeded`. After a refund it is `partially_refunded` or `refunded`. If the refund fails, the status is as it was without it. `url` is there while the session is open. It is read from Stripe, so an open session cannot be read while Stripe does not answer (503). To learn of a payment, use webhooks. A session that expired unpaid is deleted after 90 days: the answer is then 404 `not_found`.',
    scopes: ['service.payments.checkout.read', 'service.payments.checkout.create'],
    success: {
      status: 200,
      schema: checkoutSessionSchema(),
      description: 'The session with its current status.',
      example: session,
    },
    errors: ['CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
  },
  {
    tag,
    id,
    method: 'post',
    path: '/checkout-sessions/{id}/expire',
    operationId: 'expireCheckoutSession',
    summary: 'Expire a Checkout session',
    description:
      'Ends an open session. It can no longer be paid. A session that has already expired is answered with 200.',
    scopes: ['service.payments.checkout.create'],
    optionalBody: true,
    success: {
      status: 200,
      schema: checkoutSessionSchema(),
      description: 'The expired session.',
      example: { ...session, url: null, status: 'expired' },
    },
    errors: ['checkout_session_not_open', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
  },
];
