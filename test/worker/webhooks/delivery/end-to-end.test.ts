import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../../support/api.ts';
import { attemptsOf } from '../../support/deliveries.ts';
import { heldEvents, openSession, sendAll } from '../../support/payments.ts';
import { pay, scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };

async function payOne(shop: TestWorkspace): Promise<number> {
  const session = await openSession(shop, { reference: '1042' });
  await pay(session.stripe_session_id, 'paid');
  await sendAll(await heldEvents(shop));
  return session.id;
}

async function deliveryOf(shop: TestWorkspace): Promise<Record<string, unknown>> {
  const [delivery] = await rowsOf('deliveries', shop.workspace.id);
  return delivery ?? {};
}

// Each waits for the queue, which takes seconds: they wait together.
describe.concurrent('Through the real queue', () => {
  it.each(['sandbox', 'live'] as const)('a payment in %s mode reaches the merchant, signed', async (mode) => {
    const shop = await newWorkspace({ mode });
    const id = await payOne(shop);
    await vi.waitFor(async () => expect(await deliveryOf(shop)).toMatchObject({ status: 'succeeded' }), PATIENCE);

    const received = await sinkRequests(shop.sink);
    expect(received).toHaveLength(1);
    const [{ body, headers } = { body: '', headers: {} }] = received;
    const [event] = await rowsOf('events', shop.workspace.id);
    expect(body).toBe(event?.body);
    expect(new Webhook(shop.webhookSecret ?? '').verify(body, headers)).toMatchObject({
      type: 'payments.payment.succeeded',
      tenant_id: shop.workspace.id,
      data: { payment_id: id, reference: '1042' },
    });
    const delivery = await deliveryOf(shop);
    expect(delivery).toMatchObject({ attempt_count: 1, next_attempt_at: null, claim: null });
    expect(await attemptsOf(String(delivery.id))).toMatchObject([
      { number: 1, status_code: 200, error: null, response_body: '{"received":true}' },
    ]);
  });

  it('a delivery that failed comes again by itself', async () => {
    const shop = await newWorkspace();
    await scriptSink(shop.sink, { status: 503, times: 1 });
    await payOne(shop);
    await vi.waitFor(async () => expect(await deliveryOf(shop)).toMatchObject({ status: 'succeeded' }), PATIENCE);

    const received = await sinkRequests(shop.sink);
    expect(received.map((request) => request.status)).toEqual([503, 200]);
    const delivery = await deliveryOf(shop);
    expect(await attemptsOf(String(delivery.id))).toMatchObject([
      { number: 1, status_code: 503 },
      { number: 2, status_code: 200 },
    ]);
  });

  it('many payments at once each reach the merchant once', async () => {
    const shop = await newWorkspace();
    const ids = await Promise.all(Array.from({ length: 15 }, () => openSession(shop)));
    await Promise.all(ids.map((session) => pay(session.stripe_session_id, 'paid')));
    const stripeEvents = await heldEvents(shop);
    await Promise.all([...stripeEvents, ...stripeEvents].map((event) => sendAll([event])));

    const pending = shop.binding.prepare(
      "SELECT count(*) AS n FROM deliveries WHERE workspace_id = ? AND status <> 'succeeded'",
    );
    await vi.waitFor(async () => expect(await pending.bind(shop.workspace.id).first('n')).toBe(0), PATIENCE);
    const received = await sinkRequests(shop.sink);
    expect(received.map((request) => JSON.parse(request.body).data.payment_id).sort()).toEqual(
      ids.map((session) => session.id).sort(),
    );
  });
});
