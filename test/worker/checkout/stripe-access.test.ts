import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, callWith, expectError, expectSession, rowsOf } from '../support/api.ts';
import { openPage, sendForm } from '../support/pay-page.ts';
import { readSession } from '../support/payments.ts';
import { control, setConditions, stripeSessions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const create = (shop: TestWorkspace) => call(shop.key, 'POST', '/checkout-sessions', SESSION);

async function expectStillReady(shop: TestWorkspace): Promise<void> {
  expect(await rowsOf('connected_accounts', shop.workspace.id)).toMatchObject([
    { charges_enabled: 1, disconnected_at: null },
  ]);
}

describe('a key of the platform that may not do something', () => {
  it('is 502 where a restricted key lacks a permission, and the log names the permission but no key', async () => {
    const shop = await newWorkspace();
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await setConditions(shop.account, { missing_permissions: ['checkout_session_write'] });
    const bindings = { STRIPE_SECRET_KEY_TEST: 'rk_test_simulated_restricted' };
    const response = await callWith(bindings, shop.key, 'POST', '/checkout-sessions', SESSION);
    const error = await expectError(response, 502, 'stripe_error');
    expect(error.message).not.toMatch(/rk_|rak_/);
    const [line = ''] = errors.mock.calls.map(([logged]) => String(logged));
    expect(line).toContain("'rak_checkout_session_write'");
    expect(line).not.toContain('rk_test_simulated_restricted');
    await expectStillReady(shop);
    await setConditions(shop.account, {});
    await expectSession(await callWith(bindings, shop.key, 'POST', '/checkout-sessions', SESSION));
  });

  it('is 502 where the account gave the platform fewer permissions, and the account stays connected', async () => {
    const shop = await newWorkspace();
    await setConditions(shop.account, { forbid: 'permission' });
    await expectError(await create(shop), 502, 'stripe_error');
    await expectStillReady(shop);
  });

  it('is 409 where it has no access to the account', async () => {
    for (const forbid of ['account_invalid', 'other_platform']) {
      const shop = await newWorkspace();
      await setConditions(shop.account, { forbid });
      await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    }
  });
});

describe('a Stripe object that another request has locked', () => {
  it('is 503 with Retry-After, and the same request succeeds afterwards', async () => {
    const shop = await newWorkspace();
    const fail_next = { count: 1, status: 429, code: 'lock_timeout' };
    await control('POST', '/faults', { account: shop.account, fail_next });
    const refused = await create(shop);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    await expectError(refused, 503, 'service_unavailable');
    const session = await expectSession(await create(shop));

    await control('POST', '/faults', { account: shop.account, fail_next });
    const expire = () => call(shop.key, 'POST', `/checkout-sessions/${session.id}/expire`);
    await expectError(await expire(), 503, 'service_unavailable');
    expect((await expectSession(await expire(), 200)).status).toBe('expired');
  });
});

describe('the address of Checkout', () => {
  it('is given to the merchant and the buyer as Stripe gave it: any host, and the whole fragment', async () => {
    const shop = await newWorkspace();
    await setConditions(shop.account, { checkout_origin: 'https://pay.shop.example', checkout_fragment: 2000 });
    const session = await expectSession(await create(shop));
    const link = await shop.link();
    const location = (await sendForm(link, (await openPage(link)).fields)).headers.get('Location');
    const atStripe = (await stripeSessions(accountOf(shop.account))).map((session) => session.url);
    expect([location, session.url]).toEqual(atStripe);
    expect(await readSession(shop, session.id)).toEqual(session);
    expect(session.url).toMatch(/^https:\/\/pay\.shop\.example\/c\/pay\/cs_test_\w+#fid[\w%]{1996}$/);
  });
});
