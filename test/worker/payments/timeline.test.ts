import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readTimeline, type TimelineEntry } from '../../../src/domain/payments/timeline.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { attempt } from '../support/deliveries.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../support/events.ts';
import { seedMerchant } from '../support/merchant-rows.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { changed, eventOf } from '../support/payments.ts';
import { personIn } from '../support/person.ts';
import { notingD1 } from '../support/rows-read.ts';
import { type SignedEvent, scriptSink } from '../support/simulator.ts';
import {
  dispute,
  newTraveller,
  openSession,
  pay,
  refund,
  sendEvents,
  type Traveller,
  takeEvents,
  travel,
  travelStripe,
} from '../support/travel.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const LATER_PAID = 'checkout.session.async_payment_succeeded';
const LATER_FAILED = 'checkout.session.async_payment_failed';

afterEach(() => {
  vi.useRealTimers();
});

/** Attempts all deliveries of the workspace that wait. */
async function attemptAll({ shop }: Traveller): Promise<void> {
  const rows = await rowsOf('deliveries', shop.workspace.id);
  await attempt(rows.filter(({ status }) => status === 'pending').map(({ id }) => String(id)));
}

/** The payment of this event failed, and not yet succeeded. */
const failedInstead = (event: SignedEvent) =>
  changed(event, (content) => {
    content.id = `${content.id}Failed`;
    content.type = LATER_FAILED;
    Object.assign(content.data.object, { payment_status: 'unpaid' });
  });

function described(entry: TimelineEntry): unknown[] {
  switch (entry.kind) {
    case 'session':
      return ['session', entry.madeBy.kind];
    case 'payment':
      return ['payment', entry.status];
    case 'refund':
      return ['refund', entry.status, entry.refund.amountMinor];
    case 'dispute':
      return ['dispute', entry.state, entry.dispute.status];
    case 'event':
      return ['event', entry.event.type, ...entry.event.deliveries.map((sent) => [sent.status, sent.attemptCount])];
  }
}

describe('The timeline of a payment', () => {
  it('that failed, was paid, refunded in part and disputed has all of it, with webhooks that failed first', async () => {
    const traveller = await newTraveller();
    const { shop } = traveller;
    const startedAt = Date.now();
    await scriptSink(shop.sink, { status: 500 });
    const session = await openSession(traveller, {});
    await travel(1);
    await pay(session, 'processing');
    await sendEvents(await takeEvents(traveller));
    await travel(1);
    await pay(session, 'processing_succeeded');
    const paid = (await takeEvents(traveller)).find((event) => eventOf(event).type === LATER_PAID);
    if (!paid) throw new Error('Stripe has sent no event of the payment');
    await sendEvents([await failedInstead(paid)]);
    await attemptAll(traveller);
    await travel(1);
    await sendEvents([paid]);
    await travel(1);
    await refund(traveller, session, 1000);
    await sendEvents(await takeEvents(traveller));
    await travel(10);
    await scriptSink(shop.sink, { status: 200 });
    await attemptAll(traveller);
    await dispute(traveller, session);
    await sendEvents(await takeEvents(traveller));

    const timeline = await readTimeline(await personIn(shop), session.id);
    const minutes = timeline.entries.map((entry) => [Math.round((entry.at - startedAt) / 60_000), ...described(entry)]);
    expect(minutes).toEqual([
      [0, 'session', 'key'],
      [1, 'payment', 'processing'],
      [1, 'event', 'payments.payment.processing', ['succeeded', 2]],
      [2, 'payment', 'failed'],
      [2, 'event', 'payments.payment.failed', ['succeeded', 2]],
      [3, 'payment', 'succeeded'],
      [3, 'event', 'payments.payment.succeeded', ['succeeded', 1]],
      [4, 'refund', 'succeeded', 1000],
      [4, 'event', 'payments.payment.refunded', ['succeeded', 1]],
      [14, 'dispute', 'opened', 'needs_response'],
      [14, 'event', 'payments.dispute.opened', ['pending', 0]],
    ]);
    expect(timeline).toMatchObject({ isCut: false, payment: { id: session.id, refundedMinor: 1000 } });
    const [made] = timeline.entries;
    const [key] = (await rowsOf('api_keys', shop.workspace.id)).filter(({ kind }) => kind === 'secret');
    expect(made).toEqual({
      kind: 'session',
      at: startedAt,
      madeBy: { kind: 'key', key: { id: key?.id, name: key?.name, prefix: 'sk_test_', last4: key?.last4 } },
    });
  });

  it('has what an event is about before the event, also where the clock of Stripe is ahead', async () => {
    const traveller = await newTraveller();
    const session = await openSession(traveller, {});
    await travel(1);
    await pay(session, 'paid');
    await sendEvents(await takeEvents(traveller));
    await travel(1);
    await travelStripe(20);
    await refund(traveller, session, 1000);
    await dispute(traveller, session);
    await sendEvents(await takeEvents(traveller));

    const { entries } = await readTimeline(await personIn(traveller.shop), session.id);
    const kinds = entries.map((entry) => (entry.kind === 'event' ? entry.event.type : entry.kind));
    expect(kinds.indexOf('refund')).toBeGreaterThan(0);
    expect(kinds.indexOf('refund')).toBeLessThan(kinds.indexOf('payments.payment.refunded'));
    expect(kinds.indexOf('dispute')).toBeGreaterThan(0);
    expect(kinds.indexOf('dispute')).toBeLessThan(kinds.indexOf('payments.dispute.opened'));
  });

  it('names the link or button of a buyer, and says so where nothing is known', async () => {
    const shop = await newWorkspace({ webhook: false });
    const person = await personIn(shop);
    const makerOf = async (row: Parameters<typeof seedPayments>[2]) => {
      const [id = 0] = await seedPayments(shop, 1, { status: 'succeeded', ...row });
      const [first] = (await readTimeline(person, id)).entries;
      return first?.kind === 'session' ? first.madeBy : null;
    };
    for (const kind of ['link', 'button'] as const) {
      const { id, token, title } = await shop.link({ kind });
      expect(await makerOf({ paymentLinkId: id })).toEqual({ kind, token, title });
    }
    expect(await makerOf({})).toEqual({ kind: 'unknown' });
  });

  it('names each endpoint of an event, also one that is deleted by now', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [id = 0] = await seedPayments(shop, 1, { status: 'succeeded' });
    const seeded = await seedEvents(shop, 1, { paymentId: id });
    const kept = await addEndpointRow(shop);
    const gone = await addEndpointRow(shop);
    await seedDeliveries(shop, kept.id, seeded, { status: 'succeeded', attempts: 1 });
    await seedDeliveries(shop, gone.id, seeded, { status: 'failed', attempts: 10 });
    await call(shop.key, 'DELETE', `/webhook-endpoints/${gone.id}`);
    const events = (await readTimeline(await personIn(shop), id)).entries.flatMap((entry) =>
      entry.kind === 'event' ? entry.event.deliveries : [],
    );
    expect(events.map((sent) => [sent.endpointUrl, sent.status, sent.attemptCount]).sort()).toEqual(
      [
        [kept.url, 'succeeded', 1],
        [null, 'failed', 10],
      ].sort(),
    );
  });

  it('is there for an open session, and for nobody in another workspace', async () => {
    const shop = await newWorkspace({ webhook: false });
    const other = await newWorkspace({ webhook: false, shard: shop.shard });
    const [id = 0] = await seedPayments(shop, 1, { status: 'created' });
    expect((await readTimeline(await personIn(shop), id)).entries.map(described)).toEqual([['session', 'unknown']]);
    await expect(readTimeline(await personIn(other), id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(readTimeline(await personIn(shop), 12)).rejects.toMatchObject({ code: 'not_found' });
  });
});

/** A timeline, and what reading it costs. */
async function costOf(shop: TestWorkspace, id: number) {
  const noting = notingD1(env);
  const timeline = await readTimeline(await personIn(shop, noting.bindings), id);
  return { timeline, rows: await noting.rowsRead(), plan: await noting.plan() };
}

describe('The cost of a timeline', () => {
  it('is one round trip, and the same rows in a shop of 20,000 payments', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id: endpoint } = await addEndpointRow(shop);
    const merchant = { shop, link: await shop.link() };
    await seedMerchant(merchant, 0, 500);
    const refunded = await rowsOf('refunds', shop.workspace.id);
    // Not the latest one: a range at the end of an index ends without a further row.
    const id = Number(refunded[Math.floor(refunded.length / 2)]?.payment_id);
    await seedDeliveries(shop, endpoint, await seedEvents(shop, 3, { paymentId: id }));
    const small = await costOf(shop, id);
    const database = countingD1(env);
    await readTimeline(await personIn(shop, database.bindings), id);
    expect(database.counts.roundTrips).toBe(1);

    await seedMerchant(merchant, 500, 20_000);
    const large = await costOf(shop, id);
    expect(large.timeline).toEqual(small.timeline);
    expect(large.timeline.entries.filter(({ kind }) => kind === 'event').length).toBeGreaterThan(3);
    expect(large.rows).toBe(small.rows);
    expect(large.rows).toBeLessThan(60);
    expect(large.plan.filter((line) => /^SCAN (?!latest)/.test(line))).toEqual([]);
  });

  it('is bounded for a payment with very many events: it has the latest, and says that there are more', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoints = [];
    for (let made = 0; made < 12; made++) endpoints.push(await addEndpointRow(shop));
    const [id = 0] = await seedPayments(shop, 1, { status: 'succeeded' });
    const seeded = await seedEvents(shop, 300, { paymentId: id });
    for (const { id: endpointId } of endpoints) await seedDeliveries(shop, endpointId, seeded);
    const { timeline, rows } = await costOf(shop, id);
    expect(timeline.isCut).toBe(true);
    const events = timeline.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
    expect(events.map((event) => event.id)).toEqual(seeded.slice(-50).map((event) => event.id));
    const counts = events.map(({ deliveries }) => deliveries.length);
    expect([counts.at(-1), counts.reduce((sum, count) => sum + count, 0)]).toEqual([12, 500]);
    expect(rows).toBeLessThan(2_500);
  });
});
