import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWith, expectError } from '../support/api.ts';
import { countingNamespace } from '../support/counting.ts';
import { createKeyed, gateStub, KEY } from '../support/keyed.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A request that is counted and costs nothing more: it finds no session. */
const ask = (key: string, headers = {}) => call(key, 'GET', '/checkout-sessions/0', undefined, headers);

const remainingOf = (response: Response) => Number(response.headers.get('X-RateLimit-Remaining') ?? Number.NaN);

async function throttled(limit: number) {
  const shop = await newWorkspace({ webhook: false });
  return { shop, ...(await shop.issue({ rateLimitPerMinute: limit })) };
}

describe('the rate limit of a key', () => {
  it('lets exactly so many requests through, also at once', async () => {
    const { secret } = await throttled(60);
    const responses = await Promise.all(Array.from({ length: 80 }, () => ask(secret)));
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 404)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    const passed = responses.filter(({ status }) => status === 404).map(remainingOf);
    expect(passed.sort((left, right) => right - left)).toEqual(Array.from({ length: 60 }, (_, index) => 59 - index));
    expect(new Set(responses.map((response) => response.headers.get('X-RateLimit-Reset'))).size).toBe(1);
  });

  it('is one for all routes, and counts replays', async () => {
    const { shop, secret } = await throttled(4);
    const keyed = () => createKeyed({ ...shop, key: secret });
    expect(remainingOf(await keyed())).toBe(3);
    const replayed = await keyed();
    expect([replayed.headers.get('Idempotent-Replayed'), remainingOf(replayed)]).toEqual(['true', 2]);
    expect(remainingOf(await ask(secret))).toBe(1);
    const conflict = await createKeyed({ ...shop, key: secret }, { body: { ...SESSION, amount: 5 } });
    expect([conflict.status, remainingOf(conflict)]).toEqual([409, 0]);
    await expectError(await keyed(), 429, 'rate_limit_exceeded');
  });

  it('opens its window with the first request, not with the minute', async () => {
    const { secret } = await throttled(2);
    const opened = Date.UTC(2027, 0, 1, 12, 0, 47);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(opened);
    const first = await ask(secret);
    expect(first.headers.get('X-RateLimit-Reset')).toBe(String(opened / 1000 + 60));
    vi.setSystemTime(opened + 30_000);
    expect(remainingOf(await ask(secret))).toBe(0);
    vi.setSystemTime(opened + 59_999);
    const limited = await ask(secret);
    expect(limited.headers.get('Retry-After')).toBe('1');
    await expectError(limited, 429, 'rate_limit_exceeded');
    vi.setSystemTime(opened + 60_000);
    const reopened = await ask(secret);
    expect([reopened.status, remainingOf(reopened)]).toEqual([404, 1]);
    expect(reopened.headers.get('X-RateLimit-Reset')).toBe(String(opened / 1000 + 120));
  });

  it('does not count what it refused: a raised limit helps at once', async () => {
    const { shop, secret, id } = await throttled(2);
    for (const status of [404, 404, 429, 429, 429]) expect((await ask(secret)).status).toBe(status);
    await shop.binding.prepare('UPDATE api_keys SET rate_limit_per_minute = 4 WHERE id = ?').bind(id).run();
    const raised = await ask(secret);
    expect([raised.status, raised.headers.get('X-RateLimit-Limit'), remainingOf(raised)]).toEqual([404, '4', 1]);
  });

  it('never begins the Idempotency-Key of a request over it', async () => {
    const { shop, secret } = await throttled(1);
    await ask(secret);
    await expectError(await createKeyed({ ...shop, key: secret }), 429, 'rate_limit_exceeded');
    const response = await createKeyed(shop, { body: { ...SESSION, amount: 5 } });
    expect([response.status, response.headers.has('Idempotent-Replayed')]).toEqual([201, false]);
  });

  it('survives the gate it is counted in', async () => {
    const { shop, secret } = await throttled(3);
    await ask(secret);
    await ask(secret);
    const rows = () =>
      runInDurableObject(gateStub(shop), (_, state) =>
        state.storage.sql.exec('SELECT count FROM key_windows WHERE count = 2').toArray(),
      );
    await vi.waitFor(async () => expect(await rows()).toHaveLength(1), { timeout: 10_000 });
    await evictDurableObject(gateStub(shop));
    expect(remainingOf(await ask(secret))).toBe(0);
    await expectError(await ask(secret), 429, 'rate_limit_exceeded');
  });
});

describe('the last requests of a workspace', () => {
  const notes = (shop: TestWorkspace) => gateStub(shop).recentRequests();

  it('are kept with what became of them, newest first', async () => {
    const { shop, secret, id } = await throttled(2);
    const { id: unscoped, secret: unscopedKey } = await shop.issue({ scopes: [] });
    const startedAt = Date.now();
    await createKeyed({ ...shop, key: secret }, { key: KEY });
    await callWith({}, unscopedKey, 'GET', '/checkout-sessions/0', undefined, { 'X-Request-Id': 'second' });
    await call(secret, 'POST', '/checkout-sessions', '{');
    await ask(secret, { 'X-Request-Id': 'last' });
    const base = '/api/v1/services/payments/checkout-sessions';
    const kept = await notes(shop);
    expect(kept.map(({ keyId, method, route, status, code }) => [keyId, method, route, status, code])).toEqual([
      [id, 'GET', `${base}/:id`, 429, 'rate_limit_exceeded'],
      [id, 'POST', base, 400, 'validation_failed'],
      [unscoped, 'GET', `${base}/:id`, 403, 'insufficient_scope'],
      [id, 'POST', base, 201, null],
    ]);
    expect([kept[0]?.requestId, kept[2]?.requestId]).toEqual(['last', 'second']);
    for (const { at } of kept) expect(at).toBeGreaterThanOrEqual(startedAt);
    expect(JSON.stringify(kept)).not.toContain(secret.slice(8));
  });

  it('without an idempotency key are completed by the next request, at no further call to the gate', async () => {
    const shop = await newWorkspace({ webhook: false });
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const bindings = { WORKSPACE_GATE: gate };
    await callWith(bindings, shop.key, 'GET', '/checkout-sessions/0');
    await callWith(bindings, shop.key, 'GET', '/payments');
    const kept = await notes(shop);
    const expected = [
      [null, null],
      [404, 'not_found'],
    ];
    expect(kept.map(({ status, code }) => [status, code])).toEqual(expected);
    expect(gate.calls).toEqual(['admit', 'admit']);
    await evictDurableObject(gateStub(shop));
    expect(await notes(shop)).toEqual(kept);
  });

  it('are a hundred at most, and survive the gate', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (let asked = 0; asked < 130; asked++) await ask(shop.key, { 'X-Request-Id': `request-${asked}` });
    const expected = Array.from({ length: 100 }, (_, index) => `request-${129 - index}`);
    expect((await notes(shop)).map(({ requestId }) => requestId)).toEqual(expected);
    await evictDurableObject(gateStub(shop));
    expect((await notes(shop)).map(({ requestId }) => requestId)).toEqual(expected);
    await ask(shop.key, { 'X-Request-Id': 'after' });
    expect((await notes(shop)).map(({ requestId }) => requestId)).toEqual(['after', ...expected.slice(0, 99)]);
  });

  it('come with the last use of each key', async () => {
    const { shop, secret, id } = await throttled(60);
    vi.useFakeTimers({ toFake: ['Date'] });
    const usedAt = Date.UTC(2027, 0, 1, 12);
    vi.setSystemTime(usedAt);
    await ask(secret);
    vi.setSystemTime(usedAt + 5_000);
    await ask(shop.key);
    const uses = await gateStub(shop).lastUses();
    expect(uses[id]).toBe(usedAt);
    expect(Object.values(uses).sort()).toEqual([usedAt, usedAt + 5_000]);
    await evictDurableObject(gateStub(shop));
    expect(await gateStub(shop).lastUses()).toEqual(uses);
  });

  it('are not those of another workspace', async () => {
    const [one, other] = [await newWorkspace({ webhook: false }), await newWorkspace({ webhook: false })];
    await ask(one.key);
    expect(await notes(one)).toHaveLength(1);
    expect(await notes(other)).toEqual([]);
  });
});
