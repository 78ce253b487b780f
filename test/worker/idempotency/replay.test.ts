import { afterEach, describe, expect, it, vi } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { createKeyed, expectOneSession, failNext, KEY } from '../support/keyed.ts';
import { control, deliverStripeEvents, pay } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

const BODY = { ...SESSION, reference: '1042', metadata: { order_id: '1042', source: 'web' } };

describe('the same key with the same body', () => {
  it('replays status and body byte by byte, without asking Stripe', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop, { body: BODY });
    const second = await createKeyed(shop, { body: BODY });
    expect(first.headers.has('Idempotent-Replayed')).toBe(false);
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    expect(second.status).toBe(201);
    expect(second.headers.get('Content-Type')).toMatch(/^application\/json/);
    expect(second.headers.get('Cache-Control')).toBe('no-store');
    expect(second.headers.get('Softsolz-Request-Id')).not.toBe(first.headers.get('Softsolz-Request-Id'));
    expect(Number(second.headers.get('X-RateLimit-Remaining'))).toBe(
      Number(first.headers.get('X-RateLimit-Remaining')) - 1,
    );
    expect(await second.text()).toBe(await first.clone().text());
    await expectOneSession(shop, first);
    expect(await createRequests(shop.account)).toHaveLength(1);
  });

  it('is the same in any order, spelling and white space of the JSON', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop, { body: BODY });
    const reversed = Object.fromEntries(Object.entries(BODY).reverse());
    const spellings = [
      JSON.stringify({ ...reversed, metadata: { source: 'web', order_id: '1042' } }),
      JSON.stringify(BODY, null, 2),
      JSON.stringify(BODY).replace('49.99', '4999e-2'),
      JSON.stringify(BODY).replace('"reference"', '"\\u0072eference"'),
      JSON.stringify(BODY).replace('{', '{"currency":"usd",'),
    ];
    const text = await first.text();
    for (const body of spellings) {
      const replayed = await createKeyed(shop, { body });
      expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', text]);
    }
  });

  it('may be sent with another secret key of the workspace, with or without quotes', async () => {
    const shop = await newWorkspace();
    const text = await (await createKeyed(shop)).text();
    const { secret } = await shop.issue();
    for (const header of [KEY, `"${KEY}"`]) {
      const replayed = await call(secret, 'POST', '/checkout-sessions', SESSION, { 'Idempotency-Key': header });
      expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', text]);
    }
  });

  it('replays what was answered then, whatever has happened since', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const body = { ...SESSION, payment_link_token: link.token };
    const first = await createKeyed(shop, { body });
    const session = await expectSession(first.clone());
    await pay(session.stripe_session_id, 'paid');
    await deliverStripeEvents(String(shop.account));
    await shop.binding.prepare('UPDATE payment_links SET active = 0 WHERE id = ?').bind(link.id).run();
    const replayed = await createKeyed(shop, { body });
    expect([replayed.status, await replayed.text()]).toEqual([201, await first.text()]);
  });

  it('replays a session that has expired since, whose expires_at shows that its url is of no use', async () => {
    const shop = await newWorkspace();
    const first = await expectSession(await createKeyed(shop, { body: BODY }));
    freezeTime();
    passTime(60 * 60_000);
    const replayed = await expectSession(await createKeyed(shop, { body: BODY }));
    expect(replayed).toEqual(first);
    expect(Date.parse(replayed.expires_at)).toBeLessThan(Date.now());
    const anew = await expectSession(await createKeyed(shop, { body: BODY, key: 'attempt-2' }));
    expect(anew.url).not.toBe(first.url);
  });
});

describe('the same key with another body', () => {
  it('is 409, and changes nothing about the first', async () => {
    const shop = await newWorkspace();
    const first = await createKeyed(shop, { body: BODY });
    const others = [
      { ...BODY, amount: 50 },
      { ...BODY, metadata: { order_id: '1042' } },
      { ...BODY, unknown: 1 },
      { ...BODY, amount_cents: 4999 },
      SESSION,
    ];
    for (const body of others) {
      const response = await createKeyed(shop, { body });
      expect(response.headers.has('X-RateLimit-Remaining')).toBe(true);
      await expectError(response, 409, 'idempotency_key_conflict');
    }
    const replayed = await createKeyed(shop, { body: BODY });
    expect(await replayed.text()).toBe(await first.clone().text());
    await expectOneSession(shop, first);
  });
});

describe('the same key elsewhere', () => {
  it('is independent in another workspace and in the other mode', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const shops = [live, await newWorkspace({ mode: 'sandbox', pairOf: live }), await newWorkspace({ mode: 'live' })];
    for (const [index, shop] of shops.entries()) {
      const response = await createKeyed(shop, { body: { ...SESSION, amount: 10 + index } });
      expect(response.headers.has('Idempotent-Replayed')).toBe(false);
      expect((await expectOneSession(shop, response)).amount_cents).toBe(1000 + 100 * index);
    }
  });

  it('is independent on another path, and for upper and lower case', async () => {
    const shop = await newWorkspace();
    const { id } = await expectSession(await createKeyed(shop));
    const headers = { 'Idempotency-Key': KEY };
    const expired = await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`, undefined, headers);
    expect(await expectSession(expired, 200)).toMatchObject({ status: 'expired' });
    expect(expired.headers.has('Idempotent-Replayed')).toBe(false);
    const other = await createKeyed(shop, { key: KEY.toUpperCase() });
    expect((await expectSession(other)).id).not.toBe(id);
  });
});

describe('a refusal', () => {
  it('of the body never takes the key', async () => {
    const shop = await newWorkspace();
    await expectError(await createKeyed(shop, { body: { ...SESSION, amount: -1 } }), 400, 'invalid_amount');
    await expectError(await createKeyed(shop, { body: '{' }), 400, 'validation_failed');
    await expectOneSession(shop, await createKeyed(shop));
  });

  it('that had no effect frees the key, for the same body and for another', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    for (const body of [SESSION, { ...SESSION, amount: 5 }, SESSION]) {
      await expectError(await createKeyed(shop, { body }), 409, 'CONNECT_ACCOUNT_NOT_READY');
    }
    await control('POST', `/accounts/${shop.account}/update`, { charges_enabled: true });
    await deliverStripeEvents(String(shop.account));
    const unknown = { ...SESSION, payment_link_token: newPaymentLinkToken('0') };
    await expectError(await createKeyed(shop, { body: unknown }), 404, 'not_found');
    const open = await shop.link({ amountMinor: null, minAmountMinor: 1000 });
    const below = { ...SESSION, payment_link_token: open.token, amount: 5 };
    await expectError(await createKeyed(shop, { body: below }), 400, 'invalid_amount');
    await failNext(shop, 400, false);
    await expectError(await createKeyed(shop, { body: { ...SESSION, amount: 7 } }), 502, 'stripe_error');
    await expectOneSession(shop, await createKeyed(shop));
  });

  it('is not stored: it is judged again each time', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    const first = await createKeyed(shop);
    const second = await createKeyed(shop);
    for (const response of [first, second]) {
      expect(response.headers.has('Idempotent-Replayed')).toBe(false);
      await expectError(response, 409, 'CONNECT_ACCOUNT_NOT_READY');
    }
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
  });
});
