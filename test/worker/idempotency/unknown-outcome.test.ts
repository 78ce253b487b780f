import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { failingD1, wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession, failNext, stripeKeys } from '../support/keyed.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** The lease of a request that never ended is 30 s. */
function afterTheLease(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 31_000);
}

/** The gate does what it is asked, and its answer to these methods is lost. */
const losing = (...methods: string[]) =>
  wrapNamespace(env.WORKSPACE_GATE, async (method, call) => {
    const answer = await call();
    if (methods.includes(method)) throw new Error('Network connection lost.');
    return answer;
  });

/** The gate cannot be reached for these methods. */
const without = (...methods: string[]) =>
  wrapNamespace(env.WORKSPACE_GATE, async (method, call) => {
    if (methods.includes(method)) throw new Error('Network connection lost.');
    return await call();
  });

/** A retry resumes: it is no replay. The one after it is. */
async function expectResumed(shop: TestWorkspace): Promise<void> {
  const retried = await createKeyed(shop);
  expect(retried.headers.has('Idempotent-Replayed')).toBe(false);
  const text = await retried.clone().text();
  await expectOneSession(shop, retried);
  const replayed = await createKeyed(shop);
  expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', text]);
}

describe('after a Stripe that failed', () => {
  it('with 500 after its work was done, the retry finds that same session', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const [made] = await stripeSessions(accountOf(shop.account));
    await expectResumed(shop);
    expect(await stripeSessions(accountOf(shop.account))).toEqual([made]);
  });

  it('with 500 before its work, the retry makes exactly one', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 500, false);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    expect(await stripeSessions(accountOf(shop.account))).toEqual([]);
    await expectResumed(shop);
  });

  for (const [status, afterCommit] of [
    ['network', true],
    ['network', false],
    [429, false],
    [503, false],
  ] as const) {
    it(`with ${status} ${afterCommit ? 'after' : 'before'} its work, the retry is the same request to the letter`, async () => {
      const shop = await newWorkspace();
      await failNext(shop, status, afterCommit);
      await expectError(await createKeyed(shop), 503, 'service_unavailable');
      afterTheLease();
      await expectResumed(shop);
      const [first, second, ...more] = await createRequests(shop.account);
      expect(more).toEqual([]);
      expect(second?.idempotency_key).toBe(first?.idempotency_key);
      expect(second?.params).toEqual(first?.params);
    });
  }

  it('again and again, the operation stays one', async () => {
    const shop = await newWorkspace();
    for (const afterCommit of [false, false, true]) {
      await failNext(shop, 'network', afterCommit);
      await expectError(await createKeyed(shop), 503, 'service_unavailable');
    }
    await expectResumed(shop);
    expect(new Set(await stripeKeys(shop)).size).toBe(1);
  });

  it('the key stays bound to its body', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 500, false);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const other = await createKeyed(shop, { body: { ...SESSION, amount: 5 } });
    await expectError(other, 409, 'idempotency_key_conflict');
    await expectResumed(shop);
  });

  it('a refusal of the retry does not free the key: the first may have made a session', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const body = { ...SESSION, payment_link_token: link.token };
    const setActive = (active: number) =>
      shop.binding.prepare('UPDATE payment_links SET active = ? WHERE id = ?').bind(active, link.id).run();
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop, { body }), 503, 'service_unavailable');
    await setActive(0);
    await expectError(await createKeyed(shop, { body }), 409, 'payment_link_inactive');
    await expectError(await createKeyed(shop), 409, 'idempotency_key_conflict');
    await setActive(1);
    await expectOneSession(shop, await createKeyed(shop, { body }));
  });

  it('the buyer may have paid before the retry: it answers that payment', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const [made] = await stripeSessions(accountOf(shop.account));
    await pay(String(made?.id), 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    const session = await expectOneSession(shop, await createKeyed(shop));
    expect(session).toMatchObject({ stripe_session_id: made?.id, status: 'succeeded', url: null });
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });
});

describe('after a database that failed', () => {
  for (const when of ['before', 'after'] as const) {
    it(`${when} it wrote the row, the retry gives one row and one session`, async () => {
      const shop = await newWorkspace();
      const bindings = failingD1(env, 2, when);
      await expectError(await createKeyed(shop, { bindings }), 503, 'service_unavailable');
      expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(when === 'after' ? 1 : 0);
      const other = await createKeyed(shop, { body: { ...SESSION, amount: 5 } });
      await expectError(other, 409, 'idempotency_key_conflict');
      await expectResumed(shop);
      const [first, second, ...more] = await createRequests(shop.account);
      expect(more).toEqual([]);
      expect(second).toEqual(first);
    });
  }

  it('also while it was read for the retry', async () => {
    const shop = await newWorkspace();
    for (const nth of [2, 2, 3]) {
      const bindings = failingD1(env, nth);
      await expectError(await createKeyed(shop, { bindings }), 503, 'service_unavailable');
    }
    await expectResumed(shop);
  });
});

describe('after a gate that was lost', () => {
  it('once the key had begun, the retry runs when the lease is over', async () => {
    const shop = await newWorkspace();
    const bindings = { WORKSPACE_GATE: losing('admit') };
    await expectError(await createKeyed(shop, { bindings }), 503, 'service_unavailable');
    expect(await createRequests(shop.account)).toEqual([]);
    afterTheLease();
    await expectResumed(shop);
  });

  it('before the key was ended, the answer stands and the retry gives the same', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop, { bindings: { WORKSPACE_GATE: without('finish') } });
    const session = await expectSession(first);
    afterTheLease();
    const retried = await createKeyed(shop);
    expect(await expectOneSession(shop, retried)).toEqual(session);
    const [asked, repeated, ...more] = await createRequests(shop.account);
    expect(more).toEqual([]);
    expect(repeated).toEqual(asked);
  });

  it('while the key was ended, the retry replays', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop, { bindings: { WORKSPACE_GATE: losing('finish') } });
    const replayed = await createKeyed(shop);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await replayed.text()).toBe(await first.text());
  });

  it('together with the database, between Stripe and the row, one session and one row come of it', async () => {
    const shop = await newWorkspace();
    const bindings = { ...failingD1(env, 2), WORKSPACE_GATE: without('finish') };
    await expectError(await createKeyed(shop, { bindings }), 503, 'service_unavailable');
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
    afterTheLease();
    await expectResumed(shop);
  });
});
