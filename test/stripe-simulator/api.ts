import { Hono } from 'hono';
import type { Endpoint, Route } from './api-call.ts';
import { type Answer, ApiServer } from './api-server.ts';
import { StripeFailure } from './failures.ts';
import { accountLinkRoutes } from './resources/account-links.ts';
import { accountLinkV2Routes } from './resources/account-links-v2.ts';
import { accountRoutes } from './resources/accounts.ts';
import { accountV2Routes } from './resources/accounts-v2.ts';
import { checkoutSessionRoutes } from './resources/checkout-sessions.ts';
import { disputeRoutes } from './resources/disputes.ts';
import { eventRoutes } from './resources/events.ts';
import { loginLinkRoutes } from './resources/login-links.ts';
import { paymentRoutes } from './resources/payment-intents-and-charges.ts';
import { paymentMethodDomainRoutes } from './resources/payment-method-domains.ts';
import { refundRoutes } from './resources/refunds.ts';
import { API_VERSION, type Simulation } from './simulation.ts';

const ROUTES: Route[] = [
  ...accountRoutes,
  ...accountV2Routes,
  ...accountLinkRoutes,
  ...accountLinkV2Routes,
  ...checkoutSessionRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...loginLinkRoutes,
  ...paymentRoutes,
  ...paymentMethodDomainRoutes,
  ...refundRoutes,
];

/** The routes of Stripe's `/v1` and `/v2` that this product calls. */
export function createApi(simulation: Simulation): Hono {
  const app = new Hono();
  const server = new ApiServer(simulation);
  for (const [method, path, endpoint] of ROUTES) {
    app.on(method, path, async (c) => toResponse(await server.serve(c.req.raw, c.req.param(), endpoint), c.req.raw));
  }
  for (const path of ['/v1/*', '/v2/*']) {
    app.all(path, async (c) => toResponse(await server.serve(c.req.raw, {}, unknownUrl(c.req.raw)), c.req.raw));
  }
  return app;
}

function unknownUrl(request: Request): Endpoint {
  const message = `Unrecognized request URL (${request.method}: ${new URL(request.url).pathname}).`;
  return () => {
    throw new StripeFailure(message, { status: 404 });
  };
}

function toResponse(answer: Answer, request: Request): Response {
  const headers = new Headers({
    'cache-control': 'no-cache, no-store',
    'content-type': 'application/json',
    'request-id': answer.requestId,
    'stripe-version': request.headers.get('stripe-version') ?? API_VERSION,
  });
  const key = request.headers.get('idempotency-key');
  if (key !== null && request.method === 'POST') headers.set('idempotency-key', key);
  const account = request.headers.get('stripe-account');
  if (account !== null) headers.set('stripe-account', account);
  if (answer.firstRequestId !== null) {
    headers.set('idempotent-replayed', 'true');
    headers.set('original-request', answer.firstRequestId);
  }
  return new Response(answer.body, { status: answer.status, headers });
}
