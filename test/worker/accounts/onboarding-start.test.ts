import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callWith, expectError, rowsOf } from '../support/api.ts';
import { failingD1, interruptedD1 } from '../support/counting.ts';
import {
  accountsAsked,
  askForLink,
  beginOnboarding,
  connectedId,
  decide,
  FIRST,
  linkOf,
  readAccount,
  URLS,
} from '../support/onboarding.ts';
import { control } from '../support/simulator.ts';
import { call, newWorkspace } from '../support/workspace.ts';

const bare = (options = {}) => newWorkspace({ account: 'none', ...options });

describe('Starting the onboarding', () => {
  it('makes an account for direct charges in the country, by the name of the profile, and answers with a link', async () => {
    const shop = await bare();
    await call(shop.key, 'PATCH', '/profile', { display_name: 'Harbour Studio', website: 'https://harbour.example/' });
    const link = await linkOf(await askForLink(shop, { ...FIRST, country: 'gb' }));

    expect(Date.parse(link.expires_at)).toBeGreaterThan(Date.now());
    const [asked, ...more] = await accountsAsked(shop);
    expect(more).toEqual([]);
    expect(asked?.params).toMatchObject({
      contact_email: FIRST.email,
      display_name: 'Harbour Studio',
      dashboard: 'express',
      identity: { country: 'gb' },
      configuration: { merchant: { capabilities: { card_payments: { requested: 'true' } } } },
      defaults: {
        responsibilities: { fees_collector: 'stripe', losses_collector: 'stripe' },
        profile: { doing_business_as: 'Harbour Studio', business_url: 'https://harbour.example/' },
      },
    });
    expect(await readAccount(shop)).toEqual({
      state: 'started',
      country: 'GB',
      charges_enabled: false,
      payouts_enabled: false,
      requirements: expect.any(Array),
      dashboard: 'express',
      connected_at: expect.any(String),
      livemode: false,
    });
    expect(await rowsOf('account_creations', shop.workspace.id)).toEqual([]);
  });

  it('stores no link: neither in a table, nor in the audit log, nor under the idempotency key', async () => {
    const shop = await bare();
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await linkOf(await askForLink(shop, FIRST, key));
    const second = await linkOf(await askForLink(shop, FIRST, key));
    expect(second.url).not.toBe(first.url);
    expect(await accountsAsked(shop)).toHaveLength(1);
    const stored = await Promise.all(
      ['connected_accounts', 'audit_log', 'events'].map((table) => rowsOf(table, shop.workspace.id)),
    );
    expect(JSON.stringify(stored)).not.toContain('/setup/');
  });

  it('clicked twice at once makes one account', async () => {
    const shop = await bare();
    const answers = await Promise.all([1, 2, 3].map(() => askForLink(shop, FIRST)));
    for (const answer of answers) await linkOf(answer);
    const keys = (await accountsAsked(shop)).map(({ idempotency_key: key }) => key);
    expect(new Set(keys).size).toBe(1);
  });

  it('goes on with the account that a lost answer has made', async () => {
    const shop = await bare();
    await control('POST', '/faults', {
      mentions: shop.workspace.id,
      fail_next: { count: 1, status: 'network', after_commit: true },
    });
    await expectError(await askForLink(shop, FIRST), 503, 'service_unavailable');
    expect(await readAccount(shop)).toMatchObject({ state: 'none', country: null, connected_at: null });
    await linkOf(await askForLink(shop, FIRST));
    const asked = await accountsAsked(shop);
    expect(new Set(asked.map(({ idempotency_key: key }) => key)).size).toBe(1);
    expect(asked).toHaveLength(2);
    await expectError(await askForLink(shop, { ...FIRST, country: 'DE' }), 400, 'validation_failed');
  });

  it.each(['before', 'after'] as const)(
    'makes one account, wherever a database fails in between: %s its work',
    async (when) => {
      for (let nth = 1; ; nth++) {
        const shop = await bare({ webhook: false });
        const broken = failingD1(env, nth, when);
        const answer = await callWith(broken, shop.key, 'POST', '/account/onboarding-links', FIRST);
        await linkOf(await askForLink(shop, FIRST));
        const asked = await accountsAsked(shop);
        expect([nth, new Set(asked.map(({ idempotency_key: key }) => key)).size]).toEqual([nth, 1]);
        expect(await readAccount(shop)).toMatchObject({ state: 'started', country: 'GB' });
        if (answer.status === 201) break;
        await expectError(answer, 503, 'service_unavailable');
      }
    },
  );

  it('makes one account also where Stripe has too many requests after a lost answer', async () => {
    const shop = await bare();
    const fail = (status: number | 'network', after_commit: boolean) =>
      control('POST', '/faults', { mentions: shop.workspace.id, fail_next: { count: 1, status, after_commit } });
    await fail('network', true);
    await expectError(await askForLink(shop, FIRST), 503, 'service_unavailable');
    await fail(429, false);
    await expectError(await askForLink(shop, FIRST), 503, 'service_unavailable');
    await linkOf(await askForLink(shop, FIRST));
    const asked = await accountsAsked(shop);
    expect([asked.length, new Set(asked.map(({ idempotency_key: key }) => key)).size]).toEqual([3, 1]);
  });

  it('needs country and e-mail, and names both', async () => {
    const shop = await bare();
    const { details } = await expectError(await askForLink(shop), 400, 'validation_failed');
    expect(details?.map(({ path }) => path)).toEqual(['country', 'email']);
    expect(await accountsAsked(shop)).toEqual([]);
    expect(await connectedId(shop)).toBeNull();
  });

  it('is refused for a country that Stripe does not take, and another country can follow', async () => {
    const shop = await bare();
    const { details } = await expectError(
      await askForLink(shop, { ...FIRST, country: 'KP' }),
      400,
      'validation_failed',
    );
    expect(details).toMatchObject([{ path: 'country' }]);
    await linkOf(await askForLink(shop, FIRST));
    expect(await readAccount(shop)).toMatchObject({ country: 'GB' });
  });

  it('wants https for the way back in live mode, and reaches the live account alone', async () => {
    const live = await bare({ mode: 'live' });
    const insecure = { ...FIRST, return_url: 'http://shop.example/back', refresh_url: 'http://shop.example/again' };
    const { details } = await expectError(await askForLink(live, insecure), 400, 'invalid_url');
    expect(details?.map(({ path }) => path)).toEqual(['return_url', 'refresh_url']);
    await linkOf(await askForLink(live, FIRST));
    expect(await readAccount(live)).toMatchObject({ state: 'started', livemode: true });
    const sandbox = await newWorkspace({ account: 'none', pairOf: live });
    expect(await readAccount(sandbox)).toMatchObject({ state: 'none', livemode: false });
    await linkOf(await askForLink(sandbox, insecure));
    expect(await connectedId(sandbox)).not.toBe(await connectedId(live));
  });
});

describe('Going on with the onboarding', () => {
  it('gives a new link to the same account, and refuses another country', async () => {
    const shop = await beginOnboarding(await bare());
    await linkOf(await askForLink(shop));
    expect(await accountsAsked(shop)).toHaveLength(1);
    const { details } = await expectError(await askForLink(shop, { ...URLS, country: 'DE' }), 400, 'validation_failed');
    expect(details).toMatchObject([{ path: 'country', message: expect.stringContaining('GB') }]);
  });

  it('is refused with account_ready once Stripe waits for nothing, and offered again when it does', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'ready');
    await expectError(await askForLink(shop), 409, 'account_ready');
    await decide(shop, 'requirement_due');
    expect(await readAccount(shop)).toMatchObject({ state: 'ready', charges_enabled: true });
    await linkOf(await askForLink(shop));
  });

  it('with start_over makes a new account in another country, unless the old one can charge', async () => {
    const shop = await beginOnboarding(await bare());
    await linkOf(await askForLink(shop, { ...FIRST, country: 'DE', start_over: true }));
    const next = await connectedId(shop);
    expect(next).not.toBe(shop.account);
    expect(await readAccount(shop)).toMatchObject({ state: 'started', country: 'DE' });
    await decide({ ...shop, account: next ?? '' }, 'ready');
    await expectError(await askForLink(shop, { ...FIRST, start_over: true }), 409, 'account_ready');
    expect(await connectedId(shop)).toBe(next);
  });

  it('with start_over and an Idempotency-Key makes one account, however often it is sent', async () => {
    const shop = await beginOnboarding(await bare());
    const again = { ...FIRST, country: 'DE', start_over: true };
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await linkOf(await askForLink(shop, again, key));
    const next = await connectedId(shop);
    const second = await linkOf(await askForLink(shop, again, key));
    expect([await connectedId(shop), second.url === first.url]).toEqual([next, false]);
    await expectError(await askForLink(shop, { ...again, country: 'FR' }, key), 409, 'idempotency_key_conflict');
    expect(await connectedId(shop)).toBe(next);
  });

  it('never takes the place of an account that has become ready meanwhile', async () => {
    const refused: number[] = [];
    for (let nth = 2; ; nth++) {
      const shop = await beginOnboarding(await bare({ webhook: false }));
      let isReady = false;
      const becomesReady = interruptedD1(env, nth, async () => {
        isReady = (await connectedId(shop)) === shop.account;
        if (isReady) await decide(shop, 'ready');
      });
      const over = { ...FIRST, start_over: true };
      const answer = await callWith(becomesReady, shop.key, 'POST', '/account/onboarding-links', over);
      const kept = (await connectedId(shop)) === shop.account;
      expect([nth, kept, answer.status === 201]).toEqual([nth, isReady, !isReady]);
      if (!isReady) break;
      expect(await readAccount(shop)).toMatchObject({ state: 'ready' });
      refused.push(answer.status);
    }
    // Before the account is read at Stripe, and while the new one is being made.
    expect(new Set(refused)).toEqual(new Set([409, 503]));
  });

  it('is refused for another country before a disconnected account is connected again', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'ready');
    await call(shop.key, 'POST', '/account/disconnect', {});
    await expectError(await askForLink(shop, { ...URLS, country: 'DE' }), 400, 'validation_failed');
    expect(await readAccount(shop)).toMatchObject({ state: 'disconnected' });
  });

  it('says that the access is gone, although the event about it was lost, and lets start_over pass', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'ready');
    await control('POST', `/accounts/${shop.account}/deauthorize`, {});
    const { message } = await expectError(await askForLink(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain('"start_over": true');
    await linkOf(await askForLink(shop, { ...FIRST, start_over: true }));
    expect(await connectedId(shop)).not.toBe(shop.account);
  });

  it('reads Stripe first, so that a lost event never makes a second account', async () => {
    const shop = await beginOnboarding(await bare());
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'ready' });
    await expectError(await askForLink(shop, { ...FIRST, start_over: true }), 409, 'account_ready');
    expect(await readAccount(shop)).toMatchObject({ state: 'ready', charges_enabled: true });
  });
});
