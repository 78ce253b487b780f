import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { BASE_URL, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, harness, item, onAccount, params, useShop } from './support/shop.ts';

const NOW_SECONDS = 1_800_000_000;

useShop({ now: () => NOW_SECONDS * 1000 + 999 });

describe('creating a Checkout session', () => {
  it('answers an open hosted session whose page is under the base URL', async () => {
    const session = await harness.stripe.checkout.sessions.create(
      params({ metadata: { order: '7', gone: '' }, client_reference_id: 'op_1', customer_email: 'ann@example.com' }),
      onAccount,
    );
    expect(session.id).toMatch(/^cs_test_\w{58}$/);
    expect(session).toMatchObject({
      object: 'checkout.session',
      url: expect.stringMatching(`^${BASE_URL}/c/pay/${session.id}#fid[\\w%]{396}$`),
      client_secret: null,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: 1999,
      currency: 'gbp',
      livemode: false,
      metadata: { order: '7' },
      client_reference_id: 'op_1',
      customer_email: 'ann@example.com',
      created: NOW_SECONDS,
      expires_at: NOW_SECONDS + 86_400,
      ui_mode: 'hosted_page',
    });
  });

  it('answers a live session for a live key', async () => {
    await harness.control('POST', '/_control/accounts', { id: ACCOUNT, livemode: true, charges_enabled: true });
    const session = await harness.liveStripe.checkout.sessions.create(params(), onAccount);
    expect(session.id).toMatch(/^cs_live_\w{58}$/);
    expect(session.livemode).toBe(true);
    const seen = await harness.stripe.checkout.sessions.list({}, onAccount);
    expect(seen.data).toEqual([]);
    expect((await refusal(harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount))).statusCode).toBe(404);
  });

  it('answers a client secret and no page for an embedded session', async () => {
    const session = await harness.stripe.checkout.sessions.create(
      { ui_mode: 'embedded_page', return_url: 'https://shop.example/back', line_items: [item('usd', 500)] },
      onAccount,
    );
    expect(session.client_secret).toMatch(new RegExp(`^${session.id}_secret_`));
    expect(session).toMatchObject({ url: null, return_url: 'https://shop.example/back', ui_mode: 'embedded_page' });
  });

  it('lists the line items and expands them', async () => {
    const made = await harness.stripe.checkout.sessions.create(
      params({ line_items: [item('gbp', 100), { ...item('gbp', 250), quantity: 2 }] }),
      onAccount,
    );
    expect(made.amount_total).toBe(600);
    const listed = await harness.stripe.checkout.sessions.listLineItems(made.id, {}, onAccount);
    expect(listed.data.map((line) => [line.description, line.quantity, line.amount_total])).toEqual([
      ['<Mug>', 1, 100],
      ['<Mug>', 2, 500],
    ]);
    const expanded = await harness.stripe.checkout.sessions.retrieve(made.id, { expand: ['line_items'] }, onAccount);
    expect(expanded.line_items?.data).toHaveLength(2);
  });

  it('takes expires_at from 30 minutes to 24 hours, both included', async () => {
    for (const seconds of [1800, 86_400]) {
      const session = await harness.stripe.checkout.sessions.create(
        params({ expires_at: NOW_SECONDS + seconds }),
        onAccount,
      );
      expect(session.expires_at).toBe(NOW_SECONDS + seconds);
    }
  });

  it.each([
    ['usd', 50],
    ['usd', 99_999_999],
    ['jpy', 50],
    ['kwd', 10],
    ['isk', 100],
    ['ugx', 300],
  ])('takes %s %i', async (currency, amount) => {
    const session = await harness.stripe.checkout.sessions.create(
      params({ line_items: [item(currency, amount)] }),
      onAccount,
    );
    expect(session).toMatchObject({ currency, amount_total: amount });
  });
});

describe('reading Checkout sessions', () => {
  async function make(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      ids.push((await harness.stripe.checkout.sessions.create(params(), onAccount)).id);
    }
    return ids.reverse();
  }

  it('lists newest first, in pages, both ways', async () => {
    const ids = await make(5);
    const sessions = harness.stripe.checkout.sessions;
    const first = await sessions.list({ limit: 2 }, onAccount);
    expect([first.data.map((s) => s.id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const second = await sessions.list({ limit: 3, starting_after: ids[1] ?? '' }, onAccount);
    expect([second.data.map((s) => s.id), second.has_more]).toEqual([ids.slice(2), false]);
    const back = await sessions.list({ limit: 2, ending_before: ids[3] ?? '' }, onAccount);
    expect([back.data.map((s) => s.id), back.has_more]).toEqual([ids.slice(1, 3), true]);
    const all = await sessions.list({ limit: 2 }, onAccount).autoPagingToArray({ limit: 100 });
    expect(all.map((s) => s.id)).toEqual(ids);
  });

  it('filters by status and creation time', async () => {
    const [open, expired] = await make(2);
    await harness.stripe.checkout.sessions.expire(expired ?? '', {}, onAccount);
    await harness.control('POST', '/_control/clock', { advance_seconds: 60 });
    const [later] = await make(1);
    const idsOf = async (query: Stripe.Checkout.SessionListParams) =>
      (await harness.stripe.checkout.sessions.list(query, onAccount)).data.map((s) => s.id);
    expect(await idsOf({ status: 'open' })).toEqual([later, open]);
    expect(await idsOf({ status: 'expired' })).toEqual([expired]);
    expect(await idsOf({ created: { gte: NOW_SECONDS + 60 } })).toEqual([later]);
    expect(await idsOf({ created: { gt: NOW_SECONDS + 60 } })).toEqual([]);
    expect(await idsOf({ created: { lt: NOW_SECONDS + 60 } })).toEqual([open, expired]);
    expect(await idsOf({ created: NOW_SECONDS })).toEqual([open, expired]);
  });

  it('refuses an unknown cursor and a limit above 100', async () => {
    const sessions = harness.stripe.checkout.sessions;
    expect((await refusal(sessions.list({ starting_after: 'cs_x' }, onAccount))).code).toBe('resource_missing');
    expect((await refusal(sessions.list({ limit: 101 }, onAccount))).param).toBe('limit');
  });

  it('does not show another account’s session', async () => {
    const [id] = await make(1);
    await harness.control('POST', '/_control/accounts', { id: 'acct_other', charges_enabled: true });
    const error = await refusal(
      harness.stripe.checkout.sessions.retrieve(id ?? '', {}, { stripeAccount: 'acct_other' }),
    );
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('expires an open session once, and no closed one', async () => {
    const [id] = await make(1);
    const expired = await harness.stripe.checkout.sessions.expire(id ?? '', {}, onAccount);
    expect(expired).toMatchObject({ status: 'expired', url: null, payment_status: 'unpaid' });
    const error = await refusal(harness.stripe.checkout.sessions.expire(id ?? '', {}, onAccount));
    expect(error.statusCode).toBe(400);
    expect(error.message).toBe(
      'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
    );
  });

  it('expires by itself when the clock passes expires_at', async () => {
    const made = await harness.stripe.checkout.sessions.create(params({ expires_at: NOW_SECONDS + 1800 }), onAccount);
    await harness.control('POST', '/_control/clock', { advance_seconds: 1799 });
    expect((await harness.stripe.checkout.sessions.retrieve(made.id, {}, onAccount)).status).toBe('open');
    await harness.control('POST', '/_control/clock', { advance_seconds: 1 });
    expect((await harness.stripe.checkout.sessions.retrieve(made.id, {}, onAccount)).status).toBe('expired');
    const events = await harness.stripe.events.list({ type: 'checkout.session.expired' }, onAccount);
    expect(events.data).toHaveLength(1);
  });
});
