import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { heldEvents, openSession, quarantined, readSession, sendAll, stripePost } from '../support/payments.ts';
import { accountRow, cron, DAY, HOUR, listsAsked, MINUTE, poll, setAccount, setPayment } from '../support/polling.ts';
import { inEveryDatabase, SHARDS } from '../support/shards.ts';
import { control, pay, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function paidWithEventsLost(shop: TestWorkspace): Promise<{ id: number; intent: string }> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid', 'ann@example.com');
  await takeStripeEvents(accountOf(shop.account));
  passTime(MINUTE);
  await cron();
  const [row] = await rowsOf('payments', shop.workspace.id);
  return { id: session.id, intent: String(row?.stripe_payment_intent_id) };
}

describe('With every webhook of Stripe lost, the cron reads from its list of events', () => {
  it('a payment, at the next run and once, however often its events arrive later', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid', 'ann@example.com');
    const late = await heldEvents(shop);
    passTime(MINUTE);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    passTime(5 * MINUTE);
    await cron();
    vi.useRealTimers();
    await sendAll(late);
    const types = (await rowsOf('events', shop.workspace.id)).map((event) => event.type);
    expect(types).toEqual(['payments.payment.succeeded']);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    expect(late.length).toBeGreaterThan(0);
  });

  it('every step of a delayed payment, in order, also when all is read at once', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'processing');
    await pay(session.stripe_session_id, 'processing_succeeded');
    passTime(MINUTE);
    await cron();
    const [payment] = await rowsOf('payments', shop.workspace.id);
    const steps: { status: string }[] = JSON.parse(String(payment?.history));
    expect(steps.map((step) => step.status)).toEqual(['processing', 'succeeded']);
  });

  it('refunds, disputes and account changes made at Stripe', async () => {
    const shop = await newWorkspace();
    const account = accountOf(shop.account);
    const { intent } = await paidWithEventsLost(shop);
    await stripePost(account, '/v1/refunds', { payment_intent: intent, amount: '1000' });
    await stripePost(account, '/v1/refunds', { payment_intent: intent });
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    await control('POST', `/accounts/${account}/update`, { charges_enabled: false });
    passTime(5 * MINUTE);
    await cron();
    const refunds = await rowsOf('refunds', shop.workspace.id);
    expect(refunds.map((refund) => [refund.amount_minor, refund.status])).toEqual(
      expect.arrayContaining([
        [1000, 'succeeded'],
        [3999, 'succeeded'],
      ]),
    );
    const [dispute] = await rowsOf('disputes', shop.workspace.id);
    expect(dispute).toMatchObject({ status: 'needs_response', closed_at: null });
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0 });

    await control('POST', `/disputes/${dispute?.stripe_dispute_id}/close`, { status: 'lost' });
    // Only our clock has gone on: by Stripe's it happened before what was read last.
    await setAccount(shop, { stripe_events_read_to: null });
    passTime(5 * MINUTE);
    await cron();
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([{ status: 'lost', closed_at: Date.now() }]);
  });

  it('an event that does not fit, and quarantines it with its JSON', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await setPayment(session.id, 'amount_minor', 4998);
    passTime(MINUTE);
    await cron();
    const [row] = await quarantined(accountOf(shop.account));
    expect(row).toMatchObject({ reason: 'amount_differs', type: 'checkout.session.completed', livemode: 0 });
    expect(JSON.parse(String(row?.body))).toMatchObject({ id: row?.id, object: 'event' });
  });
});

describe('How often an account is read', () => {
  it('is every five minutes, from five minutes before the last time on', async () => {
    const shop = await newWorkspace();
    const start = Date.now();
    await cron();
    passTime(5 * MINUTE - 1);
    await cron();
    expect(await listsAsked(shop, '/v1/events')).toHaveLength(1);
    passTime(1);
    await cron();
    const [first, second, ...more] = (await listsAsked(shop, '/v1/events')).map((request) => request.params);
    const seconds = (ms: number) => String(Math.floor(ms / 1000));
    expect(first).toMatchObject({ created: { gte: seconds(start - 5 * MINUTE), lte: seconds(start) }, limit: '100' });
    expect(second).toMatchObject({ created: { gte: seconds(start - 5 * MINUTE), lte: seconds(start + 5 * MINUTE) } });
    expect(more).toEqual([]);
  });

  it('is every hour once it has had no payment for 35 days, and no more than 30 days are asked for', async () => {
    const shop = await newWorkspace();
    await setAccount(shop, { created_at: Date.now() - 36 * DAY });
    await cron();
    const [request] = await listsAsked(shop, '/v1/events');
    const from = String(Math.floor(Date.now() / 1000) - 30 * 24 * 60 * 60);
    expect(request?.params).toMatchObject({ created: { gte: from } });
    expect(await accountRow(shop)).toMatchObject({ next_stripe_events_read_at: floorSecond(Date.now()) + HOUR });

    await setAccount(shop, { next_stripe_events_read_at: 0 });
    const { id } = await paidWithEventsLost(shop);
    expect(await accountRow(shop)).toMatchObject({ next_stripe_events_read_at: Date.now() + 5 * MINUTE });
    await setPayment(id, 'created_at', Date.now() - 36 * DAY);
    passTime(5 * MINUTE);
    await cron();
    expect(await accountRow(shop)).toMatchObject({ next_stripe_events_read_at: floorSecond(Date.now()) + HOUR });
  });

  it('costs one round trip in each shard that reads hardly a row while none is due', async () => {
    await Promise.all([newWorkspace(), newWorkspace(), newWorkspace()]);
    await cron();
    const counted = countingD1(env);
    await poll(counted.bindings);
    expect(counted.counts).toMatchObject({ roundTrips: SHARDS.length, changes: 0 });
    expect(counted.counts.rowsRead).toBeLessThan(5);
  });

  it('costs no further round trip for an account that may not charge, as long as that stays so', async () => {
    const ready = await newWorkspace();
    // Accounts of another shard cost another number of round trips.
    const closed = await newWorkspace({ shard: ready.shard });
    await control('POST', `/accounts/${closed.account}/update`, { charges_enabled: false });
    await cron();
    const roundTrips = [];
    for (const shop of [ready, closed]) {
      // Its last event is not listed any more.
      passTime(HOUR);
      await cron();
      passTime(HOUR);
      await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
      await setAccount(shop, { next_stripe_events_read_at: 0 });
      const counted = countingD1(env);
      await poll(counted.bindings, shop.shard);
      roundTrips.push(counted.counts.roundTrips);
    }
    expect(await accountRow(closed)).toMatchObject({ charges_enabled: 0 });
    expect(roundTrips[1]).toBe(roundTrips[0]);
  });
});

function floorSecond(ms: number): number {
  return ms - (ms % 1000);
}
