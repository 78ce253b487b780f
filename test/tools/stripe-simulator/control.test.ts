import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { BASE_URL } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, create, harness, request, submit, useShop } from './support/shop.ts';

useShop({}, { business_profile: { name: 'Ann & Co' } });

describe('who may call', () => {
  it.each([
    'evil.example',
    'evil-localhost',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:12111',
    '10.0.0.1',
  ])('refuses the host %s everywhere', async (host) => {
    for (const path of ['/v1/events', '/_control/requests', '/sink/shop/log', '/c/pay/x']) {
      expect((await harness.simulator.fetch(new Request(`http://${host}${path}`))).status).toBe(403);
      expect((await request(path, { headers: { host } })).status).toBe(403);
    }
  });

  it.each(['localhost', 'localhost:12111', '127.0.0.1:9', '[::1]:12111'])('takes the host %s', async (host) => {
    expect((await harness.simulator.fetch(new Request(`http://${host}/_control/requests`))).status).toBe(200);
  });

  it.each([
    ['origin', BASE_URL],
    ['origin', 'null'],
    ['sec-fetch-site', 'cross-site'],
  ])('refuses %s: %s on the control', async (name, value) => {
    const headers = { [name]: value };
    expect((await request('/_control/requests', { headers })).status).toBe(403);
    expect((await request('/_control/reset', { method: 'POST', headers })).status).toBe(403);
  });
});

describe('the control', () => {
  it('logs requests to the API, newest last, and filters them by account', async () => {
    const session = await create({ metadata: { a: 'b' } });
    await harness.stripe.accounts.list();
    const { json } = await harness.control('GET', `/_control/requests?account=${ACCOUNT}`);
    expect(json).toMatchObject({
      data: [
        {
          method: 'POST',
          path: '/v1/checkout/sessions',
          account: ACCOUNT,
          params: { metadata: { a: 'b' } },
          status: 200,
          replayed: false,
        },
      ],
    });
    const all = z
      .object({ data: z.array(z.object({ path: z.string() })) })
      .parse((await harness.control('GET', '/_control/requests')).json);
    expect(all.data.map((entry) => entry.path)).toEqual(['/v1/checkout/sessions', '/v1/accounts']);
    expect((await harness.control('GET', '/_control/sessions?account=acct_other')).json).toEqual({ data: [] });
    expect((await harness.control('GET', '/_control/sessions')).json).toMatchObject({
      data: [{ id: session.id, account: ACCOUNT }],
    });
  });

  it('forgets all but accounts on reset', async () => {
    const session = await create();
    await submit(session.id);
    await harness.control('POST', '/_control/faults', { fail_next: { count: 9 } });
    await harness.control('POST', '/_control/clock', { advance_seconds: 500 });
    await harness.control('POST', '/_control/reset');
    for (const path of ['sessions', 'requests', 'outbox']) {
      expect((await harness.control('GET', `/_control/${path}`)).json).toEqual({ data: [] });
    }
    expect((await harness.stripe.accounts.retrieve(ACCOUNT)).charges_enabled).toBe(true);
    const made = await create();
    expect(Math.abs(made.created - Date.now() / 1000)).toBeLessThan(100);
  });

  it('names what is wrong with a body', async () => {
    const wrong = await harness.control('POST', '/_control/faults', { latency: 5 });
    expect(wrong).toMatchObject({ status: 400, json: { error: expect.stringContaining('latency') } });
    expect((await request('/_control/faults', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await harness.control('POST', '/_control/accounts/acct_none/update', {})).status).toBe(404);
    expect((await harness.control('GET', '/_control/nothing')).status).toBe(404);
  });

  it('keeps one account id in both modes', async () => {
    await harness.control('POST', '/_control/accounts', { id: ACCOUNT, livemode: true, charges_enabled: false });
    expect((await harness.stripe.accounts.retrieve(ACCOUNT)).charges_enabled).toBe(true);
    expect((await harness.liveStripe.accounts.retrieve(ACCOUNT)).charges_enabled).toBe(false);
  });
});
