import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectError, expectSession, rowsOf } from '../support/api.ts';
import { interruptedD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import { askForLink, beginOnboarding, decide, FIRST, linkOf, readAccount } from '../support/onboarding.ts';
import { heldEvents, requestOf } from '../support/payments.ts';
import { poll } from '../support/polling.ts';
import { control } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

const bare = (options = {}) => newWorkspace({ account: 'none', ...options });

afterEach(() => {
  vi.useRealTimers();
});

describe.each(['sandbox', 'live'] as const)('What Stripe decides about an account of %s', (mode) => {
  it.each([
    ['ready', 'ready', true, true],
    ['payouts_held', 'payouts_held', true, false],
    ['in_review', 'ready', true, true],
    ['requirement_due', 'ready', true, true],
    ['document_needed', 'action_needed', false, false],
    ['in_review_without_charges', 'in_review', false, false],
    ['cards_not_granted', 'restricted', false, true],
    ['loses_cards', 'action_needed', false, true],
    ['rejected', 'rejected', false, false],
  ])('%s is the state %s, in the answer, the event and the 409', async (outcome, state, charges, payouts) => {
    const shop = await beginOnboarding(await bare({ mode }));
    await decide(shop, outcome);
    expect(await readAccount(shop)).toMatchObject({ state, charges_enabled: charges, payouts_enabled: payouts });
    const events = await rowsOf('events', shop.workspace.id);
    expect(JSON.parse(String(events.at(-1)?.body))).toMatchObject({
      type: 'payments.account.updated',
      data: { stripe_account_id: shop.account, state, charges_enabled: charges, payouts_enabled: payouts },
    });
    const session = await call(shop.key, 'POST', '/checkout-sessions', SESSION);
    if (charges) return void (await expectSession(session));
    const { message } = await expectError(session, 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain(`(state: ${state})`);
  });
});

describe('What Stripe decides', () => {
  it('says in the 409 what is owed, by when and who acts', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'document_needed', { due_at: '2030-01-31T12:00:00Z' });
    const { message } = await expectError(
      await call(shop.key, 'POST', '/checkout-sessions', SESSION),
      409,
      'CONNECT_ACCOUNT_NOT_READY',
    );
    expect(message).toContain('Stripe needs a photo of an identity or company document from you by 31 January 2030.');
    const { requirements } = await readAccount(shop);
    expect(requirements).toMatchObject([{ awaiting: 'merchant', due_at: '2030-01-31T12:00:00Z' }]);
    const link = await shop.link();
    const buyer = await call(shop.key, 'GET', `/payment-links/${link.token}`);
    expect(buyer.status).toBe(200);
  });

  it('is rejected after having been ready: only start_over helps', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'ready');
    await decide(shop, 'rejected');
    const { message } = await expectError(await askForLink(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain('start_over');
    await linkOf(await askForLink(shop, { ...FIRST, start_over: true }));
    expect(await readAccount(shop)).toMatchObject({ state: 'started' });
  });

  it('is also found by the cron alone, when every event of Stripe is lost', async () => {
    const shop = await beginOnboarding(await bare());
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'ready' });
    await poll();
    expect(await readAccount(shop)).toMatchObject({ state: 'ready' });
  });

  it.each([
    ['another state', 'payouts_held', ['payouts_held', 'restricted']],
    ['the same state', 'cards_not_granted', ['restricted']],
  ])('leaves one event of each change, also where a reading crosses one of %s', async (_what, between, expected) => {
    const shop = await beginOnboarding(await bare({ shard: '0' }));
    await decide(shop, 'ready');
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'cards_not_granted' });
    const [slow] = await heldEvents(shop);
    if (!slow) throw new Error('No event was held');
    // The third round trip writes the change. Within one second neither reading counts as the older one.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const interrupt = vi.fn(() => decide(shop, between));
    const response = await fetchWith(interruptedD1(env, 3, interrupt), requestOf(slow));
    expect([response.status, interrupt.mock.calls.length]).toEqual([200, 1]);
    const states = (await rowsOf('events', shop.workspace.id)).map(({ body }) => JSON.parse(String(body)).data.state);
    expect(states).toEqual(['ready', ...expected]);
    expect(await readAccount(shop)).toMatchObject({ state: expected.at(-1) });
  });

  it('is read from v1 where Stripe does not have the account in v2 yet', async () => {
    const shop = await beginOnboarding(await bare());
    await control('POST', '/conditions', { account: shop.account, not_yet_compatible_with_v2: true });
    await decide(shop, 'document_needed');
    expect(await readAccount(shop)).toMatchObject({ state: 'action_needed', country: 'GB' });
    await decide(shop, 'rejected');
    expect(await readAccount(shop)).toMatchObject({ state: 'rejected' });
  });
});
