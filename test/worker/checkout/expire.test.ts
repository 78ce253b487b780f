import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError, expectSession, rowsOf } from '../support/api.ts';
import { heldEvents, openSession, readSession, sendAll } from '../support/payments.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { control, deliverStripeEvents, pay, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const expire = (shop: TestWorkspace, id: number, headers = {}) =>
  call(shop.key, 'POST', `/checkout-sessions/${id}/expire`, undefined, headers);

async function expireRequests(shop: TestWorkspace) {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/expire'));
}

async function expiries(shop: TestWorkspace) {
  const audit = await rowsOf('audit_log', shop.workspace.id);
  const found = audit.filter(({ action }) => action === 'checkout_session.expire');
  return found.map(({ object, actor }) => ({ object, actor }));
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('POST /checkout-sessions/:id/expire', () => {
  it('ends an open session here and at Stripe', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    const ended = { ...session, status: 'expired', url: null };
    expect(await expectSession(await expire(shop, session.id), 200)).toEqual(ended);
    expect(await stripeSessions(accountOf(shop.account))).toMatchObject([
      { id: session.stripe_session_id, status: 'expired' },
    ]);
    expect(await readSession(shop, session.id)).toEqual(ended);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(JSON.parse(String(row?.history))).toMatchObject([{ status: 'expired', at: row?.updated_at }]);
    // Stripe's own word on it changes nothing more.
    await deliverStripeEvents(accountOf(shop.account));
    expect(await readSession(shop, session.id)).toEqual(ended);
  });

  it('names the key in the audit log, once', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await Promise.all(Array.from({ length: 3 }, () => expire(shop, session.id)));
    await expire(shop, session.id);
    await deliverStripeEvents(accountOf(shop.account));
    expect(await expiries(shop)).toEqual([
      { object: session.stripe_session_id, actor: expect.stringMatching(/^key:key_/) },
    ]);
  });

  it("names the key too where Stripe's event ends the session while the request waits for Stripe's answer", async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    stripeOf(async (request, real) => {
      const answer = await real(request);
      await sendAll(await heldEvents(shop, 'checkout.session.expired'));
      return answer;
    });
    expect(await expectSession(await expire(shop, session.id), 200)).toMatchObject({ status: 'expired' });
    expect(await expiries(shop)).toEqual([
      { object: session.stripe_session_id, actor: expect.stringMatching(/^key:key_/) },
    ]);
    expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: 'payments.checkout.expired' }]);
  });

  it('leaves no entry where Stripe has ended the session, or the buyer has paid', async () => {
    const shop = await newWorkspace();
    const [ended, paid] = [await openSession(shop), await openSession(shop)];
    await pay(ended.stripe_session_id, 'expired');
    await deliverStripeEvents(accountOf(shop.account));
    await expectSession(await expire(shop, ended.id), 200);
    await pay(paid.stripe_session_id, 'paid');
    await expectError(await expire(shop, paid.id), 409, 'checkout_session_not_open');
    expect(await expiries(shop)).toEqual([]);
  });

  it('answers 200 again, without asking Stripe again', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const first = await expectSession(await expire(shop, id), 200);
    expect(await expectSession(await expire(shop, id), 200)).toEqual(first);
    expect(await expireRequests(shop)).toHaveLength(1);
  });

  it('answers 200 to all who ask at once', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const answers = await Promise.all(Array.from({ length: 5 }, () => expire(shop, id)));
    for (const answer of answers) expect(await expectSession(answer, 200)).toMatchObject({ status: 'expired' });
  });

  it('accepts an empty body, and ignores the members of any other', async () => {
    const shop = await newWorkspace();
    for (const body of ['', '{}', { status: 'succeeded', id: 1 }]) {
      const { id } = await openSession(shop);
      const response = await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`, body);
      expect(await expectSession(response, 200)).toMatchObject({ id, status: 'expired' });
    }
  });

  it('is 409 for a session that is paid, processing or failed', async () => {
    for (const outcomes of [['paid'], ['processing'], ['processing', 'processing_failed']] as const) {
      const shop = await newWorkspace();
      const session = await openSession(shop);
      for (const outcome of outcomes) await pay(session.stripe_session_id, outcome);
      await deliverStripeEvents(accountOf(shop.account));
      const before = await readSession(shop, session.id);
      await expectError(await expire(shop, session.id), 409, 'checkout_session_not_open');
      expect(await expireRequests(shop)).toEqual([]);
      expect(await readSession(shop, session.id)).toEqual(before);
    }
  });

  it('is 409 where the buyer has just paid, and takes over the payment', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await expectError(await expire(shop, session.id), 409, 'checkout_session_not_open');
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: 'payments.payment.succeeded' }]);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    await deliverStripeEvents(accountOf(shop.account));
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });

  it('reads processing, failed and expired from Stripe as well', async () => {
    const cases = [
      [['processing'], 'processing'],
      [['processing', 'processing_failed'], 'failed'],
    ] as const;
    for (const [outcomes, status] of cases) {
      const shop = await newWorkspace();
      const session = await openSession(shop);
      for (const outcome of outcomes) await pay(session.stripe_session_id, outcome);
      await expectError(await expire(shop, session.id), 409, 'checkout_session_not_open');
      expect(await readSession(shop, session.id)).toMatchObject({ status });
      expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: `payments.payment.${status}` }]);
    }
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'expired');
    expect(await expectSession(await expire(shop, session.id), 200)).toMatchObject({ status: 'expired' });
    expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: 'payments.checkout.expired' }]);
  });

  it('is 503 while Stripe is down, and the session stays open', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    for (const status of [500, 429, 'network']) {
      await control('POST', '/faults', { account: shop.account, fail_next: { count: 1, status } });
      const response = await expire(shop, session.id);
      expect(response.headers.has('Retry-After')).toBe(true);
      await expectError(response, 503, 'service_unavailable');
      expect(await readSession(shop, session.id)).toEqual(session);
    }
    expect(await expectSession(await expire(shop, session.id), 200)).toMatchObject({ status: 'expired' });
  });

  it('finds the session expired where Stripe expired it but its answer was lost', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    for (const status of [500, 'network']) {
      const fail_next = { count: 1, status, after_commit: true };
      await control('POST', '/faults', { account: shop.account, fail_next });
      await expire(shop, session.id);
    }
    await control('POST', '/faults', { account: shop.account });
    expect(await expectSession(await expire(shop, session.id), 200)).toMatchObject({ status: 'expired' });
  });
});

describe('POST /checkout-sessions/:id/expire with an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'end-it' };

  it('replays its answer byte by byte, without asking Stripe', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const first = await expire(shop, id, headers);
    const second = await expire(shop, id, headers);
    expect([first.headers.get('Idempotent-Replayed'), second.headers.get('Idempotent-Replayed')]).toEqual([
      null,
      'true',
    ]);
    expect([second.status, await second.text()]).toEqual([200, await first.text()]);
    expect(await expireRequests(shop)).toHaveLength(1);
  });

  it('has a key of its own for each session', async () => {
    const shop = await newWorkspace();
    for (const { id } of [await openSession(shop), await openSession(shop)]) {
      const response = await expire(shop, id, headers);
      expect(response.headers.has('Idempotent-Replayed')).toBe(false);
      expect(await expectSession(response, 200)).toMatchObject({ id, status: 'expired' });
    }
  });

  it('frees the key where it had no effect, and resumes where that is unknown', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await expectError(await expire(shop, session.id + 999_999, headers), 404, 'not_found');
    await control('POST', '/faults', { account: shop.account, fail_next: { count: 1, after_commit: true } });
    await expectError(await expire(shop, session.id, headers), 503, 'service_unavailable');
    const resumed = await expire(shop, session.id, headers);
    expect(resumed.headers.has('Idempotent-Replayed')).toBe(false);
    expect(await expectSession(resumed, 200)).toMatchObject({ status: 'expired' });
  });
});
