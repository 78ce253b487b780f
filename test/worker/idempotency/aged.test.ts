import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession, failNext, stripeKeys } from '../support/keyed.ts';
import { deliverStripeEvents, pay, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** Our clock, not Stripe's, goes on. */
function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + ms);
}

/** A first request whose outcome nobody knows. */
async function unknownOutcome(made: boolean): Promise<TestWorkspace> {
  const shop = await newWorkspace();
  await failNext(shop, 500, made);
  await expectError(await createKeyed(shop), 503, 'service_unavailable');
  return shop;
}

async function listings(shop: TestWorkspace) {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter(({ method, path }) => method === 'GET' && path === '/v1/checkout/sessions');
}

async function stripeIds(shop: TestWorkspace): Promise<string[]> {
  return (await stripeSessions(accountOf(shop.account))).map(({ id }) => String(id));
}

/** Other sessions of the merchant on the same account, made without us. */
async function crowd(shop: TestWorkspace, count: number): Promise<void> {
  const body = new URLSearchParams({
    mode: 'payment',
    success_url: 'https://yoursite.com',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'gbp',
    'line_items[0][price_data][unit_amount]': '100',
    'line_items[0][price_data][product_data][name]': 'Other business',
  });
  for (let made = 0; made < count; made++) {
    const response = await fetch(`${SIMULATED.stripeUrl}/v1/checkout/sessions`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${SIMULATED.variables.STRIPE_SECRET_KEY_TEST}`,
        'Stripe-Account': accountOf(shop.account),
      },
      body,
    });
    if (!response.ok) throw new Error(await response.text());
  }
}

describe('an operation whose expires_at has come too near', () => {
  for (const minutes of [2, 31, 240]) {
    it(`is looked for after ${minutes} minutes, and adopted`, async () => {
      const shop = await unknownOutcome(true);
      later(minutes * MINUTE);
      const session = await expectOneSession(shop, await createKeyed(shop));
      expect(await createRequests(shop.account)).toHaveLength(1);
      expect(await listings(shop)).toHaveLength(1);
      expect(session.status).toBe('created');
      const replayed = await createKeyed(shop);
      expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
      expect(await expectSession(replayed)).toEqual(session);
    });

    it(`is asked for anew after ${minutes} minutes where Stripe has none`, async () => {
      const shop = await unknownOutcome(false);
      later(minutes * MINUTE);
      const session = await expectOneSession(shop, await createKeyed(shop));
      const [first, second, ...more] = await createRequests(shop.account);
      expect(more).toEqual([]);
      expect(second?.idempotency_key).toBe(`${first?.idempotency_key}:2`);
      const { expires_at: firstEnd, ...firstParams } = first?.params ?? {};
      const { expires_at: secondEnd, ...secondParams } = second?.params ?? {};
      expect(secondParams).toEqual(firstParams);
      const shift = Number(secondEnd) - Number(firstEnd);
      expect(Math.abs(shift - minutes * 60)).toBeLessThanOrEqual(5);
      expect(Date.parse(session.expires_at)).toBe(Number(secondEnd) * 1000);
    });
  }

  it('is repeated as it was for a minute, and only then looked for', async () => {
    const shop = await unknownOutcome(false);
    later(55_000);
    await expectOneSession(shop, await createKeyed(shop));
    expect(new Set(await stripeKeys(shop)).size).toBe(1);
    expect(await listings(shop)).toEqual([]);
  });

  it('is found among more sessions than one page of the list holds', async () => {
    const shop = await unknownOutcome(true);
    const [made] = await stripeIds(shop);
    await crowd(shop, 101);
    later(2 * MINUTE);
    const session = await expectSession(await createKeyed(shop));
    expect(session.stripe_session_id).toBe(made);
    expect(await listings(shop)).toHaveLength(2);
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
  });

  it('is looked for only where it can be: what the account sold since then is not read', async () => {
    const startedAt = Date.now() / 1000;
    const shop = await unknownOutcome(true);
    later(240 * MINUTE);
    await expectOneSession(shop, await createKeyed(shop));
    const [listing] = await listings(shop);
    const { gte, lte } = z.object({ gte: z.coerce.number(), lte: z.coerce.number() }).parse(listing?.params.created);
    expect(gte).toBeLessThan(startedAt);
    expect(gte).toBeGreaterThan(startedAt - 10 * 60);
    expect(lte).toBeGreaterThan(startedAt + 60);
    expect(lte).toBeLessThan(startedAt + 15 * 60);
  });

  it('is asked for anew where its session has expired unpaid', async () => {
    const shop = await unknownOutcome(true);
    const [expired] = await stripeIds(shop);
    await pay(String(expired), 'expired');
    later(45 * MINUTE);
    const session = await expectSession(await createKeyed(shop));
    expect(session.stripe_session_id).not.toBe(expired);
    expect(await stripeIds(shop)).toEqual([session.stripe_session_id, expired]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      { stripe_session_id: session.stripe_session_id, status: 'created' },
    ]);
    vi.useRealTimers();
    await deliverStripeEvents(accountOf(shop.account));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'created' }]);
  });

  it('is adopted where it was paid in between, and settles as one payment', async () => {
    const shop = await unknownOutcome(true);
    const [made] = await stripeIds(shop);
    await pay(String(made), 'paid');
    later(45 * MINUTE);
    await expectOneSession(shop, await createKeyed(shop));
    vi.useRealTimers();
    await deliverStripeEvents(accountOf(shop.account));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });
});

describe('a renewed operation', () => {
  it('is repeated under its new key while that can be', async () => {
    const shop = await unknownOutcome(false);
    later(2 * MINUTE);
    await failNext(shop, 'network', true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    later(30_000);
    await expectOneSession(shop, await createKeyed(shop));
    const [first, second, third, ...more] = await createRequests(shop.account);
    expect(more).toEqual([]);
    const key = first?.idempotency_key;
    expect([second?.idempotency_key, third?.idempotency_key]).toEqual([`${key}:2`, `${key}:2`]);
    expect(third?.params).toEqual(second?.params);
  });

  it('is looked for again, and counts on', async () => {
    const shop = await unknownOutcome(false);
    for (const made of [false, false, true]) {
      later(2 * MINUTE);
      await failNext(shop, 500, made);
      await expectError(await createKeyed(shop), 503, 'service_unavailable');
    }
    await expectOneSession(shop, await createKeyed(shop));
    const [key, ...rest] = await stripeKeys(shop);
    expect(rest).toEqual([`${key}:2`, `${key}:3`, `${key}:4`, `${key}:4`]);
  });

  it('waits for the gate: no new key is used before it is written down', async () => {
    const shop = await unknownOutcome(false);
    later(2 * MINUTE);
    const gate = wrapNamespace(env.WORKSPACE_GATE, async (method, call) => {
      if (method === 'nextAttempt') throw new Error('Network connection lost.');
      return await call();
    });
    const response = await createKeyed(shop, { bindings: { WORKSPACE_GATE: gate } });
    expect(response.headers.has('Retry-After')).toBe(true);
    await expectError(response, 503, 'service_unavailable');
    expect(await createRequests(shop.account)).toHaveLength(1);
    await expectOneSession(shop, await createKeyed(shop));
  });

  it('is renewed once, also by a retry that was so slow that another one has overtaken it', async () => {
    const shop = await unknownOutcome(false);
    later(2 * MINUTE);
    const around = (name: string, act: (call: () => Promise<unknown>) => Promise<unknown>) =>
      wrapNamespace(env.WORKSPACE_GATE, (method, call) => (method === name ? act(call) : call()));
    // The other one answers, and ends before it could say so to the gate.
    const unfinished = around('finish', async () => {
      throw new Error('The Worker ended');
    });
    const answers: Response[] = [];
    const overtaken = around('nextAttempt', async (call) => {
      later(31_000);
      answers.push(await createKeyed(shop, { bindings: { WORKSPACE_GATE: unfinished } }));
      return await call();
    });
    const slow = await createKeyed(shop, { bindings: { WORKSPACE_GATE: overtaken } });
    for (const answer of answers) await expectOneSession(shop, answer);
    expect(answers).toHaveLength(1);
    await expectError(slow, 503, 'service_unavailable');
    expect(await stripeIds(shop)).toHaveLength(1);
  });
});
