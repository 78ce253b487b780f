import { describe, expect, it } from 'vitest';
import { ENDPOINTS, startHarness } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, harness, onAccount, request, SUCCESS_URL, useShop } from './support/shop.ts';

useShop({}, { business_profile: { name: 'Ann & Co' } });

describe('the sink', () => {
  it('records what it receives and answers 200', async () => {
    const response = await request('/sink/shop', { method: 'POST', headers: { 'X-Thing': 'A' }, body: '{"raw":  1}' });
    expect(response.status).toBe(200);
    await request('/sink/shop', { method: 'PATCH' });
    const { json } = await harness.control('GET', '/sink/shop/log');
    expect(json).toMatchObject({
      data: [
        {
          method: 'POST',
          headers: { 'x-thing': 'A' },
          body: '{"raw":  1}',
          status: 200,
          at: expect.stringMatching(/Z$/),
        },
        { method: 'PATCH', status: 200 },
      ],
      meta: { max_in_flight: 1 },
    });
    expect((await harness.control('GET', '/sink/other/log')).json).toMatchObject({ data: [] });
    await harness.control('DELETE', '/sink/shop/log');
    expect((await harness.control('GET', '/sink/shop/log')).json).toMatchObject({ data: [] });
  });

  it('answers as it was set to, as many times as it was set to', async () => {
    await harness.control('PUT', '/sink/shop', {
      status: 307,
      location: 'http://localhost:1/',
      retry_after: 30,
      times: 2,
    });
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const response = await request('/sink/shop', { method: 'POST', body: 'x' });
      statuses.push(response.status);
      if (n === 0)
        expect([response.headers.get('location'), response.headers.get('retry-after')]).toEqual([
          'http://localhost:1/',
          '30',
        ]);
    }
    expect(statuses).toEqual([307, 307, 200]);
    expect((await harness.control('PUT', '/sink/shop', { staus: 500 })).status).toBe(400);
  });

  it('counts how many requests were in flight at once', async () => {
    await harness.control('PUT', '/sink/shop', { delay_ms: 20 });
    await Promise.all([1, 2, 3].map(() => request('/sink/shop', { method: 'POST', body: 'x' })));
    expect((await harness.control('GET', '/sink/shop/log')).json).toMatchObject({ meta: { max_in_flight: 3 } });
  });
});

describe('sending events', () => {
  it('sends at once, and again on later ticks until the endpoint accepts', async () => {
    const received: { url: string; body: string }[] = [];
    let accepts = false;
    let nowMs = Date.now();
    const sending = startHarness({
      holdEvents: false,
      now: () => nowMs,
      send: async (sent) => {
        received.push({ url: sent.url, body: await sent.text() });
        if (!accepts) throw new Error('connection refused');
        return new Response(null, { status: 204 });
      },
    });
    await sending.control('POST', '/_control/accounts', { id: ACCOUNT });
    await sending.control('POST', `/_control/accounts/${ACCOUNT}/update`, { email: 'ann@example.com' });
    await expect.poll(() => received.map((sent) => sent.url)).toEqual([ENDPOINTS.test.url, ENDPOINTS.live.url]);
    await sending.simulator.tick();
    expect(received).toHaveLength(2);
    nowMs += 2000;
    await sending.simulator.tick();
    expect(received).toHaveLength(4);
    accepts = true;
    nowMs += 10_000;
    await sending.simulator.tick();
    expect(received).toHaveLength(6);
    nowMs += 3_600_000;
    await sending.simulator.tick();
    expect(received).toHaveLength(6);
    expect(new Set(received.map((sent) => JSON.parse(sent.body).id)).size).toBe(1);
    const { data } = await sending.stripe.events.list({}, onAccount);
    expect(data[0]?.pending_webhooks).toBe(0);
  });

  it('keeps sessions, events, keys and unsent events over a restart', async () => {
    let saved: string | null = null;
    const sent: string[] = [];
    const options = {
      holdEvents: false,
      snapshot: {
        load: () => saved,
        save: (json: string) => {
          saved = json;
        },
      },
      send: async (event: Request) => {
        sent.push(event.url);
        return new Response(null, { status: 500 });
      },
    };
    const first = startHarness(options);
    await first.control('POST', '/_control/accounts', { id: ACCOUNT, charges_enabled: true });
    const session = await first.stripe.checkout.sessions.create(
      {
        success_url: SUCCESS_URL,
        line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Mug' } } }],
      },
      { ...onAccount, idempotencyKey: 'k1' },
    );
    await first.control('POST', `/_control/sessions/${session.id}/pay`, { outcome: 'paid' });
    await expect.poll(() => sent.length).toBe(8);
    await first.simulator.close();
    const again = startHarness(options);
    const paid = await again.stripe.checkout.sessions.retrieve(
      session.id,
      { expand: ['payment_intent', 'line_items'] },
      onAccount,
    );
    expect(paid).toMatchObject({
      payment_status: 'paid',
      payment_intent: { status: 'succeeded' },
      line_items: { data: [{ quantity: 1 }] },
    });
    expect((await again.stripe.events.list({}, onAccount)).data).toHaveLength(4);
    await again.control('POST', '/_control/clock', { advance_seconds: 5 });
    await again.simulator.tick();
    expect(sent).toHaveLength(16);
    await again.simulator.close();
  });
});
