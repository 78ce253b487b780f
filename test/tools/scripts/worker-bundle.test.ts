import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildWorker } from '../../../scripts/build/worker-bundle.mjs';
import type * as client from '../../../src/stripe/client.ts';
import type { StripeGateway } from '../../../src/stripe/gateway.ts';

const directory = mkdtempSync(join(tmpdir(), 'worker-bundle-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const isClient = (module: unknown): module is typeof client =>
  typeof module === 'object' && module !== null && 'stripeGateway' in module;

/** Every call of the gateway with the request that Stripe sees of it. */
const CALLS: Readonly<
  Record<keyof StripeGateway, readonly [call: (stripe: StripeGateway) => unknown, request: string]>
> = {
  createCheckoutSession: [
    (stripe) =>
      stripe.createCheckoutSession({
        account: 'acct_1',
        idempotencyKey: 'op_1',
        operationId: 'op_1',
        amountMinor: 4999,
        currency: 'GBP',
        productName: 'Order',
        customerEmail: null,
        ui: {
          kind: 'hosted',
          successUrl: 'https://shop.example/a',
          cancelUrl: 'https://shop.example/b',
          language: 'de',
        },
        metadata: {},
        expiresAt: 0,
      }),
    'POST /v1/checkout/sessions',
  ],
  retrieveCheckoutSession: [
    (stripe) => stripe.retrieveCheckoutSession('acct_1', 'cs_1'),
    'GET /v1/checkout/sessions/cs_1',
  ],
  expireCheckoutSession: [
    (stripe) => stripe.expireCheckoutSession('acct_1', 'cs_1'),
    'POST /v1/checkout/sessions/cs_1/expire',
  ],
  findCheckoutSession: [
    (stripe) => stripe.findCheckoutSession('acct_1', { from: 0, to: 1 }, () => false),
    'GET /v1/checkout/sessions',
  ],
  retrieveAccount: [(stripe) => stripe.retrieveAccount('acct_1'), 'GET /v1/accounts/acct_1'],
  listCheckoutSessions: [
    (stripe) => stripe.listCheckoutSessions('acct_1', { from: 0, to: 1000, after: null }),
    'GET /v1/checkout/sessions',
  ],
  listEvents: [(stripe) => stripe.listEvents('acct_1', { from: 0, to: 1000, after: null }), 'GET /v1/events'],
  registerPaymentMethodDomain: [
    (stripe) => stripe.registerPaymentMethodDomain('acct_1', 'shop.example'),
    'POST /v1/payment_method_domains',
  ],
  listRefunds: [(stripe) => stripe.listRefunds('acct_1', 'pi_1'), 'GET /v1/refunds'],
  createRefund: [
    (stripe) =>
      stripe.createRefund({
        account: 'acct_1',
        idempotencyKey: 'op_1',
        paymentIntentId: 'pi_1',
        amountMinor: 100,
        reason: null,
        metadata: {},
      }),
    'POST /v1/refunds',
  ],
};

describe("the built Worker's Stripe client", () => {
  let stripe: StripeGateway;
  const asked: string[] = [];

  beforeAll(async () => {
    const outfile = join(directory, 'client.mjs');
    await buildWorker('src/stripe/client.ts', outfile);
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return Response.json({ error: { type: 'api_error', message: 'down' } }, { status: 500 });
    });
    const module: unknown = await import(pathToFileURL(outfile).href);
    if (!isClient(module)) throw new Error('The bundle exports no stripeGateway');
    stripe = module.stripeGateway('https://api.stripe.com', 'sk_test_1');
  });
  afterAll(() => vi.unstubAllGlobals());

  it('is tested with every call that the gateway has', () => {
    expect(Object.keys(CALLS).sort()).toEqual(Object.keys(stripe).sort());
  });

  it.each(Object.entries(CALLS))('can %s, although most of the SDK is left out', async (_, [call, request]) => {
    asked.length = 0;
    // The cause is Stripe's answer, not a part that is missing.
    const failure = { name: 'StripeFailure', kind: 'unavailable', cause: { statusCode: 500 } };
    await expect(call(stripe)).rejects.toMatchObject(failure);
    expect(asked).toEqual([request]);
  });
});
