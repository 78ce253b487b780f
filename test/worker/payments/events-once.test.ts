import { describe, expect, it } from 'vitest';
import { accountOf } from '../support/api.ts';
import { newLink } from '../support/links.ts';
import {
  deliverAll,
  deliveriesOf,
  eventsOf,
  intentOf,
  madeAtStripe,
  roundTripsOf,
  sendQuietly,
  sendThroughOutage,
  settledSession,
} from '../support/merchant-events.ts';
import { heldEvents, openSession, stripePost } from '../support/payments.ts';
import { expectPlace } from '../support/places.ts';
import { SHARDS } from '../support/shards.ts';
import { control, type PayOutcome, pay, type SignedEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** What Stripe sends at last, and the data of the one event that the merchant gets of it. */
interface Story {
  readonly stripeEvents: readonly SignedEvent[];
  readonly data: Record<string, unknown>;
}

/** A session that has gone through these outcomes; the events of all but the last are sent. */
async function session(shop: TestWorkspace, ...outcomes: PayOutcome[]): Promise<Story> {
  const { id, stripe_session_id } = await openSession(shop, { reference: '1042' });
  let stripeEvents: SignedEvent[] = [];
  for (const outcome of outcomes) {
    await sendQuietly(stripeEvents);
    await pay(stripe_session_id, outcome, 'ann@example.com');
    stripeEvents = await heldEvents(shop);
  }
  const isExpired = outcomes.at(-1) === 'expired';
  const data = {
    payment_id: id,
    amount_cents: 4999,
    currency: 'GBP',
    reference: '1042',
    customer_email: isExpired ? null : 'ann@example.com',
    stripe_session_id,
    stripe_payment_intent_id: isExpired ? null : await intentOf(shop, stripe_session_id),
    payment_link_id: null,
  };
  return { stripeEvents, data };
}

async function refund(shop: TestWorkspace): Promise<Story> {
  const { id, intent } = await settledSession(shop);
  const { id: refund_id } = await stripePost(accountOf(shop.account), '/v1/refunds', {
    payment_intent: intent,
    amount: '1000',
    reason: 'requested_by_customer',
  });
  const data = {
    payment_id: id,
    refund_id,
    amount_cents: 1000,
    currency: 'GBP',
    reason: 'requested_by_customer',
    payment_amount_cents: 4999,
    refunded_cents: 1000,
    reference: '1042',
    stripe_payment_intent_id: intent,
    payment_link_id: null,
  };
  return { stripeEvents: await heldEvents(shop), data };
}

async function dispute(shop: TestWorkspace, end: string | null): Promise<Story> {
  const { id, intent } = await settledSession(shop);
  const dispute_id = await madeAtStripe(`/payment_intents/${intent}/dispute`, {});
  let stripeEvents = await heldEvents(shop);
  if (end !== null) {
    await sendQuietly(stripeEvents);
    await control('POST', `/disputes/${dispute_id}/close`, { status: end });
    stripeEvents = await heldEvents(shop);
  }
  const data = {
    payment_id: id,
    dispute_id,
    amount_cents: 4999,
    currency: 'GBP',
    reason: expect.any(String),
    status: end ?? 'needs_response',
    reference: '1042',
    stripe_payment_intent_id: intent,
    payment_link_id: null,
  };
  return { stripeEvents, data };
}

async function lastPlace(shop: TestWorkspace): Promise<Story> {
  const { id } = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000, max_payments: 1 });
  const { stripe_session_id } = await expectPlace(shop, id);
  await pay(stripe_session_id, 'paid');
  return {
    stripeEvents: await heldEvents(shop),
    data: { payment_link_id: id, title: 'Lamp', max_payments: 1 },
  };
}

async function account(shop: TestWorkspace, act: 'update' | 'deauthorize'): Promise<Story> {
  const content = act === 'update' ? { charges_enabled: false } : {};
  await control('POST', `/accounts/${accountOf(shop.account)}/${act}`, content);
  const data = {
    stripe_account_id: shop.account,
    state: act === 'update' ? 'action_needed' : 'disconnected',
    charges_enabled: false,
    payouts_enabled: act === 'update',
    details_submitted: act === 'update',
    connected: act === 'update',
    requirements: act === 'update' ? expect.arrayContaining([expect.objectContaining({ awaiting: 'merchant' })]) : [],
  };
  return { stripeEvents: await heldEvents(shop), data };
}

const STORIES: readonly (readonly [string, string, (shop: TestWorkspace) => Promise<Story>])[] = [
  ['a payment', 'payments.payment.succeeded', (shop) => session(shop, 'paid')],
  [
    'a payment by a delayed method',
    'payments.payment.succeeded',
    (s) => session(s, 'processing', 'processing_succeeded'),
  ],
  ['a payment under way', 'payments.payment.processing', (shop) => session(shop, 'processing')],
  ['a payment that failed', 'payments.payment.failed', (shop) => session(shop, 'processing', 'processing_failed')],
  ['a session that expired', 'payments.checkout.expired', (shop) => session(shop, 'expired')],
  ['a refund', 'payments.payment.refunded', refund],
  ['a dispute', 'payments.dispute.opened', (shop) => dispute(shop, null)],
  ['a dispute that ends', 'payments.dispute.closed', (shop) => dispute(shop, 'lost')],
  ['the last place of a link', 'payments.link.exhausted', lastPlace],
  ['an account that may charge no more', 'payments.account.updated', (shop) => account(shop, 'update')],
  ['an account that goes', 'payments.account.updated', (shop) => account(shop, 'deauthorize')],
];

describe.each(STORIES)('%s is recorded as %s', (_what, type, begin) => {
  /** One event of this type with this data, and one delivery of it. */
  async function expectOne(shop: TestWorkspace, data: Record<string, unknown>): Promise<void> {
    const events = await eventsOf(shop, type);
    expect(events.map((event) => event.data)).toEqual([data]);
    expect(await deliveriesOf(shop, type)).toHaveLength(1);
  }

  it('with its data, and arrives at the endpoint as it is written', async () => {
    const shop = await newWorkspace();
    const { stripeEvents, data } = await begin(shop);
    expect(await eventsOf(shop, type)).toEqual([]);
    await sendQuietly(stripeEvents);
    await expectOne(shop, data);
    const arrived = await deliverAll(shop);
    expect(arrived.filter((event) => event.type === type)).toEqual(await eventsOf(shop, type));
    expect(arrived).toHaveLength((await eventsOf(shop)).length);
  });

  it('once, when Stripe doubles and turns around its events', async () => {
    const shop = await newWorkspace();
    const { stripeEvents, data } = await begin(shop);
    await sendQuietly([...stripeEvents.toReversed(), ...stripeEvents, ...stripeEvents.toReversed()]);
    await expectOne(shop, data);
  });

  it('once, when Stripe sends it five times at once', async () => {
    const shop = await newWorkspace();
    const { stripeEvents, data } = await begin(shop);
    const times = Array.from({ length: 5 }, () => stripeEvents).flat();
    const statuses = await Promise.all(times.map(async (event) => (await sendQuietly([event]))[0]));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await expectOne(shop, data);
  });

  it.each(SHARDS)('once, wherever a database fails in between, in the shard %s', async (shard) => {
    const counted = await newWorkspace({ shard });
    const roundTrips = await roundTripsOf((await begin(counted)).stripeEvents);
    expect(roundTrips).toBeGreaterThanOrEqual(2);
    for (let nth = 1; nth <= roundTrips; nth++) {
      for (const when of ['before', 'after'] as const) {
        const shop = await newWorkspace({ shard });
        const { stripeEvents, data } = await begin(shop);
        expect(await sendThroughOutage(stripeEvents, nth, when)).toBe(true);
        await expectOne(shop, data);
      }
    }
  });

  it('also where nobody listens: the event is there to be read', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { stripeEvents, data } = await begin(shop);
    await sendQuietly(stripeEvents);
    expect((await eventsOf(shop, type)).map((event) => event.data)).toEqual([data]);
    expect(await deliveriesOf(shop, type)).toEqual([]);
  });
});
