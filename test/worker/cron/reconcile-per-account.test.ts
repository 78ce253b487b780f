import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { openSession, quarantined } from '../support/payments.ts';
import { listsAsked, MINUTE, reconcileOnly, setPayment } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay, stripeRequests } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** So many sessions of one account, all due in five minutes. */
async function openMany(shop: TestWorkspace, count: number) {
  const sessions = [];
  for (let index = 0; index < count; index++) sessions.push(await openSession(shop));
  return sessions;
}

async function statuses(shop: TestWorkspace): Promise<unknown[]> {
  return (await rowsOf('payments', shop.workspace.id)).map((payment) => payment.status);
}

async function readOneByOne(shop: TestWorkspace): Promise<number> {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/checkout/sessions/')).length;
}

describe('The due sessions of an account', () => {
  it('are found in its list: 100 of them in two calls at most', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 100);
    for (const session of sessions.slice(0, 3)) await pay(session.stripe_session_id, 'paid');
    for (const session of sessions.slice(3, 6)) await pay(session.stripe_session_id, 'processing_failed');
    passTime(5 * MINUTE);
    await reconcileOnly();
    const lists = await listsAsked(shop, '/v1/checkout/sessions');
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.length).toBeLessThanOrEqual(2);
    expect(lists[0]?.params).toMatchObject({ expand: { 0: 'data.payment_intent' }, limit: '100' });
    expect(await readOneByOne(shop)).toBe(0);
    const expected = [...Array(3).fill('succeeded'), ...Array(3).fill('failed'), ...Array(94).fill('created')];
    expect(await statuses(shop)).toEqual(expected);
    expect((await rowsOf('payments', shop.workspace.id)).map((row) => row.checks)).toEqual(Array(100).fill(1));
  });

  it('are read and put off in three round trips, and cost no more while they are open', async () => {
    const shop = await newWorkspace({ webhook: false });
    await openMany(shop, 20);
    passTime(5 * MINUTE);
    const counted = countingD1(env);
    await reconcileOnly(counted.bindings, shop.shard);
    // The due ones, the putting off, the workspaces.
    expect(counted.counts.roundTrips).toBe(3);
    expect(counted.counts.changes).toBe(20);
  });

  it('are read one by one where they are two', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 2);
    for (const session of sessions) await pay(session.stripe_session_id, 'paid');
    passTime(5 * MINUTE);
    await reconcileOnly();
    expect(await listsAsked(shop, '/v1/checkout/sessions')).toEqual([]);
    expect(await readOneByOne(shop)).toBe(2);
    expect(await statuses(shop)).toEqual(['succeeded', 'succeeded']);
  });

  it('that the list does not have are read one by one', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 4);
    for (const session of sessions) await pay(session.stripe_session_id, 'paid');
    // By our clock they are of another day than by Stripe's.
    for (const { id } of sessions) await setPayment(id, 'created_at', Date.now() - 24 * 60 * MINUTE);
    passTime(5 * MINUTE);
    await reconcileOnly();
    expect(await listsAsked(shop, '/v1/checkout/sessions')).toHaveLength(1);
    expect(await readOneByOne(shop)).toBe(4);
    expect(await statuses(shop)).toEqual(Array(4).fill('succeeded'));
  });

  it('never cost more pages than there are due sessions, however busy the account is', async () => {
    const shop = await newWorkspace({ webhook: false });
    await openMany(shop, 3);
    passTime(5 * MINUTE);
    let pages = 0;
    stripeOf(async (request, real) => {
      if (new URL(request.url).pathname !== '/v1/checkout/sessions') return await real(request);
      pages += 1;
      const stranger = { id: `cs_test_stranger_${pages}`, object: 'checkout.session' };
      return Response.json({ object: 'list', url: '/v1/checkout/sessions', data: [stranger], has_more: true });
    });
    await reconcileOnly();
    expect(pages).toBe(3);
    expect(await readOneByOne(shop)).toBe(3);
  });

  it('of one account that fails do not hold up those of another', async () => {
    const [failing, other] = [await newWorkspace({ webhook: false }), await newWorkspace({ webhook: false })];
    for (const shop of [failing, other]) {
      for (const session of await openMany(shop, 3)) await pay(session.stripe_session_id, 'paid');
    }
    passTime(5 * MINUTE);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    stripeOf(async (request, real) => {
      const fails = request.headers.get('Stripe-Account') === failing.account;
      return fails ? stripeErrorAnswer({ status: 500 }) : await real(request);
    });
    await reconcileOnly();
    expect(await statuses(other)).toEqual(Array(3).fill('succeeded'));
    expect(await statuses(failing)).toEqual(Array(3).fill('created'));
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toContain(
      `"account":"${failing.account}","sessions":2`,
    );
    const due = (await rowsOf('payments', failing.workspace.id)).map((row) => Number(row.next_check_at) > Date.now());
    expect(due).toEqual([true, true, true]);
  });

  it('keep their turn where Stripe does not answer for the account: only the one that was asked for moves on', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 5);
    for (const { id } of sessions) await setPayment(id, 'expires_at', Date.now() - 24 * 60 * MINUTE);
    for (const { id } of sessions) await setPayment(id, 'checks', 6);
    passTime(5 * MINUTE);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    stripeOf(async () => stripeErrorAnswer({ status: 500 }));
    await reconcileOnly();
    const rows = await rowsOf('payments', shop.workspace.id);
    expect(rows.map((row) => row.checks).toSorted()).toEqual([6, 6, 6, 6, 7]);
    const waiting = rows.filter((row) => row.checks === 6);
    expect(waiting.map((row) => row.next_check_at)).toEqual(Array(4).fill(Date.now() + 5 * MINUTE));

    vi.restoreAllMocks();
    for (const session of sessions) await pay(session.stripe_session_id, 'paid');
    passTime(5 * MINUTE);
    await reconcileOnly();
    expect((await statuses(shop)).toSorted()).toEqual(['created', ...Array(4).fill('succeeded')]);
  });

  it('are read one by one where only the list fails', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 4);
    for (const session of sessions) await pay(session.stripe_session_id, 'paid');
    passTime(5 * MINUTE);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    stripeOf(async (request, real) =>
      new URL(request.url).pathname === '/v1/checkout/sessions'
        ? stripeErrorAnswer({ status: 500 })
        : await real(request),
    );
    await reconcileOnly();
    expect(await statuses(shop)).toEqual(Array(4).fill('succeeded'));
  });

  it('of which one does not fit are settled all the same, and that one is quarantined', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await openMany(shop, 3);
    for (const session of sessions) await pay(session.stripe_session_id, 'paid');
    await setPayment(sessions[1]?.id ?? 0, 'amount_minor', 1);
    passTime(5 * MINUTE);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await reconcileOnly();
    expect(await statuses(shop)).toEqual(['succeeded', 'created', 'succeeded']);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'amount_differs' }]);
  });
});
