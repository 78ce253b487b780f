import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { freezeTime } from '../support/deliveries.ts';
import { countedBindings, ORIGIN, openPage, payPath, sendForm, tapPay } from '../support/pay-page.ts';
import { deliverStripeEvents, pay, sinkRequests, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const brought = { email: 'ann@example.com', reference: 'Invoice 1042', utm_source: 'newsletter', utm_term: 'deposit' };

describe('paying a link', () => {
  it('makes one session and one row, and sends the buyer to Stripe', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ title: 'Studio deposit' });
    const response = await tapPay(link);
    const [session, ...more] = await stripeSessions(accountOf(shop.account));
    expect(more).toEqual([]);
    expect([response.status, response.headers.get('Location')]).toEqual([303, session?.url]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const rows = await rowsOf('payments', shop.workspace.id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      stripe_session_id: session?.id,
      payment_link_id: link.id,
      api_key_id: null,
      status: 'created',
      amount_minor: 5000,
      currency: 'GBP',
      customer_email: null,
      reference: null,
      metadata: '{}',
      checkout_url: null,
    });
  });

  it('takes an amount of twelve digits in IDR, and no more', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, currency: 'IDR', suggestedAmountsMinor: [1_600_000_000] });
    expect((await tapPay(link, { amount: 'Rp 9,999,999,999.99' })).status).toBe(303);
    expect((await tapPay(link, { suggested: '1600000000' })).status).toBe(303);
    const { fields } = await openPage(link);
    await new Buyer(link).sendRefused({ ...fields, amount: '10,000,000,000' });
    const rows = await rowsOf('payments', shop.workspace.id);
    expect(rows.map(({ amount_minor }) => amount_minor)).toEqual([999_999_999_999, 1_600_000_000]);
  });

  it('charges the account of the seller, without a fee, for what the page said', async () => {
    const shop = await newWorkspace({ mode: 'live' });
    const link = await shop.link({ title: 'Studio deposit', currency: 'JPY', amountMinor: 500 });
    await tapPay(link);
    const [request] = await createRequests(shop.account);
    const base = `${ORIGIN}${payPath(link.token)}`;
    expect(request?.params).toMatchObject({
      mode: 'payment',
      line_items: {
        0: {
          quantity: '1',
          price_data: { currency: 'jpy', unit_amount: '500', product_data: { name: 'Studio deposit' } },
        },
      },
      success_url: `${base}/done?session_id={CHECKOUT_SESSION_ID}`,
      adaptive_pricing: { enabled: 'false' },
    });
    expect(JSON.stringify(request?.params)).not.toMatch(/application_fee|transfer_data|on_behalf_of|customer_email/);
  });

  it('takes e-mail, reference and campaign along: to Stripe, into the row, into the webhook', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await tapPay(link, {}, { query: `?${new URLSearchParams(brought)}` });
    const [request] = await createRequests(shop.account);
    const metadata = {
      utm_source: 'newsletter',
      utm_term: 'deposit',
      softsolz_reference: 'Invoice 1042',
      softsolz_payment_link: link.token,
      softsolz_workspace: shop.workspace.id,
    };
    expect(request?.params).toMatchObject({
      customer_email: 'ann@example.com',
      metadata,
      payment_intent_data: { metadata },
    });
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row).toMatchObject({
      customer_email: 'ann@example.com',
      reference: 'Invoice 1042',
      metadata: JSON.stringify({ utm_source: 'newsletter', utm_term: 'deposit' }),
    });

    await pay(String(row?.stripe_session_id), 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    const body = await vi.waitFor(
      async () => {
        const [received] = await sinkRequests(shop.sink);
        return z
          .object({ type: z.string(), data: z.record(z.string(), z.unknown()) })
          .parse(JSON.parse(received?.body ?? ''));
      },
      { timeout: 10_000 },
    );
    expect(body).toMatchObject({
      type: 'payments.payment.succeeded',
      data: {
        payment_id: row?.id,
        amount_cents: 5000,
        currency: 'GBP',
        reference: 'Invoice 1042',
        customer_email: 'ann@example.com',
        payment_link_id: link.token,
      },
    });
  });

  it('on an open link charges what the buyer typed, or tapped', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({
      amountMinor: null,
      minAmountMinor: 100,
      currency: 'EUR',
      suggestedAmountsMinor: [1000, 2500],
    });
    const cases = [
      [{ amount: '12.50' }, 'en', 1250],
      [{ amount: '12,50' }, 'de', 1250],
      [{ amount: ' € 7 ' }, 'en', 700],
      [{ amount: '٥٠' }, 'ar', 5000],
      [{ amount: '', suggested: '2500' }, 'en', 2500],
      [{ amount: '10', suggested: '1000' }, 'en', 1000],
      [{ amount: '3', suggested: '' }, 'en', 300],
      [{ amount: '4', suggested: '999' }, 'en', 400],
    ] as const;
    for (const [filled, lang, amountMinor] of cases) {
      const response = await tapPay(link, filled, { query: `?lang=${lang}` });
      expect(response.status, JSON.stringify(filled)).toBe(303);
      const row = (await rowsOf('payments', shop.workspace.id)).at(-1);
      expect([row?.amount_minor, row?.currency]).toEqual([amountMinor, 'EUR']);
    }
  });

  it('on a link with a price does not look at an amount', async () => {
    const shop = await newWorkspace();
    const response = await tapPay(await shop.link(), { amount: '1', suggested: '100', amount_cents: '1' });
    expect(response.status).toBe(303);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row?.amount_minor).toBe(5000);
  });

  it('never lets a form name metadata of its own', async () => {
    const shop = await newWorkspace();
    const forged = { softsolz_workspace: 'x', 'metadata[x]': 'y', __proto__x: 'z', client_reference_id: 'op_1' };
    expect((await tapPay(await shop.link(), forged)).status).toBe(303);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row?.metadata).toBe('{}');
  });
});

describe('paying a link costs', () => {
  beforeEach(freezeTime);
  afterEach(() => void vi.useRealTimers());

  it('two round trips, one call to Stripe and one to the gate of the link', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const bindings = countedBindings();
    expect((await sendForm(link, fields, { bindings })).status).toBe(303);
    expect(bindings.counts.roundTrips).toBe(2);
    expect(bindings.LINK_GATE.calls).toEqual(['takePlace']);
    expect(bindings.WORKSPACE_GATE.calls).toEqual([]);
    expect(await stripeRequests(accountOf(shop.account))).toHaveLength(1);
    expect(bindings.counts.rowsWritten).toBeLessThanOrEqual(6);
  });

  it('one more call to the gate where places are held', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 5 });
    const { fields } = await openPage(link);
    const bindings = countedBindings();
    expect((await sendForm(link, fields, { bindings })).status).toBe(303);
    expect(bindings.counts.roundTrips).toBe(2);
    expect(bindings.LINK_GATE.calls).toEqual(['takePlace', 'keepPlaces']);
    expect(await stripeRequests(accountOf(shop.account))).toHaveLength(1);
  });

  it('the same when the form is sent again', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    const bindings = countedBindings();
    expect((await sendForm(link, fields, { bindings })).status).toBe(303);
    expect(bindings.counts.roundTrips).toBe(2);
    expect(bindings.LINK_GATE.calls).toEqual(['takePlace']);
    expect(
      (await shop.binding.prepare('SELECT * FROM payments WHERE payment_link_id = ?').bind(link.id).all()).results,
    ).toHaveLength(1);
  });
});
