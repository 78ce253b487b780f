import { describe, expect, it } from 'vitest';
import { BASE_URL, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, harness, item, onAccount, params, useShop } from './support/shop.ts';

const NOW_SECONDS = 1_800_000_000;

useShop({ now: () => NOW_SECONDS * 1000 + 999 });

async function refusedCreate(overrides: object) {
  const error = await refusal(harness.stripe.checkout.sessions.create(params(overrides), onAccount));
  const { data } = await harness.stripe.checkout.sessions.list({}, onAccount);
  expect(data).toEqual([]);
  return { status: error.statusCode, type: error.type, code: error.code, param: error.param, message: error.message };
}

const invalid = { status: 400, type: 'StripeInvalidRequestError' };

describe('refusing a Checkout session', () => {
  it.each([
    ['an unknown parameter', { colour: 'red' }, 'parameter_unknown', 'colour'],
    ['a nested unknown parameter', { adaptive_pricing: { on: true } }, 'parameter_unknown', 'adaptive_pricing[on]'],
    [
      'an empty product name',
      {
        line_items: [
          { ...item('usd', 500), price_data: { ...item('usd', 500).price_data, product_data: { name: '' } } },
        ],
      },
      'parameter_invalid_empty',
      'line_items[0][price_data][product_data][name]',
    ],
    ['no line items', { line_items: undefined }, 'parameter_missing', 'line_items'],
    ['no success_url', { success_url: undefined }, 'parameter_missing', 'success_url'],
    [
      'an amount below the minimum',
      { line_items: [item('gbp', 29)] },
      'amount_too_small',
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'an amount above the maximum',
      { line_items: [item('gbp', 100_000_000)] },
      'amount_too_large',
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'three decimals not in tens',
      { line_items: [item('kwd', 1001)] },
      'parameter_invalid_integer',
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'ISK with decimals',
      { line_items: [item('isk', 150)] },
      'parameter_invalid_integer',
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'UGX with decimals',
      { line_items: [item('ugx', 150)] },
      'parameter_invalid_integer',
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'a fraction',
      { line_items: [item('usd', 10.5)] },
      'parameter_invalid_integer',
      'line_items[0][price_data][unit_amount]',
    ],
    ['an unknown currency', { line_items: [item('xyz', 500)] }, undefined, 'line_items[0][price_data][currency]'],
    ['two currencies', { line_items: [item('usd', 500), item('eur', 500)] }, undefined, 'line_items'],
    ['an invalid e-mail', { customer_email: 'ann' }, 'email_invalid', 'customer_email'],
    ['a relative URL', { success_url: '/done' }, 'url_invalid', 'success_url'],
    ['a script URL', { cancel_url: 'javascript:alert(1)' }, 'url_invalid', 'cancel_url'],
    ['expires_at below 30 minutes', { expires_at: NOW_SECONDS + 1799 }, undefined, 'expires_at'],
    ['expires_at above 24 hours', { expires_at: NOW_SECONDS + 86_401 }, undefined, 'expires_at'],
    [
      '51 metadata keys',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])) },
      undefined,
      'metadata',
    ],
    ['a metadata key of 41', { metadata: { ['k'.repeat(41)]: 'v' } }, undefined, 'metadata'],
    ['a metadata value of 501', { metadata: { k: 'v'.repeat(501) } }, undefined, 'metadata'],
    [
      'a long client_reference_id',
      { client_reference_id: 'r'.repeat(201) },
      'parameter_invalid_string_length',
      'client_reference_id',
    ],
    ['a return_url on a hosted page', { return_url: 'https://shop.example' }, undefined, 'return_url'],
    [
      'an embedded page without return_url',
      { ui_mode: 'embedded_page', success_url: undefined, cancel_url: undefined },
      'parameter_missing',
      'return_url',
    ],
    [
      'an embedded page with success_url',
      { ui_mode: 'embedded_page', return_url: 'https://shop.example', cancel_url: undefined },
      undefined,
      'success_url',
    ],
    [
      'an embedded page with cancel_url',
      { ui_mode: 'embedded_page', return_url: 'https://shop.example', success_url: undefined },
      undefined,
      'cancel_url',
    ],
    ['an unknown ui_mode', { ui_mode: 'popup' }, undefined, 'ui_mode'],
    ['what is not simulated', { allow_promotion_codes: true }, undefined, 'allow_promotion_codes'],
  ])('refuses %s and makes nothing', async (_name, overrides, code, param) => {
    const error = await refusedCreate(overrides);
    expect(error).toMatchObject({ ...invalid, code, param });
    expect(error.message).not.toBe('');
  });

  it('takes 50 metadata keys of 40 characters with values of 500', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [String(n).padStart(40, 'k'), 'v'.repeat(500)]),
    );
    const session = await harness.stripe.checkout.sessions.create(params({ metadata }), onAccount);
    expect(session.metadata).toEqual(metadata);
  });

  it('keeps metadata keys that mean something to JavaScript', async () => {
    const metadata: Record<string, string> = JSON.parse('{"__proto__":"a","constructor":"b"}');
    const session = await harness.stripe.checkout.sessions.create(params({ metadata }), onAccount);
    expect(JSON.stringify(session.metadata)).toBe('{"__proto__":"a","constructor":"b"}');
  });

  it('refuses square brackets in metadata keys sent as a plain form', async () => {
    const body = new URLSearchParams({
      success_url: 'https://shop.example',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': '500',
      'line_items[0][price_data][product_data][name]': 'Mug',
      'metadata[a[b]]': 'x',
    });
    const headers = { authorization: 'Bearer sk_test_platform', 'stripe-account': ACCOUNT };
    const request = new Request(`${BASE_URL}/v1/checkout/sessions`, { method: 'POST', headers, body });
    expect((await harness.simulator.fetch(request)).status).toBe(400);
  });

  it('refuses an account that cannot charge, as an invalid request', async () => {
    await harness.control('POST', '/_control/accounts', { id: 'acct_new', charges_enabled: false });
    const error = await refusal(harness.stripe.checkout.sessions.create(params(), { stripeAccount: 'acct_new' }));
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    expect(error.message).toMatch(/cannot currently make charges/);
  });

  it('refuses an account that is unknown or has left with 403 account_invalid', async () => {
    await harness.control('POST', `/_control/accounts/${ACCOUNT}/deauthorize`, {});
    for (const stripeAccount of [ACCOUNT, 'acct_unknown']) {
      const error = await refusal(harness.stripe.checkout.sessions.create(params(), { stripeAccount }));
      expect(error).toMatchObject({ statusCode: 403, code: 'account_invalid', type: 'StripePermissionError' });
    }
  });

  it.each(['', 'Bearer pk_test_x', 'Bearer sk_other_x', 'Basic c2tfdGVzdF94'])(
    'refuses the authorization "%s" with 401',
    async (authorization) => {
      const request = new Request(`${BASE_URL}/v1/events`, { headers: authorization === '' ? {} : { authorization } });
      const response = await harness.simulator.fetch(request);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );

  it('answers 404 in Stripe’s words for a path it does not know', async () => {
    const error = await refusal(harness.stripe.customers.list({}, onAccount));
    expect(error).toMatchObject({ statusCode: 404, message: 'Unrecognized request URL (GET: /v1/customers).' });
  });
});
