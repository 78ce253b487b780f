import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, callWith, expectError } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { heldEvents, openSession, sendAll } from '../support/payments.ts';
import { askRefund, dashboardRefund, expectRefund, paidSession, readPayment } from '../support/refunds.ts';
import { control, pay, stripeRequests } from '../support/simulator.ts';
import { call, newWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;

afterEach(() => {
  vi.useRealTimers();
});

/** A buyer disputes the payment at their bank. Answers Stripe's id of the dispute. */
async function dispute(intent: string): Promise<string> {
  const made = await control('POST', `/payment_intents/${intent}/dispute`, {});
  if (typeof made !== 'object' || made === null || !('id' in made)) throw new Error('No dispute was made');
  return String(made.id);
}

describe('a payment', () => {
  it('shows what was paid, and its history from the session on', async () => {
    const shop = await newWorkspace(quiet);
    freezeTime();
    const session = await openSession(shop, {
      description: 'Order #1042',
      reference: '1042',
      customer_email: 'ada@example.com',
      metadata: { order_id: '7' },
    });
    passTime(90_000);
    await pay(session.stripe_session_id, 'paid', 'lovelace@example.com');
    await sendAll(await heldEvents(shop));
    const payment = await readPayment(shop, session.id);
    expect(payment).toEqual({
      id: session.id,
      status: 'succeeded',
      amount_cents: 4999,
      refunded_cents: 0,
      currency: 'GBP',
      description: 'Order #1042',
      reference: '1042',
      customer_email: 'lovelace@example.com',
      metadata: { order_id: '7' },
      payment_link_id: null,
      payment_link_token: null,
      stripe_session_id: session.stripe_session_id,
      stripe_payment_intent_id: expect.stringMatching(/^pi_/),
      created_at: session.created_at,
      updated_at: expect.any(String),
      refunds: [],
      disputes: [],
      history: [
        { type: 'created', at: session.created_at },
        { type: 'succeeded', at: payment.updated_at },
      ],
    });
    expect(Date.parse(payment.updated_at) - Date.parse(payment.created_at)).toBe(90_000);
  });

  it('of a delayed method shows every step of its history', async () => {
    const shop = await newWorkspace(quiet);
    for (const [outcome, end] of [
      ['processing_succeeded', 'succeeded'],
      ['processing_failed', 'failed'],
    ] as const) {
      const session = await openSession(shop);
      await pay(session.stripe_session_id, 'processing');
      await sendAll(await heldEvents(shop));
      const types = async () => (await readPayment(shop, session.id)).history.map(({ type }) => type);
      expect(await types()).toEqual(['created', 'processing']);
      await pay(session.stripe_session_id, outcome);
      await sendAll(await heldEvents(shop));
      expect(await types()).toEqual(['created', 'processing', end]);
      expect(await readPayment(shop, session.id)).toMatchObject({ status: end });
    }
  });

  it('shows its refunds, whoever made them, and those that failed', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const ours = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1000, reason: 'Damaged' }));
    const theirs = await dashboardRefund(shop, payment, 500);
    await control('POST', `/refunds/${ours.stripe_refund_id}`, { status: 'failed' });
    await sendAll(await heldEvents(shop));
    const read = await readPayment(shop, payment.id);
    expect(read).toMatchObject({ status: 'partially_refunded', refunded_cents: 500 });
    expect(read.refunds).toEqual([
      { ...ours, status: 'failed', failure_reason: 'unknown' },
      expect.objectContaining({
        payment_id: payment.id,
        amount_cents: 500,
        status: 'succeeded',
        stripe_refund_id: theirs,
        reason: null,
      }),
    ]);
    const types = read.history.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(['created', 'succeeded']);
    expect(types.slice(2).sort()).toEqual(['refund.failed', 'refund.succeeded', 'refund.succeeded']);
  });

  it('shows its disputes, open and closed', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const disputeId = await dispute(payment.intent);
    await sendAll(await heldEvents(shop));
    const open = await readPayment(shop, payment.id);
    expect(open.disputes).toMatchObject([
      { amount_cents: 4999, currency: 'GBP', status: 'needs_response', stripe_dispute_id: disputeId, closed_at: null },
    ]);
    expect(open.history.map(({ type }) => type)).toEqual(['created', 'succeeded', 'dispute.opened']);
    await control('POST', `/disputes/${disputeId}/close`, { status: 'won' });
    await sendAll(await heldEvents(shop));
    const closed = await readPayment(shop, payment.id);
    expect(closed.disputes).toMatchObject([{ status: 'won', closed_at: expect.any(String) }]);
    expect(closed.history.map(({ type }) => type)).toEqual([
      'created',
      'succeeded',
      'dispute.opened',
      'dispute.closed',
    ]);
  });

  it('has its history in order of time', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const { stripe_refund_id: id } = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 100 }));
    await dispute(payment.intent);
    await sendAll(await heldEvents(shop));
    freezeTime();
    passTime(60_000);
    await control('POST', `/refunds/${id}`, { status: 'failed' });
    await sendAll(await heldEvents(shop));
    const { history } = await readPayment(shop, payment.id);
    expect(history.map(({ type }) => type)).toEqual([
      ...['created', 'succeeded', 'refund.succeeded', 'dispute.opened', 'refund.failed'],
    ]);
    const times = history.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('that was erased shows neither e-mail nor metadata', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop, { metadata: { order_id: '7' } });
    await shop.binding
      .prepare("UPDATE payments SET customer_email = NULL, metadata = '{}' WHERE id = ?")
      .bind(payment.id)
      .run();
    expect(await readPayment(shop, payment.id)).toMatchObject({ customer_email: null, metadata: {} });
  });

  it('costs two round trips, one call to the gate, and nothing at Stripe', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const before = (await stripeRequests(accountOf(shop.account))).length;
    const database = countingD1(env);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const bindings = { ...database.bindings, WORKSPACE_GATE: gate };
    expect((await callWith(bindings, shop.key, 'GET', `/payments/${payment.id}`)).status).toBe(200);
    expect([database.counts.roundTrips, database.counts.rowsWritten, gate.calls]).toEqual([2, 0, ['admit']]);
    expect((await stripeRequests(accountOf(shop.account))).length).toBe(before);
  });
});

describe('a payment is 404', () => {
  it('for an id that does not exist or is not valid', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    for (const none of [
      id + 1_000_000,
      0,
      -1,
      `0${id}`,
      `${id}.0`,
      '1e3',
      '9007199254740993',
      'x',
      '%00',
      `${id}%20`,
    ]) {
      await expectError(await call(shop.key, 'GET', `/payments/${none}`), 404, 'not_found');
    }
  });

  it('while its session is open, and where it has expired', async () => {
    const shop = await newWorkspace(quiet);
    const session = await openSession(shop);
    await expectError(await call(shop.key, 'GET', `/payments/${session.id}`), 404, 'not_found');
    await pay(session.stripe_session_id, 'expired');
    await sendAll(await heldEvents(shop));
    await expectError(await call(shop.key, 'GET', `/payments/${session.id}`), 404, 'not_found');
  });

  it('for another workspace, and for the other mode of the same', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    const live = await newWorkspace({ ...quiet, mode: 'live', pairOf: shop });
    const unknown = await call(shop.key, 'GET', `/payments/${id + 1_000_000}`);
    const text = await unknown.text();
    for (const other of [live, await newWorkspace(quiet)]) {
      const foreign = await call(other.key, 'GET', `/payments/${id}`);
      expect([foreign.status, await foreign.text()]).toEqual([404, text]);
    }
  });
});
