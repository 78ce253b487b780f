import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRequests, expectError, expectSession } from '../support/api.ts';
import { interruptedD1, wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession, failNext, gateStub, KEY } from '../support/keyed.ts';
import { openSession } from '../support/payments.ts';
import { control } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const HOUR = 60 * 60_000;

afterEach(() => {
  vi.useRealTimers();
});

function setClock(at: number): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(at);
}

describe('a gate that is evicted', () => {
  it('after a request still replays its answer', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop);
    await evictDurableObject(gateStub(shop));
    const replayed = await createKeyed(shop);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await replayed.text()).toBe(await first.text());
  });

  it('between admit and finish still stores the answer', async () => {
    const shop = await newWorkspace();
    const database = interruptedD1(env, 2, () => evictDurableObject(gateStub(shop)));
    const first = await createKeyed(shop, { bindings: database });
    const replayed = await createKeyed(shop);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await replayed.text()).toBe(await first.clone().text());
    await expectOneSession(shop, first);
  });

  it('after a request of unknown outcome still resumes its operation', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 'network', true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    await evictDurableObject(gateStub(shop));
    await expectError(await createKeyed(shop, { body: { ...SESSION, amount: 5 } }), 409, 'idempotency_key_conflict');
    await expectOneSession(shop, await createKeyed(shop));
  });
});

describe('a gate that is killed', () => {
  it('while a request runs and a duplicate waits, there is one session', async () => {
    const shop = await newWorkspace();
    await control('POST', '/faults', { account: shop.account, latency_ms: 800 });
    const first = createKeyed(shop);
    await vi.waitFor(async () => expect(await createRequests(shop.account)).toHaveLength(1), { timeout: 30_000 });
    const duplicate = createKeyed(shop);
    await vi.waitFor(async () => expect(await gateStub(shop).recentRequests()).toHaveLength(2), { timeout: 30_000 });
    await abortAllDurableObjects();
    const answered = await first;
    const session = await expectOneSession(shop, answered);
    const waited = await duplicate;
    // The local runtime does not say that the object was reset, so nobody asks the new one in its name.
    expect(waited.headers.has('Retry-After')).toBe(true);
    await expectError(waited, 503, 'service_unavailable');
    expect(await createRequests(shop.account)).toHaveLength(1);
    expect(await expectSession(await createKeyed(shop))).toEqual(session);
  });

  it('between admit and finish still stores the answer', async () => {
    const shop = await newWorkspace();
    const database = interruptedD1(env, 2, () => abortAllDurableObjects());
    await expectOneSession(shop, await createKeyed(shop, { bindings: database }));
    const replayed = await createKeyed(shop);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
  });
});

describe('a gate that moved under the call', () => {
  const failingOnce = (method: string, properties: object) => {
    const calls: string[] = [];
    const namespace = wrapNamespace(env.WORKSPACE_GATE, async (name, call) => {
      calls.push(name);
      if (name === method && calls.filter((one) => one === method).length === 1) {
        throw Object.assign(new Error('The object was reset.'), properties);
      }
      return await call();
    });
    return { namespace, calls };
  };

  it('is asked once more', async () => {
    for (const properties of [{ durableObjectReset: true }, { retryable: true }]) {
      const shop = await newWorkspace();
      const { namespace, calls } = failingOnce('admit', properties);
      await expectOneSession(shop, await createKeyed(shop, { bindings: { WORKSPACE_GATE: namespace } }));
      expect(calls).toEqual(['admit', 'admit', 'finish']);
    }
    const shop = await newWorkspace();
    const { namespace, calls } = failingOnce('finish', { durableObjectReset: true });
    await expectOneSession(shop, await createKeyed(shop, { bindings: { WORKSPACE_GATE: namespace } }));
    expect(calls).toEqual(['admit', 'finish', 'finish']);
    expect((await createKeyed(shop)).headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('is left alone where it is overloaded, or gives no reason', async () => {
    const shop = await newWorkspace();
    for (const properties of [{ retryable: true, overloaded: true }, {}]) {
      const { namespace, calls } = failingOnce('admit', properties);
      const response = await createKeyed(shop, { bindings: { WORKSPACE_GATE: namespace } });
      await expectError(response, 503, 'service_unavailable');
      expect(calls).toEqual(['admit']);
    }
    expect(await createRequests(shop.account)).toEqual([]);
  });
});

describe('a key', () => {
  const expire = (shop: TestWorkspace, id: number, key = KEY) =>
    call(shop.key, 'POST', `/checkout-sessions/${id}/expire`, undefined, { 'Idempotency-Key': key });
  const keysHeld = (shop: TestWorkspace) =>
    runInDurableObject(gateStub(shop), (_, state) =>
      state.storage.sql.exec<{ held: number }>('SELECT count(*) AS held FROM idempotency_keys').one(),
    );

  it('is kept for 24 hours and then fresh', async () => {
    const shop = await newWorkspace();
    const startedAt = Date.now();
    setClock(startedAt);
    const { id } = await openSession(shop);
    expect((await expire(shop, id)).headers.has('Idempotent-Replayed')).toBe(false);
    setClock(startedAt + 24 * HOUR - 1000);
    expect((await expire(shop, id)).headers.get('Idempotent-Replayed')).toBe('true');
    setClock(startedAt + 24 * HOUR + 1000);
    const fresh = await call(
      shop.key,
      'POST',
      `/checkout-sessions/${id}/expire`,
      { other: 1 },
      { 'Idempotency-Key': KEY },
    );
    expect(fresh.headers.has('Idempotent-Replayed')).toBe(false);
    await expectSession(fresh, 200);
  });

  it('is deleted after 24 hours by an alarm, which runs at most once an hour, and not where no key is left', async () => {
    const shop = await newWorkspace();
    const startedAt = Date.now();
    setClock(startedAt);
    const { id } = await openSession(shop);
    await expire(shop, id);
    const alarmAt = () => runInDurableObject(gateStub(shop), (_, state) => state.storage.getAlarm());
    expect(await alarmAt()).toBe(startedAt + 24 * HOUR);
    setClock(startedAt + HOUR / 2);
    await expire(shop, id, 'a-little-later');
    setClock(startedAt + 3 * HOUR);
    await expire(shop, id, 'later');
    expect(await alarmAt()).toBe(startedAt + 24 * HOUR);
    for (const [ranAt, held, next] of [
      [24, 2, 25],
      [25, 1, 27],
      [27, 0, null],
    ] as const) {
      setClock(startedAt + ranAt * HOUR);
      expect(await runDurableObjectAlarm(gateStub(shop))).toBe(true);
      expect([await keysHeld(shop), await alarmAt()]).toEqual([
        { held },
        next === null ? null : startedAt + next * HOUR,
      ]);
    }
  });
});
