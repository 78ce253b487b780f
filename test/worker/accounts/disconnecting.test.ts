import { describe, expect, it } from 'vitest';
import { expectError, expectSession } from '../support/api.ts';
import {
  accountIn,
  askForLink,
  beginOnboarding,
  connectedId,
  decide,
  FIRST,
  linkOf,
  readAccount,
} from '../support/onboarding.ts';
import { heldEvents, sendAll } from '../support/payments.ts';
import { control } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

const bare = (options = {}) => newWorkspace({ account: 'none', ...options });

describe.each(['sandbox', 'live'] as const)('Disconnecting an account of %s', (mode) => {
  it('stops payments at once, and onboarding-links connects the same account again', async () => {
    const shop = await beginOnboarding(await bare({ mode }));
    await decide(shop, 'ready');
    const disconnect = () => call(shop.key, 'POST', '/account/disconnect', {});
    expect(await accountIn(await disconnect())).toMatchObject({ state: 'disconnected', charges_enabled: false });
    expect(await accountIn(await disconnect())).toMatchObject({ state: 'disconnected' });
    await expectError(await call(shop.key, 'POST', '/checkout-sessions', SESSION), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await accountIn(await askForLink(shop))).toMatchObject({ state: 'ready', charges_enabled: true });
    await expectSession(await call(shop.key, 'POST', '/checkout-sessions', SESSION));
    expect(await connectedId(shop)).toBe(shop.account);
  });

  it('by the owner at Stripe leaves only start_over', async () => {
    const shop = await beginOnboarding(await bare({ mode }));
    await decide(shop, 'ready');
    await control('POST', `/accounts/${shop.account}/deauthorize`, { livemode: mode === 'live' });
    await sendAll(await heldEvents(shop));
    expect(await readAccount(shop)).toMatchObject({ state: 'disconnected' });
    const { message } = await expectError(await askForLink(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain('start_over');
    await linkOf(await askForLink(shop, { ...FIRST, start_over: true }));
    expect(await connectedId(shop)).not.toBe(shop.account);
  });
});

describe('The dashboard at Stripe', () => {
  const open = (shop: { key: string }) => call(shop.key, 'POST', '/account/dashboard-links', {});

  it('is opened for an Express account that is onboarded, each time by another address', async () => {
    const shop = await beginOnboarding(await bare());
    const { message } = await expectError(await open(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain('(state: started)');
    await decide(shop, 'ready');
    const urls = await Promise.all([open(shop), open(shop)].map(async (answer) => await (await answer).text()));
    expect(new Set(urls).size).toBe(2);
  });

  it("is Stripe's own address for a full dashboard, and refused without an account", async () => {
    const own = await open(await newWorkspace());
    expect([own.status, await own.json()]).toEqual([201, { data: { url: 'https://dashboard.stripe.com/' } }]);
    await expectError(await open(await bare()), 409, 'CONNECT_ACCOUNT_MISSING');
  });
});
