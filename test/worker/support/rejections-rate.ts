import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectError } from './api.ts';
import { expectRefusal, expectRefusals, newTarget, type ProtectedRoute, send, type Target } from './protected-route.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function rateOf(response: Response) {
  const read = (name: string) => Number(response.headers.get(`X-RateLimit-${name}`) ?? Number.NaN);
  return { limit: read('Limit'), remaining: read('Remaining'), reset: read('Reset') };
}

/** The rate limit that every request counts against, refused ones too, and the id that every answer carries. */
export function countsAndNamesRequests(route: ProtectedRoute, shared: () => Promise<Target>): void {
  describe('a request over the limit', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it('of its key with Retry-After, in a fixed window that 429s do not fill', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const opened = Date.now();
      vi.setSystemTime(opened);
      const target = await newTarget(route);
      const { secret: key } = await target.workspace.issue({ rateLimitPerMinute: 2 });
      const first = await send(target, { key });
      expect(first.status).toBe(route.success);
      const { limit, remaining, reset } = rateOf(first);
      expect({ limit, remaining }).toEqual({ limit: 2, remaining: 1 });
      expect(reset).toBe(Math.ceil(opened / 1000) + 60);

      vi.setSystemTime(opened + 20_000);
      const second = await send(target, { key });
      expect(rateOf(second)).toEqual({ limit: 2, remaining: 0, reset });
      const over = () => send(target, { key });
      for (const { response } of await expectRefusals(target, [1, 2, 3], over, 429, 'rate_limit_exceeded')) {
        expect(rateOf(response)).toEqual({ limit: 2, remaining: 0, reset });
        expect(response.headers.get('Retry-After')).toBe('40');
      }
      // Another key of the same workspace has a window of its own.
      const other = await target.workspace.issue({ rateLimitPerMinute: 2 });
      expect(rateOf(await send(target, { key: other.secret })).remaining).toBe(1);

      vi.setSystemTime(reset * 1000 - 2000);
      await expectRefusal(target, () => send(target, { key }), 429, 'rate_limit_exceeded');
      vi.setSystemTime(reset * 1000);
      const again = await newTarget(route, target.workspace);
      const reopened = await send(again, { key });
      expect(reopened.status).toBe(route.success);
      expect(rateOf(reopened).remaining).toBe(1);
      expect(rateOf(reopened).reset).toBeGreaterThan(reset);
    });

    it('also where the scope is missing: 403 counts, then 429 beats it', async () => {
      const target = await shared();
      const { secret: key } = await target.workspace.issue({ rateLimitPerMinute: 2, scopes: [] });
      const unscoped = () => send(target, { key });
      const counted = await expectRefusals(target, [1, 2], unscoped, 403, 'insufficient_scope');
      expect(counted.map(({ response }) => rateOf(response).remaining)).toEqual([1, 0]);
      await expectRefusal(target, () => send(target, { key }), 429, 'rate_limit_exceeded');
    });

    if (!route.body) return;
    it('also where the body is wrong: 400 counts, then 429 beats it', async () => {
      const target = await shared();
      const { secret: key } = await target.workspace.issue({ rateLimitPerMinute: 2 });
      const malformed = () => send(target, { key, body: '{' });
      const counted = await expectRefusals(target, [1, 2], malformed, 400, 'validation_failed');
      expect(counted.map(({ response }) => rateOf(response).remaining)).toEqual([1, 0]);
      await expectRefusals(target, ['{', undefined], (body) => send(target, { key, body }), 429, 'rate_limit_exceeded');
    });
  });

  describe('nothing about the request id:', () => {
    it('a given one is echoed, on successes and refusals', async () => {
      const target = await newTarget(route);
      for (const id of ['order-1042', '!', '~'.repeat(128)]) {
        const headers = { 'X-Request-Id': id };
        const refused = await send(target, { key: null, headers });
        await expectError(refused, 401, 'missing_authorization');
        expect(refused.headers.get('Softsolz-Request-Id')).toBe(id);
      }
      const answered = await send(target, { headers: { 'X-Request-Id': 'order-1043' } });
      expect([answered.status, answered.headers.get('Softsolz-Request-Id')]).toEqual([route.success, 'order-1043']);
    });

    it('without one, or with one that is no visible ASCII of up to 128, the answer has a new UUID', async () => {
      const target = await shared();
      const ids = new Set<string | null>();
      for (const given of [undefined, '', 'x'.repeat(129), 'two words', 'caf\u00e9', 'tab\there']) {
        const headers: Record<string, string> = given === undefined ? {} : { 'X-Request-Id': given };
        const response = await send(target, { key: null, headers });
        expect(response.headers.get('Softsolz-Request-Id')).toMatch(UUID);
        ids.add(response.headers.get('Softsolz-Request-Id'));
      }
      expect(ids.size).toBe(6);
    });
  });
}
