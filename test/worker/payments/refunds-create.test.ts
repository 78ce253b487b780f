import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountOf, callWith, expectError, rowsOf } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { heldEvents, sendAll, stripePost } from '../support/payments.ts';
import {
  askRefund,
  dashboardRefund,
  expectOneRefund,
  expectRefund,
  paidSession,
  readPayment,
  refundRequests,
  refundRows,
  stripeRefunds,
} from '../support/refunds.ts';
import { control, stripeRequests } from '../support/simulator.ts';
import { call, newWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;

describe('a refund', () => {
  it('without an amount refunds all that is left, and is recorded in its row, the audit log, one event, and the payment', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop, { reference: '1042' });
    const refund = await expectOneRefund(shop, payment, await askRefund(shop, payment.id));
    expect(refund).toMatchObject({
      payment_id: payment.id,
      amount_cents: 4999,
      currency: 'GBP',
      status: 'succeeded',
      reason: null,
    });
    expect(await readPayment(shop, payment.id)).toMatchObject({
      status: 'refunded',
      refunded_cents: 4999,
      refunds: [refund],
    });
    const [request] = await refundRequests(shop);
    expect(request?.params).not.toHaveProperty('amount');
    expect(request?.idempotency_key).toMatch(new RegExp(`^op_${shop.shard}`));
    const events = await rowsOf('events', shop.workspace.id);
    const event = events.find(({ type }) => type === 'payments.payment.refunded');
    expect(JSON.parse(String(event?.body)).data).toMatchObject({
      payment_id: payment.id,
      refund_id: refund.stripe_refund_id,
      amount_cents: 4999,
      refunded_cents: 4999,
      payment_amount_cents: 4999,
      reference: '1042',
    });
  });

  it('takes no body at all, and null for what is not given', async () => {
    const shop = await newWorkspace(quiet);
    const [first, second] = [await paidSession(shop), await paidSession(shop)];
    const bare = await call(shop.key, 'POST', `/payments/${first.id}/refunds`);
    expect(await expectRefund(bare)).toMatchObject({ amount_cents: 4999 });
    const nulls = { amount_cents: null, amount: null, reason: null };
    expect(await expectRefund(await askRefund(shop, second.id, nulls))).toMatchObject({ amount_cents: 4999 });
  });

  it('of parts adds up to all, and the last takes what is left', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    expect(await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1000 }))).toMatchObject({
      amount_cents: 1000,
    });
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'partially_refunded', refunded_cents: 1000 });
    await expectRefund(await askRefund(shop, payment.id, { amount_cents: 2000 }));
    expect(await expectRefund(await askRefund(shop, payment.id))).toMatchObject({ amount_cents: 1999 });
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'refunded', refunded_cents: 4999 });
    const amounts = (await refundRequests(shop)).map(({ params }) => params.amount);
    expect(amounts).toEqual(['1000', '2000', undefined]);
  });

  it("passes Stripe's own reasons on, and keeps all others beside it", async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const reasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'Damaged in the post – 🙁'.padEnd(250, '.')];
    for (const reason of reasons) {
      const refund = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 100, reason }));
      expect(refund.reason).toBe(reason);
    }
    const blank = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 100, reason: ' ' }));
    expect(blank.reason).toBeNull();
    const sent = (await refundRequests(shop)).map(({ params }) => params);
    expect(sent.map(({ reason }) => reason)).toEqual([...reasons.slice(0, 3), undefined, undefined]);
    expect(sent[3]?.metadata).toMatchObject({ softsolz_reason: reasons[3] });
    expect(sent[4]?.metadata).not.toHaveProperty('softsolz_reason');
  });

  it("reported by Stripe's events too, before or after, is the same row", async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const response = await askRefund(shop, payment.id, { amount_cents: 1000, reason: 'Damaged' });
    const events = await heldEvents(shop);
    expect(events.length).toBeGreaterThan(0);
    await sendAll([...events, ...events.toReversed()]);
    const refund = await expectOneRefund(shop, payment, response);
    expect(await refundRows(shop)).toMatchObject([{ id: refund.id, reason: 'Damaged', status: 'succeeded' }]);
  });

  it('that fails later can be made again', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const first = await expectRefund(await askRefund(shop, payment.id));
    await control('POST', `/refunds/${first.stripe_refund_id}`, { status: 'failed' });
    await sendAll(await heldEvents(shop));
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'succeeded', refunded_cents: 0 });
    const second = await expectRefund(await askRefund(shop, payment.id));
    expect(second.id).not.toBe(first.id);
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'refunded', refunds: [{}, {}] });
  });

  it('follows the rules of its currency, unless it is all that is left', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop, { currency: 'isk', amount: undefined, amount_cents: 500_000 });
    const error = await expectError(await askRefund(shop, payment.id, { amount_cents: 1050 }), 400, 'invalid_amount');
    expect(error.details).toMatchObject([{ path: 'amount_cents', message: expect.stringContaining('100 (1.00 ISK)') }]);
    await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1100 }));
    await dashboardRefund(shop, payment, 498_850);
    await sendAll(await heldEvents(shop));
    expect(await expectRefund(await askRefund(shop, payment.id, { amount_cents: 50 }))).toMatchObject({
      amount_cents: 50,
    });
  });

  it('may be smaller than the smallest charge', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    expect(await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1 }))).toMatchObject({
      amount_cents: 1,
    });
  });

  it('is possible on an account that may not charge any more', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await shop.binding
      .prepare('UPDATE connected_accounts SET charges_enabled = 0 WHERE workspace_id = ?')
      .bind(shop.workspace.id)
      .run();
    await expectRefund(await askRefund(shop, payment.id));
  });

  it('costs three round trips beyond the key, and one call to Stripe', async () => {
    const shop = await newWorkspace();
    const payment = await paidSession(shop);
    const before = (await stripeRequests(accountOf(shop.account))).length;
    const database = countingD1(env);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const response = await askRefund(
      shop,
      payment.id,
      {},
      { key: 'k', bindings: { ...database.bindings, WORKSPACE_GATE: gate } },
    );
    await expectRefund(response);
    expect(database.counts.roundTrips).toBeLessThanOrEqual(1 + 3);
    expect(gate.calls).toEqual(['admit', 'finish']);
    expect((await stripeRequests(accountOf(shop.account))).length - before).toBe(1);
  });
});

describe('refunds at once', () => {
  it('of 60 % each: one of twenty succeeds, the others are refused', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop, { amount: 100 });
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        askRefund(shop, payment.id, { amount_cents: 6000 }, { key: `r-${index}` }),
      ),
    );
    const [won, ...more] = responses.filter(({ status }) => status === 201);
    expect(more).toEqual([]);
    for (const response of responses) if (response !== won) await expectError(response, 400, 'invalid_amount');
    if (won) await expectOneRefund(shop, payment, won);
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'partially_refunded', refunded_cents: 6000 });
  });

  it('of all that is left: one of twenty succeeds', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const responses = await Promise.all(Array.from({ length: 20 }, () => askRefund(shop, payment.id)));
    const [won, ...more] = responses.filter(({ status }) => status === 201);
    expect(more).toEqual([]);
    for (const response of responses) if (response !== won) await expectError(response, 409, 'payment_not_refundable');
    if (won) await expectOneRefund(shop, payment, won);
  });

  it('of parts that fit are all made, and none is lost', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop, { amount: 100 });
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        askRefund(shop, payment.id, { amount_cents: 1000 }, { key: `r-${index}` }),
      ),
    );
    const refunds = await Promise.all(responses.map(expectRefund));
    expect(new Set(refunds.map(({ id }) => id)).size).toBe(10);
    expect(await stripeRefunds(shop, payment)).toHaveLength(10);
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'refunded', refunded_cents: 10_000 });
  });

  it("that Stripe's event reports before its answer arrives are one row, which gets its operation", async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    // A row as it would have been written without our metadata.
    const made = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1000 }, { key: 'k' }));
    await shop.binding.prepare('UPDATE refunds SET operation_id = NULL WHERE id = ?').bind(made.id).run();
    const events = await heldEvents(shop);
    await sendAll(events);
    expect(await refundRows(shop)).toMatchObject([{ id: made.id, operation_id: expect.stringMatching(/^op_/) }]);
  });
});

describe('a refund that claims the operation of another', () => {
  it('is written without it: the merchant can edit metadata at Stripe', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const first = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1000 }));
    const second = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 500 }));
    await shop.binding.prepare('DELETE FROM refunds WHERE id = ?').bind(second.id).run();
    const [row] = await refundRows(shop);
    const path = `/v1/refunds/${second.stripe_refund_id}`;
    await stripePost(accountOf(shop.account), path, { 'metadata[softsolz_operation]': String(row?.operation_id) });
    await sendAll(await heldEvents(shop, 'refund.updated'));
    expect(await refundRows(shop)).toMatchObject([
      { id: first.id, operation_id: row?.operation_id },
      { stripe_refund_id: second.stripe_refund_id, operation_id: null, amount_minor: 500 },
    ]);
  });
});

describe('another workspace', () => {
  it('neither sees nor refunds the payment, whichever way it asks', async () => {
    const [shop, other] = [await newWorkspace(quiet), await newWorkspace(quiet)];
    const payment = await paidSession(shop);
    await expectError(await askRefund(other, payment.id), 404, 'not_found');
    const own = await callWith({}, other.key, 'POST', `/payments/${payment.id}/refunds`, {
      tenant_id: shop.workspace.id,
    });
    await expectError(own, 404, 'not_found');
    expect(await stripeRefunds(shop, payment)).toEqual([]);
  });
});
