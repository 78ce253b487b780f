import type * as z from 'zod';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { Scope } from '../../src/core/scopes.ts';
import {
  adHocSessionSchema,
  checkoutSessionSchema,
  linkSessionSchema,
} from '../../src/http/api/checkout-session-schema.ts';

/** One operation of the server API, as the OpenAPI document tells of it. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below the base path, with `{name}` parameters. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Any one of these. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** The alternatives of the body; empty: the route takes none. */
  readonly request: readonly z.ZodType[];
  /** A body may be sent, and must then be JSON. */
  readonly optionalBody?: boolean;
  readonly requestExample?: Readonly<Record<string, unknown>>;
  readonly success: { readonly status: 200 | 201; readonly schema: z.ZodType; readonly description: string };
  /** Beyond those that every route may answer. */
  readonly errors: readonly ErrorCode[];
  readonly idempotent: boolean;
}

export const ROUTES: readonly RouteDescription[] = [
  {
    method: 'post',
    path: '/checkout-sessions',
    operationId: 'createCheckoutSession',
    summary: 'Create a Checkout session',
    description:
      'Your backend decides the amount, or names a payment link that does. Redirect the buyer to `data.url`. Stripe collects the card and settles the funds directly into your connected account; SoftSolz takes no fee. Sessions live 30 minutes.',
    scopes: ['service.payments.checkout.create'],
    request: [adHocSessionSchema, linkSessionSchema],
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
      schema: checkoutSessionSchema,
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
    success: { status: 200, schema: checkoutSessionSchema, description: 'The session with its present status.' },
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
    success: { status: 200, schema: checkoutSessionSchema, description: 'The expired session.' },
    errors: ['not_found', 'checkout_session_not_open', 'stripe_error'],
    idempotent: true,
  },
];
