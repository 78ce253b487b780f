import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRequests, expectError, expectSession } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession, stripeKeys } from '../support/keyed.ts';
import { control } from '../support/simulator.ts';
import { shortenWaits } from '../support/waits.ts';
import { newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const slowly = (shop: TestWorkspace, latency_ms: number, more = {}) =>
  control('POST', '/faults', { account: shop.account, latency_ms, ...more });

const atOnce = (count: number, request: () => Promise<Response>) =>
  Promise.all(Array.from({ length: count }, () => request()));

const replayedOf = (responses: readonly Response[]) =>
  responses.filter((response) => response.headers.get('Idempotent-Replayed') === 'true').length;

describe('equal requests at once', () => {
  it('make one Stripe session and one row: fifty get the same bytes', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 200);
    const responses = await atOnce(50, () => createKeyed(shop));
    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(replayedOf(responses)).toBe(49);
    const bodies = new Set(await Promise.all(responses.map((response) => response.clone().text())));
    expect(bodies.size).toBe(1);
    expect(await createRequests(shop.account)).toHaveLength(1);
    const [first] = responses;
    if (first) await expectOneSession(shop, first);
  });

  it('each count against the rate limit', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 200);
    const { secret } = await shop.issue({ rateLimitPerMinute: 8 });
    const responses = await atOnce(12, () => createKeyed({ ...shop, key: secret }));
    expect(responses.map(({ status }) => status).sort()).toEqual([...Array(8).fill(201), ...Array(4).fill(429)]);
    expect(replayedOf(responses)).toBe(7);
    expect(await createRequests(shop.account)).toHaveLength(1);
  });

  it('all get the error of the first, and its Retry-After', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 300, { fail_next: { count: 1, status: 500 } });
    const responses = await atOnce(10, () => createKeyed(shop));
    expect(replayedOf(responses)).toBe(9);
    for (const response of responses) {
      expect(response.headers.get('Retry-After')).toMatch(/^\d+$/);
      await expectError(response, 503, 'service_unavailable');
    }
    expect(await createRequests(shop.account)).toHaveLength(1);
    await expectOneSession(shop, await createKeyed(shop));
  });

  it('all get the refusal of the first, and the key is free', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 300, { fail_next: { count: 1, status: 400 } });
    const responses = await atOnce(10, () => createKeyed(shop));
    expect(replayedOf(responses)).toBe(9);
    for (const response of responses) await expectError(response, 502, 'stripe_error');
    expect(await createRequests(shop.account)).toHaveLength(1);
    await expectOneSession(shop, await createKeyed(shop, { body: { ...SESSION, amount: 5 } }));
  });
});

describe('a different request under a running key', () => {
  it('is 409 at once, and the first goes on', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 500);
    const first = createKeyed(shop);
    await vi.waitFor(async () => expect(await createRequests(shop.account)).toHaveLength(1), { timeout: 30_000 });
    await expectError(await createKeyed(shop, { body: { ...SESSION, amount: 5 } }), 409, 'idempotency_key_conflict');
    await expectOneSession(shop, await first);
  });
});

describe('other keys of the workspace', () => {
  it('are not held up by a slow one', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 500);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => createKeyed(shop, { key: `order-${index}` })),
    );
    const sessions = await Promise.all(responses.map((response) => expectSession(response)));
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(10);
    expect(new Set(await stripeKeys(shop)).size).toBe(10);
  });
});

describe('a first request that takes longer than 10 s', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('is 409 in_use with Retry-After for who waited for it', async () => {
    const shop = await newWorkspace();
    const gate = wrapNamespace(env.WORKSPACE_GATE, async (_, call) => {
      await call();
      throw new Error('The Worker ended');
    });
    // Begun, and then nobody is left to end it.
    await expectError(await createKeyed(shop, { bindings: { WORKSPACE_GATE: gate } }), 503, 'service_unavailable');
    vi.useFakeTimers({ toFake: ['Date'] });
    const waits = shortenWaits({ from: 10_000, to: 500 });
    const startedAt = Date.now();
    const waited = await createKeyed(shop);
    expect(waits.count).toBe(1);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(10_000);
    const retryAfter = Number(waited.headers.get('Retry-After'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(20);
    await expectError(waited, 409, 'idempotency_key_in_use');
    expect(await createRequests(shop.account)).toEqual([]);
  });

  it('is 503 for itself, and its retry finds what Stripe made after all', async () => {
    const shop = await newWorkspace();
    await slowly(shop, 3_000);
    const waits = shortenWaits({ from: 10_000, to: 500 });
    const response = await createKeyed(shop);
    expect(waits.count).toBeGreaterThanOrEqual(1);
    vi.restoreAllMocks();
    expect(response.headers.has('Retry-After')).toBe(true);
    await expectError(response, 503, 'service_unavailable');
    await slowly(shop, 0);
    await vi.waitFor(
      async () => {
        await expectOneSession(shop, await createKeyed(shop));
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(new Set(await stripeKeys(shop)).size).toBe(1);
  });
});
