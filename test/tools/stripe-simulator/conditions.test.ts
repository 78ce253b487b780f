import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { BASE_URL, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, create, harness, item, onAccount, params, pay, request, submit, useShop } from './support/shop.ts';

useShop();

/** How Stripe works for the shop's account from now on. */
function conditions(wanted: object) {
  return harness.control('POST', '/_control/conditions', { account: ACCOUNT, ...wanted });
}

function restricted(): Stripe {
  return new Stripe('rk_test_restricted', {
    host: 'localhost',
    port: 12111,
    protocol: 'http',
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) =>
      harness.simulator.fetch(new Request(input, init)),
    ),
  });
}

describe('the conditions of an account', () => {
  it('are as at the start without a call, and after a reset', async () => {
    const { json } = await harness.control('POST', '/_control/conditions', {});
    expect(json).toMatchObject({ account: null, refuse_sessions: null, forbid: null, refund_status: 'succeeded' });
    await conditions({ refuse_sessions: 'country' });
    await harness.control('POST', '/_control/reset', {});
    expect((await create()).status).toBe('open');
    expect((await conditions({ unknown: 1 })).status).toBe(400);
  });

  it('put hosted Checkout on another origin, with a fragment of any length', async () => {
    await conditions({ checkout_origin: 'https://pay.shop.example', checkout_fragment: 0 });
    const plain = await create();
    expect(plain.url).toBe(`https://pay.shop.example/c/pay/${plain.id}`);
    await conditions({ checkout_fragment: 600 });
    const { url, id } = await create();
    expect(url?.slice(0, url.indexOf('#'))).toBe(`${BASE_URL}/c/pay/${id}`);
    expect(new URL(url ?? '').hash).toMatch(/^#fid[\w%]{596}$/);
  });
});

describe('an account whose own settings refuse a session', () => {
  it.each([
    ['capability', /without the `card_payments` capability/],
    ['charges', /cannot currently make charges/],
    ['country', /^As per Indian regulations/],
    ['payment_methods', /^No valid payment method types/],
  ])('by %s: a 400 with neither code nor parameter', async (refuse_sessions, sentence) => {
    await conditions({ refuse_sessions });
    const error = await refusal(create());
    expect(error).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error' });
    expect([error.code, error.param]).toEqual([undefined, undefined]);
    expect(error.message).toMatch(sentence);
    await conditions({});
    expect((await create()).status).toBe('open');
  });

  it('by a missing business name, until it has one', async () => {
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/update`, { business_profile: { name: null } });
    expect((await refusal(create())).message).toMatch(/you must set an account or business name/);
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/update`, { business_profile: { name: 'Ann’s' } });
    const { id } = await create();
    expect(await (await request(`/c/pay/${id}`)).text()).toContain('Pay Ann’s');
  });

  it('gives the same refusal again for the same idempotency key', async () => {
    await conditions({ refuse_sessions: 'country' });
    const make = () => harness.stripe.checkout.sessions.create(params(), { ...onAccount, idempotencyKey: 'one' });
    await refusal(make());
    await conditions({});
    const again = await refusal(make());
    expect(again.headers?.['idempotent-replayed']).toBe('true');
  });
});

describe('a key without access', () => {
  it('is 403 with account_invalid for all that a lost account and another platform have in common', async () => {
    for (const [forbid, platform] of [
      ['account_invalid', 'acct_platform'],
      ['other_platform', 'acct_other_platform'],
    ]) {
      await harness.control('POST', '/_control/conditions', { forbid });
      expect(await refusal(create())).toMatchObject({ statusCode: 403, code: 'account_invalid' });
      expect((await harness.stripe.accounts.retrieveCurrent()).id).toBe(platform);
    }
  });

  it('is 403 without a code where the account gave the platform fewer permissions', async () => {
    await conditions({ forbid: 'permission' });
    const error = await refusal(create());
    expect([error.statusCode, error.code]).toEqual([403, undefined]);
    expect(error.message).toContain(`does not have the required permissions for this endpoint on account '${ACCOUNT}'`);
  });

  it('names the permission that a restricted key lacks, and hides the key', async () => {
    await conditions({ missing_permissions: ['checkout_session_write'] });
    const { sessions } = restricted().checkout;
    const error = await refusal(sessions.create(params(), onAccount));
    expect(error.statusCode).toBe(403);
    expect(error.message).toContain("'rak_checkout_session_write'");
    expect(error.message).not.toContain('rk_test_restricted');
    expect((await sessions.list({}, onAccount)).data).toEqual([]);
    expect((await create()).status).toBe('open');
  });
});

describe('what takes its time', () => {
  it('is a voucher: unpaid for days, or for ever', async () => {
    await conditions({ bank_settles_after_seconds: 3 * 86_400 });
    const { id } = await create();
    await submit(id, { method: 'bank' });
    const status = async () => (await harness.stripe.checkout.sessions.retrieve(id, {}, onAccount)).payment_status;
    await harness.control('POST', '/_control/clock', { advance_seconds: 3 * 86_400 - 60 });
    expect(await status()).toBe('unpaid');
    await harness.control('POST', '/_control/clock', { advance_seconds: 120 });
    expect(await status()).toBe('paid');
    await conditions({ bank_settles_after_seconds: null });
    const never = await create();
    await submit(never.id, { method: 'bank' });
    await harness.control('POST', '/_control/clock', { advance_seconds: 30 * 86_400 });
    expect((await harness.stripe.checkout.sessions.retrieve(never.id, {}, onAccount)).payment_status).toBe('unpaid');
  });

  it('is a list, which lacks new objects for some seconds', async () => {
    await conditions({ list_lag_seconds: 5 });
    const { id } = await create();
    const { stripe } = harness;
    await pay(id, 'paid');
    expect((await stripe.checkout.sessions.list({}, onAccount)).data).toEqual([]);
    expect((await stripe.events.list({}, onAccount)).data).toEqual([]);
    expect((await stripe.checkout.sessions.retrieve(id, {}, onAccount)).status).toBe('complete');
    await harness.control('POST', '/_control/clock', { advance_seconds: 6 });
    expect((await stripe.checkout.sessions.list({}, onAccount)).data).toHaveLength(1);
    expect((await stripe.events.list({}, onAccount)).data.length).toBeGreaterThan(0);
  });

  it('is an object that another request has locked: 429 lock_timeout', async () => {
    const { id } = await create({ line_items: [item('gbp', 500)] });
    await harness.control('POST', '/_control/faults', { fail_next: { status: 429, code: 'lock_timeout' } });
    const error = await refusal(harness.stripe.checkout.sessions.expire(id, {}, onAccount));
    expect(error).toMatchObject({ statusCode: 429, code: 'lock_timeout', type: 'StripeRateLimitError' });
    expect((await harness.stripe.checkout.sessions.expire(id, {}, onAccount)).status).toBe('expired');
  });
});

describe('a payment method domain', () => {
  it('can be inactive, and is checked again when it is validated', async () => {
    await conditions({ payment_method_domain_status: 'inactive' });
    const { paymentMethodDomains } = harness.stripe;
    const domain = await paymentMethodDomains.create({ domain_name: 'shop.example' }, onAccount);
    expect(domain.apple_pay).toMatchObject({
      status: 'inactive',
      status_details: { error_message: expect.any(String) },
    });
    await conditions({});
    expect((await paymentMethodDomains.create({ domain_name: 'shop.example' }, onAccount)).apple_pay.status).toBe(
      'inactive',
    );
    expect((await paymentMethodDomains.validate(domain.id, {}, onAccount)).apple_pay).toEqual({ status: 'active' });
  });
});
