import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError, rowsOf } from '../support/api.ts';
import { createKeyed, failNext } from '../support/keyed.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an account with more sessions than can be looked through', () => {
  it('answers 503 rather than take a session as missing and make a second one', async () => {
    const shop = await newWorkspace();
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const [mine] = await stripeSessions(accountOf(shop.account));
    let pages = 0;
    stripeOf(async (request, real) => {
      const isList = request.method === 'GET' && new URL(request.url).pathname === '/v1/checkout/sessions';
      if (!isList) return await real(request);
      pages += 1;
      // A full page of other sessions, and always one more.
      const others = Array.from({ length: 100 }, (_, index) => ({
        ...mine,
        id: `cs_test_other${pages}x${index}`,
        metadata: {},
      }));
      return Response.json({ object: 'list', url: '/v1/checkout/sessions', data: others, has_more: true });
    });
    await expectError(await createKeyed(shop, { bindings: {} }), 503, 'service_unavailable');
    vi.restoreAllMocks();
    expect(pages).toBe(25);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
  });
});
