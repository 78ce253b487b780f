import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, create, drain, harness, onAccount, pay, sentTypes, useShop, verified } from './support/shop.ts';

useShop();

describe('paying a session', () => {
  it('completes it with a payment intent and a charge, and says so in four events', async () => {
    const session = await create({
      metadata: { on: 'session' },
      payment_intent_data: { metadata: { softsolz_operation: 'op_1' } },
    });
    const { status, json } = await pay(session.id, 'paid', 'ann@example.com');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { email: 'ann@example.com' },
    });
    const paid = await harness.stripe.checkout.sessions.retrieve(
      session.id,
      { expand: ['payment_intent.latest_charge'] },
      onAccount,
    );
    expect(paid.payment_intent).toMatchObject({
      status: 'succeeded',
      amount_received: 1999,
      metadata: { softsolz_operation: 'op_1' },
      latest_charge: { status: 'succeeded', paid: true, amount: 1999, metadata: { softsolz_operation: 'op_1' } },
    });
    expect(paid.metadata).toEqual({ on: 'session' });
    expect(await sentTypes()).toEqual([
      'payment_intent.created',
      'payment_intent.succeeded',
      'charge.succeeded',
      'checkout.session.completed',
    ]);
  });

  it.each([
    ['mastercard', { type: 'card', card: { brand: 'mastercard', last4: '4444', wallet: null } }],
    ['apple_pay', { type: 'card', card: { brand: 'visa', last4: '4242', wallet: { type: 'apple_pay' } } }],
    ['link_card', { type: 'card', card: { wallet: { type: 'link', dynamic_last4: null } } }],
    ['paypal', { type: 'paypal', paypal: { payer_email: 'payer@example.net' } }],
    ['ideal', { type: 'ideal', ideal: { bank: 'ing' } }],
  ])('has the details of the method in the charge: %s', async (method, details) => {
    const session = await create();
    await harness.control('POST', `/_control/sessions/${session.id}/pay`, { outcome: 'paid', method });
    const expand = ['payment_intent.latest_charge'];
    expect(await harness.stripe.checkout.sessions.retrieve(session.id, { expand }, onAccount)).toMatchObject({
      payment_intent: { latest_charge: { payment_method_details: details } },
    });
  });

  it('is seen in the list of sessions too, with the payment intent where there is one', async () => {
    const [open, failed] = [await create(), await create()];
    await pay(failed.id, 'processing_failed');
    const { data } = await harness.stripe.checkout.sessions.list({ expand: ['data.payment_intent'] }, onAccount);
    expect(data.map(({ id, payment_intent: intent }) => [id, intent])).toEqual([
      [failed.id, expect.objectContaining({ object: 'payment_intent', status: 'requires_payment_method' })],
      [open.id, null],
    ]);
  });

  it('keeps the session open when the card is declined, and uses the same intent for the next try', async () => {
    const session = await create();
    expect((await pay(session.id, 'declined')).json).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
    });
    expect(await sentTypes()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    await pay(session.id, 'paid');
    expect(await sentTypes()).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'checkout.session.completed']);
    expect((await harness.stripe.paymentIntents.list({}, onAccount)).data).toHaveLength(1);
  });

  it.each([
    [
      'processing_succeeded',
      'paid',
      ['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.async_payment_succeeded'],
    ],
    [
      'processing_failed',
      'unpaid',
      ['charge.failed', 'payment_intent.payment_failed', 'checkout.session.async_payment_failed'],
    ],
  ])('completes a bank payment unpaid, then settles it by %s', async (outcome, paymentStatus, types) => {
    const session = await create();
    expect((await pay(session.id, 'processing')).json).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    expect(await sentTypes()).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'checkout.session.completed',
    ]);
    expect((await pay(session.id, outcome)).json).toMatchObject({ status: 'complete', payment_status: paymentStatus });
    expect(await sentTypes()).toEqual(types);
    expect((await pay(session.id, outcome)).status).toBe(409);
  });

  it('goes through processing first when an open session is settled', async () => {
    const session = await create();
    await pay(session.id, 'processing_failed');
    expect(await sentTypes()).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'checkout.session.completed',
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
  });

  it('refuses to pay an expired or unknown session', async () => {
    const session = await create();
    expect((await pay(session.id, 'expired')).json).toMatchObject({ status: 'expired' });
    expect((await pay(session.id, 'paid')).status).toBe(409);
    expect((await pay('cs_test_none', 'paid')).status).toBe(404);
    expect((await pay(session.id, 'stolen')).status).toBe(400);
  });
});

describe('events', () => {
  it('sends a test event to both endpoints, each signed with its own secret', async () => {
    const session = await create();
    await pay(session.id, 'expired');
    const requests = await drain();
    expect(requests.map((request) => request.url)).toEqual([ENDPOINTS.test.url, ENDPOINTS.live.url]);
    const [toTest, toLive] = requests;
    if (!toTest || !toLive) throw new Error('two requests expected');
    expect(verified(toTest, ENDPOINTS.test.secret)).toMatchObject({
      type: 'checkout.session.expired',
      account: ACCOUNT,
      livemode: false,
      pending_webhooks: 2,
      data: { object: { id: session.id, status: 'expired' } },
    });
    expect(verified(toLive, ENDPOINTS.live.secret).id).toBe(verified(toTest, ENDPOINTS.test.secret).id);
    expect(() => verified(toTest, ENDPOINTS.live.secret)).toThrow(Stripe.errors.StripeSignatureVerificationError);
    expect(toTest.body).toContain('\n  "id": "evt_');
    expect(await drain()).toEqual([]);
  });

  it('sends a live event to the live endpoint only', async () => {
    await harness.control('POST', '/_control/accounts', { id: ACCOUNT, livemode: true });
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/update`, { livemode: true, charges_enabled: true });
    const requests = await drain();
    expect(new Set(requests.map((request) => request.url))).toEqual(new Set([ENDPOINTS.live.url]));
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      type: 'account.updated',
      livemode: true,
      data: { object: { charges_enabled: true }, previous_attributes: { charges_enabled: false } },
    });
  });

  it('names the request that caused an event', async () => {
    const session = await create();
    await harness.stripe.checkout.sessions.expire(session.id, {}, { ...onAccount, idempotencyKey: 'k9' });
    const [request] = await drain();
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      request: { id: expect.stringMatching(/^req_/), idempotency_key: 'k9' },
    });
  });

  it('lists them newest first, by type and after a cursor, for their account only', async () => {
    const session = await create();
    await pay(session.id, 'paid');
    const { events } = harness.stripe;
    const all = (await events.list({}, onAccount)).data;
    expect(all.map((event) => event.type)).toEqual([
      'checkout.session.completed',
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_intent.created',
    ]);
    const some = await events.list({ types: ['charge.succeeded', 'payment_intent.created'] }, onAccount);
    expect(some.data.map((event) => event.type)).toEqual(['charge.succeeded', 'payment_intent.created']);
    expect((await events.list({ type: 'payment_intent.*' }, onAccount)).data).toHaveLength(2);
    const newer = await events.list({ ending_before: all[2]?.id ?? '', limit: 1 }, onAccount);
    expect([newer.data.map((event) => event.type), newer.has_more]).toEqual([['charge.succeeded'], true]);
    expect((await events.list({ created: { gte: (all[0]?.created ?? 0) + 1 } }, onAccount)).data).toEqual([]);
    expect((await events.retrieve(all[0]?.id ?? '', {}, onAccount)).type).toBe('checkout.session.completed');
    await harness.control('POST', '/_control/accounts', { id: 'acct_other' });
    expect((await events.list({}, { stripeAccount: 'acct_other' })).data).toEqual([]);
  });

  it('keeps the object as it was when the event happened', async () => {
    const session = await create();
    await pay(session.id, 'processing_succeeded');
    const { data } = await harness.stripe.events.list({ type: 'checkout.session.completed' }, onAccount);
    expect(data[0]?.data.object).toMatchObject({ payment_status: 'unpaid' });
  });

  it('drops, doubles and reorders them when set to, and still lists them', async () => {
    const session = await create();
    const faults = (body: object) => harness.control('POST', '/_control/faults', body);
    await faults({ drop_events: true });
    await pay(session.id, 'declined');
    expect(await sentTypes()).toEqual([]);
    expect((await harness.stripe.events.list({}, onAccount)).data).toHaveLength(3);
    await faults({ duplicate_events: true, reorder_events: true, account: ACCOUNT });
    await pay(session.id, 'paid');
    expect(await sentTypes()).toEqual([
      ...['checkout.session.completed', 'checkout.session.completed'],
      ...['charge.succeeded', 'charge.succeeded'],
      ...['payment_intent.succeeded', 'payment_intent.succeeded'],
    ]);
  });
});
