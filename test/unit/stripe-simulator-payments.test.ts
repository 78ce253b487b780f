import Stripe from 'stripe';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ENDPOINTS, type Harness, startHarness } from '../stripe-simulator/harness.ts';
import { STRIPE_OBJECT_KEYS } from '../stripe-simulator/object-keys.ts';

const ACCOUNT = 'acct_shop';
const onAccount = { stripeAccount: ACCOUNT };
const outboxSchema = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

let harness: Harness;

beforeEach(async () => {
  harness = startHarness();
  await harness.control('POST', '/_control/accounts', { id: ACCOUNT, charges_enabled: true });
});

function create(intentMetadata: Record<string, string> = {}) {
  return harness.stripe.checkout.sessions.create(
    {
      success_url: 'https://shop.example/done',
      metadata: { on: 'session' },
      payment_intent_data: { metadata: intentMetadata },
      line_items: [{ quantity: 1, price_data: { currency: 'gbp', unit_amount: 1000, product_data: { name: 'Mug' } } }],
    },
    onAccount,
  );
}

async function paidIntentId(): Promise<string> {
  const session = await create();
  await pay(session.id, 'paid');
  const paid = await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount);
  return String(paid.payment_intent);
}

function pay(id: string, outcome: string, email?: string) {
  return harness.control('POST', `/_control/sessions/${id}/pay`, { outcome, ...(email ? { email } : {}) });
}

async function drain() {
  return outboxSchema.parse((await harness.control('GET', '/_control/outbox')).json).data;
}

/** The types sent to the test endpoint since the last call, verified with the SDK. */
async function sentTypes(): Promise<string[]> {
  const requests = (await drain()).filter((request) => request.url === ENDPOINTS.test.url);
  return requests.map((request) => verified(request, ENDPOINTS.test.secret).type);
}

function verified(request: { headers: Record<string, string>; body: string }, secret: string): Stripe.Event {
  return harness.stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'] ?? '', secret);
}

async function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
}

describe('paying a session', () => {
  it('completes it with a payment intent and a charge, and says so in four events', async () => {
    const session = await create({ softsolz_operation: 'op_1' });
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
      amount_received: 1000,
      metadata: { softsolz_operation: 'op_1' },
      latest_charge: { status: 'succeeded', paid: true, amount: 1000, metadata: { softsolz_operation: 'op_1' } },
    });
    expect(paid.metadata).toEqual({ on: 'session' });
    expect(await sentTypes()).toEqual([
      'payment_intent.created',
      'payment_intent.succeeded',
      'charge.succeeded',
      'checkout.session.completed',
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
    expect(requests.map((request) => request.url)).toEqual([ENDPOINTS.live.url]);
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

  it('drops, doubles and reorders them when told to, and still lists them', async () => {
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

describe('refunds', () => {
  it('refunds in parts and never more than is left', async () => {
    const intent = await paidIntentId();
    await drain();
    const { refunds } = harness.stripe;
    const first = await refunds.create(
      { payment_intent: intent, amount: 400, reason: 'duplicate', metadata: { why: 'x' } },
      onAccount,
    );
    expect(first).toMatchObject({
      amount: 400,
      status: 'succeeded',
      payment_intent: intent,
      reason: 'duplicate',
      metadata: { why: 'x' },
    });
    expect(await sentTypes()).toEqual(['refund.created', 'charge.refunded']);
    expect(await refusal(refunds.create({ payment_intent: intent, amount: 601 }, onAccount))).toMatchObject({
      statusCode: 400,
      param: 'amount',
    });
    const rest = await refunds.create({ payment_intent: intent }, onAccount);
    expect(rest.amount).toBe(600);
    expect(await refusal(refunds.create({ payment_intent: intent }, onAccount))).toMatchObject({
      code: 'charge_already_refunded',
    });
    const charge = await harness.stripe.charges.retrieve(String(rest.charge), {}, onAccount);
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true });
    const listed = await refunds.list({ payment_intent: intent }, onAccount);
    expect(listed.data.map((refund) => refund.id)).toEqual([rest.id, first.id]);
  });

  it('makes the amount refundable again when a refund fails', async () => {
    const intent = await paidIntentId();
    const refund = await harness.stripe.refunds.create({ payment_intent: intent }, onAccount);
    await drain();
    await harness.control('POST', `/_control/refunds/${refund.id}`, { status: 'failed' });
    expect(await sentTypes()).toEqual(['refund.updated', 'refund.failed']);
    const charge = await harness.stripe.charges.retrieve(String(refund.charge), {}, onAccount);
    expect(charge).toMatchObject({ amount_refunded: 0, refunded: false, refunds: { data: [{ status: 'failed' }] } });
    expect((await harness.stripe.refunds.retrieve(refund.id, {}, onAccount)).status).toBe('failed');
    expect((await harness.stripe.refunds.create({ charge: charge.id }, onAccount)).amount).toBe(1000);
  });

  it('refuses an unpaid intent, an unknown one, no subject and a zero amount', async () => {
    const session = await create();
    await pay(session.id, 'processing');
    const { data } = await harness.stripe.paymentIntents.list({}, onAccount);
    const { refunds } = harness.stripe;
    expect(await refusal(refunds.create({ payment_intent: data[0]?.id ?? '' }, onAccount))).toMatchObject({
      statusCode: 400,
    });
    expect(await refusal(refunds.create({ payment_intent: 'pi_none' }, onAccount))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    expect(await refusal(refunds.create({}, onAccount))).toMatchObject({ code: 'parameter_missing' });
    expect(await refusal(refunds.create({ charge: 'ch_none', amount: 0 }, onAccount))).toMatchObject({
      code: 'parameter_invalid_integer',
    });
  });
});

describe('disputes and accounts', () => {
  it('opens a dispute and closes it once', async () => {
    const intent = await paidIntentId();
    await drain();
    const opened = await harness.control('POST', `/_control/payment_intents/${intent}/dispute`, {});
    expect(opened.json).toMatchObject({
      object: 'dispute',
      amount: 1000,
      status: 'needs_response',
      payment_intent: intent,
    });
    const { id } = z.object({ id: z.string() }).parse(opened.json);
    expect((await harness.control('POST', `/_control/disputes/${id}/close`, { status: 'lost' })).json).toMatchObject({
      status: 'lost',
    });
    expect(await sentTypes()).toEqual(['charge.dispute.created', 'charge.dispute.closed']);
    expect((await harness.control('POST', `/_control/disputes/${id}/close`, { status: 'won' })).status).toBe(409);
  });

  it('tells the platform that an account has left', async () => {
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    const [request] = await drain();
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'account.application.deauthorized',
      account: ACCOUNT,
      data: { object: { object: 'application' } },
    });
    expect(await refusal(harness.stripe.accounts.retrieve(ACCOUNT))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    });
  });

  it('creates an account that cannot charge yet', async () => {
    const account = await harness.stripe.accounts.create({
      type: 'standard',
      country: 'GB',
      email: 'ann@example.com',
      business_profile: { name: 'Ann' },
      metadata: { workspace: 'w1' },
    });
    expect(account).toMatchObject({
      charges_enabled: false,
      details_submitted: false,
      country: 'GB',
      email: 'ann@example.com',
      metadata: { workspace: 'w1' },
      business_profile: { name: 'Ann' },
    });
    expect((await harness.stripe.accounts.retrieve(account.id)).requirements?.disabled_reason).toBe(
      'requirements.past_due',
    );
    expect((await harness.stripe.accounts.list()).data.map((one) => one.id)).toEqual([account.id, ACCOUNT]);
  });

  it('registers a payment method domain once', async () => {
    const { paymentMethodDomains } = harness.stripe;
    const domain = await paymentMethodDomains.create({ domain_name: 'shop.example' }, onAccount);
    expect((await paymentMethodDomains.create({ domain_name: 'shop.example' }, onAccount)).id).toBe(domain.id);
    expect((await paymentMethodDomains.list({ domain_name: 'shop.example' }, onAccount)).data).toHaveLength(1);
  });
});

describe('object shapes', () => {
  it('have every member of Stripe’s published examples', async () => {
    const intentId = await paidIntentId();
    const { stripe } = harness;
    const refund = await stripe.refunds.create({ payment_intent: intentId }, onAccount);
    const objects = {
      account: await stripe.accounts.retrieve(ACCOUNT),
      account_link: await stripe.accountLinks.create({
        account: ACCOUNT,
        type: 'account_onboarding',
        refresh_url: 'https://a.example',
        return_url: 'https://b.example',
      }),
      'checkout.session': (await stripe.checkout.sessions.list({}, onAccount)).data[0],
      payment_intent: await stripe.paymentIntents.retrieve(intentId, {}, onAccount),
      charge: await stripe.charges.retrieve(String(refund.charge), {}, onAccount),
      refund,
      dispute: (await harness.control('POST', `/_control/payment_intents/${intentId}/dispute`, {})).json,
      event: (await stripe.events.list({}, onAccount)).data[0],
      payment_method_domain: await stripe.paymentMethodDomains.create({ domain_name: 'shop.example' }, onAccount),
    };
    for (const [kind, keys] of Object.entries(STRIPE_OBJECT_KEYS)) {
      expect(keys.length, kind).toBeGreaterThan(3);
      const object = z.record(z.string(), z.unknown()).parse(Reflect.get(objects, kind));
      expect(
        keys.filter((key) => !Object.hasOwn(object, key)),
        kind,
      ).toEqual([]);
    }
  });
});
