import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ENDPOINTS, refusal } from '../../stripe-simulator/harness.ts';
import { STRIPE_OBJECT_KEYS } from '../../stripe-simulator/object-keys.ts';
import { ACCOUNT, create, drain, harness, item, onAccount, pay, sentTypes, useShop } from './support/shop.ts';

useShop();

async function paidIntentId(): Promise<string> {
  const session = await create({ line_items: [item('gbp', 1000)] });
  await pay(session.id, 'paid');
  const paid = await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount);
  return String(paid.payment_intent);
}

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

  it('makes a refund pending, which later fails with the bank’s reason', async () => {
    await harness.control('POST', '/_control/conditions', { account: ACCOUNT, refund_status: 'pending' });
    const intent = await paidIntentId();
    const refund = await harness.stripe.refunds.create({ payment_intent: intent }, onAccount);
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    await drain();
    await harness.control('POST', `/_control/refunds/${refund.id}`, { status: 'failed', failure_reason: 'declined' });
    expect(await sentTypes()).toEqual(['refund.updated', 'refund.failed']);
    const failed = await harness.stripe.refunds.retrieve(refund.id, {}, onAccount);
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'declined' });
    expect(failed).not.toHaveProperty('pending_reason');
  });

  it('cancels a refund that waits for the buyer, without the event refund.failed', async () => {
    await harness.control('POST', '/_control/conditions', { refund_status: 'requires_action' });
    const intent = await paidIntentId();
    const refund = await harness.stripe.refunds.create({ payment_intent: intent }, onAccount);
    expect(refund.status).toBe('requires_action');
    await drain();
    await harness.control('POST', `/_control/refunds/${refund.id}`, { status: 'canceled' });
    expect(await sentTypes()).toEqual(['refund.updated']);
    expect(await harness.stripe.charges.retrieve(String(refund.charge), {}, onAccount)).toMatchObject({
      amount_refunded: 0,
    });
    for (const status of ['failed', 'succeeded', 'canceled']) {
      expect((await harness.control('POST', `/_control/refunds/${refund.id}`, { status })).status).toBe(409);
    }
  });

  it('lets a pending refund succeed, and a succeeded one only fail', async () => {
    await harness.control('POST', '/_control/conditions', { refund_status: 'pending' });
    const refund = await harness.stripe.refunds.create({ payment_intent: await paidIntentId() }, onAccount);
    const move = (status: string) => harness.control('POST', `/_control/refunds/${refund.id}`, { status });
    expect((await move('succeeded')).json).toMatchObject({ status: 'succeeded' });
    expect((await move('canceled')).status).toBe(409);
    expect((await move('failed')).status).toBe(200);
  });

  it('refuses an unpaid intent, an unknown one, no subject and a zero amount', async () => {
    const session = await create({ line_items: [item('gbp', 1000)] });
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

  it('notifies the platform that an account has left, and sends nothing more of it', async () => {
    const session = await create({ line_items: [item('gbp', 1000)] });
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    await pay(session.id, 'paid');
    const [request, copy, ...later] = await drain();
    expect([copy?.url, later]).toEqual([ENDPOINTS.live.url, []]);
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
