import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, createRequests, expectError, rowsOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import type { BindingChanges } from '../support/direct.ts';
import { createKeyed, expectOneSession, failNext, stripeKeys } from '../support/keyed.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { deliverStripeEvents, pay, setConditions, stripeSessions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const MINUTE = 60_000;
/** After this a request that never ended can be resumed. */
const LEASE = 31_000;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Our clock, not Stripe's, goes on. */
function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + ms);
}

/** The Worker ends after it has answered, and before the gate has stored the answer. */
function endedBeforeStoring(): BindingChanges {
  return {
    WORKSPACE_GATE: wrapNamespace(env.WORKSPACE_GATE, async (method, run) => {
      if (method === 'finish') throw new Error('The Worker has ended.');
      return await run();
    }),
  };
}

/** A first answer that was not stored. */
async function unstored(shop: TestWorkspace, body: unknown = SESSION) {
  const first = await createKeyed(shop, { body, bindings: endedBeforeStoring() });
  const bytes = await first.clone().text();
  return { bytes, session: await expectOneSession(shop, first) };
}

async function payNow(shop: TestWorkspace, stripeSessionId: string): Promise<void> {
  await pay(stripeSessionId, 'paid');
  await deliverStripeEvents(accountOf(shop.account));
  expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
}

/** The next try has these bytes, and the try after it is the replay of the stored answer. */
async function expectSameBytes(shop: TestWorkspace, bytes: string, body: unknown = SESSION): Promise<void> {
  const retried = await createKeyed(shop, { body });
  expect([retried.status, retried.headers.get('Idempotent-Replayed')]).toEqual([201, null]);
  expect(await retried.clone().text()).toBe(bytes);
  await expectOneSession(shop, retried);
  const replayed = await createKeyed(shop, { body });
  expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', bytes]);
}

describe('An answer that was sent but not stored', () => {
  for (const minutes of [LEASE / MINUTE, 10, 300, 23.5 * 60]) {
    it(`is rebuilt with the same bytes after ${Math.ceil(minutes)} minutes, also when the buyer has paid since`, async () => {
      for (const isPaid of [false, true]) {
        const shop = await newWorkspace({ webhook: false });
        const { bytes, session } = await unstored(shop);
        if (isPaid) await payNow(shop, session.stripe_session_id);
        later(minutes * MINUTE);
        await expectSameBytes(shop, bytes);
        expect(new Set(await stripeKeys(shop)).size).toBe(1);
        vi.useRealTimers();
      }
    });
  }

  it('is rebuilt for a link that has closed and costs something else by now', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const body = { ...SESSION, payment_link_token: link.token };
    const { bytes, session } = await unstored(shop, body);
    await payNow(shop, session.stripe_session_id);
    const changed = await call(shop.key, 'PATCH', `/payment-links/${link.token}`, { active: false, amount_cents: 900 });
    expect(changed.status).toBe(200);
    later(LEASE);
    await expectSameBytes(shop, bytes, body);
  });

  it('is rebuilt from the open session where the request cannot be repeated: the link has another title', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const body = { ...SESSION, payment_link_token: link.token };
    const { bytes } = await unstored(shop, body);
    expect((await call(shop.key, 'PATCH', `/payment-links/${link.token}`, { title: 'Other' })).status).toBe(200);
    later(LEASE);
    await expectSameBytes(shop, bytes, body);
  });

  it('is rebuilt from the open session where Stripe refuses the old request', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { bytes } = await unstored(shop);
    later(10 * MINUTE);
    stripeOf(async (request, real) => {
      if (request.method === 'POST') return stripeErrorAnswer({ status: 400, param: 'expires_at' });
      return await real(request);
    });
    const retried = await createKeyed(shop, { bindings: { DB: env.DB } });
    expect([retried.status, await retried.text()]).toEqual([201, bytes]);
  });

  it('waits for Stripe: 503 while it is down, then the same bytes', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { bytes, session } = await unstored(shop);
    await payNow(shop, session.stripe_session_id);
    later(LEASE);
    for (const status of [429, 'network'] as const) {
      await failNext(shop, status, false);
      const failed = await createKeyed(shop);
      expect(Number(failed.headers.get('Retry-After'))).toBeGreaterThan(0);
      await expectError(failed, 503, 'service_unavailable');
    }
    await expectSameBytes(shop, bytes);
  });
});

describe('A resumed operation', () => {
  it('is answered only after its answer is stored: Stripe may have no stored answer of its session', async () => {
    const shop = await newWorkspace({ webhook: false });
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const steps: string[] = [];
    const WORKSPACE_GATE = wrapNamespace(env.WORKSPACE_GATE, async (method, run) => {
      const result = await run();
      steps.push(method);
      return result;
    });
    const adopted = await createKeyed(shop, { bindings: { WORKSPACE_GATE } });
    expect(steps).toEqual(['admit', 'finish']);
    const bytes = await adopted.clone().text();
    const { stripe_session_id } = await expectOneSession(shop, adopted);
    await payNow(shop, stripe_session_id);
    const replayed = await createKeyed(shop);
    expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', bytes]);
  });

  it('makes no second session with a new Stripe key, where the first session was found by its event', async () => {
    const shop = await newWorkspace({ webhook: false });
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const [made] = await stripeSessions(accountOf(shop.account));
    // The second attempt does not find that session, and its request to make another one is lost.
    await setConditions(shop.account, { list_lag_seconds: 600 });
    later(2 * MINUTE);
    await failNext(shop, 'network', false);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    expect(new Set(await stripeKeys(shop)).size).toBe(2);
    await payNow(shop, String(made?.id));

    const asked = (await createRequests(shop.account)).length;
    const { stripe_session_id, url } = await expectOneSession(shop, await createKeyed(shop));
    expect([stripe_session_id, url]).toEqual([made?.id, null]);
    expect(await createRequests(shop.account)).toHaveLength(asked);
    await setConditions(shop.account, {});
  });
});
