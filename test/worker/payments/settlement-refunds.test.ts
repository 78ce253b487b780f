import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { countingD1, failingD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import {
  changed,
  eventOf,
  heldEvent,
  heldEvents,
  openSession,
  quarantined,
  readSession,
  requestOf,
  sendAll,
  stripePost,
} from '../support/payments.ts';
import { control, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const COMPLETED = 'checkout.session.completed';

/** A session paid at Stripe. Its Stripe events are still held. */
async function paidAtStripe(shop: TestWorkspace): Promise<{ id: number; intent: string }> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  const sessions = await stripeSessions(accountOf(shop.account));
  const intent = sessions.find((one) => one.id === session.stripe_session_id)?.payment_intent;
  return { id: session.id, intent: String(intent) };
}

async function settled(shop: TestWorkspace): Promise<{ id: number; intent: string }> {
  const payment = await paidAtStripe(shop);
  await sendAll(await heldEvents(shop));
  return payment;
}

/** A refund made in Stripe's dashboard. `amount` in minor units; none is all that is left. */
async function refund(shop: TestWorkspace, intent: string, amount?: number): Promise<string> {
  const made = await stripePost(accountOf(shop.account), '/v1/refunds', {
    payment_intent: intent,
    reason: 'requested_by_customer',
    ...(amount === undefined ? {} : { amount: String(amount) }),
  });
  return String(made.id);
}

const refundsOf = (shop: TestWorkspace) => rowsOf('refunds', shop.workspace.id);

describe("A refund in Stripe's dashboard", () => {
  it('of the whole amount makes the payment refunded', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    const refundId = await refund(shop, intent);
    await sendAll(await heldEvents(shop));

    expect(await readSession(shop, id)).toMatchObject({ status: 'refunded', amount_cents: 4999 });
    expect(await refundsOf(shop)).toMatchObject([
      {
        payment_id: id,
        stripe_refund_id: refundId,
        operation_id: null,
        status: 'succeeded',
        amount_minor: 4999,
        currency: 'GBP',
        reason: 'requested_by_customer',
      },
    ]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ object }) => object === String(id))).toEqual([]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('of a part makes it partially refunded, and refunded with the last part', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    for (const [amount, status] of [
      [1000, 'partially_refunded'],
      [2000, 'partially_refunded'],
      [1999, 'refunded'],
    ] as const) {
      await refund(shop, intent, amount);
      await sendAll(await heldEvents(shop));
      expect(await readSession(shop, id)).toMatchObject({ status });
    }
    expect((await refundsOf(shop)).map((row) => row.amount_minor)).toEqual([1000, 2000, 1999]);
  });

  it('is one row however often and by whichever event it is reported', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    await refund(shop, intent, 1000);
    const stripeEvents = await heldEvents(shop);
    expect(stripeEvents.map((event) => eventOf(event).type).sort()).toEqual(['charge.refunded', 'refund.created']);
    await Promise.all([...stripeEvents, ...stripeEvents, ...stripeEvents].map((event) => sendAll([event])));
    await sendAll([...stripeEvents, ...stripeEvents.toReversed()]);

    expect(await refundsOf(shop)).toHaveLength(1);
    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
  });

  it.each(['refund.created', 'charge.refunded'])('is recorded from %s alone', async (type) => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    await refund(shop, intent);
    await sendAll([await heldEvent(shop, type)]);
    expect(await refundsOf(shop)).toHaveLength(1);
    expect(await readSession(shop, id)).toMatchObject({ status: 'refunded' });
  });

  it('reported before the payment itself is recorded with the payment', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await paidAtStripe(shop);
    const completed = await heldEvent(shop, COMPLETED);
    await refund(shop, intent, 1000);
    await sendAll(await heldEvents(shop));
    expect(await readSession(shop, id)).toMatchObject({ status: 'created' });

    await sendAll([completed]);

    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
    expect(await refundsOf(shop)).toMatchObject([{ amount_minor: 1000, payment_id: id }]);
    expect((await rowsOf('events', shop.workspace.id)).map((row) => row.type)).toEqual([
      'payments.payment.refunded',
      'payments.payment.succeeded',
    ]);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('that fails later leaves the payment succeeded', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    const refundId = await refund(shop, intent);
    const made = await heldEvents(shop);
    await sendAll(made);
    await control('POST', `/refunds/${refundId}`, { status: 'failed' });
    await sendAll(await heldEvents(shop));

    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
    expect(await refundsOf(shop)).toMatchObject([{ status: 'failed', amount_minor: 4999 }]);

    await sendAll(made.filter((event) => eventOf(event).type === 'refund.created'));
    expect(await refundsOf(shop)).toMatchObject([{ status: 'failed' }]);
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
  });

  it('that failed is not counted beside one that succeeded', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    const first = await refund(shop, intent, 4000);
    await control('POST', `/refunds/${first}`, { status: 'failed' });
    await refund(shop, intent, 500);
    await sendAll((await heldEvents(shop)).toReversed());
    expect((await refundsOf(shop)).map((row) => [row.amount_minor, row.status]).sort()).toEqual([
      [4000, 'failed'],
      [500, 'succeeded'],
    ]);
    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
  });

  it('is matched by its payment intent where our metadata is gone from the charge', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    await refund(shop, intent, 1000);
    const bare = await changed(await heldEvent(shop, 'charge.refunded'), (content) => {
      content.data.object.metadata = {};
    });
    await sendAll([bare]);
    expect(await refundsOf(shop)).toMatchObject([{ payment_id: id, amount_minor: 1000 }]);
    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
  });

  it('is quarantined where our metadata names a payment and the charge another payment intent', async () => {
    const shop = await newWorkspace();
    const [first, second] = [await settled(shop), await settled(shop)];
    await refund(shop, first.intent, 1000);
    const crossed = await changed(await heldEvent(shop, 'charge.refunded'), (content) => {
      content.data.object.payment_intent = second.intent;
    });
    await sendAll([crossed]);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'payment_intent_of_another_session' }]);
    expect(await refundsOf(shop)).toEqual([]);
  });

  it('reported before the payment links its payment intent in the batch of the refund: both or neither', async () => {
    const shop = await newWorkspace();
    const { intent } = await paidAtStripe(shop);
    await heldEvents(shop);
    await refund(shop, intent, 1000);
    const stripeEvent = await heldEvent(shop, 'charge.refunded');
    const linked = async () => (await rowsOf('payments', shop.workspace.id))[0]?.stripe_payment_intent_id;
    // The workspace, the payment, and the one write.
    const roundTrips = 3;
    expect((await fetchWith(failingD1(env, roundTrips), requestOf(stripeEvent))).status).toBe(503);
    expect([await linked(), await refundsOf(shop)]).toEqual([null, []]);
    const database = countingD1(env);
    expect((await fetchWith(database.bindings, requestOf(stripeEvent))).status).toBe(200);
    expect(database.counts.roundTrips).toBe(roundTrips);
    expect(await linked()).toBe(intent);
    expect(await refundsOf(shop)).toMatchObject([{ amount_minor: 1000 }]);
  });

  it('answers 503 while Stripe cannot be asked, and is recorded when its event comes again', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    await refund(shop, intent);
    const stripeEvent = await heldEvent(shop, 'charge.refunded');
    const unreachable = { STRIPE_API_BASE: 'http://localhost:12199' };
    expect((await fetchWith(unreachable, requestOf(stripeEvent))).status).toBe(503);
    expect(await refundsOf(shop)).toEqual([]);
    await sendAll([stripeEvent]);
    expect(await readSession(shop, id)).toMatchObject({ status: 'refunded' });
  });
});
