import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
import { countingD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

const TOKEN = SIMULATED.variables.OPERATOR_TOKEN;
const pathOf = (workspaceId: string) => `/operators/workspaces/${workspaceId}/requests`;

function request(path: string, authorization = `Bearer ${TOKEN}`, method = 'GET'): Request {
  return new Request(`${SIMULATED.variables.PUBLIC_URL}${path}`, { method, headers: { Authorization: authorization } });
}

describe('The recent requests of a workspace', () => {
  it('are shown to operators, the newest first, with their statuses and error codes', async () => {
    const shop = await newWorkspace({ webhook: false });
    const other = await newWorkspace({ webhook: false });
    await call(shop.key, 'GET', '/payments', undefined, { 'X-Request-Id': 'first' });
    await call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, currency: 'zzz' }, { 'X-Request-Id': 'second' });
    await call(other.key, 'GET', '/payments', undefined, { 'X-Request-Id': 'of another workspace' });

    const response = await exports.default.fetch(request(pathOf(shop.workspace.id)));
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const { data }: { data: Record<string, unknown>[] } = await response.json();
    const shown = data.map(({ at, key_id: keyId, ...rest }) => {
      expect([at, keyId]).toEqual([expect.stringMatching(/^20.*Z$/), expect.stringMatching(/^key_/)]);
      return rest;
    });
    expect(shown).toEqual([
      {
        method: 'POST',
        route: expect.stringContaining('/checkout-sessions'),
        status: 400,
        code: 'invalid_currency',
        request_id: 'second',
      },
      { method: 'GET', route: expect.stringContaining('/payments'), status: 200, code: null, request_id: 'first' },
    ]);
    expect(JSON.stringify(data)).not.toContain(shop.key);
  });

  it('are summed up as the last use of each secret key, the latest first', async () => {
    const shop = await newWorkspace({ webhook: false });
    const second = await shop.issue();
    await call(shop.key, 'GET', '/payments');
    await call(second.secret, 'GET', '/payments');
    const path = pathOf(shop.workspace.id).replace('requests', 'key-uses');
    const response = await exports.default.fetch(request(path));
    const { data }: { data: Record<string, unknown>[] } = await response.json();
    expect(data).toHaveLength(2);
    expect(data).toContainEqual({ key_id: second.id, last_used_at: expect.stringMatching(/^20.*Z$/) });
    const times = data.map((use) => String(use.last_used_at));
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('of an unknown workspace are 404, and make no gate', async () => {
    const response = await exports.default.fetch(request(pathOf('nobody')));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { code: 'not_found', message: expect.stringMatching(/nobody/) },
    });
  });

  it.each([
    ['another token', `Bearer ${TOKEN}x`, 'GET'],
    ['no token', '', 'GET'],
    ['another method', `Bearer ${TOKEN}`, 'POST'],
  ])('are an unknown path with %s, which costs no database', async (_what, authorization, method) => {
    const shop = await newWorkspace({ webhook: false });
    const counted = countingD1(env);
    const path = pathOf(shop.workspace.id);
    const refused = await fetchWith(counted.bindings, request(path, authorization, method));
    const unknown = await fetchWith(counted.bindings, request('/nothing', authorization, method));
    expect(counted.counts.roundTrips).toBe(0);
    expect([refused.status, refused.headers.get('Allow')]).toEqual([404, null]);
    expect(await refused.text()).toBe((await unknown.text()).replace('/nothing', path));
  });
});
