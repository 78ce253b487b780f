import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { patchLink } from '../support/links.ts';
import { eventsOf, intentOf, madeAtStripe, sendQuietly, settledSession } from '../support/merchant-events.ts';
import { heldEvents, openSession, stripePost, tablesOf } from '../support/payments.ts';
import { expectPlace, expectSoldOut } from '../support/places.ts';
import { cron, MINUTE } from '../support/polling.ts';
import { restore } from '../support/restore.ts';
import { control, pay, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

// The database is restored to an earlier day. Merchants keep the ids of all events that they have received, and drop
// an event with an id that they know.

beforeEach(freezeTime);

afterEach(() => {
  vi.useRealTimers();
});

const idsOf = async (shop: TestWorkspace) => (await eventsOf(shop)).map(({ id }) => id);
const rowIdsOf = async (table: string, shop: TestWorkspace) =>
  (await rowsOf(table, shop.workspace.id)).map(({ id }) => Number(id));

/** A session that is paid at Stripe, and the Stripe events about it, which we have not received. */
async function paidAtStripe(shop: TestWorkspace) {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid', 'ann@example.com');
  return { session, stripeEvents: await heldEvents(shop) };
}

/** A workspace with the payment B, made after the copy to which the database is restored. */
async function withForgottenPayment() {
  const shop = await newWorkspace();
  await settledSession(shop);
  const copy = await tablesOf(shop.binding);
  passTime(MINUTE);
  const forgotten = await paidAtStripe(shop);
  await sendQuietly(forgotten.stripeEvents);
  const received = await idsOf(shop);
  expect(received).toHaveLength(2);
  await restore(shop.binding, copy);
  expect(await idsOf(shop)).toHaveLength(1);
  return { shop, ...forgotten, received };
}

describe('After the database was restored to an earlier day', () => {
  it('a new payment has a row id and an event id that were never used', async () => {
    const { shop, session, received } = await withForgottenPayment();
    const next = await paidAtStripe(shop);
    await sendQuietly(next.stripeEvents);
    expect(next.session.id).toBeGreaterThan(session.id);
    const [, told, ...more] = await idsOf(shop);
    expect(more).toEqual([]);
    expect(received).not.toContain(told);
  });

  it('a forgotten payment that Stripe reports again has the event id that it had', async () => {
    const { shop, session, stripeEvents, received } = await withForgottenPayment();
    await sendQuietly([...stripeEvents, ...stripeEvents]);
    expect(await idsOf(shop)).toEqual(received);
    // By row id it can lie before or after another payment of the same second.
    const rows = await rowsOf('payments', shop.workspace.id);
    const payment = rows.find((row) => row.stripe_session_id === session.stripe_session_id);
    expect(payment).toMatchObject({ status: 'succeeded' });
    expect(payment?.id).not.toBe(session.id);
  });

  it('a forgotten payment has a row id of its time that no other session is ever given, each time that it is forgotten', async () => {
    const { shop, session, stripeEvents } = await withForgottenPayment();
    const copy = await tablesOf(shop.binding);
    const adopted = [];
    for (const _ of [1, 2]) {
      await restore(shop.binding, copy);
      await openSession(shop);
      await sendQuietly(stripeEvents);
      const rows = await rowsOf('payments', shop.workspace.id);
      adopted.push(rows.find((row) => row.stripe_session_id === session.stripe_session_id));
    }
    const [first, again] = adopted;
    expect(again?.id).toBe(first?.id);
    expect(Number(first?.id) % 128).toBe(127);
    expect(session.id % 128).not.toBe(127);
    const createdAt = Date.UTC(2026, 0, 1) + Math.floor((Number(first?.id) % 2 ** 47) / 128);
    expect(Math.floor(createdAt / 1000) * 1000).toBe(first?.created_at);
  });

  it('a forgotten payment that the cron finds at Stripe has the event id that it had', async () => {
    const { shop, received } = await withForgottenPayment();
    await takeStripeEvents(accountOf(shop.account));
    passTime(MINUTE);
    await cron();
    expect(await idsOf(shop)).toEqual(received);
  });

  it('a forgotten refund and a forgotten dispute have the event ids that they had', async () => {
    const shop = await newWorkspace();
    const payment = await settledSession(shop);
    const other = await settledSession(shop);
    const copy = await tablesOf(shop.binding);
    passTime(MINUTE);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: payment.intent });
    const dispute = await madeAtStripe(`/payment_intents/${other.intent}/dispute`, {});
    await control('POST', `/disputes/${dispute}/close`, { status: 'won' });
    const stripeEvents = await heldEvents(shop);
    await sendQuietly(stripeEvents);
    const received = await idsOf(shop);
    const types = (await eventsOf(shop)).slice(2).map(({ type }) => type);
    expect(types).toEqual(['payments.payment.refunded', 'payments.dispute.opened', 'payments.dispute.closed']);
    const before = [...(await rowIdsOf('refunds', shop)), ...(await rowIdsOf('disputes', shop))];
    await restore(shop.binding, copy);
    passTime(MINUTE);
    await sendQuietly(stripeEvents);
    expect(await idsOf(shop)).toEqual(received);
    const after = [...(await rowIdsOf('refunds', shop)), ...(await rowIdsOf('disputes', shop))];
    for (const [index, id] of after.entries()) expect(id).toBeGreaterThan(Number(before[index]));
    expect(after).toHaveLength(2);
  });

  it('a later change of the account is not taken for the forgotten one', async () => {
    const shop = await newWorkspace();
    const copy = await tablesOf(shop.binding);
    const change = async (charges_enabled: boolean) => {
      passTime(MINUTE);
      await control('POST', `/accounts/${accountOf(shop.account)}/update`, { charges_enabled });
      await sendQuietly(await heldEvents(shop, 'account.updated'));
    };
    await change(false);
    await change(true);
    const received = await idsOf(shop);
    expect(received).toHaveLength(2);
    await restore(shop.binding, copy);
    await change(false);
    const events = await eventsOf(shop);
    expect(events).toMatchObject([{ type: 'payments.account.updated', data: { charges_enabled: false } }]);
    expect(received).not.toContain(events[0]?.id);
  });

  it('a later exhaustion of a link is not taken for the forgotten one', async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link({ maxPayments: 1 });
    const payPlace = async () => {
      const session = await expectPlace(shop, token);
      await pay(session.stripe_session_id, 'paid');
      await sendQuietly(await heldEvents(shop));
      return await intentOf(shop, session.stripe_session_id);
    };
    await payPlace();
    await patchLink(shop, token, { max_payments: 3 });
    const copy = await tablesOf(shop.binding);
    await patchLink(shop, token, { max_payments: 1 });
    const received = await idsOf(shop);
    expect(received).toHaveLength(3);
    await restore(shop.binding, copy);
    await expectSoldOut(shop, token);
    passTime(36 * MINUTE);
    await payPlace();
    passTime(MINUTE);
    await patchLink(shop, token, { max_payments: 1 });
    const exhausted = await eventsOf(shop, 'payments.link.exhausted');
    expect(exhausted.map(({ data }) => data.max_payments)).toEqual([1, 1]);
    expect(received).toContain(exhausted[0]?.id);
    expect(received).not.toContain(exhausted[1]?.id);
  });
});
