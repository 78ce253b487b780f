import { describe, expect, it } from 'vitest';
import { create, harness, onAccount, request, SUCCESS_URL, submit, useShop } from './support/shop.ts';

useShop({}, { business_profile: { name: 'Ann & Co' } });

async function eventTypes(): Promise<string[]> {
  return (await harness.stripe.events.list({}, onAccount)).data.map((event) => event.type);
}

describe('the page at /', () => {
  it('says what this is, and lists every control route, without a script', async () => {
    const response = await request('/');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const part of ['Stripe simulator', 'noindex', '/sink/NAME/log', 'README.md']) expect(text).toContain(part);
    for (const route of ['POST /_control/accounts', 'GET /_control/outbox', 'POST /_control/sessions/:id/pay']) {
      expect(text).toContain(`<li><code>${route}</code></li>`);
    }
    expect(text).not.toMatch(/<script|ALL \//);
  });
});

describe('the hosted Checkout page', () => {
  it('shows what is paid to whom, escaped, with its test hooks and no script', async () => {
    const session = await create();
    const response = await request(`/c/pay/${session.id}`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const part of [
      '£19.99',
      '&lt;Mug&gt;',
      'Pay Ann &amp; Co',
      'simulator',
      'data-testid="cancel"',
      'https://shop.example/cart',
    ]) {
      expect(text).toContain(part);
    }
    for (const hook of [
      'name="email"',
      'name="card_number"',
      'name="card_expiry"',
      'name="card_cvc"',
      'value="card"',
      'value="bank"',
    ]) {
      expect(text).toContain(hook);
    }
    expect(text).not.toContain('<script');
  });

  it('takes 4242 and goes to success_url with the session id in place', async () => {
    for (const success_url of [SUCCESS_URL, 'https://shop.example/done?session=%7BCHECKOUT_SESSION_ID%7D']) {
      const session = await create({ success_url });
      const response = await submit(session.id);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`https://shop.example/done?session=${session.id}`);
      const paid = await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount);
      expect(paid).toMatchObject({
        status: 'complete',
        payment_status: 'paid',
        customer_details: { email: 'ann@example.com' },
      });
    }
  });

  it('declines 4000…0002 beside the field and leaves the session open', async () => {
    const session = await create();
    const response = await submit(session.id, { card_number: '4000000000000002' });
    expect(response.status).toBe(402);
    const text = await response.text();
    expect(text).toContain('declined');
    expect(text).toContain('value="ann@example.com"');
    expect(text).not.toContain('4000000000000002');
    expect((await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount)).status).toBe('open');
    expect((await submit(session.id)).status).toBe(303);
  });

  it.each([
    ['email', 'ann'],
    ['card_number', '4111 1111 1111 1111'],
    ['card_expiry', '01 / 20'],
    ['card_expiry', '13 / 39'],
    ['card_cvc', '12'],
  ])('marks a wrong %s (%s) and charges nothing', async (name, value) => {
    const session = await create();
    const response = await submit(session.id, { [name]: value });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`id="${name}_error"`);
    expect(await eventTypes()).toEqual([]);
  });

  it('keeps the e-mail address that came with the session', async () => {
    const session = await create({ customer_email: 'given@example.com' });
    expect(await (await request(`/c/pay/${session.id}`)).text()).toContain('readonly');
    await submit(session.id, { email: 'other@example.com' });
    const paid = await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount);
    expect(paid.customer_details?.email).toBe('given@example.com');
  });

  it('completes a bank payment unpaid; it settles by itself after a minute', async () => {
    const session = await create();
    const response = await submit(session.id, { method: 'bank', card_number: '', card_expiry: '', card_cvc: '' });
    expect(response.status).toBe(303);
    const paymentStatus = async () =>
      (await harness.stripe.checkout.sessions.retrieve(session.id, {}, onAccount)).payment_status;
    await harness.control('POST', '/_control/clock', { advance_seconds: 50 });
    expect(await paymentStatus()).toBe('unpaid');
    await harness.control('POST', '/_control/clock', { advance_seconds: 11 });
    expect(await paymentStatus()).toBe('paid');
    expect((await eventTypes())[0]).toBe('checkout.session.async_payment_succeeded');
  });

  it('says so when the session is complete, expired, embedded or unknown, and takes no second payment', async () => {
    const complete = await create();
    await submit(complete.id);
    const again = await submit(complete.id);
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('already complete')]);
    expect((await eventTypes()).filter((type) => type === 'charge.succeeded')).toHaveLength(1);
    const expired = await create();
    await harness.stripe.checkout.sessions.expire(expired.id, {}, onAccount);
    expect((await request(`/c/pay/${expired.id}`)).status).toBe(410);
    expect((await submit(expired.id)).status).toBe(410);
    const embedded = await create({
      ui_mode: 'embedded_page',
      success_url: undefined,
      cancel_url: undefined,
      return_url: 'https://shop.example',
    });
    expect((await request(`/c/pay/${embedded.id}`)).status).toBe(404);
    expect((await request('/c/pay/cs_test_none')).status).toBe(404);
  });
});
