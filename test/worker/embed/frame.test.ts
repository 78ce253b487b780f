import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { embedTokens } from '../../../src/core/embed-token.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { failingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { boot, newWidget, openFrame, SHOP, type Widget } from '../support/embed.ts';
import { countedBindings, ORIGIN, type Page, pageOf } from '../support/pay-page.ts';
import { operatorContext } from '../support/workspace.ts';

const FORM = 'a1B2c3D4e5F6g7H8i9J0k1L2m3';

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

async function frameOf(widget: Widget, query = `&form=${FORM}`, language = 'en'): Promise<Page> {
  const { frame_url } = await boot(widget, { headers: { 'Accept-Language': language } });
  return await pageOf(await openFrame(`${frame_url.replace(/&form=\w+$/, '')}${query}`));
}

const message = z.strictObject({
  icon: z.string(),
  title: z.string(),
  text: z.string(),
  short: z.optional(z.string()),
});
const frameData = z.strictObject({
  t: z.string(),
  form: z.string(),
  origin: z.string(),
  reference: z.string().nullable(),
  amount: z.strictObject({ empty: z.string() }).nullable(),
  stripeJs: z.string(),
  sessionUrl: z.string(),
  statusUrl: z.string(),
  endUrl: z.string(),
  limited: z.boolean(),
  payUrl: z.string(),
  doneUrl: z.string(),
  texts: z.record(z.string(), message),
});

function dataOf(page: Page): z.output<typeof frameData> {
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page.html)?.[1];
  return frameData.parse(JSON.parse(text ?? ''));
}

function policyOf({ headers }: Pick<Response, 'headers'>): Record<string, string> {
  const policy = headers.get('Content-Security-Policy') ?? '';
  return Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );
}

/** A page that nobody may frame, that runs nothing and offers nothing. */
function expectNothingOffered(page: Page, status: number): void {
  expect(page.status).toBe(status);
  expect(policyOf(page)['frame-ancestors']).toBe("'none'");
  expect(page.html).not.toMatch(/<(script|form|button|a|iframe)\b/);
  expect(page.headers.get('Content-Type')).toMatch(/^text\/html/);
}

describe("the widget's frame", () => {
  it('may be framed by the page of its token alone, and runs our script and Stripe.js alone', async () => {
    const page = await frameOf(await newWidget());
    expect(page.status).toBe(200);
    const local = 'http://localhost:12111 http://127.0.0.1:12111';
    const nonce = /<style nonce="(\w{32})">/.exec(page.html)?.[1];
    expect(policyOf(page)).toEqual({
      'default-src': "'none'",
      'script-src': `'self' 'nonce-${nonce}' ${local}`,
      'style-src': `'self' 'nonce-${nonce}'`,
      'style-src-attr': "'unsafe-inline'",
      'frame-src': local,
      'connect-src': `'self' ${local}`,
      'img-src': `'self' ${local}`,
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': SHOP,
    });
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=*',
    });
    expect(page.headers.get('X-Frame-Options')).toBeNull();
    expect(page.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it("names Stripe's own origins where its own Stripe.js is loaded", async () => {
    const { frame_url } = await boot(await newWidget());
    const bindings = { STRIPE_JS_URL: undefined };
    const page = await pageOf(await openFrame(frame_url, { bindings }));
    const { 'script-src': script, 'frame-src': frame, 'connect-src': connect } = policyOf(page);
    expect(script).toMatch(
      /^'self' 'nonce-\w+' https:\/\/js\.stripe\.com https:\/\/\*\.js\.stripe\.com https:\/\/checkout\.stripe\.com$/,
    );
    expect(frame).toContain('https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com');
    expect(connect).toBe("'self' https://api.stripe.com https://checkout.stripe.com");
    expect(dataOf(page).stripeJs).toBe('https://js.stripe.com/endive/stripe.js');
  });

  it('leads to the pay page with the reference of the merchant’s page, as far as it can be used', async () => {
    const widget = await newWidget();
    const page = await frameOf(widget, `&form=${FORM}&reference=order-1042&email=ann%40example.com&utm_source=x`);
    const path = `${ORIGIN}/pay/link/${widget.link.token}`;
    expect(dataOf(page).payUrl).toBe(`${path}?lang=en&reference=order-1042`);
    expect(dataOf(await frameOf(widget, '&reference=%00')).payUrl).toBe(`${path}?lang=en`);
  });

  it('carries its script and all the data it needs', async () => {
    const widget = await newWidget();
    const page = await frameOf(widget);
    const scripts = [...page.html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    const nonce = /<style nonce="(\w{32})">/.exec(page.html)?.[1];
    expect(scripts).toEqual(['<script type="application/json" id="data">', `<script nonce="${nonce}">`]);
    expect(page.html.match(/<\/script/g)).toHaveLength(2);
    const { t, texts, ...data } = dataOf(page);
    const payUrl = `${ORIGIN}/pay/link/${widget.link.token}`;
    expect(data).toEqual({
      form: FORM,
      origin: SHOP,
      reference: null,
      amount: null,
      stripeJs: SIMULATED.variables.STRIPE_JS_URL,
      sessionUrl: '/api/v1/embed/payments/sessions?lang=en',
      statusUrl: '/api/v1/embed/payments/status?lang=en',
      endUrl: '/api/v1/embed/payments/sessions/end',
      limited: false,
      payUrl: `${payUrl}?lang=en`,
      doneUrl: `${payUrl}/done?lang=en`,
    });
    expect(texts.succeeded).toEqual({ icon: 'tick', title: en.done.paid.title, text: '', short: 'Paid' });
    expect(t).not.toBe((await boot(widget)).token);
    expect(page.html).not.toMatch(/<form/);
  });

  it('has its title for screen readers alone where Stripe’s form shows title and price, and else for everybody', async () => {
    const fixed = await frameOf(await newWidget());
    expect(fixed.html).toMatch(/<h1 id="title" class="vh"><bdi>Studio deposit</);
    expect(fixed.text).not.toContain('£50.00');
    const open = await frameOf(await newWidget({ amountMinor: null, minAmountMinor: 500 }));
    expect(open.html).toMatch(/<h1 id="title"><bdi>Studio deposit</);
  });

  it.each([
    ['&theme=light', '99999px', 'light'],
    ['&theme=dark', '0', 'dark'],
  ])('has the colours of %s, whatever the visitor’s system prefers', async (theme, width, scheme) => {
    const widget = await newWidget({ buttonColor: '#fde68a' });
    const { html } = await frameOf(widget, `&form=${FORM}${theme}`);
    expect(html).not.toContain('prefers-color-scheme');
    expect(html).toMatch(new RegExp(`@media ?\\(min-width:${width}\\) ?\\{`));
    expect(html).toContain(`:root{color-scheme:${scheme}}</style>`);
    const closed = await pageOf(await openFrame(`${ORIGIN}/embed/payments/frame?t=x${theme}`));
    expect(closed.html).not.toContain('prefers-color-scheme');
    expect(closed.html).toContain(`:root{color-scheme:${scheme}}</style>`);
  });

  it.each(['', '&theme=', '&theme=auto', '&theme=%7D'])('follows the visitor’s system with "%s"', async (theme) => {
    const { html } = await frameOf(await newWidget(), `&form=${FORM}${theme}`);
    expect(html).toContain('prefers-color-scheme');
    expect(html).not.toMatch(/min-width:(0|99999px)\)|color-scheme:(dark|light)\}/);
  });

  it('costs one database round trip and no gate', async () => {
    const { frame_url } = await boot(await newWidget());
    const bindings = countedBindings();
    expect((await openFrame(frame_url, { bindings })).status).toBe(200);
    expect(bindings.counts).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect([...bindings.WORKSPACE_GATE.calls, ...bindings.LINK_GATE.calls]).toEqual([]);
  });

  it('gets the reference of the page, as far as it can be used', async () => {
    const widget = await newWidget({ maxPayments: 3 });
    const known = await boot(widget, { reference: 'order <1042>' });
    const data = dataOf(await pageOf(await openFrame(known.frame_url)));
    expect(data).toMatchObject({ reference: 'order <1042>', limited: true });
    const unusable = await boot(widget, { reference: 'x'.repeat(501) });
    expect(new URL(unusable.frame_url).searchParams.has('reference')).toBe(false);
  });

  it('asks the browser for its script and its style where they could not be read here', async () => {
    const { frame_url } = await boot(await newWidget());
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const ASSETS = { ...env.ASSETS, fetch: async () => new Response('', { status: 500 }) };
    const page = await pageOf(await openFrame(frame_url, { bindings: { ASSETS } }));
    expect(page.html).toContain('<script src="/embed/frame.js"></script>');
    expect(page.html).toContain('<link rel="stylesheet" href="/embed/frame.css"/>');
    log.mockRestore();
  });

  it('makes up a form of its own where the page gave it none that can be one', async () => {
    const widget = await newWidget();
    const forms = new Set<string>();
    for (const query of ['', '&form=', '&form=x', `&form=${FORM}x`, `&form=${FORM.slice(1)}%3C`]) {
      forms.add(dataOf(await frameOf(widget, query)).form);
    }
    expect(forms.size).toBe(5);
    for (const form of forms) expect(form).toMatch(/^[0-9A-Za-z]{26}$/);
  });

  it('asks for an open amount first, in the language of the buyer', async () => {
    const widget = await newWidget({ amountMinor: null, minAmountMinor: 500, suggestedAmountsMinor: [1000, 2500] });
    const page = await frameOf(widget, `&form=${FORM}`, 'de');
    expect(page.html).toMatch(/<html lang="de" dir="ltr">/);
    expect(page.html).toMatch(/<form id="choose"[^>]*>/);
    expect(page.html.match(/name="suggested"/g)).toHaveLength(3);
    expect(page.text).toContain(german.continueToPayment);
    expect(dataOf(page)).toMatchObject({ amount: { empty: german.faults.empty } });
  });

  it('shows what a hostile title says as text, and its data stays data', async () => {
    const title = '</script><script>alert(1)</script><!--"><img src=x onerror=alert(2)>';
    const page = await frameOf(await newWidget({ title, buttonColor: '#1d4ed8' }));
    expect(page.html.match(/<script\b/g)).toHaveLength(2);
    expect(page.html).not.toMatch(/<img\b/);
    expect(dataOf(page).origin).toBe(SHOP);
  });

  it('names the sandbox, and a seller only where the link does', async () => {
    const named = await frameOf(await newWidget({ showBusinessName: true }));
    expect(named.text).toContain(en.sandbox);
    expect(named.text).toContain('Northlight Studio');
    expect(named.html).toContain('<title>Studio deposit · Northlight Studio</title>');
    const live = await frameOf(await newWidget({}, { mode: 'live' }));
    expect(live.text).not.toContain(en.sandbox);
    expect(live.text).not.toContain('Northlight Studio');
    expect(live.text).toContain(en.securePayment);
    expect(live.html).toContain('<title>Studio deposit</title>');
  });
});

describe('a frame that may not be opened', () => {
  it('is nothing without a token, or with a forged one', async () => {
    const { token } = await boot(await newWidget());
    const foreign = await embedTokens({ secretsKey: 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=' });
    const forged = await foreign.issue('page', { keyId: 'key_0', origin: SHOP, link: 'lnk_0' }, Date.now());
    for (const query of ['', '?t=', '?t=x', `?t=${forged}`, `?t=${token}x`, `?t=${token.slice(0, -1)}`]) {
      expectNothingOffered(await pageOf(await openFrame(`${ORIGIN}/embed/payments/frame${query}`)), 403);
    }
  });

  it('is over after five minutes', async () => {
    const { frame_url } = await boot(await newWidget());
    passTime(5 * 60_000 - 1);
    expect((await openFrame(frame_url)).status).toBe(200);
    passTime(1);
    const page = await pageOf(await openFrame(frame_url));
    expectNothingOffered(page, 403);
    expect(page.text).toContain(en.embed.over.title);
    expect(page.html).toContain(`<title>${en.embed.over.title} · SoftSolz Payments</title>`);
  });

  it("is not opened by the frame's own token", async () => {
    const { t } = dataOf(await frameOf(await newWidget()));
    const url = `${ORIGIN}/embed/payments/frame?t=${encodeURIComponent(t)}`;
    expectNothingOffered(await pageOf(await openFrame(url)), 403);
  });

  it('is closed by revoking the key, and by taking the origin off its list', async () => {
    const revoked = await newWidget();
    const { frame_url } = await boot(revoked);
    await revokeKey(operatorContext(revoked.shop.shard), revoked.keyId);
    expectNothingOffered(await pageOf(await openFrame(frame_url)), 403);

    const removed = await newWidget();
    const before = await boot(removed);
    await removed.shop.binding
      .prepare('UPDATE api_keys SET allowed_origins = ? WHERE id = ?')
      .bind('[]', removed.keyId)
      .run();
    expectNothingOffered(await pageOf(await openFrame(before.frame_url)), 403);
  });

  it('shows within the page why its link takes no payment any more', async () => {
    const widget = await newWidget();
    const { frame_url } = await boot(widget);
    await widget.shop.binding
      .prepare('UPDATE payment_links SET active = 0 WHERE token = ?')
      .bind(widget.link.token)
      .run();
    const page = await pageOf(await openFrame(frame_url));
    expect([page.status, policyOf(page)['frame-ancestors']]).toEqual([410, SHOP]);
    expect(page.text).toContain(en.closed.inactive.title);
    const [script, ...more] = [...page.html.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, text]) => text);
    expect(more).toEqual([]);
    const message = { source: 'softsolz', type: 'payments.blocked', data: { reason: 'payment_link_inactive' } };
    expect(script).toMatch(/^parent\.postMessage\(.*\);parent\.postMessage\([^;]*"payments\.resize"[^;]*\);$/);
    expect(script).toContain(`parent.postMessage(${JSON.stringify(message)},"${SHOP}");`);
    expect(script?.match(/,"https:\/\/shop\.example"\);/g)).toHaveLength(2);
  });

  it('says in the merchant’s own words that it is too late, at once or in the middle of it', async () => {
    const widget = await newWidget({ inactiveMessage: 'Back on <Monday>.' });
    const { frame_url } = await boot(widget);
    const { texts } = dataOf(await pageOf(await openFrame(frame_url)));
    expect([texts.inactive, texts.soldOut]).toEqual([
      { icon: 'pause', title: en.closed.inactive.title, text: 'Back on <Monday>.' },
      { icon: 'pause', title: en.closed.sold_out.title, text: 'Back on <Monday>.' },
    ]);
    for (const change of ['sold_out_at = 1', 'active = 0']) {
      await widget.shop.binding
        .prepare(`UPDATE payment_links SET ${change} WHERE token = ?`)
        .bind(widget.link.token)
        .run();
      const page = await pageOf(await openFrame(frame_url));
      expect([page.status, page.html.includes('Back on &lt;Monday&gt;.')]).toEqual([410, true]);
    }
  });

  it('is a page too when the database cannot be reached', async () => {
    const { frame_url } = await boot(await newWidget());
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const page = await pageOf(await openFrame(frame_url, { bindings: failingD1(env, 'every') }));
    expectNothingOffered(page, 503);
    expect(page.text).toContain(en.closed.unavailable.title);
    expect(page.html).not.toMatch(/D1_ERROR|at .*\.ts/);
    log.mockRestore();
  });
});
