import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { fetchWith, losingQueue } from '../support/direct.ts';
import {
  eventOf,
  heldEvent,
  heldEvents,
  openSession,
  quarantined,
  readSession,
  requestOf,
  sendAll,
} from '../support/payments.ts';
import { pay, stripeSessions } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const envelope = z.strictObject({
  id: z.string().regex(/^evt_[01][0-9a-f]{32}$/),
  type: z.string(),
  created_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  tenant_id: z.string(),
  data: z.record(z.string(), z.unknown()),
});

async function onlyEvent(shop: TestWorkspace) {
  const events = await rowsOf('events', shop.workspace.id);
  expect(events).toHaveLength(1);
  return { row: events[0], envelope: envelope.parse(JSON.parse(String(events[0]?.body))) };
}

async function payAndSettle(shop: TestWorkspace, stripeSessionId: string, email?: string): Promise<void> {
  await pay(stripeSessionId, 'paid', email);
  await sendAll(await heldEvents(shop));
}

async function subscribe(shop: TestWorkspace, events: string[]): Promise<string> {
  const url = `${SIMULATED.stripeUrl}/sink/${shop.sink}-${crypto.randomUUID()}`;
  const { endpoint } = await createEndpoint(await contextOf(shop.workspace), { url, events });
  return endpoint.id;
}

describe('A paid session', () => {
  it('becomes a payment: status, one event, one delivery, one step of its history', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await payAndSettle(shop, session.stripe_session_id, 'ann@example.com');

    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded', url: null });
    const [stripeSession] = await stripeSessions(accountOf(shop.account));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      {
        id: session.id,
        status: 'succeeded',
        stripe_payment_intent_id: stripeSession?.payment_intent,
        customer_email: 'ann@example.com',
        next_check_at: null,
      },
    ]);
    const { row } = await onlyEvent(shop);
    expect(row).toMatchObject({ type: 'payments.payment.succeeded', payment_id: session.id });
    const [endpoint] = await rowsOf('webhook_endpoints', shop.workspace.id);
    expect(await rowsOf('deliveries', shop.workspace.id)).toMatchObject([
      { event_id: row?.id, endpoint_id: endpoint?.id },
    ]);
    const [payment] = await rowsOf('payments', shop.workspace.id);
    expect(JSON.parse(String(payment?.history))).toEqual([{ status: 'succeeded', at: expect.any(Number) }]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ object }) => object === String(session.id))).toEqual([]);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('sends the merchant exactly the published payload', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop, { reference: '1042' });
    await payAndSettle(shop, session.stripe_session_id, 'buyer@example.com');

    const [stripeSession] = await stripeSessions(accountOf(shop.account));
    const { row, envelope: stripeEvents } = await onlyEvent(shop);
    expect(stripeEvents).toEqual({
      id: row?.id,
      type: 'payments.payment.succeeded',
      created_at: `${new Date(Number(row?.created_at)).toISOString().slice(0, 19)}Z`,
      tenant_id: shop.workspace.id,
      data: {
        payment_id: session.id,
        amount_cents: 4999,
        currency: 'GBP',
        reference: '1042',
        customer_email: 'buyer@example.com',
        stripe_session_id: session.stripe_session_id,
        stripe_payment_intent_id: stripeSession?.payment_intent,
        payment_link_id: null,
      },
    });
  });

  it('names the payment link by its token, and carries the price of the link', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: 700, currency: 'EUR' });
    const session = await openSession(shop, { payment_link_token: link.token });
    await payAndSettle(shop, session.stripe_session_id);

    expect(session.payment_link_id).toBe(link.id);
    expect((await onlyEvent(shop)).envelope.data).toMatchObject({
      payment_link_id: link.token,
      amount_cents: 700,
      currency: 'EUR',
      reference: null,
    });
  });

  it("carries the request's e-mail where the buyer gave no other", async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop, { customer_email: 'asked@example.com' });
    await payAndSettle(shop, session.stripe_session_id);
    expect((await onlyEvent(shop)).envelope.data.customer_email).toBe('asked@example.com');
  });

  it("prefers the e-mail given at Stripe to the request's", async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop, { customer_email: 'asked@example.com' });
    await payAndSettle(shop, session.stripe_session_id, 'given@example.com');
    expect((await onlyEvent(shop)).envelope.data.customer_email).toBe('given@example.com');
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ customer_email: 'given@example.com' }]);
  });

  it('keeps the integer amounts of currencies without cents and with three decimals', async () => {
    const shop = await newWorkspace();
    for (const [currency, amount, minor] of [
      ['jpy', 500, 500],
      ['kwd', 1.23, 1230],
    ] as const) {
      const session = await openSession(shop, { currency, amount });
      await payAndSettle(shop, session.stripe_session_id);
      const events = await rowsOf('events', shop.workspace.id);
      const published = envelope.parse(JSON.parse(String(events.at(-1)?.body)));
      expect(published.data).toMatchObject({ amount_cents: minor, currency: currency.toUpperCase() });
    }
  });
});

describe('The deliveries of a payment', () => {
  it('go to every endpoint that asked for the event and to no other', async () => {
    const shop = await newWorkspace();
    const [all] = await rowsOf('webhook_endpoints', shop.workspace.id);
    const succeeded = await subscribe(shop, ['payments.payment.succeeded']);
    await subscribe(shop, ['payments.refund.created']);
    const disabled = await subscribe(shop, ['*']);
    await shop.binding.prepare("UPDATE webhook_endpoints SET status = 'disabled' WHERE id = ?").bind(disabled).run();
    const stranger = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');

    const queue = losingQueue();
    await fetchWith({ DELIVERIES: queue }, requestOf(await heldEvent(shop, 'checkout.session.completed')));

    const deliveries = await rowsOf('deliveries', shop.workspace.id);
    expect(deliveries.map((row) => row.endpoint_id).sort()).toEqual([all?.id, succeeded].sort());
    expect(deliveries).toEqual(deliveries.map((row) => ({ ...row, status: 'pending', attempt_count: 0, claim: null })));
    expect(queue.sent.map((message) => message.deliveryId).sort()).toEqual(deliveries.map((row) => row.id).sort());
    expect(await rowsOf('deliveries', stranger.workspace.id)).toEqual([]);
  });

  it('are none without an endpoint: the payment and its event are there all the same', async () => {
    const shop = await newWorkspace({ webhook: false });
    const session = await openSession(shop);
    await payAndSettle(shop, session.stripe_session_id);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    await onlyEvent(shop);
    expect(await rowsOf('deliveries', shop.workspace.id)).toEqual([]);
  });

  it('are woken by one sendBatch per hundred', async () => {
    const shop = await newWorkspace();
    const [first] = await rowsOf('webhook_endpoints', shop.workspace.id);
    const copy = shop.binding.prepare(
      `INSERT INTO webhook_endpoints SELECT ? AS id, workspace_id, url, events, description, metadata, status,
        disabled_reason, disabled_at, sealed_secret, sealed_previous_secret, previous_secret_valid_until,
        secret_operation_id, failing_since, created_at, updated_at FROM webhook_endpoints WHERE id = ?`,
    );
    await shop.binding.batch(Array.from({ length: 119 }, (_, index) => copy.bind(`${first?.id}${index}`, first?.id)));
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');

    const queue = losingQueue();
    const stripeEvent = await heldEvent(shop, 'checkout.session.completed');
    expect((await fetchWith({ DELIVERIES: queue }, requestOf(stripeEvent))).status).toBe(200);
    expect(queue.calls).toEqual([100, 20]);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(120);
  });
});

describe('A session that is not paid', () => {
  it('stays open when the card is declined', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'declined');
    const events = await heldEvents(shop);
    expect(events.map((event) => eventOf(event).type)).toContain('charge.failed');
    await sendAll(events);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'created', url: session.url });
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
  });

  it('expires, and the merchant gets only that event', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'expired');
    await sendAll(await heldEvents(shop));
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'expired', url: null });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ next_check_at: null }]);
    expect((await onlyEvent(shop)).envelope).toMatchObject({
      type: 'payments.checkout.expired',
      data: { payment_id: session.id, stripe_session_id: session.stripe_session_id, stripe_payment_intent_id: null },
    });
  });
});
