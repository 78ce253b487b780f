import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { askBootstrap, askStatus, boot, newWidget, openFrame, postSession } from '../support/embed.ts';
import { createKeyed } from '../support/keyed.ts';
import { ORIGIN, openPage, sendForm, tapPay, visit } from '../support/pay-page.ts';
import { heldEvent, openSession } from '../support/payments.ts';
import { pay, sendStripeEvent, setConditions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

const requestLine = z.strictObject({
  level: z.literal('info'),
  message: z.literal('request'),
  request_id: z.string(),
  method: z.string(),
  route: z.string(),
  status: z.int(),
  duration_ms: z.int().min(0),
  workspace: z.optional(z.string()),
  key: z.optional(z.string()),
  code: z.optional(z.string()),
});

let lines: string[];

beforeEach(() => {
  lines = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => void lines.push(String(line)));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

const linesOf = (message: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.message === message);

/** What the line of the last request says, without its id and duration. */
function logged() {
  const {
    request_id: _id,
    duration_ms: _duration,
    level: _level,
    message: _message,
    ...line
  } = requestLine.parse(linesOf('request').at(-1));
  return line;
}

describe('The log line of a request', () => {
  it('names workspace, key and route of an API request, and never the key itself', async () => {
    const shop = await newWorkspace();
    const { id, secret } = await shop.issue();
    await call(secret, 'GET', '/payments/1?x=1', undefined, { 'X-Request-Id': 'req-of-this-test' });
    expect(logged()).toEqual({
      method: 'GET',
      route: '/api/v1/services/payments/payments/:id',
      status: 404,
      workspace: shop.workspace.id,
      key: id,
      code: 'not_found',
    });
    expect(linesOf('request').at(-1).request_id).toBe('req-of-this-test');
    await call(secret, 'POST', '/checkout-sessions', SESSION);
    expect(logged()).toMatchObject({ route: '/api/v1/services/payments/checkout-sessions', status: 201, key: id });
    expect(logged()).not.toHaveProperty('code');
    expect(lines.join()).not.toContain(secret);
  });

  it('has the error code of every refusal, and the workspace once the key is known', async () => {
    const shop = await newWorkspace();
    const reader = await shop.issue({ scopes: ['service.payments.links.read'], rateLimitPerMinute: 1 });
    await call(null, 'GET', '/payments');
    expect(logged()).toMatchObject({ status: 401, code: 'missing_authorization' });
    expect(logged()).not.toHaveProperty('workspace');
    const own = { workspace: shop.workspace.id, key: reader.id };
    await call(reader.secret, 'GET', '/payments');
    expect(logged()).toMatchObject({ ...own, status: 403, code: 'insufficient_scope' });
    await call(reader.secret, 'GET', '/payment-links');
    expect(logged()).toMatchObject({ ...own, status: 429, code: 'rate_limit_exceeded' });
    await call(shop.key, 'POST', '/checkout-sessions', {});
    expect(logged()).toMatchObject({ workspace: shop.workspace.id, status: 400, code: 'invalid_amount' });
    await exports.default.fetch(`${ORIGIN}/api/v1/services/payments/nothing`);
    expect(logged()).toMatchObject({ status: 404, code: 'not_found', route: '/api/v1/services/payments/*' });
    await exports.default.fetch(`${ORIGIN}/nowhere/at/all`);
    expect(logged()).toEqual({ method: 'GET', route: '/*', status: 404, code: 'not_found' });
  });

  it('has the error code of a request that waited for another one with its Idempotency-Key, as the first has', async () => {
    const shop = await newWorkspace();
    await setConditions(shop.account, { refuse_sessions: 'payment_methods' });
    const answers = await Promise.all([createKeyed(shop), createKeyed(shop)]);
    expect(answers.filter((answer) => answer.headers.has('Idempotent-Replayed'))).toHaveLength(1);
    const refused = { status: 409, code: 'CONNECT_ACCOUNT_NOT_READY' };
    expect(linesOf('request')).toMatchObject([refused, refused]);
  });

  it('names the workspace of a pay page and of what is sent to it, and nothing of the buyer', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const own = { workspace: shop.workspace.id, route: '/pay/link/:token' };
    await openPage(link, { query: '?email=ann@example.com&reference=secret-1' });
    expect(logged()).toEqual({ ...own, method: 'GET', status: 200 });
    expect((await tapPay(link, { email: 'ann@example.com' })).status).toBe(303);
    expect(logged()).toEqual({ ...own, method: 'POST', status: 303 });
    await visit(`/pay/link/${link.token}/qr.svg`, { method: 'HEAD' });
    expect(logged()).toEqual({ ...own, method: 'HEAD', status: 200, route: '/pay/link/:token/qr.svg' });
    await sendForm(link, { form: 'no form' });
    expect(logged()).toMatchObject({ ...own, status: 400, code: 'try_again' });
    await visit('/pay/link/lnk_0aaaaaaaaaaaaaaaaaaaaaaaa');
    expect(logged()).toEqual({ method: 'GET', route: '/pay/link/:token', status: 404, code: 'not_found' });
    await visit('/pay/else');
    expect(logged()).toEqual({ method: 'GET', route: '/pay/*', status: 404, code: 'not_found' });
    for (const secret of ['ann@example.com', 'secret-1', link.token]) expect(lines.join()).not.toContain(secret);
  });

  it('says why a pay page takes no payment', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    await openPage(await shop.link());
    expect(logged()).toMatchObject({ workspace: shop.workspace.id, status: 503, code: 'not_ready' });
  });

  it('names workspace and public key of the widget’s requests', async () => {
    const widget = await newWidget();
    const own = { workspace: widget.shop.workspace.id, key: widget.keyId };
    const { frame_url, token } = await boot(widget);
    expect(logged()).toEqual({ ...own, method: 'GET', status: 200, route: '/api/v1/embed/payments/bootstrap' });
    await openFrame(frame_url);
    expect(logged()).toEqual({ ...own, method: 'GET', status: 200, route: '/embed/payments/frame' });
    await postSession({ t: token, form: 'no form' });
    expect(logged()).toMatchObject({
      method: 'POST',
      route: '/api/v1/embed/payments/sessions',
      code: expect.any(String),
    });
    await askStatus(token, 'cs_test_none');
    expect(logged()).toMatchObject({ key: widget.keyId, status: 404, code: 'not_found' });
    await askBootstrap(widget, { origin: 'https://foreign.example' });
    expect(logged()).toMatchObject({ ...own, status: 403, code: 'origin_not_allowed' });
    for (const secret of [widget.key, token]) expect(lines.join()).not.toContain(secret);
  });

  it('names the workspace of a Stripe event, as does the line of the event itself', async () => {
    const shop = await newWorkspace({ webhook: false });
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await sendStripeEvent(await heldEvent(shop, 'checkout.session.completed'));
    expect(logged()).toEqual({
      method: 'POST',
      route: '/api/stripe/events/:mode{test|live}',
      status: 200,
      workspace: shop.workspace.id,
    });
    expect(linesOf('stripe event').at(-1)).toMatchObject({
      request_id: linesOf('request').at(-1).request_id,
      workspace: shop.workspace.id,
      account: shop.account,
      livemode: false,
      outcome: 'applied',
    });
  });
});
