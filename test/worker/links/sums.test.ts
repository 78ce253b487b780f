import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { accountOf, rowsOf, type SessionAnswer } from '../support/api.ts';
import { sendQuietly } from '../support/merchant-events.ts';
import { heldEvents, openSession } from '../support/payments.ts';
import { poll, reconcileOnly, setPayment } from '../support/polling.ts';
import { askRefund, dashboardRefund, expectRefund, type PaidSession, paidSession } from '../support/refunds.ts';
import { control, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** What the link's row says: how often it was paid, its sum, and what was refunded of it. */
async function sumsOf(shop: TestWorkspace, { id }: PaymentLink) {
  const rows = await rowsOf('payment_links', shop.workspace.id);
  const { paid_count, paid_minor, refunded_minor } = rows.find((row) => row.id === id) ?? {};
  return [paid_count, paid_minor, refunded_minor];
}

const open = (shop: TestWorkspace, { token }: PaymentLink) => openSession(shop, { payment_link_token: token });
const paid = (shop: TestWorkspace, { token }: PaymentLink) => paidSession(shop, { payment_link_token: token });

/** The session with its payment intent, as Stripe has it and we may not. */
async function atStripe(shop: TestWorkspace, session: SessionAnswer): Promise<PaidSession> {
  const sessions = await stripeSessions(accountOf(shop.account));
  return { ...session, intent: String(sessions.find(({ id }) => id === session.stripe_session_id)?.payment_intent) };
}

/** Sends all events that Stripe holds, twice, the second time in the other order. */
async function sendTwice(shop: TestWorkspace): Promise<void> {
  const held = await heldEvents(shop);
  await sendQuietly([...held, ...held.toReversed()]);
}

async function fail(shop: TestWorkspace, refundId: string): Promise<void> {
  await control('POST', `/refunds/${refundId}`, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
  await sendTwice(shop);
}

describe('The sum of a link', () => {
  it('has each of its payments once, settled by an event and by the cron, and no other', async () => {
    const shop = await newWorkspace();
    const [link, other] = [await shop.link({ amountMinor: 1999 }), await shop.link({ amountMinor: 100 })];
    expect(await sumsOf(shop, link)).toEqual([0, 0, 0]);

    const byEvent = await open(shop, link);
    await pay(byEvent.stripe_session_id, 'paid');
    const held = await heldEvents(shop);
    await sendQuietly([...held, ...held]);
    expect(await sumsOf(shop, link)).toEqual([1, 1999, 0]);

    const byCron = await open(shop, link);
    await pay(byCron.stripe_session_id, 'paid');
    const late = await heldEvents(shop);
    for (const { id } of [byEvent, byCron]) await setPayment(id, 'next_check_at', 0);
    await reconcileOnly();
    await reconcileOnly();
    expect(await sumsOf(shop, link)).toEqual([2, 3998, 0]);
    await sendQuietly(late);
    expect(await sumsOf(shop, link)).toEqual([2, 3998, 0]);
    expect(await sumsOf(shop, other)).toEqual([0, 0, 0]);
  });

  it('has a payment of the amount that the buyer entered, and of no attempt that failed', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 50 });
    for (const [amount_cents, outcome] of [
      [435, 'processing_succeeded'],
      [820, 'processing_failed'],
      [1150, 'expired'],
      [99_999_999, 'paid'],
    ] as const) {
      const session = await openSession(shop, { payment_link_token: link.token, amount_cents });
      await pay(session.stripe_session_id, outcome);
      await sendTwice(shop);
    }
    expect(await sumsOf(shop, link)).toEqual([2, 100_000_434, 0]);
  });

  it('has a payment whose session was lost here and taken over from Stripe, with what was refunded before', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 5000 });
    const session = await open(shop, link);
    await shop.binding.prepare('DELETE FROM payments WHERE id = ?').bind(session.id).run();
    await pay(session.stripe_session_id, 'paid');
    const completed = await heldEvents(shop);
    await dashboardRefund(shop, await atStripe(shop, session), 1200);
    const refunded = await heldEvents(shop);
    await sendQuietly([...completed, ...refunded, ...completed, ...refunded]);
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 1200]);
  });
});

describe('What was refunded of a link', () => {
  it('has each refund once, in part and in full, asked for here and made at Stripe', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 5000 });
    const [first, second, third] = [await paid(shop, link), await paid(shop, link), await paid(shop, link)];

    for (let times = 0; times < 2; times++) {
      await expectRefund(await askRefund(shop, first.id, { amount_cents: 1234 }, { key: 'in-part' }));
    }
    await sendTwice(shop);
    expect(await sumsOf(shop, link)).toEqual([3, 15_000, 1234]);

    await dashboardRefund(shop, second, 1);
    await dashboardRefund(shop, second);
    await sendTwice(shop);
    await poll({}, shop.shard);
    expect(await sumsOf(shop, link)).toEqual([3, 15_000, 6234]);

    await expectRefund(await askRefund(shop, first.id));
    await expectRefund(await askRefund(shop, third.id));
    await sendTwice(shop);
    expect(await sumsOf(shop, link)).toEqual([3, 15_000, 15_000]);
  });

  it('no longer has a refund that comes back later, in whatever order Stripe reports it', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 5000 });
    const session = await paid(shop, link);
    const late = await dashboardRefund(shop, session, 4000);
    await dashboardRefund(shop, session, 500);
    await sendTwice(shop);
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 4500]);
    await fail(shop, late);
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 500]);
    const made = await expectRefund(await askRefund(shop, session.id));
    expect(made.amount_cents).toBe(4500);
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 5000]);
  });

  it('never has a refund that had failed before it was first reported', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 5000 });
    const session = await paid(shop, link);
    await fail(shop, await dashboardRefund(shop, session, 4000));
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 0]);
  });

  it('has a refund that Stripe reports before the payment itself', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 5000 });
    const session = await open(shop, link);
    await pay(session.stripe_session_id, 'paid');
    const completed = await heldEvents(shop);
    await dashboardRefund(shop, await atStripe(shop, session), 700);
    await sendTwice(shop);
    expect(await sumsOf(shop, link)).toEqual([0, 0, 700]);
    await sendQuietly(completed);
    expect(await sumsOf(shop, link)).toEqual([1, 5000, 700]);
  });

  it('has nothing of a payment without a link', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await dashboardRefund(shop, await paidSession(shop), 500);
    await sendTwice(shop);
    expect(await sumsOf(shop, link)).toEqual([0, 0, 0]);
  });
});

describe('A database from before the sums', () => {
  it('gets them from its payments and refunds, and titles to search, as new links have them', async () => {
    const shop = await newWorkspace();
    const titles = ['  Straße 7 ', 'Ärzte ÖKO übermorgen', 'ΟΔΟΣ οδός', 'Весна', 'Đà Nẵng', '✂ Haircut'];
    const links = await Promise.all(titles.map((title) => shop.link({ title, amountMinor: 5000 })));
    const [link, other] = links;
    if (!link || !other) throw new Error('No links');
    const session = await paid(shop, link);
    await paid(shop, link);
    await paid(shop, other);
    await dashboardRefund(shop, session, 700);
    await fail(shop, await dashboardRefund(shop, session, 300));
    const before = await rowsOf('payment_links', shop.workspace.id);
    expect(before.map((row) => [row.paid_count, row.paid_minor, row.refunded_minor])).toEqual([
      [2, 10_000, 700],
      [1, 5000, 0],
      ...titles.slice(2).map(() => [0, 0, 0]),
    ]);

    await shop.binding.exec(
      "UPDATE payment_links SET paid_count = 0, paid_minor = 0, refunded_minor = 0, search_title = ''",
    );
    const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes('link_sums_and_totals'));
    const updates = migration?.queries.filter((query) => /^UPDATE /m.test(query)) ?? [];
    expect(updates).toHaveLength(4);
    for (const query of updates) await shop.binding.prepare(query).run();
    expect(await rowsOf('payment_links', shop.workspace.id)).toEqual(before);
  });
});
