import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { newFormId } from '../../../src/core/ids.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, expectError, footprint, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { boot, expectEmbedded, newWidget, postSession, SHOP, type Widget } from '../support/embed.ts';
import { countedBindings } from '../support/pay-page.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { deliverStripeEvents, pay, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { call, operatorContext } from '../support/workspace.ts';

beforeEach(freezeTime);
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const euro = { currency: 'EUR', amountMinor: null, minAmountMinor: 500 } as const;

/** A form in the frame of this widget, as the script sends it. */
async function newForm(widget: Widget, extra: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  return { t: (await boot(widget)).token, form: newFormId(), ...extra };
}

describe('the session of a form in the frame', () => {
  it("is Stripe's embedded Checkout on the seller's account, with its row", async () => {
    const widget = await newWidget();
    const { shop, link } = widget;
    const form = await newForm(widget, { email: 'buyer@example.com', reference: '1042' });
    const session = await expectEmbedded(await postSession(form, { query: '?lang=de' }));
    const [request, ...more] = await createRequests(shop.account);
    expect(more).toEqual([]);
    expect(request?.params).toMatchObject({
      ui_mode: 'embedded_page',
      redirect_on_completion: 'never',
      customer_email: 'buyer@example.com',
    });
    expect(request?.params).not.toHaveProperty('success_url');
    expect(request?.params).not.toHaveProperty('cancel_url');
    expect(request?.params).not.toHaveProperty('return_url');
    expect(request?.params.locale).toBe('de');
    const [stripe] = await stripeSessions(accountOf(shop.account));
    expect(session).toEqual({
      client_secret: stripe?.client_secret,
      publishable_key: 'pk_test_simulated_platform',
      stripe_account: shop.account,
      session_id: stripe?.id,
      payment_id: session.payment_id,
    });
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row).toMatchObject({
      id: session.payment_id,
      stripe_session_id: session.session_id,
      payment_link_id: link.id,
      status: 'created',
      amount_minor: 5000,
      reference: '1042',
      checkout_url: null,
    });
    expect(JSON.stringify(row)).not.toContain(session.client_secret);
  });

  it.each([
    ['ja', 'ja'],
    ['pt', 'pt-BR'],
    ['pt-AO', 'pt'],
    ['en', undefined],
    ['ar', undefined],
  ])("speaks Stripe's %s where Stripe has it, else what the browser speaks", async (lang, locale) => {
    const widget = await newWidget();
    await expectEmbedded(await postSession(await newForm(widget), { query: `?lang=${lang}` }));
    expect((await createRequests(widget.shop.account)).map(({ params }) => params.locale)).toEqual([locale]);
  });

  it('costs two database round trips, one Stripe call and one call to the gate', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const bindings = countedBindings();
    await expectEmbedded(await postSession(form, { bindings }));
    expect(bindings.counts.roundTrips).toBe(2);
    expect([bindings.LINK_GATE.calls, bindings.WORKSPACE_GATE.calls]).toEqual([['takePlace'], []]);
    expect(await stripeRequests(accountOf(widget.shop.account))).toHaveLength(1);
  });

  it('is of the live mode with a live key', async () => {
    const widget = await newWidget({}, { mode: 'live' });
    const session = await expectEmbedded(await postSession(await newForm(widget)));
    expect(session.session_id).toMatch(/^cs_live_/);
    expect(session.publishable_key).toBe('pk_live_simulated_platform');
  });

  it('settles like any other, and reaches the shop', async () => {
    const widget = await newWidget();
    const { shop } = widget;
    const session = await expectEmbedded(await postSession(await newForm(widget)));
    await pay(session.session_id, 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: 'payments.payment.succeeded' }]);
  });

  it('survives a declined card: the same session is paid afterwards', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    await pay(session.session_id, 'declined');
    await deliverStripeEvents(accountOf(widget.shop.account));
    expect(await expectEmbedded(await postSession(form))).toEqual(session);
    await pay(session.session_id, 'paid');
    await deliverStripeEvents(accountOf(widget.shop.account));
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('a form that is sent again', () => {
  it('by a double click is one session', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const answers = await Promise.all(Array.from({ length: 5 }, () => postSession(form)));
    const sessions = await Promise.all(answers.map((answer) => expectEmbedded(answer)));
    expect(new Set(sessions.map((session) => JSON.stringify(session))).size).toBe(1);
    expect(await stripeSessions(accountOf(widget.shop.account))).toHaveLength(1);
    expect(await rowsOf('payments', widget.shop.workspace.id)).toHaveLength(1);
  });

  it('after closing and opening again, with a new token, is the same session', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    for (const wait of [1_000, 4 * 60_000, 20 * 60_000]) {
      passTime(wait);
      const again = { ...form, t: (await boot(widget)).token };
      expect(await expectEmbedded(await postSession(again))).toEqual(session);
    }
    expect(await stripeSessions(accountOf(widget.shop.account))).toHaveLength(1);
  });

  it('with another amount is another session', async () => {
    const widget = await newWidget(euro);
    const form = await newForm(widget);
    const one = await expectEmbedded(await postSession({ ...form, amount: '12,50' }));
    const other = await expectEmbedded(await postSession({ ...form, amount: '20' }));
    expect(other.session_id).not.toBe(one.session_id);
    const amounts = (await rowsOf('payments', widget.shop.workspace.id)).map((row) => row.amount_minor);
    expect(amounts).toEqual([1250, 2000]);
  });

  it('after it was paid says so, and opens nothing', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    await pay(session.session_id, 'paid');
    await deliverStripeEvents(accountOf(widget.shop.account));
    const again = await expectEmbedded(await postSession(form), 200);
    expect(again).toEqual({ ...session, client_secret: null });
    expect(await stripeSessions(accountOf(widget.shop.account))).toHaveLength(1);
  });

  it('after it was paid says so even before the Stripe event has arrived: nobody pays twice', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    await pay(session.session_id, 'paid');
    passTime(2 * 60_000);
    const again = { ...form, t: (await boot(widget)).token };
    expect(await expectEmbedded(await postSession(again), 200)).toEqual({ ...session, client_secret: null });
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ status: 'created' }]);
    expect(await stripeSessions(accountOf(widget.shop.account))).toHaveLength(1);
  });

  it('after its session has expired asks for a new form, which is taken', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    await pay(session.session_id, 'expired');
    await deliverStripeEvents(accountOf(widget.shop.account));
    await expectError(await postSession(form), 409, 'checkout_session_not_open');
    const fresh = await expectEmbedded(await postSession({ ...form, form: newFormId() }));
    expect(fresh.session_id).not.toBe(session.session_id);
  });

  it('after its session has expired at Stripe alone asks for a new form too', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const session = await expectEmbedded(await postSession(form));
    await pay(session.session_id, 'expired');
    passTime(2 * 60_000);
    await expectError(await postSession({ ...form, t: (await boot(widget)).token }), 409, 'checkout_session_not_open');
  });
});

describe('an open amount', () => {
  it('is read as the buyer typed it, in their language', async () => {
    const widget = await newWidget(euro);
    for (const [amount, lang, minor] of [
      ['12,50', 'de', 1250],
      ['1 234.50', 'en', 123450],
      ['٢٥', 'ar', 2500],
    ] as const) {
      const form = await newForm(widget, { amount });
      await expectEmbedded(await postSession(form, { query: `?lang=${lang}` }));
      expect((await rowsOf('payments', widget.shop.workspace.id)).at(-1)?.amount_minor).toBe(minor);
    }
  });

  it.each([
    ['', 'en', en.faults.empty],
    [undefined, 'en', en.faults.empty],
    [20, 'en', en.faults.empty],
    ['x', 'en', 'Enter the amount in digits, for example 5.00.'],
    ['1', 'en', 'The smallest amount is €5.00.'],
    ['99999999', 'en', 'The largest amount is €999,999.99.'],
  ])('%j is refused in words for the field', async (amount, lang, words) => {
    const widget = await newWidget(euro);
    const form = await newForm(widget, { amount });
    const before = await footprint(widget.shop);
    const error = await expectError(await postSession(form, { query: `?lang=${lang}` }), 400, 'invalid_amount');
    expect(error.details).toEqual([{ path: 'amount', code: 'invalid_amount', message: words }]);
    expect(await footprint(widget.shop)).toEqual(before);
  });

  it('with two readings is refused with both of them, which can be sent as they are', async () => {
    const widget = await newWidget(euro);
    const form = await newForm(widget, { amount: '12,000' });
    const error = await expectError(await postSession(form, { query: '?lang=de' }), 400, 'invalid_amount');
    const readings = [
      { amount_cents: 1200, text: '12,00\u00a0€', amount: '12,00' },
      { amount_cents: 1_200_000, text: '12.000,00\u00a0€', amount: '12000,00' },
    ];
    const message = `${german.faults.twoReadings} ${german.faults.whichAmount}`;
    expect(error.details).toEqual([{ path: 'amount', code: 'invalid_amount', message, readings }]);
    await expectEmbedded(await postSession({ ...form, amount: '12000,00' }, { query: '?lang=de' }));
    expect((await rowsOf('payments', widget.shop.workspace.id)).at(-1)?.amount_minor).toBe(1_200_000);
  });

  it.each(['amount_too_small', 'amount_too_large'])(
    'that only Stripe refuses (%s) is reported at the field too, and gives its place back',
    async (code) => {
      const widget = await newWidget({ ...euro, maxPayments: 1 });
      const form = await newForm(widget, { amount: '6' });
      const asked: string[] = [];
      stripeOf(async (request) => {
        asked.push(new URL(request.url).pathname);
        return stripeErrorAnswer({ status: 400, code, message: 'must convert to at least 50 cents' });
      });
      const error = await expectError(await postSession(form, { query: '?lang=de' }), 400, 'invalid_amount');
      expect(asked).toEqual(['/v1/checkout/sessions']);
      expect(error.details).toEqual([{ path: 'amount', code: 'invalid_amount', message: german.faults.notAccepted }]);
      vi.restoreAllMocks();
      expect(await rowsOf('payments', widget.shop.workspace.id)).toEqual([]);
      // Its place is the only one.
      await expectEmbedded(await postSession({ ...form, amount: '20' }));
    },
  );

  it('is asked again without an e-mail address that Stripe does not take', async () => {
    const widget = await newWidget(euro);
    const form = await newForm(widget, { amount: '6', email: 'buyer@example.com' });
    const withEmail: boolean[] = [];
    stripeOf(async (request, real) => {
      const hasEmail = (await request.clone().text()).includes('customer_email');
      withEmail.push(hasEmail);
      return hasEmail ? stripeErrorAnswer({ status: 400, code: 'email_invalid' }) : await real(request);
    });
    await expectEmbedded(await postSession(form));
    expect(withEmail).toEqual([true, false]);
  });

  it('is ignored where the price is fixed', async () => {
    const widget = await newWidget();
    await expectEmbedded(await postSession(await newForm(widget, { amount: '1' })));
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ amount_minor: 5000 }]);
  });
});

describe('a session is refused', () => {
  it('to every page but our own frame', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    const foreign: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: SHOP },
      { 'Sec-Fetch-Site': 'same-origin', Origin: SHOP },
      { Origin: 'null' },
    ];
    for (const headers of foreign) {
      const response = await postSession(form, { headers });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
      await expectError(response, 403, 'origin_not_allowed');
    }
    expect(await rowsOf('payments', widget.shop.workspace.id)).toEqual([]);
  });

  it('without a token of ours, or with one that is too old', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    for (const t of [undefined, null, 5, '', 'x', `${form.t}x`, ['x']]) {
      await expectError(await postSession({ ...form, t }), 401, 'invalid_embed_token');
    }
    passTime(5 * 60_000);
    await expectError(await postSession(form), 401, 'invalid_embed_token');
  });

  it('once the key is revoked', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    await revokeKey(operatorContext(widget.shop.shard), widget.keyId);
    await expectError(await postSession(form), 401, 'invalid_api_key');
    expect(await rowsOf('payments', widget.shop.workspace.id)).toEqual([]);
  });

  it('once the origin is off the list', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    await widget.shop.binding
      .prepare('UPDATE api_keys SET allowed_origins = ? WHERE id = ?')
      .bind('[]', widget.keyId)
      .run();
    await expectError(await postSession(form), 403, 'origin_not_allowed');
  });

  it('where a link is sold out, counting its pay page and its widgets together', async () => {
    const widget = await newWidget({ maxPayments: 1 });
    await expectEmbedded(await postSession(await newForm(widget)));
    await expectError(await postSession(await newForm(widget)), 409, 'payment_link_sold_out');
  });

  it('where the link was closed meanwhile', async () => {
    const widget = await newWidget();
    const form = await newForm(widget);
    await widget.shop.binding
      .prepare('UPDATE payment_links SET active = 0 WHERE token = ?')
      .bind(widget.link.token)
      .run();
    await expectError(await postSession(form), 409, 'payment_link_inactive');
  });

  it('to a visitor who tries more than 30 times a minute', async () => {
    const widget = await newWidget();
    const t = (await boot(widget)).token;
    for (let index = 0; index < 30; index++) {
      await expectEmbedded(await postSession({ t, form: newFormId() }, { address: '203.0.113.9' }));
    }
    const response = await postSession({ t, form: newFormId() }, { address: '203.0.113.9' });
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    await expectError(response, 429, 'rate_limit_exceeded');
    await expectEmbedded(await postSession({ t, form: newFormId() }, { address: '203.0.113.10' }));
  });

  it('for a body that is not valid', async () => {
    const form = await newForm(await newWidget());
    const plain = { headers: { 'Content-Type': 'text/plain' } };
    await expectError(await postSession(form, plain), 415, 'unsupported_media_type');
    for (const body of ['', '{', '[]', 'null', '"x"']) {
      await expectError(await postSession(body), 400, 'validation_failed');
    }
    await expectError(await postSession({ ...form, x: 'x'.repeat(70_000) }), 413, 'payload_too_large');
    for (const bad of [undefined, '', 'x', 5, `${form.form}x`]) {
      const error = await expectError(await postSession({ ...form, form: bad }), 400, 'validation_failed');
      expect(error.details?.map(({ path }) => path)).toEqual(['form']);
    }
  });

  it('by the server API, to a public key and to any page', async () => {
    const { key, shop } = await newWidget();
    await expectError(await call(key, 'GET', '/payment-links'), 401, 'invalid_api_key');
    for (const secret of [key, shop.key]) {
      const response = await call(secret, 'GET', '/payment-links', undefined, { Origin: SHOP });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
      await expectError(response, 403, 'insufficient_scope');
    }
  });
});
