import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import worker from '../../../src/index.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { DOCUMENTED_COSTS } from '../support/cost-page.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { losingQueue } from '../support/direct.ts';
import { heldEvents, openSession, requestOf, stripePost } from '../support/payments.ts';
import { type PayOutcome, pay } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const NAMED = { reference: '1042', customer_email: 'ann@example.com' };

/** What it costs to receive all Stripe events that follow a buyer's act. */
async function costOf(shop: TestWorkspace, outcome: PayOutcome, extra: Record<string, unknown> = NAMED) {
  const session = await openSession(shop, extra);
  await pay(session.stripe_session_id, outcome, 'ann@example.com');
  return await receive(shop);
}

/** What it costs to receive all Stripe events that are held now. */
async function receive(shop: TestWorkspace) {
  const events = await heldEvents(shop);
  expect(events.length).toBeGreaterThan(0);
  const database = countingD1(env);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const queue = losingQueue();
  const bindings = { ...env, ...database.bindings, WORKSPACE_GATE: gate, DELIVERIES: queue };
  for (const event of events) {
    const response = await worker.fetch(requestOf(event), bindings, createExecutionContext());
    expect(response.status).toBe(200);
  }
  return { ...database.counts, gateCalls: gate.calls.length, sendBatches: queue.calls.length };
}

describe('Settling costs', () => {
  it('for a paid session with reference and e-mail: one read, one atomic batch, one sendBatch, 3 rows', async () => {
    const shop = await newWorkspace();
    const cost = await costOf(shop, 'paid');
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    const roundTrips = 2;
    expect(cost).toMatchObject({ roundTrips, sendBatches: 1, gateCalls: 0, changes: 3, rowsWritten: 12 });
    const { rowsWritten, objectCalls, messages } = DOCUMENTED_COSTS.settle;
    expect([cost.rowsWritten, cost.gateCalls, cost.sendBatches]).toEqual([rowsWritten, objectCalls, messages]);
  });

  it.each([
    ['without reference or e-mail', {}, 12],
    ['with a reference', { reference: '1042' }, 13],
    ['with an e-mail', { customer_email: 'ann@example.com' }, 11],
  ])('for a paid session that was made %s: 3 rows, and their entries in indexes', async (_, extra, rowsWritten) => {
    expect(await costOf(await newWorkspace(), 'paid', extra)).toMatchObject({ changes: 3, rowsWritten });
  });

  it('for a paid session without an endpoint: 2 rows', async () => {
    expect(await costOf(await newWorkspace({ webhook: false }), 'paid', {})).toMatchObject({
      changes: 2,
      rowsWritten: 8,
    });
  });

  it("for a paid session of a link: the link's row with count and sum, written once", async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link();
    const cost = await costOf(shop, 'paid', { ...NAMED, payment_link_token: token });
    expect(cost.rowsWritten).toBe(DOCUMENTED_COSTS.settleLink.rowsWritten);
  });

  it.each([
    ['without a link', false, { changes: 3, rowsWritten: 14 }],
    ["of a link, with the link's sum", true, { changes: 4, rowsWritten: 15 }],
  ])('for a refund made at Stripe, %s: its row, one event, one delivery', async (_, isOfLink, expected) => {
    const shop = await newWorkspace();
    const { token } = await shop.link();
    await costOf(shop, 'paid', isOfLink ? { payment_link_token: token } : {});
    const [payment] = await rowsOf('payments', shop.workspace.id);
    const payment_intent = String(payment?.stripe_payment_intent_id);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent, amount: '100' });
    expect(await receive(shop)).toMatchObject(expected);
  });

  it('reads as many rows as the payment needs, however many payments there are', async () => {
    const shop = await newWorkspace();
    const first = await costOf(shop, 'paid');
    for (let more = 0; more < 5; more++) await costOf(shop, 'paid');
    const last = await costOf(shop, 'paid');
    expect(first.rowsRead).toBeGreaterThan(0);
    expect(last.rowsRead).toBeLessThanOrEqual(first.rowsRead + 1);
    expect(last.rowsRead).toBeLessThan(20);
  });

  it('for an expired session that was made with an e-mail: the same, and less to write', async () => {
    const shop = await newWorkspace();
    const cost = await costOf(shop, 'expired');
    const roundTrips = 2;
    expect(cost).toMatchObject({ roundTrips, sendBatches: 1, gateCalls: 0, changes: 3, rowsWritten: 11 });
  });

  it('for the same event again: one read and no write', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const [completed] = await heldEvents(shop, 'checkout.session.completed');
    if (!completed) throw new Error('The simulator sent no event');
    await worker.fetch(requestOf(completed), env, createExecutionContext());
    const database = countingD1(env);
    const queue = losingQueue();
    await worker.fetch(
      requestOf(completed),
      { ...env, ...database.bindings, DELIVERIES: queue },
      createExecutionContext(),
    );
    expect(database.counts).toMatchObject({ roundTrips: 1, changes: 0, rowsWritten: 0 });
    expect(queue.calls).toEqual([]);
  });

  it('for an event that is not ours: nothing at all', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'declined');
    const database = countingD1(env);
    const events = await heldEvents(shop);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      await worker.fetch(requestOf(event), { ...env, ...database.bindings }, createExecutionContext());
    }
    expect(database.counts.roundTrips).toBe(0);
  });
});
