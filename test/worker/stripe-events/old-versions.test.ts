import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf, type SessionAnswer } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { losingQueue } from '../support/direct.ts';
import {
  changed,
  eventOf,
  everything,
  heldEvent,
  heldEvents,
  openSession,
  quarantined,
  readSession,
  sendAll,
  stripePost,
} from '../support/payments.ts';
import { accountRow, MINUTE, poll, setAccount } from '../support/polling.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { control, pay, sendStripeEvent, stripeRequests, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const OLD = '2019-12-03';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A workspace whose account lists its events in an old API version. Its sessions are read by their events alone. */
async function oldAccount(): Promise<TestWorkspace> {
  const shop = await newWorkspace();
  await control('POST', '/accounts', { id: shop.account, livemode: false, api_version: OLD });
  return shop;
}

/** Every webhook is lost, and the cron reads the account's events. */
async function readEvents(shop: TestWorkspace): Promise<void> {
  await takeStripeEvents(accountOf(shop.account));
  await setAccount(shop, { next_stripe_events_read_at: 0, stripe_events_read_to: null });
  passTime(MINUTE);
  await poll({ RETRIES: losingQueue() });
}

async function readsOf(shop: TestWorkspace, path: string): Promise<string[]> {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.map((request) => request.path).filter((asked) => asked.startsWith(`${path}/`));
}

describe('An account whose own API version is old', () => {
  it('has its paid, expired and failed sessions settled from its list of events', async () => {
    const shop = await oldAccount();
    const outcomes = { paid: 'succeeded', expired: 'expired', processing_failed: 'failed' } as const;
    const sessions: SessionAnswer[] = [];
    for (const [outcome, status] of Object.entries(outcomes)) {
      const session = await openSession(shop);
      await control('POST', `/sessions/${session.stripe_session_id}/pay`, { outcome });
      sessions.push({ ...session, status });
    }
    await readEvents(shop);
    for (const { id, status } of sessions) expect(await readSession(shop, id)).toMatchObject({ status });
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    const reads = async () => {
      const settled = sessions.filter(({ status }) => status !== 'failed').map((one) => one.stripe_session_id);
      const paths = await readsOf(shop, '/v1/checkout/sessions');
      return paths.filter((path) => settled.some((id) => path.endsWith(id))).length;
    };
    expect(await reads()).toBe(2);
    await readEvents(shop);
    expect(await reads()).toBe(2);
  });

  it('has refunds, disputes and its own state recorded from its list of events', async () => {
    const shop = await oldAccount();
    const account = accountOf(shop.account);
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await readEvents(shop);
    const [payment] = await rowsOf('payments', shop.workspace.id);
    const intent = String(payment?.stripe_payment_intent_id);
    await stripePost(account, '/v1/refunds', { payment_intent: intent, amount: '1000' });
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    await control('POST', `/accounts/${account}/update`, { charges_enabled: false });
    await readEvents(shop);
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ amount_minor: 1000, status: 'succeeded' }]);
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([{ status: 'needs_response' }]);
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0 });
    expect(await quarantined(account)).toEqual([]);
    const types = (await rowsOf('events', shop.workspace.id)).map((event) => String(event.type));
    await readEvents(shop);
    expect((await rowsOf('events', shop.workspace.id)).map((event) => event.type)).toEqual(types);
    expect(types.toSorted()).toEqual([
      'payments.account.updated',
      'payments.dispute.opened',
      'payments.payment.refunded',
      'payments.payment.succeeded',
    ]);
  });

  it('has a refund that comes back reported from its list of events', async () => {
    const shop = await oldAccount();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await readEvents(shop);
    const [payment] = await rowsOf('payments', shop.workspace.id);
    const params = { payment_intent: String(payment?.stripe_payment_intent_id), amount: '1000' };
    const { id } = await stripePost(accountOf(shop.account), '/v1/refunds', params);
    const refunded = eventOf(await heldEvent(shop, 'charge.refunded')).created + 1;
    await readEvents(shop);
    // The event of the charge, which leads to all its refunds, is not read again.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await control('POST', `/refunds/${id}`, { status: 'failed', failure_reason: 'declined' });
    await setAccount(shop, { next_stripe_events_read_at: 0, stripe_events_read_to: refunded * 1000 });
    await poll({ RETRIES: losingQueue() });
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([
      { status: 'failed', failure_reason: 'declined' },
    ]);
    const types = (await rowsOf('events', shop.workspace.id)).map((event) => String(event.type));
    expect(types.toSorted()).toEqual([
      'payments.payment.refunded',
      'payments.payment.succeeded',
      'payments.refund.failed',
    ]);
  });

  it('costs no call for sessions of its other business', async () => {
    const shop = await oldAccount();
    await openSession(shop);
    const other = await stripePost(accountOf(shop.account), '/v1/checkout/sessions', {
      mode: 'payment',
      success_url: 'https://shop.example/thanks',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'gbp',
      'line_items[0][price_data][unit_amount]': '500',
      'line_items[0][price_data][product_data][name]': 'A book',
    });
    await pay(String(other.id), 'paid');
    const { events, payments } = await everything();
    await readEvents(shop);
    expect(await readsOf(shop, '/v1/checkout/sessions')).toEqual([]);
    expect(await everything()).toMatchObject({ events, payments });
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('has an orphaned session adopted from its list of events', async () => {
    const shop = await oldAccount();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await shop.binding.prepare('DELETE FROM payments WHERE id = ?').bind(session.id).run();
    await readEvents(shop);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      { status: 'succeeded', stripe_session_id: session.stripe_session_id, amount_minor: 4999 },
    ]);
  });
});

describe('A webhook of another API version', () => {
  it('is read anew, so that its shape does not count', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const [completed] = await heldEvents(shop, 'checkout.session.completed');
    if (!completed) throw new Error('There is no event');
    const old = await changed(completed, (content) => {
      content.api_version = OLD;
      content.data.object = { id: session.stripe_session_id, payment_intent: { id: 'pi_wrong' }, amount_total: 'x' };
    });
    vi.useRealTimers();
    await sendAll([old]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row?.stripe_payment_intent_id).not.toBe('pi_wrong');
    const before = await readsOf(shop, '/v1/checkout/sessions');
    await sendAll([old]);
    expect(await readsOf(shop, '/v1/checkout/sessions')).toEqual(before);
  });

  it('is quarantined where it claims an object of ours that Stripe does not have', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const event = await heldEvent(shop, 'checkout.session.completed');
    const strange = await changed(event, (content) => {
      content.api_version = OLD;
      Object.assign(content.data.object, { id: 'cs_test_nowhere' });
    });
    vi.useRealTimers();
    const response = await sendStripeEvent(strange);
    expect(response.status).toBe(200);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'object_unreadable' }]);
  });

  it('of our own version is trusted: it costs no call', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const before = (await stripeRequests(accountOf(shop.account))).length;
    vi.useRealTimers();
    await sendAll(await heldEvents(shop));
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await stripeRequests(accountOf(shop.account))).toHaveLength(before);
  });
});
