import { afterEach, describe, expect, it, vi } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { callWith, createRequests, expectError, expectSession, footprint, rowsOf } from '../support/api.ts';
import { runCron } from '../support/direct.ts';
import { boot, expectEmbedded, newWidget, postSession } from '../support/embed.ts';
import { createKeyed } from '../support/keyed.ts';
import { openPage, pageOf, sendForm } from '../support/pay-page.ts';
import { MINUTE } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control, deliverStripeEvents, setConditions } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const create = (shop: TestWorkspace, more = {}) =>
  call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, ...more });
const SENTENCE = /No valid payment method types|dashboard\.stripe\.com|Indian regulations|requirements/;

async function accountRow(shop: TestWorkspace) {
  return (await rowsOf('connected_accounts', shop.workspace.id))[0];
}

/** The cookies that a browser keeps of an answer. */
function cookiesOf(response: Response): Record<string, string> {
  const kept = new Map(response.headers.getSetCookie().map((cookie) => [cookie.split('=')[0], cookie.split(';')[0]]));
  return { Cookie: [...kept.values()].join('; ') };
}

describe("a session that the merchant's own Stripe settings refuse", () => {
  it.each([
    ['payment_methods', 'No valid payment method types for this Checkout Session.'],
    ['country', 'only registered Indian businesses'],
  ])('by %s is 409 with the sentence of Stripe, and nothing is written', async (refuse_sessions, sentence) => {
    const shop = await newWorkspace();
    await setConditions(shop.account, { refuse_sessions });
    const { stripe_requests: _, ...before } = await footprint(shop);
    const error = await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(error.message).toContain(sentence);
    expect(await footprint(shop)).toEqual({ ...before, stripe_requests: 1 });
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1 });
  });

  it('by a missing business name is 409, and the same idempotency key makes the session once there is one', async () => {
    const shop = await newWorkspace();
    await control('POST', `/accounts/${shop.account}/update`, { business_profile: { name: null } });
    const error = await expectError(await createKeyed(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(error.message).toContain('you must set an account or business name');
    await control('POST', `/accounts/${shop.account}/update`, { business_profile: { name: 'Ann' } });
    await expectSession(await createKeyed(shop));
  });

  it('gives the place of a limited link back', async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link({ maxPayments: 1 });
    const body = { ...SESSION, amount: undefined, currency: undefined, payment_link_token: token };
    await setConditions(shop.account, { refuse_sessions: 'payment_methods' });
    await expectError(await call(shop.key, 'POST', '/checkout-sessions', body), 409, 'CONNECT_ACCOUNT_NOT_READY');
    await setConditions(shop.account, {});
    await expectSession(await call(shop.key, 'POST', '/checkout-sessions', body));
  });

  it.each([
    ['capability_not_active', 1],
    ['country_unsupported', 1],
    ['payment_method_unactivated', 1],
    ['testmode_charges_only', 0],
  ])('is told by the code %s too', async (code, charges_enabled) => {
    const shop = await newWorkspace();
    stripeOf(async () => stripeErrorAnswer({ status: 400, code, message: 'The sentence of Stripe.' }));
    const response = await callWith({}, shop.key, 'POST', '/checkout-sessions', SESSION);
    const error = await expectError(response, 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(error.message).toContain('The sentence of Stripe.');
    expect(await accountRow(shop)).toMatchObject({ charges_enabled });
  });

  it('never shows a key that the sentence names', async () => {
    const shop = await newWorkspace();
    const message = 'Ask the owner of sk_test_simulated_platform to activate a payment method.';
    stripeOf(async () => stripeErrorAnswer({ status: 400, message }));
    const response = await callWith({}, shop.key, 'POST', '/checkout-sessions', SESSION);
    const error = await expectError(response, 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(error.message).toMatch(/Ask the owner of … to activate a payment method\.$/);
  });

  it('is in the log of the operators, with the account and the sentence', async () => {
    const shop = await newWorkspace();
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await setConditions(shop.account, { refuse_sessions: 'payment_methods' });
    await create(shop);
    expect(warnings.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      { message: 'account refused by Stripe', account: shop.account, reason: expect.stringMatching(SENTENCE) },
    ]);
  });
});

describe('a session that Stripe refuses because the account may not charge', () => {
  it.each(['charges', 'capability'])('by %s closes the account at once, and Stripe is not asked again', async (by) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await setConditions(shop.account, { refuse_sessions: by });
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0, details_submitted: 1, disconnected_at: null });
    expect(await rowsOf('events', shop.workspace.id)).toMatchObject([{ type: 'payments.account.updated' }]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ action }) => action === 'account.charges_lost')).toMatchObject([{ object: shop.account }]);

    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    const page = await openPage(link);
    expect([page.status, page.text.includes(en.closed.not_ready.title)]).toEqual([503, true]);
    expect(await createRequests(shop.account)).toHaveLength(1);
  });

  it('opens the account again when Stripe says that it may charge', async () => {
    const shop = await newWorkspace();
    await setConditions(shop.account, { refuse_sessions: 'charges' });
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    await setConditions(shop.account, {});
    await control('POST', `/accounts/${shop.account}/update`, { charges_enabled: true });
    await deliverStripeEvents(shop.account ?? '');
    await expectSession(await create(shop));
  });
});

describe('an account that was closed by one refused session', () => {
  it('is open again when the cron reads it next, also if Stripe sends no event about it', async () => {
    const shop = await newWorkspace();
    vi.useFakeTimers({ toFake: ['Date'] });
    await runCron();
    await setConditions(shop.account, { refuse_sessions: 'charges' });
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    await setConditions(shop.account, {});
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0 });
    vi.setSystemTime(Date.now() + 5 * MINUTE);
    await runCron();
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1 });
    await expectSession(await create(shop));
  });
});

describe('a buyer at a link whose seller has to change a setting at Stripe', () => {
  it('reads on the pay page that it is not ready, and nothing of Stripe’s sentence', async () => {
    for (const refuse_sessions of ['payment_methods', 'country', 'charges']) {
      const shop = await newWorkspace();
      const link = await shop.link({ maxPayments: 1 });
      await setConditions(shop.account, { refuse_sessions });
      const { fields } = await openPage(link);
      const page = await pageOf(await sendForm(link, fields));
      expect([page.status, page.text.includes(en.closed.not_ready.text)]).toEqual([503, true]);
      expect(page.html).not.toMatch(SENTENCE);
      expect(page.headers.get('Retry-After')).toBe(null);
    }
  });

  it('reads the same when the form is sent again, and pays with the next one once it is ready', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    await setConditions(shop.account, { refuse_sessions: 'payment_methods' });
    const { fields } = await openPage(link);
    expect((await sendForm(link, fields)).status).toBe(503);
    const refused = await sendForm(link, fields);
    expect(refused.status).toBe(503);
    await setConditions(shop.account, {});
    const headers = cookiesOf(refused);
    const again = await openPage(link, { headers });
    expect((await sendForm(link, again.fields, { headers })).status).toBe(303);
  });

  it('reads it in the widget too, and the answer has nothing of Stripe’s sentence', async () => {
    const widget = await newWidget({ maxPayments: 1 });
    const { token: t } = await boot(widget);
    await setConditions(widget.shop.account, { refuse_sessions: 'payment_methods' });
    const error = await expectError(await postSession({ t, form: newFormId() }), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(error.message).not.toMatch(SENTENCE);
    await setConditions(widget.shop.account, {});
    await expectEmbedded(await postSession({ t, form: newFormId() }));
  });
});
