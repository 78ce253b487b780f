import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountOf, callWith, expectSession } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { openSession } from '../support/payments.ts';
import { stripeRequests } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** What one request cost: round trips to the database, calls to the gate, requests to Stripe, rows. */
async function costOf(shop: TestWorkspace, { method, path, body, key }: Asked) {
  const database = countingD1(env);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const before = (await stripeRequests(accountOf(shop.account))).length;
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  const response = await callWith(
    { ...database.bindings, WORKSPACE_GATE: gate },
    shop.key,
    method,
    path,
    body,
    headers,
  );
  const stripe = (await stripeRequests(accountOf(shop.account))).length - before;
  const { roundTrips, changes, rowsWritten } = database.counts;
  return { response, cost: { roundTrips, gate: gate.calls, stripe }, rows: { changes, rowsWritten } };
}

const create = { method: 'POST', path: '/checkout-sessions', body: SESSION };

describe('creating a session costs', () => {
  it('two round trips, one call to Stripe, and two to the gate with a key', async () => {
    const shop = await newWorkspace();
    const { response, cost, rows } = await costOf(shop, { ...create, key: 'k' });
    await expectSession(response);
    expect(cost).toEqual({ roundTrips: 2, gate: ['admit', 'finish'], stripe: 1 });
    // The payment, and its entries in the indexes of operations, of Stripe sessions, and of sessions to check.
    expect(rows).toEqual({ changes: 1, rowsWritten: 4 });
  });

  it('one call to the gate without a key', async () => {
    const shop = await newWorkspace();
    const { response, cost } = await costOf(shop, create);
    await expectSession(response);
    expect(cost).toEqual({ roundTrips: 2, gate: ['admit'], stripe: 1 });
  });

  it('three round trips and one more entry of an index with a payment link', async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link();
    const body = { ...SESSION, payment_link_token: token, reference: '1042', metadata: { order_id: '1042' } };
    const { response, cost, rows } = await costOf(shop, { ...create, body, key: 'k' });
    await expectSession(response);
    expect(cost).toEqual({ roundTrips: 3, gate: ['admit', 'finish'], stripe: 1 });
    expect(rows).toEqual({ changes: 1, rowsWritten: 5 });
  });

  it('one more entry of an index with an e-mail', async () => {
    const shop = await newWorkspace();
    const body = { ...SESSION, customer_email: 'ann@example.com' };
    const { response, rows } = await costOf(shop, { ...create, body, key: 'k' });
    await expectSession(response);
    expect(rows).toEqual({ changes: 1, rowsWritten: 5 });
  });

  it('the same when other sessions and keys are there', async () => {
    const shop = await newWorkspace();
    for (let made = 0; made < 5; made++) await openSession(shop);
    await costOf(shop, { ...create, key: 'another' });
    const { cost, rows } = await costOf(shop, { ...create, key: 'k' });
    expect(cost).toEqual({ roundTrips: 2, gate: ['admit', 'finish'], stripe: 1 });
    expect(rows).toEqual({ changes: 1, rowsWritten: 4 });
  });
});

describe('the other requests cost', () => {
  it('a replay: one round trip, one call to the gate, nothing at Stripe, no row', async () => {
    const shop = await newWorkspace();
    await costOf(shop, { ...create, key: 'k' });
    const { response, cost, rows } = await costOf(shop, { ...create, key: 'k' });
    expect(response.headers.get('Idempotent-Replayed')).toBe('true');
    expect(cost).toEqual({ roundTrips: 1, gate: ['admit'], stripe: 0 });
    expect(rows).toEqual({ changes: 0, rowsWritten: 0 });
  });

  it('a read: two round trips and one call to the gate, and one to Stripe while the session is open', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    for (const stripe of [1, 0]) {
      const { response, cost, rows } = await costOf(shop, { method: 'GET', path: `/checkout-sessions/${id}` });
      await expectSession(response, 200);
      expect(cost).toEqual({ roundTrips: 2, gate: ['admit'], stripe });
      expect(rows).toEqual({ changes: 0, rowsWritten: 0 });
      await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`);
    }
  });

  it('a refused body: one round trip and one call to the gate', async () => {
    const shop = await newWorkspace();
    const { response, cost, rows } = await costOf(shop, { ...create, body: '{', key: 'k' });
    expect(response.status).toBe(400);
    expect(cost).toEqual({ roundTrips: 1, gate: ['admit'], stripe: 0 });
    expect(rows).toEqual({ changes: 0, rowsWritten: 0 });
  });

  it('an expiry: one call to Stripe, and rows for the session, its event and the audit log', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id } = await openSession(shop);
    const { response, cost, rows } = await costOf(shop, { method: 'POST', path: `/checkout-sessions/${id}/expire` });
    await expectSession(response, 200);
    expect(cost).toMatchObject({ gate: ['admit'], stripe: 1 });
    expect(cost.roundTrips).toBeLessThanOrEqual(4);
    expect(rows).toEqual({ changes: 3, rowsWritten: 9 });
  });
});
