import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, callWith, expectError, expectSession, rowsOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { everything, openSession, readSession } from '../support/payments.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { pay, setConditions, stripeRequests } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const read = (shop: TestWorkspace, id: number, bindings = {}) =>
  callWith(bindings, shop.key, 'GET', `/checkout-sessions/${id}`);

/** How often our Worker has read sessions of this workspace from Stripe. */
async function readsAtStripe(shop: TestWorkspace): Promise<number> {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/checkout/sessions/')).length;
}

describe('The url of a checkout session', () => {
  it('is not in the database, and read from Stripe each time while the session is open', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    expect(session.url).toMatch(/^https?:/);
    expect(JSON.stringify(await rowsOf('payments', shop.workspace.id))).not.toContain('/c/pay/');
    for (const reads of [1, 2]) {
      expect(await readSession(shop, session.id)).toEqual(session);
      expect(await readsAtStripe(shop)).toBe(reads);
    }
  });

  it('is null from expires_at on, without a call to Stripe, although no event has come', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.parse(session.expires_at));
    expect(await readSession(shop, session.id)).toEqual({ ...session, url: null });
    expect(await readsAtStripe(shop)).toBe(0);
    vi.setSystemTime(Date.parse(session.expires_at) - 1);
    expect(await readSession(shop, session.id)).toEqual(session);
  });

  for (const outcome of ['paid', 'processing', 'expired'] as const) {
    it(`is null where Stripe has it ${outcome} and no event has come, and the read stores nothing`, async () => {
      const shop = await newWorkspace();
      const session = await openSession(shop);
      await pay(session.stripe_session_id, outcome);
      const before = await everything();
      expect(await readSession(shop, session.id)).toEqual({ ...session, url: null });
      expect(await everything()).toEqual(before);
    });
  }

  it('is null for a session of the widget, whose buyer pays in the page', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    stripeOf(async (request, real) => {
      const answer: unknown = await (await real(request)).json();
      return Response.json({ ...Object(answer), url: null, client_secret: 'cs_test_1_secret_1' });
    });
    expect(await expectSession(await read(shop, session.id), 200)).toEqual({ ...session, url: null });
  });

  it('cannot be read while Stripe does not answer: 503 with Retry-After', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    const answers = [
      async () => stripeErrorAnswer({ status: 500, type: 'api_error' }),
      async () => stripeErrorAnswer({ status: 429, code: 'rate_limit' }),
      async () => Promise.reject(new TypeError('Network connection lost.')),
    ];
    for (const answer of answers) {
      stripeOf(answer);
      const response = await read(shop, session.id);
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(response.headers.has('X-RateLimit-Remaining')).toBe(true);
      await expectError(response, 503, 'service_unavailable');
      vi.restoreAllMocks();
    }
    expect(await readSession(shop, session.id)).toEqual(session);
  });

  it('cannot be read once Stripe refuses access to the account, but the sessions that have ended can', async () => {
    const shop = await newWorkspace();
    const [open, ended] = [await openSession(shop), await openSession(shop)];
    await call(shop.key, 'POST', `/checkout-sessions/${ended.id}/expire`);
    await setConditions(shop.account, { forbid: 'account_invalid' });
    await expectError(await read(shop, open.id), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await readSession(shop, ended.id)).toEqual({ ...ended, status: 'expired', url: null });
    await setConditions(shop.account, {});
  });

  it('is not asked for by a key over its limit', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const { secret } = await shop.issue({ rateLimitPerMinute: 2 });
    const limited = { ...shop, key: secret };
    for (const status of [200, 200, 429, 429]) expect((await read(limited, id)).status).toBe(status);
    expect(await readsAtStripe(shop)).toBe(2);
  });

  it('is not asked for where the gate fails', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const WORKSPACE_GATE = wrapNamespace(env.WORKSPACE_GATE, async (method, run) => {
      if (method === 'admit') throw new Error('Network connection lost.');
      return await run();
    });
    await expectError(await read(shop, id, { WORKSPACE_GATE }), 503, 'service_unavailable');
    expect(await readsAtStripe(shop)).toBe(0);
  });
});
