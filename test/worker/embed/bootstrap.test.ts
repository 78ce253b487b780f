import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { newApiKey } from '../../../src/core/api-keys.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import { expectError } from '../support/api.ts';
import { askBootstrap, boot, expectBootstrap, expectNoCors, newWidget, openFrame, SHOP } from '../support/embed.ts';
import { countedBindings, ORIGIN } from '../support/pay-page.ts';
import { operatorContext } from '../support/workspace.ts';

describe('the bootstrap of a widget', () => {
  it('gives the page of an allowed origin its button and a token for the frame, in one database round trip', async () => {
    const link = { title: 'Studio deposit', buttonColor: '#1d4ed8', buttonTextColor: '#fff', showBusinessName: true };
    const widget = await newWidget(link);
    const bindings = countedBindings();
    const askedAt = Math.floor(Date.now() / 1000) * 1000;
    const response = await askBootstrap(widget, { bindings, headers: { 'Accept-Language': 'en-GB' } });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull();
    expect(response.headers.get('Vary')).toBe('Origin');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('X-RateLimit-Limit')).toBeNull();
    const data = await expectBootstrap(response);
    const { token } = data;
    const frame = `${ORIGIN}/embed/payments/frame?t=${encodeURIComponent(token)}&lang=en-GB&form=`;
    expect(data.frame_url.slice(0, -24)).toBe(frame);
    expect(data).toEqual({
      token,
      frame_url: expect.stringMatching(/&form=[0-9A-Za-z]{24}$/),
      pay_url: `${ORIGIN}/pay/link/${widget.link.token}`,
      expires_at: data.expires_at,
      sandbox: true,
      link: {
        id: widget.link.token,
        title: 'Studio deposit',
        amount_cents: 5000,
        currency: 'GBP',
        amount_editable: false,
        amount_text: '£50.00',
        label: 'Pay £50.00',
        business_name: 'Northlight Studio',
      },
      button: { background: '#1d4ed8', text: '#ffffff' },
      language: 'en-GB',
      dir: 'ltr',
      texts: { close: 'Close', continue: 'Continue on the payment page', loading: 'Loading the payment form.' },
    });
    const issuedAt = Date.parse(data.expires_at) - 300_000;
    expect([issuedAt >= askedAt, issuedAt <= Date.now() + 1000]).toEqual([true, true]);
    expect(bindings.counts).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect([...bindings.WORKSPACE_GATE.calls, ...bindings.LINK_GATE.calls]).toEqual([]);
  });

  it('is live with a live key, and names nobody whose link does not', async () => {
    const data = await boot(await newWidget({}, { mode: 'live' }));
    expect([data.sandbox, data.link.business_name]).toEqual([false, null]);
  });

  it('leaves an open amount to the buyer, on a button that can be read', async () => {
    const data = await boot(await newWidget({ amountMinor: null, minAmountMinor: 500, buttonTextColor: '#14171f' }));
    expect(data.link).toMatchObject({ amount_cents: null, amount_text: null, label: 'Pay', amount_editable: true });
    expect(data.button).toEqual({ background: '#14171f', text: '#ffffff' });
  });

  it('speaks the language of the visitor, or the one the page asks for', async () => {
    const widget = await newWidget();
    const german = await boot(widget, { headers: { 'Accept-Language': 'de-CH,de;q=0.9' } });
    expect(german).toMatchObject({ language: 'de-CH', dir: 'ltr' });
    expect(german.texts.close).toBe('Schließen');
    expect(german.link.label).toBe(`${german.link.amount_text} bezahlen`);
    const arabic = await boot(widget, { lang: 'ar', headers: { 'Accept-Language': 'de' } });
    expect(arabic).toMatchObject({ language: 'ar', dir: 'rtl' });
    expect(arabic.link.label).toContain(`\u2068${arabic.link.amount_text}\u2069`);
  });

  it('gives no two visitors the same form', async () => {
    const widget = await newWidget();
    const [first, second] = await Promise.all([boot(widget), boot(widget)]);
    expect(first.frame_url.slice(-24)).not.toBe(second.frame_url.slice(-24));
    const frame = await (await openFrame(`${first.frame_url}10`)).text();
    expect(frame).toContain(`"form":"${first.frame_url.slice(-24)}10"`);
  });

  it('leads to the pay page with the reference of the page, and no address holds the e-mail of the buyer', async () => {
    const widget = await newWidget();
    const said = await boot(widget, { lang: 'de', reference: 'R&D', email: 'ann@example.com' });
    const path = `${ORIGIN}/pay/link/${widget.link.token}`;
    expect(said.pay_url).toBe(`${path}?lang=de&reference=R%26D`);
    expect(said.frame_url).not.toMatch(/email|example\.com/);
  });

  it('shows what a hostile title says as text, in JSON', async () => {
    const title = '"><img src=x onerror=alert(1)></script>';
    const response = await askBootstrap(await newWidget({ title }));
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect((await expectBootstrap(response)).link.title).toBe(title);
  });
});

describe('the origin of a page', () => {
  const own = ['https://good.com', 'https://*.shop.example', 'https://port.example:8443', 'http://localhost:*'];

  it.each([
    ...['https://good.com', 'https://www.shop.example', 'https://a.b.shop.example', 'https://port.example:8443'],
    ...['http://localhost:5173', 'http://localhost'],
  ])('%s is let in by the list of a sandbox key', async (origin) => {
    const response = await askBootstrap(await newWidget({}, { allowedOrigins: own }), { origin });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    await expectBootstrap(response);
  });

  it.each([
    ...['https://good.com.evil.com', 'https://evilgood.com', 'http://good.com', 'https://good.com:8443', 'null', ''],
    ...['https://good.com.', 'https://www.good.com', 'https://shop.example', 'https://shop.example.evil.com'],
    ...['https://evilshop.example', 'https://port.example', 'http://www.shop.example', 'https://localhost:5173'],
    ...['http://localhost.evil.com', 'http://127.0.0.1:5173', 'https://good.com/', 'https://user@good.com', 'file://'],
    ...['https://GOOD.com', 'https://good.com,https://evil.com', '*', ORIGIN.replace('localhost', '127.0.0.1')],
  ])('%j is refused, and cannot read why', async (origin) => {
    const response = await askBootstrap(await newWidget({}, { allowedOrigins: own }), { origin });
    expectNoCors(response);
    expect(response.headers.get('Vary')).toBe('Origin');
    await expectError(response, 403, 'origin_not_allowed');
  });

  it('that is missing is refused before anything is looked up', async () => {
    const widget = await newWidget();
    for (const origin of [null, 'null']) {
      const bindings = countedBindings();
      const response = await askBootstrap(widget, { origin, bindings });
      expectNoCors(response);
      await expectError(response, 403, 'origin_not_allowed');
      expect(bindings.counts.roundTrips).toBe(0);
    }
  });

  it('over plain http is never let in by a live key, whatever stands on its list', async () => {
    const widget = await newWidget({}, { mode: 'live', allowedOrigins: ['http://localhost:*', SHOP] });
    await expectError(await askBootstrap(widget, { origin: 'http://localhost:5173' }), 403, 'origin_not_allowed');
    await boot(widget);
  });

  it('is refused by a key without a list', async () => {
    await expectError(await askBootstrap(await newWidget({}, { allowedOrigins: [] })), 403, 'origin_not_allowed');
  });

  it('may send a preflight request, and not again for a day', async () => {
    const widget = await newWidget();
    const asked = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'x-request-id' };
    const allowed = await askBootstrap(widget, { method: 'OPTIONS', headers: asked });
    expect([allowed.status, await allowed.text()]).toEqual([204, '']);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': 'GET',
      'access-control-max-age': '86400',
      vary: 'Origin',
    });
    const foreign = await askBootstrap(widget, { method: 'OPTIONS', origin: 'https://evil.example', headers: asked });
    expectNoCors(foreign);
    expect(foreign.status).toBe(403);
  });
});

describe('a public key', () => {
  it('that is malformed, made up or secret is refused without a database read', async () => {
    const widget = await newWidget();
    const { key } = widget;
    const secret = await widget.shop.issue();
    const changed = `${key.slice(0, 20)}${key[20] === 'a' ? 'b' : 'a'}${key.slice(21)}`;
    const hostile = ['', 'x', 'pk_test_', `${key}x`, key.slice(0, -1), changed, `${key},${key}`, secret.secret];
    for (const made of [...hostile, key.replace('pk_test_', 'pk_live_'), "' OR 1=1 --", 'pk_test_'.repeat(900)]) {
      const bindings = countedBindings();
      const response = await askBootstrap(widget, { key: made, bindings });
      expectNoCors(response);
      await expectError(response, 401, 'invalid_api_key');
      expect([made, bindings.counts.roundTrips]).toEqual([made, 0]);
    }
  });

  it('that is unknown or of a shard that is not there is refused', async () => {
    const widget = await newWidget();
    for (const shard of ['0', 'z']) {
      const response = await askBootstrap(widget, { key: newApiKey({ kind: 'public', mode: 'sandbox', shard }) });
      expectNoCors(response);
      await expectError(response, 401, 'invalid_api_key');
    }
  });

  it('that is revoked is refused by the very next request', async () => {
    const widget = await newWidget();
    await boot(widget);
    await revokeKey(operatorContext(widget.shop.shard), widget.keyId);
    const response = await askBootstrap(widget);
    expectNoCors(response);
    await expectError(response, 401, 'invalid_api_key');
  });

  it('of a suspended workspace is refused', async () => {
    const widget = await newWidget();
    await setPairStatus(operatorContext(widget.shop.shard), { id: widget.shop.workspace.id, status: 'suspended' });
    const response = await askBootstrap(widget);
    expectNoCors(response);
    await expectError(response, 402, 'service_inactive');
  });
});

describe('the link of a widget', () => {
  it('is the same 404 when unknown, malformed, of another workspace, or of the other mode', async () => {
    const sandbox = await newWidget();
    const live = await newWidget({}, { mode: 'live', pairOf: sandbox.shop });
    const stranger = await newWidget();
    const messages = new Set<string>();
    for (const [widget, token] of [
      [sandbox, live.link.token],
      [live, sandbox.link.token],
      [sandbox, stranger.link.token],
      [sandbox, `lnk_0${'a'.repeat(20)}`],
      [sandbox, 'lnk_x'],
      [sandbox, ''],
      [sandbox, '"><script>'],
    ] as const) {
      const response = await askBootstrap(widget, { token });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
      messages.add((await expectError(response, 404, 'not_found')).message);
    }
    expect(messages.size).toBe(1);
    await boot(sandbox);
    await boot(live);
  });

  it.each([
    ['switched off', { active: false }, 'payment_link_inactive'],
    ['expired', { expiresAt: Date.now() - 1 }, 'payment_link_inactive'],
    ['sold out', { soldOutAt: Date.now(), maxPayments: 1 }, 'payment_link_sold_out'],
  ] as const)('that is %s is reported to the page', async (_, link, code) => {
    const response = await askBootstrap(await newWidget(link));
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    await expectError(response, 409, code);
  });

  it.each([
    ['none', 'CONNECT_ACCOUNT_MISSING'],
    ['onboarding', 'CONNECT_ACCOUNT_NOT_READY'],
  ] as const)('whose seller has an account that is %s is reported to the page', async (account, code) => {
    const response = await askBootstrap(await newWidget({}, { account }));
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(SHOP);
    await expectError(response, 409, code);
  });
});

describe('the limits of the bootstrap', () => {
  it('are 300 a minute for a visitor and a key, and no other visitor or key pays for it', async () => {
    const [widget, other] = [await newWidget(), await newWidget()];
    const from = (address: string) => ({ headers: { 'CF-Connecting-IP': address } });
    const statuses: number[] = [];
    // Windows begin with the clock's minute: over two of them there are never more than twice as many.
    for (let index = 0; index < 650; index++) {
      statuses.push((await askBootstrap(widget, from('203.0.113.1'))).status);
      if (statuses.at(-1) === 429) break;
    }
    expect(statuses.length).toBeGreaterThan(300);
    expect(new Set(statuses.slice(0, -1))).toEqual(new Set([200]));
    const bindings = countedBindings();
    const refused = await askBootstrap(widget, { ...from('203.0.113.1'), bindings });
    expectNoCors(refused);
    expect(refused.headers.get('Retry-After')).toBe('60');
    await expectError(refused, 429, 'rate_limit_exceeded');
    expect(bindings.counts.roundTrips).toBe(0);
    await boot(widget, from('203.0.113.2'));
    await boot(other, from('203.0.113.1'));
  });
});

describe('a widget that is not set up', () => {
  it.each(['STRIPE_PUBLISHABLE_KEY_TEST', 'STRIPE_SECRET_KEY_TEST'] as const)(
    'without %s answers 503, and the log names it',
    async (name) => {
      const widget = await newWidget();
      const log = vi.spyOn(console, 'error').mockImplementation(() => {});
      const response = await askBootstrap(widget, { bindings: { [name]: undefined } });
      await expectError(response, 503, 'service_unavailable');
      expect(response.headers.get('Retry-After')).toBeTruthy();
      expect(log.mock.calls.flat().join('\n')).toContain(`${name} is missing`);
      log.mockRestore();
    },
  );

  it('answers 405 to what it does not take', async () => {
    const widget = await newWidget();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await askBootstrap(widget, { method });
      expect(response.headers.get('Allow')).toBe('GET, OPTIONS');
      await expectError(response, 405, 'method_not_allowed');
    }
  });

  it('has its binding for the limit', () => {
    expect(env.EMBED_RATE).toBeTruthy();
  });
});
