import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, callWith, createRequests, expectError, expectSession, footprint, rowsOf } from '../support/api.ts';
import { failingD1, wrapD1, wrapNamespace } from '../support/counting.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const create = (shop: TestWorkspace, headers = {}) => call(shop.key, 'POST', '/checkout-sessions', SESSION, headers);
const RETRY_AFTER = /^[1-9]\d*$/;

describe('an account that cannot be charged on', () => {
  it('is 409 before Stripe is asked', async () => {
    const missing = await newWorkspace({ account: 'none' });
    const onboarding = await newWorkspace({ account: 'onboarding' });
    const gone = await newWorkspace();
    const leave = 'UPDATE connected_accounts SET disconnected_at = 1 WHERE workspace_id = ?';
    await gone.binding.prepare(leave).bind(gone.workspace.id).run();
    const refused = [
      [missing, 'CONNECT_ACCOUNT_MISSING'],
      [onboarding, 'CONNECT_ACCOUNT_NOT_READY'],
      [gone, 'CONNECT_ACCOUNT_NOT_READY'],
    ] as const;
    for (const [shop, code] of refused) {
      const before = await footprint(shop);
      await expectError(await create(shop), 409, code);
      expect(await footprint(shop)).toEqual(before);
      if (shop.account) expect(await stripeRequests(shop.account)).toEqual([]);
    }
  });

  it('is 409 also where only Stripe knows', async () => {
    const disabled = await newWorkspace();
    await control('POST', `/accounts/${disabled.account}/update`, { charges_enabled: false });
    const revoked = await newWorkspace();
    await control('POST', `/accounts/${revoked.account}/deauthorize`, {});
    for (const shop of [disabled, revoked]) {
      await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
      expect(await createRequests(shop.account)).toHaveLength(1);
      expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
    }
  });
});

describe('a Stripe that fails', () => {
  for (const status of [429, 500, 502, 503, 'network'] as const) {
    it(`with ${status} is 503 with Retry-After, asked once, and nothing is written`, async () => {
      const shop = await newWorkspace();
      await control('POST', '/faults', { account: shop.account, fail_next: { count: 1, status } });
      const { stripe_requests: _, ...before } = await footprint(shop);
      const response = await create(shop);
      expect(response.headers.get('Retry-After')).toMatch(RETRY_AFTER);
      await expectError(response, 503, 'service_unavailable');
      expect(await footprint(shop)).toEqual({ ...before, stripe_requests: 1 });
      expect(await stripeSessions(accountOf(shop.account))).toEqual([]);
      await expectSession(await create(shop));
    });
  }

  it('with 401, or with 400 for a parameter, is 502: our key or our request is wrong', async () => {
    const shop = await newWorkspace();
    for (const error of [{ status: 401 }, { status: 400, param: 'line_items' }]) {
      stripeOf(async () => stripeErrorAnswer(error));
      await expectError(await callWith({}, shop.key, 'POST', '/checkout-sessions', SESSION), 502, 'stripe_error');
      vi.restoreAllMocks();
    }
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
  });

  const refusals = [
    [{ status: 400, code: 'amount_too_small' }, 400, 'invalid_amount', 'amount'],
    [{ status: 400, code: 'amount_too_large' }, 400, 'invalid_amount', 'amount'],
    [{ status: 400, code: 'email_invalid' }, 400, 'validation_failed', 'customer_email'],
    [{ status: 400, code: 'url_invalid' }, 400, 'invalid_url', 'success_url'],
    [{ status: 403, code: 'account_invalid' }, 409, 'CONNECT_ACCOUNT_NOT_READY', null],
    [{ status: 400, code: 'account_invalid' }, 409, 'CONNECT_ACCOUNT_NOT_READY', null],
    [{ status: 400, code: 'parameter_unknown' }, 502, 'stripe_error', null],
    [{ status: 401, code: 'api_key_expired' }, 502, 'stripe_error', null],
    [{ status: 409, code: 'lock_timeout' }, 503, 'service_unavailable', null],
    [{ status: 429, code: 'rate_limit' }, 503, 'service_unavailable', null],
    [{ status: 500, type: 'api_error' }, 503, 'service_unavailable', null],
  ] as const;
  for (const [error, status, code, path] of refusals) {
    it(`with ${error.status} ${'code' in error ? error.code : error.type} is ${status} ${code}, in words of ours`, async () => {
      const shop = await newWorkspace();
      const secret = 'Invalid API Key provided: sk_test_simulated_platform (stack: at Object.<anonymous>)';
      stripeOf(async () => stripeErrorAnswer({ ...error, message: secret }));
      const before = await footprint(shop);
      const response = await callWith({}, shop.key, 'POST', '/checkout-sessions', SESSION);
      expect(response.headers.has('Retry-After')).toBe(status === 503);
      const answer = await expectError(response, status, code);
      expect(answer.details?.map((detail) => detail.path) ?? null).toEqual(path === null ? null : [path]);
      expect(JSON.stringify(answer)).not.toMatch(/sk_test|Invalid API Key|stack|Object\./);
      expect(await footprint(shop)).toEqual(before);
    });
  }

  it('of the amount is about the member that the amount comes from', async () => {
    const shop = await newWorkspace();
    const fixed = { payment_link_token: (await shop.link()).token };
    const open = { payment_link_token: (await shop.link({ amountMinor: null })).token };
    const { success_url, cancel_url } = SESSION;
    stripeOf(async () => stripeErrorAnswer({ status: 400, code: 'amount_too_small', message: 'Too small' }));
    const cases = [
      [{ amount_cents: 4999, currency: 'gbp' }, 'amount_cents'],
      [{ amount: 49.99, amount_cents: null, currency: 'gbp' }, 'amount'],
      [{ ...open, amount: 49.99 }, 'amount'],
      [{ ...open, amount_cents: 4999 }, 'amount_cents'],
      [{ ...fixed, amount: 49.99 }, 'payment_link_token'],
    ] as const;
    for (const [members, path] of cases) {
      const body = { success_url, cancel_url, ...members };
      const answer = await callWith({}, shop.key, 'POST', '/checkout-sessions', body);
      const { details, message } = await expectError(answer, 400, 'invalid_amount');
      expect(details).toEqual([{ path, code: 'invalid_amount', message }]);
      expect(message).toMatch(new RegExp(`^${path} `));
    }
  });

  it('with an unreadable answer, or none at all, is 503', async () => {
    const shop = await newWorkspace();
    const answers = [
      async () => new Response('<html>Bad gateway</html>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
      async () => new Response('not json', { status: 200 }),
      async () => new Response('', { status: 500 }),
      async () => {
        throw new TypeError('Network connection lost.');
      },
    ];
    for (const answer of answers) {
      vi.restoreAllMocks();
      stripeOf(answer);
      const response = await callWith({}, shop.key, 'POST', '/checkout-sessions', SESSION);
      await expectError(response, 503, 'service_unavailable');
    }
  });
});

describe('a fault on our side', () => {
  it('of the database is 503 with Retry-After, wherever it strikes', async () => {
    const shop = await newWorkspace();
    for (const [nth, when] of [
      [1, 'before'],
      [1, 'after'],
      [2, 'before'],
      [2, 'after'],
    ] as const) {
      const broken = failingD1(env, nth, when);
      const response = await callWith(broken, shop.key, 'POST', '/checkout-sessions', SESSION);
      expect(response.headers.get('Retry-After')).toMatch(RETRY_AFTER);
      expect(response.headers.has('X-RateLimit-Limit')).toBe(nth === 2);
      await expectError(response, 503, 'service_unavailable');
    }
  });

  it('of the gate is 503 with Retry-After, before Stripe is asked', async () => {
    const shop = await newWorkspace();
    const gate = wrapNamespace(env.WORKSPACE_GATE, async () => {
      throw new Error('Durable Object storage operation exceeded timeout which caused object to be reset.');
    });
    const before = await footprint(shop);
    const response = await callWith({ WORKSPACE_GATE: gate }, shop.key, 'POST', '/checkout-sessions', SESSION);
    expect(response.headers.get('Retry-After')).toMatch(RETRY_AFTER);
    await expectError(response, 503, 'service_unavailable');
    expect(await footprint(shop)).toEqual(before);
  });

  it('that is unexpected is 500 and shows no detail', async () => {
    const shop = await newWorkspace();
    const database = wrapD1(env, async () => {
      throw new Error('D1_ERROR: no such column: key_hash at offset 7: SQLITE_ERROR, sk_test_simulated_platform');
    });
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const headers = { 'X-Request-Id': 'unforeseen' };
    const response = await callWith(database, shop.key, 'POST', '/checkout-sessions', SESSION, headers);
    const error = await expectError(response, 500, 'internal_error');
    expect(JSON.stringify(error)).not.toMatch(/D1|SQL|key_hash|sk_|\bat \b|src\//);
    const logged = errors.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(logged).toContainEqual(expect.objectContaining({ message: 'internal_error', request_id: 'unforeseen' }));
  });
});

describe('every log line of a request', () => {
  it('carries its id, and neither the key nor the buyer', async () => {
    const shop = await newWorkspace();
    const lines: string[] = [];
    for (const level of ['info', 'warn', 'error', 'log'] as const) {
      vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
    }
    const headers = { 'X-Request-Id': 'logged' };
    const body = { ...SESSION, customer_email: 'buyer@example.com', metadata: { note: 'a private note' } };
    await call(shop.key, 'POST', '/checkout-sessions', body, headers);
    await control('POST', '/faults', { account: shop.account, fail_next: { count: 1 } });
    await call(shop.key, 'POST', '/checkout-sessions', body, headers);
    await call('sk_test_wrong', 'POST', '/checkout-sessions', body, headers);
    expect(lines.map((line) => JSON.parse(line).request_id)).toEqual(['logged', 'logged', 'logged', 'logged']);
    expect(lines.join()).not.toMatch(/buyer@example|private note|sk_test_/);
    expect(lines.join()).not.toContain(shop.key);
  });
});
