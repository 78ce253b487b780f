import { describe, expect, it } from 'vitest';
import { BASE_URL } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, CARD, create as createSession, harness, onAccount, SUCCESS_URL, useShop } from './support/shop.ts';

const KEY = 'pk_test_shop';

useShop();

async function create(overrides: object = {}): Promise<{ id: string; secret: string }> {
  const session = await createSession({
    ui_mode: 'embedded_page',
    redirect_on_completion: 'if_required',
    return_url: SUCCESS_URL,
    success_url: undefined,
    cancel_url: undefined,
    ...overrides,
  });
  return { id: session.id, secret: session.client_secret ?? '' };
}

function address(secret: string, { key = KEY, account = ACCOUNT, path = '' } = {}): string {
  return `${BASE_URL}/embedded/${secret}${path}?${new URLSearchParams({ key, account })}`;
}

function submit(secret: string, fields: object = {}): Promise<Response> {
  const body = new URLSearchParams({ ...CARD, ...fields });
  return harness.simulator.fetch(new Request(address(secret), { method: 'POST', body }));
}

async function page(url: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await harness.simulator.fetch(new Request(url));
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function retrieve(id: string) {
  return harness.stripe.checkout.sessions.retrieve(id, {}, onAccount);
}

describe('the embedded Checkout page', () => {
  it('shows what is paid, escaped, in anybody’s frame', async () => {
    const { secret } = await create();
    const { status, text, headers } = await page(address(secret));
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).not.toContain('frame-ancestors');
    expect(headers.get('x-frame-options')).toBeNull();
    for (const part of ['£19.99', '&lt;Mug&gt;', 'simulator', 'name="card_number"', 'value="bank"']) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('data-testid="cancel"');
  });

  it('takes 4242, completes the session as the hosted page does, and says so', async () => {
    const { id, secret } = await create();
    const response = await submit(secret);
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringMatching(/data-complete[\s>].*>Paid</s),
    ]);
    expect(await retrieve(id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      customer_details: { email: 'ann@example.com' },
    });
    const events = await harness.stripe.events.list({}, onAccount);
    expect(events.data.map(({ type }) => type)).toContain('checkout.session.completed');
  });

  it('names where to go on for a session that always redirects, and for no other', async () => {
    const always = await create({ redirect_on_completion: 'always' });
    expect(await (await submit(always.secret)).text()).toContain(
      `data-return-url="https://shop.example/done?session=${always.id}"`,
    );
    expect(await (await submit((await create()).secret)).text()).not.toContain('data-return-url');
  });

  it('declines 4000…0002, and takes another card for the same session', async () => {
    const { id, secret } = await create();
    const declined = await submit(secret, { card_number: '4000000000000002' });
    expect([declined.status, await declined.text()]).toEqual([402, expect.stringContaining('declined')]);
    expect((await retrieve(id)).status).toBe('open');
    expect((await submit(secret)).status).toBe(200);
    expect((await retrieve(id)).payment_status).toBe('paid');
  });

  it('completes a bank payment unpaid', async () => {
    const { id, secret } = await create();
    const response = await submit(secret, { method: 'bank', card_number: '', card_expiry: '', card_cvc: '' });
    expect(await response.text()).toContain('Payment on its way');
    expect(await retrieve(id)).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
  });

  it('is paid once where the slow card and a fast one race', async () => {
    const { id, secret } = await create();
    const slow = submit(secret, { card_number: '4000 0027 6000 3184' });
    expect((await submit(secret)).status).toBe(200);
    expect((await slow).status).toBe(410);
    const events = await harness.stripe.events.list({ type: 'charge.succeeded' }, onAccount);
    expect(events.data).toHaveLength(1);
    expect((await retrieve(id)).payment_status).toBe('paid');
  });
});

describe('a client secret', () => {
  const refused = {
    'of no session': async () => address('cs_test_none_secret_none'),
    'that is not the session’s': async () => address(`${(await create()).id}_secret_guessed`),
    'of a hosted session': async () => {
      const hosted = { ui_mode: 'hosted_page', return_url: undefined, redirect_on_completion: undefined };
      const { id } = await create({ ...hosted, success_url: 'https://shop.example' });
      return address(`${id}_secret_null`);
    },
    'of another account': async () => address((await create()).secret, { account: 'acct_other' }),
    'of test mode with a live key': async () => address((await create()).secret, { key: 'pk_live_shop' }),
    'with a secret key': async () => address((await create()).secret, { key: 'sk_test_shop' }),
    'that is spent': async () => {
      const { secret } = await create();
      expect((await submit(secret)).status).toBe(200);
      return address(secret);
    },
    'that has expired': async () => {
      const { id, secret } = await create();
      await harness.stripe.checkout.sessions.expire(id, {}, onAccount);
      return address(secret);
    },
  };

  it.each(Object.entries(refused))(
    '%s opens nothing, charges nothing, and gives Stripe.js the reason',
    async (_, urlOf) => {
      const url = await urlOf();
      const before = await harness.stripe.events.list({}, onAccount);
      const shown = await page(url);
      expect(shown.status).toBeGreaterThanOrEqual(400);
      expect(shown.text).not.toContain('<form');
      const answer = await page(url.replace('?', '/init?'));
      expect(answer.status).toBe(shown.status);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(JSON.parse(answer.text)).toEqual({ error: { message: expect.stringMatching(/\w+ \w+/) } });
      const body = new URLSearchParams({ email: 'ann@example.com', method: 'bank' });
      expect((await harness.simulator.fetch(new Request(url, { method: 'POST', body }))).status).toBe(shown.status);
      expect((await harness.stripe.events.list({}, onAccount)).data).toHaveLength(before.data.length);
    },
  );

  it('of an open session is accepted', async () => {
    const { id, secret } = await create();
    const answer = await page(address(secret, { path: '/init' }));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { session: id }]);
  });
});
