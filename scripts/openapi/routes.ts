import type * as z from 'zod';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { Scope } from '../../src/core/scopes.ts';
import { checkoutSessionSchema } from '../../src/http/api/checkout-sessions/answer.ts';
import { adHocSessionSchema, linkSessionSchema } from '../../src/http/api/checkout-sessions/schema.ts';
import { paymentLinkSchema } from '../../src/http/api/payment-links/answer.ts';
import { linkChangeSchema, newLinkSchema } from '../../src/http/api/payment-links/schema.ts';
import { snippetSchema } from '../../src/http/api/payment-links/snippet-answer.ts';
import { PAYMENT_ROUTES } from './routes-payments.ts';
import { PUBLIC_KEY_ROUTES } from './routes-public-keys.ts';
import { WEBHOOK_ENDPOINT_ROUTES } from './routes-webhook-endpoints.ts';
import { WEBHOOK_REPAIR_ROUTES } from './routes-webhook-repairs.ts';

/** A query member that narrows a list down. */
export interface Filter {
  readonly name: string;
  readonly description: string;
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

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
  readonly request: readonly z.core.$ZodType[];
  /** A body may be sent, and must then be JSON. */
  readonly optionalBody?: boolean;
  readonly requestExample?: Readonly<Record<string, unknown>>;
  /** `schema` null: the answer has no body. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema: z.core.$ZodType | null;
    readonly description: string;
  };
  /** Beyond those that every route may answer. */
  readonly errors: readonly ErrorCode[];
  readonly idempotent: boolean;
  /** What `{id}` in the path is: a row id unless said otherwise. */
  readonly id?: 'row' | 'token';
  /** Answers `{data: [], meta}` and takes `limit`, `offset` and `cursor`. */
  readonly list?: boolean;
  /** Query members of a list beside those of its pages. */
  readonly filters?: readonly Filter[];
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
    errors: ['not_found', 'checkout_session_not_open', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error'],
    idempotent: true,
  },
  {
    method: 'get',
    path: '/payment-links',
    operationId: 'listPaymentLinks',
    summary: 'List payment links',
    description: 'The payment links of your workspace, newest first. `cursor` costs the same on every page.',
    scopes: ['service.payments.links.read'],
    request: [],
    success: { status: 200, schema: paymentLinkSchema, description: 'A page of links.' },
    errors: ['validation_failed'],
    idempotent: false,
    list: true,
  },
  {
    method: 'post',
    path: '/payment-links',
    operationId: 'createPaymentLink',
    summary: 'Create a payment link',
    description:
      'A reusable, shareable page that takes payments: share `data.url` anywhere. With an amount the price is fixed; without one the buyer enters it (`amount_editable: true`, or a minimum). Every refusal of the body is `validation_failed`.',
    scopes: ['service.payments.links.write'],
    request: [newLinkSchema],
    requestExample: {
      title: 'Studio deposit',
      description: '50% non-refundable booking deposit',
      currency: 'gbp',
      amount_cents: 5000,
    },
    success: { status: 201, schema: paymentLinkSchema, description: 'The link.' },
    errors: [],
    idempotent: true,
  },
  {
    method: 'get',
    path: '/payment-links/{id}',
    operationId: 'getPaymentLink',
    summary: 'Read a payment link',
    description: 'One link by its id.',
    scopes: ['service.payments.links.read'],
    request: [],
    success: { status: 200, schema: paymentLinkSchema, description: 'The link.' },
    errors: ['not_found'],
    idempotent: false,
    id: 'token',
  },
  {
    method: 'patch',
    path: '/payment-links/{id}',
    operationId: 'updatePaymentLink',
    summary: 'Update a payment link',
    description:
      'Send only what is to change; null clears what may be empty. `active: false` stops the link without deleting it. An amount for a link whose amount the buyer enters needs `amount_editable: false` with it. `currency` and `kind` cannot change.',
    scopes: ['service.payments.links.write'],
    request: [linkChangeSchema],
    requestExample: { title: 'Studio deposit (spring season)', amount_cents: 7500, active: true },
    success: { status: 200, schema: paymentLinkSchema, description: 'The link as it is now.' },
    errors: ['not_found'],
    idempotent: true,
    id: 'token',
  },
  {
    method: 'get',
    path: '/payment-links/{id}/snippet',
    operationId: 'getPaymentLinkSnippet',
    summary: 'Read what shares a payment link',
    description: 'The ready anchor, a button for e-mails, and the addresses of its QR code.',
    scopes: ['service.payments.links.read'],
    request: [],
    success: { status: 200, schema: snippetSchema, description: 'Ready to paste.' },
    errors: ['not_found'],
    idempotent: false,
    id: 'token',
  },
  ...PAYMENT_ROUTES,
  ...WEBHOOK_ENDPOINT_ROUTES,
  ...WEBHOOK_REPAIR_ROUTES,
  ...PUBLIC_KEY_ROUTES,
];
