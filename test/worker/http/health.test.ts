import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { countingD1, failingD1 } from '../support/counting.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import { ORIGIN } from '../support/pay-page.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const ask = (query: string, changes: BindingChanges = {}, method = 'GET') =>
  fetchWith(changes, new Request(`${ORIGIN}/health${query}`, { method }));

describe('/health', () => {
  it('says that the Worker runs, without asking the database, and is never cached', async () => {
    const counted = countingD1(env);
    const response = await ask('', counted.bindings);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect((await ask('?deep=0', counted.bindings)).status).toBe(200);
    expect(counted.counts.roundTrips).toBe(0);
  });

  it('with ?deep=1 says that every database answers too, for one read of each', async () => {
    const counted = countingD1(env);
    const response = await ask('?deep=1', counted.bindings);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', database: 'ok' }]);
    expect(counted.counts.roundTrips).toBe(2);
    expect(counted.counts.rowsRead).toBeLessThanOrEqual(1);
    expect((await ask('?deep=1', {}, 'HEAD')).status).toBe(200);
  });

  it('with ?deep=1 is 503 while the database is down, and the log has the reason', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    const down = failingD1(env, 'every');
    const response = await ask('?deep=1', down);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'service_unavailable' } });
    expect(String(errors.mock.calls[0]?.[0])).toContain('service_unavailable');
    expect((await ask('', down)).status).toBe(200);
  });
});
