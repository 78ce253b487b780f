import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { losingQueue } from '../support/direct.ts';
import {
  deliveriesOf,
  eventsOf,
  eventTypesOf,
  intentOf,
  sendQuietly,
  sendThroughOutage,
  settledSession,
} from '../support/merchant-events.ts';
import { eventOf, heldEvents, openSession, stripePost } from '../support/payments.ts';
import { cron, MINUTE } from '../support/polling.ts';
import { askRefund, expectRefund, listPayments, readPayment, refundRows } from '../support/refunds.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { control, pay, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const REFUNDED = 'payments.payment.refunded';
const FAILED = 'payments.refund.failed';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A refund in Stripe's dashboard. Its events are held. */
async function dashboardRefund(shop: TestWorkspace, intent: string, amount: number): Promise<string> {
  const params = { payment_intent: intent, amount: String(amount) };
  return String((await stripePost(accountOf(shop.account), '/v1/refunds', params)).id);
}

async function moveTo(refundId: string, status: string, reason?: string): Promise<void> {
  await control('POST', `/refunds/${refundId}`, { status, ...(reason ? { failure_reason: reason } : {}) });
}

/** New refunds on this account have this status at Stripe. */
async function newRefundsAre(shop: TestWorkspace, status: 'pending' | 'requires_action'): Promise<void> {
  await control('POST', '/conditions', { account: shop.account, refund_status: status });
}

describe('A refund that succeeded and comes back later', () => {
  it('is reported once, with what then stands, and its amount can be refunded again', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settledSession(shop);
    const first = await dashboardRefund(shop, intent, 4000);
    await dashboardRefund(shop, intent, 500);
    await sendQuietly(await heldEvents(shop));
    expect(await readPayment(shop, id)).toMatchObject({ status: 'partially_refunded', refunded_cents: 4500 });

    await moveTo(first, 'failed', 'expired_or_canceled_card');
    const held = await heldEvents(shop);
    await sendQuietly([...held, ...held, ...held.toReversed()]);
    const [event, ...more] = await eventsOf(shop, FAILED);
    expect(more).toEqual([]);
    expect(event?.data).toEqual({
      payment_id: id,
      refund_id: first,
      amount_cents: 4000,
      currency: 'GBP',
      status: 'failed',
      reason: null,
      failure_reason: 'expired_or_canceled_card',
      payment_amount_cents: 4999,
      refunded_cents: 500,
      reference: '1042',
      stripe_payment_intent_id: intent,
      payment_link_id: null,
    });
    expect(await deliveriesOf(shop, FAILED)).toHaveLength(1);
    const payment = await readPayment(shop, id);
    expect(payment).toMatchObject({ status: 'partially_refunded', refunded_cents: 500 });
    expect(payment.refunds).toMatchObject([
      { stripe_refund_id: first, status: 'failed', failure_reason: 'expired_or_canceled_card' },
      { status: 'succeeded', failure_reason: null },
    ]);
    const [failed] = await refundRows(shop);
    const statuses = JSON.parse(String(failed?.history)).map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(['succeeded', 'failed']);

    const again = await expectRefund(await askRefund(shop, id));
    expect(again).toMatchObject({ amount_cents: 4499, status: 'succeeded' });
    expect(await readPayment(shop, id)).toMatchObject({ status: 'refunded', refunded_cents: 4999 });
  });

  it('makes a refunded payment paid again, in lists too', async () => {
    const shop = await newWorkspace();
    const { id } = await settledSession(shop);
    const refund = await expectRefund(await askRefund(shop, id));
    expect(await readPayment(shop, id)).toMatchObject({ status: 'refunded' });
    await moveTo(refund.stripe_refund_id, 'failed');
    await sendQuietly(await heldEvents(shop));
    expect(await readPayment(shop, id)).toMatchObject({ status: 'succeeded', refunded_cents: 0 });
    expect((await listPayments(shop, '?status=succeeded')).data).toMatchObject([{ id, refunded_cents: 0 }]);
    expect((await listPayments(shop, '?status=refunded')).data).toEqual([]);
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', REFUNDED, FAILED]);
  });

  it('has both its success and its failure in the history of the payment', async () => {
    const shop = await newWorkspace();
    const { id } = await settledSession(shop);
    const refund = await expectRefund(await askRefund(shop, id));
    await moveTo(refund.stripe_refund_id, 'failed');
    await sendQuietly(await heldEvents(shop));
    const { history } = await readPayment(shop, id);
    expect(history.map(({ type }) => type)).toEqual(['created', 'succeeded', 'refund.succeeded', 'refund.failed']);
  });

  it('is reported once where the database fails at any moment', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; nth <= 4; nth++) {
        const shop = await newWorkspace();
        const { intent } = await settledSession(shop);
        const refund = await dashboardRefund(shop, intent, 4000);
        await sendQuietly(await heldEvents(shop));
        await moveTo(refund, 'failed');
        await sendThroughOutage(await heldEvents(shop), nth, when);
        expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', REFUNDED, FAILED]);
        expect(await deliveriesOf(shop, FAILED)).toHaveLength(1);
      }
    }
  });

  it('that Stripe reports before the success is only reported as failed', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const refund = await dashboardRefund(shop, intent, 4000);
    const early = await heldEvents(shop, 'refund.created');
    await moveTo(refund, 'failed');
    await sendQuietly([...(await heldEvents(shop)), ...early]);
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', FAILED]);
    expect(await refundRows(shop)).toMatchObject([{ status: 'failed', failure_reason: 'unknown' }]);
  });
});

describe('A refund that never succeeds', () => {
  it.each(['failed', 'canceled'] as const)('and is %s after it was pending is reported once', async (status) => {
    const shop = await newWorkspace();
    await newRefundsAre(shop, 'requires_action');
    const { id } = await settledSession(shop);
    const refund = await expectRefund(await askRefund(shop, id, { amount_cents: 1000, reason: 'Broken on arrival' }));
    expect(refund).toMatchObject({ status: 'requires_action', failure_reason: null });
    expect(await readPayment(shop, id)).toMatchObject({ status: 'partially_refunded', refunded_cents: 1000 });
    await moveTo(refund.stripe_refund_id, status);
    const held = await heldEvents(shop);
    await sendQuietly([...held, ...held]);
    const [event, ...more] = await eventsOf(shop, FAILED);
    expect(more).toEqual([]);
    expect(event?.data).toMatchObject({
      status,
      amount_cents: 1000,
      reason: 'Broken on arrival',
      failure_reason: status === 'failed' ? 'unknown' : null,
      refunded_cents: 0,
    });
    expect(await eventsOf(shop, REFUNDED)).toEqual([]);
    const payment = await readPayment(shop, id);
    expect(payment).toMatchObject({ status: 'succeeded', refunded_cents: 0 });
    expect(payment.history.map(({ type }) => type)).toEqual([
      ...['created', 'succeeded', 'refund.requires_action', `refund.${status}`],
    ]);
  });

  it('and fails in the answer of Stripe is answered as failed, and reported', async () => {
    const shop = await newWorkspace();
    const { id } = await settledSession(shop);
    stripeOf(async (request, real) => {
      const isRefund = request.method === 'POST' && new URL(request.url).pathname === '/v1/refunds';
      const response = await real(request);
      if (!isRefund) return response;
      const refund: object = await response.json();
      return Response.json({ ...refund, status: 'failed', failure_reason: 'declined' });
    });
    const refund = await expectRefund(await askRefund(shop, id, {}, { bindings: { DELIVERIES: losingQueue() } }));
    expect(refund).toMatchObject({ status: 'failed', failure_reason: 'declined', amount_cents: 4999 });
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', FAILED]);
    expect(await readPayment(shop, id)).toMatchObject({ status: 'succeeded', refunded_cents: 0 });
  });

  it('is reported with a payment whose row was lost', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await shop.binding.prepare('DELETE FROM payments WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await pay(session.stripe_session_id, 'paid');
    const completed = await heldEvents(shop, 'checkout.session.completed');
    const intent = await intentOf(shop, session.stripe_session_id);
    const refund = await dashboardRefund(shop, intent, 1000);
    await moveTo(refund, 'failed');
    const later = await heldEvents(shop);
    await sendQuietly([...completed, ...later, ...completed]);
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', FAILED]);
    expect(await deliveriesOf(shop, FAILED)).toHaveLength(1);
    expect((await eventsOf(shop, FAILED))[0]?.data).toMatchObject({ refund_id: refund, refunded_cents: 0 });
  });
});

describe('With every webhook of Stripe lost', () => {
  beforeEach(async () => {
    await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
    freezeTime();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('a refund that comes back is reported by the cron, and not again when the webhooks come late', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await takeStripeEvents(accountOf(shop.account));
    const intent = await intentOf(shop, session.stripe_session_id);
    const refund = await dashboardRefund(shop, intent, 4999);
    passTime(MINUTE);
    await cron();
    expect(await readPayment(shop, session.id)).toMatchObject({ status: 'refunded' });
    await moveTo(refund, 'failed');
    const late = await heldEvents(shop);
    passTime(5 * MINUTE);
    await cron();
    expect(await readPayment(shop, session.id)).toMatchObject({ status: 'succeeded', refunded_cents: 0 });
    vi.useRealTimers();
    expect(late.map((event) => eventOf(event).type)).toContain('refund.failed');
    await sendQuietly(late);
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded', REFUNDED, FAILED]);
  });
});
