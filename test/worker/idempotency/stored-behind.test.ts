import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession } from '../support/keyed.ts';
import { readSession } from '../support/payments.ts';
import { deliverStripeEvents, pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** The gates, where storing an answer goes through `store`. */
const gatesThat = (store: (call: () => Promise<unknown>) => Promise<unknown>) => ({
  WORKSPACE_GATE: wrapNamespace(env.WORKSPACE_GATE, async (method, call) =>
    method === 'finish' ? await store(call) : await call(),
  ),
});

describe('a new session', () => {
  it('is answered before the gate has stored the answer, and a duplicate waits for that answer', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { promise: mayStore, resolve: storeNow } = Promise.withResolvers<void>();
    let isStored = false;
    const bindings = gatesThat(async (call) => {
      await mayStore;
      const stored = await call();
      isStored = true;
      return stored;
    });
    const first = await createKeyed(shop, { bindings });
    const bytes = await first.clone().text();
    expect([first.status, isStored]).toEqual([201, false]);

    const waiting = createKeyed(shop);
    storeNow();
    const second = await waiting;
    expect([second.status, second.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    expect(await second.text()).toBe(bytes);
    await expectOneSession(shop, first);
  });

  it('is answered with the same bytes to a retry, also once it is paid, where the Worker ended before storing', async () => {
    const shop = await newWorkspace({ webhook: false });
    const bindings = gatesThat(async () => {
      throw new Error('The Worker has ended.');
    });
    const first = await createKeyed(shop, { bindings });
    const bytes = await first.clone().text();
    const { id, stripe_session_id } = await expectOneSession(shop, first);
    await pay(stripe_session_id, 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded', url: null });

    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 31_000);
    const retried = await createKeyed(shop);
    expect([retried.status, await retried.clone().text()]).toEqual([201, bytes]);
    const stored = await createKeyed(shop);
    expect([stored.headers.get('Idempotent-Replayed'), await stored.text()]).toEqual(['true', bytes]);
    await expectOneSession(shop, retried);
  });
});
