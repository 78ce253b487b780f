import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newOperationId } from '../../../src/core/ids.ts';
import { callWith, expectError, expectSession, rowsOf } from '../support/api.ts';
import { failingD1, wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { fetchWith } from '../support/direct.ts';
import { failNext } from '../support/keyed.ts';
import { newLink, patchLink, readLink } from '../support/links.ts';
import { heldEvent, requestOf } from '../support/payments.ts';
import { ask, expectPlace, expectSoldOut, openAtStripe, sessionFor, settle } from '../support/places.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

const LAMP = { title: 'Lamp', currency: 'gbp', amount_cents: 5000 };

async function limited(max_payments: number | null) {
  const shop = await newWorkspace();
  const { id } = await newLink(shop, { ...LAMP, max_payments });
  return { shop, token: id };
}

/** The gate of links, where these methods never arrive. */
const without = (...methods: string[]) =>
  wrapNamespace(env.LINK_GATE, async (method, call) => {
    if (methods.includes(method)) throw new Error('Network connection lost.');
    return await call();
  });

/** A session under the key `k` whose outcome nobody knows. `made`: Stripe has it. */
async function unknownOutcome(shop: TestWorkspace, token: string, made: boolean): Promise<void> {
  await failNext(shop, 'network', made);
  await expectError(await ask(shop, token, { key: 'k' }), 503, 'service_unavailable');
}

describe('a place whose session nobody knows of', () => {
  for (const made of [true, false]) {
    it(`is kept for 35 minutes where Stripe ${made ? 'made' : 'did not make'} the session`, async () => {
      const { shop, token } = await limited(1);
      freezeTime();
      await unknownOutcome(shop, token, made);
      await expectSoldOut(shop, token);
      passTime(35 * MINUTE - 1);
      await expectSoldOut(shop, token);
      passTime(1);
      await expectPlace(shop, token);
      await expectSoldOut(shop, token);
    });

    it(`is its own when the request comes again and Stripe ${made ? 'made' : 'did not make'} the session`, async () => {
      const { shop, token } = await limited(1);
      await unknownOutcome(shop, token, made);
      await expectPlace(shop, token, 'k');
      expect(await openAtStripe(shop)).toHaveLength(1);
      await expectSoldOut(shop, token);
    });
  }

  it('is kept as long again after a further try, whose session lives as long again', async () => {
    const { shop, token } = await limited(1);
    freezeTime();
    await unknownOutcome(shop, token, false);
    passTime(34 * MINUTE);
    await unknownOutcome(shop, token, true);
    passTime(34 * MINUTE);
    await expectSoldOut(shop, token);
    passTime(MINUTE);
    await expectPlace(shop, token);
  });

  it('is kept when Stripe refuses a further try: the first may have made a session', async () => {
    const { shop, token } = await limited(1);
    await unknownOutcome(shop, token, true);
    await failNext(shop, 400, false);
    await expectError(await ask(shop, token, { key: 'k' }), 502, 'stripe_error');
    await expectSoldOut(shop, token);
    await expectPlace(shop, token, 'k');
    expect(await openAtStripe(shop)).toHaveLength(1);
  });

  it('is used for good when that session turns out to be paid', async () => {
    const { shop, token } = await limited(1);
    await unknownOutcome(shop, token, true);
    const [id] = await openAtStripe(shop);
    await pay(String(id), 'paid');
    const event = await heldEvent(shop, 'checkout.session.completed');
    expect((await fetchWith({}, requestOf(event))).status).toBe(200);
    freezeTime();
    passTime(36 * MINUTE);
    await expectSoldOut(shop, token);
  });
});

describe('a place that was given to another buyer before anybody knew of its session', () => {
  it('is held again while a bank still moves the money', async () => {
    const { shop, token } = await limited(1);
    freezeTime();
    await unknownOutcome(shop, token, true);
    const [first] = await openAtStripe(shop);
    await pay(String(first), 'processing');
    const event = await heldEvent(shop, 'checkout.session.completed');
    passTime(35 * MINUTE);
    const second = await expectPlace(shop, token);
    vi.useRealTimers();
    expect((await fetchWith({}, requestOf(event))).status).toBe(200);
    await settle(shop, second, 'expired');
    await expectSoldOut(shop, token);
  });
});

describe('a place whose session is written', () => {
  it('stays, although the gate was never notified of the session', async () => {
    const { shop, token } = await limited(1);
    const answer = await callWith(
      { LINK_GATE: without('keepPlaces') },
      shop.key,
      'POST',
      '/checkout-sessions',
      sessionFor(token),
    );
    const session = await expectSession(answer);
    freezeTime();
    passTime(36 * MINUTE);
    await expectSoldOut(shop, token);
    vi.useRealTimers();
    await settle(shop, session, 'processing');
    freezeTime();
    passTime(36 * MINUTE);
    await expectSoldOut(shop, token);
    vi.useRealTimers();
    await settle(shop, session, 'processing_failed');
    await expectPlace(shop, token);
  });

  it('stays, although the database lost its answer', async () => {
    const { shop, token } = await limited(1);
    const key = { 'Idempotency-Key': 'k' };
    const database = failingD1(env, 3, 'after');
    const lost = await callWith(database, shop.key, 'POST', '/checkout-sessions', sessionFor(token), key);
    await expectError(lost, 503, 'service_unavailable');
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
    freezeTime();
    passTime(36 * MINUTE);
    await expectSoldOut(shop, token);
  });

  for (const outcome of ['expired', 'processing_failed'] as const) {
    it(`comes back when its gate missed that the session ${outcome === 'expired' ? 'expired' : 'failed'}`, async () => {
      const { shop, token } = await limited(1);
      const session = await expectPlace(shop, token);
      if (outcome === 'processing_failed') await settle(shop, session, 'processing');
      await pay(session.stripe_session_id, outcome);
      const type = outcome === 'expired' ? 'checkout.session.expired' : 'checkout.session.async_payment_failed';
      const response = await fetchWith({ LINK_GATE: without('freeEnded') }, requestOf(await heldEvent(shop, type)));
      expect(response.status).toBe(200);
      await expectSoldOut(shop, token);
      freezeTime();
      passTime(35 * MINUTE);
      await expectPlace(shop, token);
      await expectSoldOut(shop, token);
    });
  }

  it('is used for good when its gate missed that it was paid', async () => {
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'paid');
    const event = await heldEvent(shop, 'checkout.session.completed');
    expect((await fetchWith({ LINK_GATE: without('markPaid') }, requestOf(event))).status).toBe(200);
    freezeTime();
    passTime(36 * MINUTE);
    expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
    passTime(24 * 60 * MINUTE);
    await expectSoldOut(shop, token);
  });

  it('is found among more than one query can name', async () => {
    const { shop, token } = await limited(250);
    freezeTime();
    const forgotten = Array.from({ length: 250 }, () => newOperationId('0'));
    await env.LINK_GATE.getByName(token).keepPlaces(forgotten);
    await expectSoldOut(shop, token);
    passTime(36 * MINUTE);
    for (let made = 0; made < 5; made++) await expectPlace(shop, token);
  });
});

describe('a limit that is set later', () => {
  it('counts the sessions and payments that are there', async () => {
    const { shop, token } = await limited(null);
    const sessions = [];
    for (let made = 0; made < 3; made++) sessions.push(await expectPlace(shop, token));
    const [open, paid, expired] = sessions;
    if (!open || !paid || !expired) throw new Error('Three sessions were made');
    await settle(shop, paid, 'paid');
    await settle(shop, expired, 'expired');
    await patchLink(shop, token, { max_payments: 2 });
    await expectSoldOut(shop, token);
    await settle(shop, open, 'expired');
    await settle(shop, await expectPlace(shop, token), 'paid');
    expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
  });

  it('of one is used up by one payment, however many sessions were open before it', async () => {
    const { shop, token } = await limited(null);
    const [first, second] = [await expectPlace(shop, token), await expectPlace(shop, token)];
    await settle(shop, second, 'paid');
    await patchLink(shop, token, { max_payments: 1 });
    await settle(shop, first, 'expired');
    await expectSoldOut(shop, token);
  });

  it('waits for every session that can still be paid', async () => {
    const { shop, token } = await limited(null);
    const open = [await expectPlace(shop, token), await expectPlace(shop, token), await expectPlace(shop, token)];
    await patchLink(shop, token, { max_payments: 1 });
    for (const session of open) {
      await expectSoldOut(shop, token);
      await settle(shop, session, 'expired');
    }
    await expectPlace(shop, token);
  });

  it('still counts them when it is raised, removed or set again', async () => {
    const { shop, token } = await limited(null);
    for (let made = 0; made < 3; made++) await settle(shop, await expectPlace(shop, token), 'paid');
    for (const max_payments of [1, 2, 3]) {
      await patchLink(shop, token, { max_payments });
      await expectSoldOut(shop, token);
    }
    await patchLink(shop, token, { max_payments: 4 });
    await settle(shop, await expectPlace(shop, token), 'paid');
    await expectSoldOut(shop, token);
    await patchLink(shop, token, { max_payments: null });
    await settle(shop, await expectPlace(shop, token), 'paid');
    await patchLink(shop, token, { max_payments: 5 });
    await expectSoldOut(shop, token);
    await patchLink(shop, token, { max_payments: 6 });
    await expectPlace(shop, token);
    await expectSoldOut(shop, token);
  });

  it('is not in force as long as its places are not given', async () => {
    const { shop, token } = await limited(null);
    await settle(shop, await expectPlace(shop, token), 'paid');
    await expectPlace(shop, token);
    const path = `/payment-links/${token}`;
    for (const lost of ['keepPlaces', 'updateLimit']) {
      const answer = await callWith({ LINK_GATE: without(lost) }, shop.key, 'PATCH', path, { max_payments: 2 });
      await expectError(answer, 503, 'service_unavailable');
      expect(await readLink(shop, token)).toMatchObject({ max_payments: null });
    }
    await patchLink(shop, token, { max_payments: 2 });
    await expectSoldOut(shop, token);
  });
});
