import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { fetchWith } from '../support/direct.ts';
import { changed, heldEvent, openSession, quarantined, requestOf, sendAll, stripePost } from '../support/payments.ts';
import { accountRow, DAY, HOUR, listsAsked, MINUTE, poll, setAccount } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { control, pay, takeStripeEvents } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL, access_refused_at = NULL');
  await inEveryDatabase('DELETE FROM platform_accounts');
  await inEveryDatabase('UPDATE account_directory SET given_up_at = NULL');
  freezeTime();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const INVALID = { status: 403, code: 'account_invalid', message: 'The provided key does not have access to account' };

/** A workspace whose Stripe events were read once, so that the platform's account is recorded. */
async function readOnce(mode: 'live' | 'sandbox' = 'sandbox'): Promise<TestWorkspace> {
  const shop = await newWorkspace({ mode });
  await poll();
  expect(await accountRow(shop)).toMatchObject({ access_refused_at: null });
  passTime(5 * MINUTE);
  return shop;
}

/** Stripe refuses every call about connected accounts so, and answers that the key belongs to `platform`. */
function refusingAll(answer: Parameters<typeof stripeErrorAnswer>[0], platform = 'acct_platform'): void {
  stripeOf(async (request) => {
    const isOfPlatform = new URL(request.url).pathname === '/v1/account';
    return isOfPlatform ? Response.json({ id: platform, object: 'account' }) : stripeErrorAnswer(answer);
  });
}

async function drift(): Promise<Record<string, unknown>> {
  const request = new Request(`${SIMULATED.variables.PUBLIC_URL}/health/drift`, {
    headers: { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` },
  });
  const { data }: { data: Record<string, unknown> } = await (await exports.default.fetch(request)).json();
  return data;
}

async function disconnected(shops: readonly TestWorkspace[]): Promise<boolean[]> {
  const rows = await Promise.all(shops.map(accountRow));
  return rows.map((row) => row.disconnected_at !== null);
}

const deauthorize = (shop: TestWorkspace) => control('POST', `/accounts/${shop.account}/deauthorize`, {});

describe('An account to which Stripe refuses access', () => {
  it('is given up once the key is proved good, also where the event that says so was lost', async () => {
    const shop = await readOnce();
    await deauthorize(shop);
    await poll();
    expect(await accountRow(shop)).toMatchObject({
      charges_enabled: 0,
      disconnected_at: Date.now(),
      access_refused_at: Date.now(),
      next_stripe_events_read_at: Date.now() + DAY,
    });
    const audit = (await rowsOf('audit_log', shop.workspace.id)).map((entry) => entry.action);
    expect(audit).toContain('account.given_up');
    const types = (await rowsOf('events', shop.workspace.id)).map((event) => event.type);
    expect(types).toEqual(['payments.account.updated']);
    vi.useRealTimers();
    const refused = await call(shop.key, 'POST', '/checkout-sessions', SESSION);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('CONNECT_ACCOUNT_NOT_READY')]);
    expect(await drift()).toMatchObject({ accounts_refused: { count: 0 } });
  });

  it.each([
    ['a key of another platform', INVALID, 'acct_another'],
    ['a setting of the platform', { status: 403, message: 'This platform may not use this.' }, 'acct_platform'],
    ['a missing permission', { status: 403, message: 'You do not have required the permissions' }, 'acct_platform'],
    ['a wrong key', { status: 401, type: 'authentication_error' }, 'acct_platform'],
  ])('because of %s stays connected, and is read again when that is over', async (_what, answer, platform) => {
    const shops = [await readOnce(), await readOnce()];
    for (const shop of shops) await setAccount(shop, { next_stripe_events_read_at: 0 });
    const before = await listsAsked(shops[0] ?? fail(), '/v1/events');
    refusingAll(answer, platform);
    await poll();
    expect(await disconnected(shops)).toEqual([false, false]);
    expect(await accountRow(shops[0] ?? fail())).toMatchObject({
      charges_enabled: 1,
      next_stripe_events_read_at: Date.now() + 5 * MINUTE,
    });
    expect(await drift()).toMatchObject({ accounts_refused: { count: answer === INVALID ? 2 : 0 } });
    vi.restoreAllMocks();
    passTime(5 * MINUTE);
    await poll();
    expect(await drift()).toMatchObject({ accounts_refused: { count: 0 } });
    expect(await listsAsked(shops[0] ?? fail(), '/v1/events')).toHaveLength(before.length + 1);
  });

  it('stays connected while no success in its mode has recorded the platform', async () => {
    await readOnce('live');
    const shop = await newWorkspace();
    await deauthorize(shop);
    await poll();
    expect(await disconnected([shop])).toEqual([false]);
    expect(await accountRow(shop)).toMatchObject({ access_refused_at: Date.now() });
  });

  it('stays connected while a restricted key may not read its own account, and leaves by its deauthorization', async () => {
    const [shop, other] = [await newWorkspace(), await newWorkspace()];
    const message =
      'This is a restricted API key, but the required permissions are not available for use by restricted keys.';
    stripeOf(async (request, real) =>
      new URL(request.url).pathname === '/v1/account'
        ? stripeErrorAnswer({ status: 403, message })
        : await real(request),
    );
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await deauthorize(shop);
    await poll();
    expect(await disconnected([shop, other])).toEqual([false, false]);
    expect(await accountRow(other)).toMatchObject({
      stripe_events_read_to: expect.any(Number),
      access_refused_at: null,
    });
    vi.restoreAllMocks();
    expect(await drift()).toMatchObject({ accounts_refused: { count: 1 } });
    await sendAll([await heldEvent(shop, 'account.application.deauthorized')]);
    expect(await disconnected([shop, other])).toEqual([true, false]);
    expect(await drift()).toMatchObject({ accounts_refused: { count: 0 } });
  });

  it('stays connected where only its events are refused', async () => {
    const shop = await readOnce();
    stripeOf(async (request, real) =>
      new URL(request.url).pathname === '/v1/events' ? stripeErrorAnswer(INVALID) : await real(request),
    );
    await poll();
    expect(await accountRow(shop)).toMatchObject({ disconnected_at: null, access_refused_at: null });
  });

  it('is one of three that are given up in an hour at most, and drift counts the others', async () => {
    await readOnce('live');
    const shops = [
      await readOnce(),
      await newWorkspace(),
      await newWorkspace(),
      await newWorkspace(),
      await newWorkspace(),
    ];
    for (const shop of shops) await setAccount(shop, { next_stripe_events_read_at: 0 });
    refusingAll(INVALID);
    await poll();
    expect((await disconnected(shops)).filter(Boolean)).toHaveLength(3);
    expect(await drift()).toMatchObject({ accounts_refused: { count: 2 } });
    passTime(HOUR - MINUTE);
    await poll();
    expect((await disconnected(shops)).filter(Boolean)).toHaveLength(3);
    passTime(5 * MINUTE);
    await poll();
    expect(await disconnected(shops)).toEqual(Array(5).fill(true));
    expect(await drift()).toMatchObject({ accounts_refused: { count: 0 } });
  });

  it('is always disconnected by a deauthorization, however many were given up', async () => {
    const shops = [await readOnce(), await newWorkspace(), await newWorkspace(), await newWorkspace()];
    for (const shop of shops) await deauthorize(shop);
    for (const shop of shops) await setAccount(shop, { next_stripe_events_read_at: 0 });
    await poll();
    const [last = fail()] = await Promise.all(
      shops.map(async (shop) => ((await disconnected([shop]))[0] ? [] : [shop])),
    ).then((left) => left.flat());
    await sendAll([await heldEvent(last, 'account.application.deauthorized')]);
    expect(await accountRow(last)).toMatchObject({ disconnected_at: Date.now(), access_refused_at: null });
  });

  it('is disconnected by a deauthorization whose time is before our last look at the account', async () => {
    const shop = await readOnce();
    await deauthorize(shop);
    const event = await heldEvent(shop, 'account.application.deauthorized');
    await setAccount(shop, { state_as_of: Date.now() + 30_000 });
    passTime(MINUTE);
    await sendAll([await changed(event, () => undefined)]);
    expect(await disconnected([shop])).toEqual([true]);
  });
});

describe('An account that is gone', () => {
  it('is asked for daily, and comes back with an event once Stripe answers for it', async () => {
    const shop = await readOnce();
    const account = accountOf(shop.account);
    await deauthorize(shop);
    await sendAll([await heldEvent(shop, 'account.application.deauthorized')]);
    passTime(DAY);
    await poll();
    expect(await accountRow(shop)).toMatchObject({ next_stripe_events_read_at: Date.now() + DAY });
    expect(await disconnected([shop])).toEqual([true]);

    await control('POST', '/accounts', { id: account, livemode: false, charges_enabled: true });
    const lists = await listsAsked(shop, '/v1/events');
    passTime(DAY - 1);
    await poll();
    expect(await disconnected([shop])).toEqual([true]);
    passTime(1);
    await poll();
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1, disconnected_at: null });
    expect(await listsAsked(shop, '/v1/events')).toHaveLength(lists.length);
    await poll();
    expect(await listsAsked(shop, '/v1/events')).toHaveLength(lists.length + 1);
    const types = (await rowsOf('events', shop.workspace.id)).map((event) => event.type);
    expect(types).toEqual(['payments.account.updated', 'payments.account.updated']);
  });
});

describe('An account that left and came back before the cron read its events', () => {
  it('stays connected: who may list its events has access', async () => {
    const shop = await readOnce();
    await deauthorize(shop);
    passTime(MINUTE);
    await control('POST', '/accounts', { id: accountOf(shop.account), livemode: false, charges_enabled: true });
    passTime(5 * MINUTE);
    await poll();
    expect(await disconnected([shop])).toEqual([false]);
    expect((await call(shop.key, 'POST', '/checkout-sessions', SESSION)).status).toBe(201);
  });
});

describe('A refund that is reported while our key is the wrong one', () => {
  it('is not quarantined: Stripe sends the event again', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await sendAll([await heldEvent(shop, 'checkout.session.completed')]);
    const [row] = await rowsOf('payments', shop.workspace.id);
    const intent = String(row?.stripe_payment_intent_id);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '100' });
    const [event = fail()] = (await takeStripeEvents(accountOf(shop.account))).filter(
      ({ url, body }) => url === SIMULATED.events.test.url && body.includes('"charge.refunded"'),
    );
    refusingAll(INVALID, 'acct_another');
    // Bindings of its own: a Stripe client of its own.
    expect((await fetchWith({ REPORT_URL: '' }, requestOf(await changed(event, () => undefined)))).status).toBe(409);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });
});

function fail(): never {
  throw new Error('There is none');
}
