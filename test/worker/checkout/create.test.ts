import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountOf, callWith, createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { interruptedD1 } from '../support/counting.ts';
import { deliverStripeEvents, pay, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

const PUBLISHED = {
  amount: 49.99,
  currency: 'gbp',
  description: 'Order #1042',
  reference: '1042',
  customer_email: 'buyer@example.com',
  success_url: 'https://yoursite.com/pay/success',
  cancel_url: 'https://yoursite.com/pay/cancel',
  metadata: { order_id: '1042' },
};
const PUBLISHED_KEY = { 'Idempotency-Key': '11111111-2222-3333-4444-555555555555' };
const OPERATION = /^op_[01][0-9A-Za-z]{26}$/;

describe('the published example of POST /checkout-sessions', () => {
  it('answers every published field, in live and in test mode', async () => {
    for (const mode of ['live', 'sandbox'] as const) {
      const { key } = await newWorkspace({ mode });
      const before = Math.floor(Date.now() / 1000) * 1000;
      const response = await call(key, 'POST', '/checkout-sessions', PUBLISHED, PUBLISHED_KEY);
      const session = await expectSession(response);
      const prefix = mode === 'live' ? 'cs_live_' : 'cs_test_';

      expect(response.headers.get('Content-Type')).toMatch(/^application\/json\b/);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(response.headers.has('Idempotent-Replayed')).toBe(false);
      const { id, url, stripe_session_id, expires_at, created_at, ...rest } = session;
      expect(rest).toEqual({
        amount_cents: 4999,
        currency: 'GBP',
        status: 'created',
        payment_link_id: null,
        payment_link_token: null,
        reference: '1042',
      });
      expect(Number.isSafeInteger(id)).toBe(true);
      expect(stripe_session_id.startsWith(prefix)).toBe(true);
      expect(url?.startsWith('http://localhost:12111/c/pay/')).toBe(true);
      expect(url).toContain(stripe_session_id);
      expect(Date.parse(created_at)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(created_at)).toBeLessThanOrEqual(Date.now());
      const minutes = (Date.parse(expires_at) - Date.parse(created_at)) / 60_000;
      expect(minutes).toBeGreaterThanOrEqual(30);
      expect(minutes).toBeLessThanOrEqual(31.1);
    }
  });

  it('asks Stripe for exactly one direct charge on the connected account, without a fee', async () => {
    const { key, account, workspace } = await newWorkspace({ mode: 'live' });
    const sentAt = Date.now();
    await expectSession(await call(key, 'POST', '/checkout-sessions', PUBLISHED, PUBLISHED_KEY));

    // All requests that carried `Stripe-Account` with this account, of whatever kind.
    const [asked, ...more] = await stripeRequests(accountOf(account));
    expect(more).toEqual([]);
    expect([asked?.method, asked?.path, asked?.status]).toEqual(['POST', '/v1/checkout/sessions', 200]);
    const operation = asked?.idempotency_key;
    expect(operation).toMatch(OPERATION);
    const { expires_at, ...params } = asked?.params ?? {};
    const metadata = {
      order_id: '1042',
      softsolz_operation: operation,
      softsolz_workspace: workspace.id,
      softsolz_reference: '1042',
    };
    expect(params).toEqual({
      mode: 'payment',
      line_items: {
        0: {
          quantity: '1',
          price_data: { currency: 'gbp', unit_amount: '4999', product_data: { name: 'Order #1042' } },
        },
      },
      success_url: 'https://yoursite.com/pay/success',
      cancel_url: 'https://yoursite.com/pay/cancel',
      customer_email: 'buyer@example.com',
      client_reference_id: operation,
      adaptive_pricing: { enabled: 'false' },
      metadata,
      payment_intent_data: { metadata },
    });
    const lifetimeSeconds = Number(expires_at) - sentAt / 1000;
    expect(lifetimeSeconds).toBeGreaterThan(30 * 60 + 30);
    expect(lifetimeSeconds).toBeLessThan(31 * 60 + 30);
  });

  it('writes one row, which names the key, and nothing else', async () => {
    const { key, account, workspace } = await newWorkspace();
    const [madeBy] = await rowsOf('api_keys', workspace.id);
    const audit = await rowsOf('audit_log', workspace.id);
    const session = await expectSession(await call(key, 'POST', '/checkout-sessions', PUBLISHED, PUBLISHED_KEY));
    const [asked] = await createRequests(account);
    const [row, ...more] = await rowsOf('payments', workspace.id);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      id: session.id,
      operation_id: asked?.idempotency_key,
      stripe_account_id: account,
      stripe_session_id: session.stripe_session_id,
      stripe_payment_intent_id: null,
      payment_link_id: null,
      api_key_id: madeBy?.id,
      status: 'created',
      amount_minor: 4999,
      currency: 'GBP',
      description: 'Order #1042',
      reference: '1042',
      customer_email: 'buyer@example.com',
      metadata: '{"order_id":"1042"}',
      checkout_url: null,
      checks: 0,
    });
    expect(await rowsOf('audit_log', workspace.id)).toEqual(audit);
  });
});

describe('POST /checkout-sessions', () => {
  it('needs no more than the required fields', async () => {
    const { key, account, workspace } = await newWorkspace();
    const session = await expectSession(await call(key, 'POST', '/checkout-sessions', SESSION));
    expect(session.reference).toBeNull();
    const [asked] = await createRequests(account);
    expect(asked?.params).not.toHaveProperty('customer_email');
    expect(asked?.params.metadata).toEqual({
      softsolz_operation: asked?.idempotency_key,
      softsolz_workspace: workspace.id,
    });
    expect(JSON.stringify(asked?.params.line_items)).toContain('"name":"Payment"');
  });

  it('makes a session for every call without an Idempotency-Key', async () => {
    const { key, account } = await newWorkspace();
    const first = await expectSession(await call(key, 'POST', '/checkout-sessions', PUBLISHED));
    const second = await expectSession(await call(key, 'POST', '/checkout-sessions', PUBLISHED));
    expect(second.id).toBeGreaterThan(first.id);
    expect(second.stripe_session_id).not.toBe(first.stripe_session_id);
    const operations = (await createRequests(account)).map(({ idempotency_key }) => idempotency_key);
    expect(new Set(operations).size).toBe(2);
  });

  it('leaves {CHECKOUT_SESSION_ID} to Stripe, unencoded', async () => {
    const { key, account } = await newWorkspace();
    const success_url = 'https://yoursite.com/thanks?session={CHECKOUT_SESSION_ID}&order=a%20b#{CHECKOUT_SESSION_ID}';
    await expectSession(await call(key, 'POST', '/checkout-sessions', { ...SESSION, success_url }));
    const [asked] = await createRequests(account);
    expect(asked?.params.success_url).toBe(success_url);
  });

  it('keeps live and sandbox of one pair apart', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    expect(sandbox.workspace.pairId).toBe(live.workspace.pairId);
    const body = { ...SESSION, livemode: true, tenant_id: live.workspace.id };
    const session = await expectSession(await call(sandbox.key, 'POST', '/checkout-sessions', body));

    const [made] = await stripeSessions(accountOf(sandbox.account));
    expect(made).toMatchObject({ id: session.stripe_session_id, livemode: false });
    expect(await stripeRequests(accountOf(live.account))).toEqual([]);
    expect(await rowsOf('payments', live.workspace.id)).toEqual([]);
    expect(await rowsOf('payments', sandbox.workspace.id)).toHaveLength(1);
    for (const [method, path] of [
      ['GET', `/checkout-sessions/${session.id}`],
      ['POST', `/checkout-sessions/${session.id}/expire`],
    ] as const) {
      await expectError(await call(live.key, method, path), 404, 'not_found');
    }
  });

  it('answers the session as Stripe made it where the buyer was faster than our row, as a retry would', async () => {
    const shop = await newWorkspace();
    const database = interruptedD1(env, 2, async () => {
      const [made] = await stripeSessions(accountOf(shop.account));
      await pay(String(made?.id), 'paid');
      await deliverStripeEvents(accountOf(shop.account));
    });
    const response = await callWith(database, shop.key, 'POST', '/checkout-sessions', PUBLISHED);
    const session = await expectSession(response);
    const [made] = await stripeSessions(accountOf(shop.account));
    expect(session).toMatchObject({
      status: 'created',
      amount_cents: 4999,
      reference: '1042',
      url: expect.stringContaining(String(made?.id)),
    });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ id: session.id, status: 'succeeded' }]);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });

  it('is not to be found under other spellings of its path', async () => {
    const { key } = await newWorkspace();
    for (const path of ['/checkout-session', '/checkout-sessions/', '/Checkout-Sessions', '/checkout-sessions//']) {
      await expectError(await call(key, 'POST', path, SESSION), 404, 'not_found');
    }
  });
});
