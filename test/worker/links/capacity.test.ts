import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWith, expectError, expectSession, rowsOf } from '../support/api.ts';
import { countingD1, countingNamespace, wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { failNext } from '../support/keyed.ts';
import { newLink, patchLink } from '../support/links.ts';
import { ask, expectPlace, expectSoldOut, openAtStripe, sessionFor, settle } from '../support/places.ts';
import { stripeRequests } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A workspace with a link that takes so many payments. */
async function limited(max_payments: number | null, extra: Record<string, unknown> = {}) {
  const shop = await newWorkspace();
  const price = extra.amount_editable ? {} : { amount_cents: 5000 };
  const { id } = await newLink(shop, { title: 'Lamp', currency: 'gbp', max_payments, ...price, ...extra });
  return { shop, token: id };
}

async function statuses(shop: TestWorkspace): Promise<unknown[]> {
  return (await rowsOf('payments', shop.workspace.id)).map(({ status }) => status);
}

describe('a link that takes one payment', () => {
  it('has a place for one session only', async () => {
    const { shop, token } = await limited(1);
    await expectPlace(shop, token);
    expect(await expectSoldOut(shop, token)).toContain('may come back');
    expect(await openAtStripe(shop)).toHaveLength(1);
  });

  it('gives the place back on Stripe’s word that the session expired', async () => {
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await settle(shop, session, 'expired');
    const second = await expectPlace(shop, token);
    await expectSoldOut(shop, token);
    await settle(shop, second, 'paid');
    expect(await statuses(shop)).toEqual(['expired', 'succeeded']);
  });

  it('gives the place back when the merchant expires the session', async () => {
    const { shop, token } = await limited(1);
    const { id } = await expectPlace(shop, token);
    await expectSession(await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`), 200);
    await expectPlace(shop, token);
  });

  it('gives the place back when a delayed method fails, and keeps it until then', async () => {
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await settle(shop, session, 'processing');
    await expectSoldOut(shop, token);
    await settle(shop, session, 'processing_failed');
    await expectPlace(shop, token);
  });

  it('keeps the place while a card is declined', async () => {
    const { shop, token } = await limited(1);
    await settle(shop, await expectPlace(shop, token), 'declined');
    await expectSoldOut(shop, token);
  });

  it('is sold out for good once it is paid', async () => {
    const { shop, token } = await limited(1);
    await settle(shop, await expectPlace(shop, token), 'paid');
    expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
    freezeTime();
    for (const minutes of [36, 24 * 60, 365 * 24 * 60]) {
      passTime(minutes * MINUTE);
      await expectSoldOut(shop, token);
    }
  });

  it('keeps the place of a session that nobody has heard of for long', async () => {
    const { shop, token } = await limited(1);
    await expectPlace(shop, token);
    freezeTime();
    for (const minutes of [31, 5, 60]) {
      passTime(minutes * MINUTE);
      await expectSoldOut(shop, token);
    }
  });
});

describe('50 sessions at once for a link that takes one payment', () => {
  it('with keys of their own: one is made', async () => {
    const { shop, token } = await limited(1);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(shop, token, { key: `k-${index}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      await expectError(answer, 409, 'payment_link_sold_out');
    }
    expect(await openAtStripe(shop)).toHaveLength(1);
    expect(await statuses(shop)).toEqual(['created']);
  });

  it('with one key: one is made, and all have it', async () => {
    const { shop, token } = await limited(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(shop, token, { key: 'k' })));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(bodies).size).toBe(1);
    expect(await openAtStripe(shop)).toHaveLength(1);
  });

  it('for one that takes seven, seven are made', async () => {
    const { shop, token } = await limited(7);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(shop, token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(43);
    expect(await openAtStripe(shop)).toHaveLength(7);
  });
});

describe('a session that is refused', () => {
  it('by Stripe leaves its place to the next at once', async () => {
    const { shop, token } = await limited(1);
    await failNext(shop, 400, false);
    await expectError(await ask(shop, token, { key: 'k' }), 502, 'stripe_error');
    await expectPlace(shop, token);
  });

  it('for its amount takes no place, and is sold out before its amount is judged', async () => {
    const { shop, token } = await limited(1, { amount_editable: true, min_amount_cents: 500 });
    for (const body of [{ amount_cents: 499 }, { amount_cents: 'x' }, {}]) {
      await expectError(await ask(shop, token, { body }), 400, 'invalid_amount');
    }
    await expectSession(await ask(shop, token, { body: { amount_cents: 500 } }));
    for (const body of [{ amount_cents: 500 }, { amount_cents: 499 }, {}]) {
      await expectError(await ask(shop, token, { body }), 409, 'payment_link_sold_out');
    }
  });

  it('because the gate of the link cannot be reached asks nothing of Stripe', async () => {
    const { shop, token } = await limited(1);
    const lost = wrapNamespace(env.LINK_GATE, async () => {
      throw new Error('Network connection lost.');
    });
    const answer = await callWith({ LINK_GATE: lost }, shop.key, 'POST', '/checkout-sessions', sessionFor(token));
    await expectError(answer, 503, 'service_unavailable');
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(await stripeRequests(String(shop.account))).toEqual([]);
    await expectPlace(shop, token);
  });
});

describe('a link that is closed', () => {
  it('is 409 while it is switched off, also when sold out, and takes no place', async () => {
    const { shop, token } = await limited(1);
    await patchLink(shop, token, { active: false });
    await expectError(await ask(shop, token), 409, 'payment_link_inactive');
    await patchLink(shop, token, { active: true });
    await expectPlace(shop, token);
    await patchLink(shop, token, { active: false });
    await expectError(await ask(shop, token), 409, 'payment_link_inactive');
  });

  it('is 409 from its last moment on', async () => {
    const { shop, token } = await limited(null);
    freezeTime();
    const expires_at = new Date(Math.ceil(Date.now() / 1000) * 1000 + MINUTE).toISOString();
    await patchLink(shop, token, { expires_at });
    vi.setSystemTime(Date.parse(expires_at) - 1);
    await expectPlace(shop, token);
    vi.setSystemTime(Date.parse(expires_at));
    await expectError(await ask(shop, token), 409, 'payment_link_inactive');
    await patchLink(shop, token, { expires_at: null });
    await expectPlace(shop, token);
  });

  it('is 409 before a wrong amount', async () => {
    const { shop, token } = await limited(null, { amount_editable: true, active: false });
    await expectError(await ask(shop, token, { body: { amount_cents: 1 } }), 409, 'payment_link_inactive');
  });
});

describe('the places of a link cost', () => {
  it('two calls to its gate and no further round trip; without a limit one', async () => {
    for (const [max, calls] of [
      [1, ['takePlace', 'keepPlaces']],
      [null, ['takePlace']],
    ] as const) {
      const { shop, token } = await limited(max);
      const database = countingD1(env);
      const gate = countingNamespace(env.LINK_GATE);
      const bindings = { ...database.bindings, LINK_GATE: gate };
      await expectSession(await callWith(bindings, shop.key, 'POST', '/checkout-sessions', sessionFor(token)));
      expect(gate.calls).toEqual(calls);
      expect(database.counts.roundTrips).toBe(3);
    }
  });

  it('one call to its gate when it is sold out', async () => {
    const { shop, token } = await limited(1);
    await expectPlace(shop, token);
    const database = countingD1(env);
    const gate = countingNamespace(env.LINK_GATE);
    const answer = await callWith(
      { ...database.bindings, LINK_GATE: gate },
      shop.key,
      'POST',
      '/checkout-sessions',
      sessionFor(token),
    );
    await expectError(answer, 409, 'payment_link_sold_out');
    expect([gate.calls, database.counts.roundTrips]).toEqual([['takePlace'], 2]);
  });
});
