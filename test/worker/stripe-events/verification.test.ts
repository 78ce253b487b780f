import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
import { rowsOf } from '../support/api.ts';
import { fetchWith } from '../support/direct.ts';
import { changed, everything, heldEvent, openSession, requestOf, signed } from '../support/payments.ts';
import { pay, type SignedEvent, sendStripeEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { test: TEST, live: LIVE } = SIMULATED.events;
const NOW = Math.floor(Date.now() / 1000);
const YEAR = 365 * 24 * 60 * 60;
const MAX_BYTES = 1024 * 1024;

let shop: TestWorkspace;
/** A true `checkout.session.completed` of a paid session. */
let paidEvent: SignedEvent;

beforeEach(async () => {
  // Without an endpoint: no delivery of an earlier test writes while a later one looks.
  shop = await newWorkspace({ webhook: false });
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  paidEvent = await heldEvent(shop, 'checkout.session.completed');
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

async function statusOf(workspace: TestWorkspace): Promise<unknown> {
  const [payment] = await rowsOf('payments', workspace.workspace.id);
  return payment?.status;
}

/** Refused, as an API error, with not one row written anywhere. */
async function expectRefused(event: SignedEvent, status = 400): Promise<void> {
  const before = await everything();
  const response = await sendStripeEvent(event);
  expect(response.status, await response.clone().text()).toBe(status);
  expect(await response.json()).toHaveProperty('error.message');
  expect(await everything()).toEqual(before);
}

const signatureOf = (event: SignedEvent) => event.headers['Stripe-Signature'] ?? '';
const withHeader = (value: string): SignedEvent => ({ ...paidEvent, headers: { 'Stripe-Signature': value } });

describe('A Stripe event is applied only when its signature fits', () => {
  it('applies an event with its own signature', async () => {
    expect((await sendStripeEvent(await signed(TEST.url, paidEvent.body))).status).toBe(200);
    expect(await statusOf(shop)).toBe('succeeded');
  });

  it('refuses a signature made with another secret', async () => {
    await expectRefused(await signed(TEST.url, paidEvent.body, { secret: 'whsec_of_somebody_else' }));
  });

  it("refuses the live endpoint's secret on the test endpoint, and the other way round", async () => {
    await expectRefused(await signed(TEST.url, paidEvent.body, { secret: LIVE.secret }));
    await expectRefused(await signed(LIVE.url, paidEvent.body, { secret: TEST.secret }));
  });

  it.each([
    ['one byte changed', (body: string) => body.replace('"livemode": false', '"livemode": folse')],
    ['one extra space', (body: string) => body.replace('"id": ', '"id":  ')],
    ['one extra space at the end', (body: string) => `${body} `],
    ['the same JSON without its spaces', (body: string) => JSON.stringify(JSON.parse(body))],
    ['a byte order mark before it', (body: string) => `\u{feff}${body}`],
    ['nothing of it', () => ''],
  ])('refuses a body with %s', async (_what, alter) => {
    const genuine = await signed(TEST.url, paidEvent.body);
    const altered = alter(paidEvent.body);
    expect(altered).not.toBe(paidEvent.body);
    await expectRefused({ ...genuine, body: altered });
  });

  it('refuses bytes that are no UTF-8, where a lenient reader would see the signed text', async () => {
    const { body, headers } = await changed(paidEvent, (content) => {
      content.note = '\u{fffd}';
    });
    const split = body.split('\u{fffd}').map((part) => new TextEncoder().encode(part));
    const altered = await new Response(new Blob([split[0] ?? '', new Uint8Array([0xff]), split[1] ?? ''])).bytes();
    expect(new TextDecoder().decode(altered)).toBe(body);
    const before = await everything();
    const response = await exports.default.fetch(TEST.url, { method: 'POST', headers, body: altered });
    expect(response.status).toBe(400);
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['empty', ''],
    ['no JSON', 'not json'],
    ['a JSON list', '[]'],
    ['the JSON null', 'null'],
  ])('refuses a rightly signed body that is %s', async (_what, body) => {
    await expectRefused(await signed(TEST.url, body));
  });

  it.each([
    ['is missing', ''],
    ['has no signature', `t=${NOW}`],
    ['has an empty signature', `t=${NOW},v1=`],
    ['is noise', 'yes,indeed=1,,=,t=,v1'],
    ['has a time that is no number', 't=now,v1=00'],
  ])('refuses a header that %s', async (_what, value) => {
    await expectRefused(value === '' ? { ...paidEvent, headers: {} } : withHeader(value));
  });

  it('refuses the right signature under an old scheme', async () => {
    const genuine = signatureOf(await signed(TEST.url, paidEvent.body));
    await expectRefused(withHeader(genuine.replace('v1=', 'v0=')));
  });

  it('refuses a header of 10,000 signatures, even with the right one among them', async () => {
    const genuine = signatureOf(await signed(TEST.url, paidEvent.body));
    await expectRefused(withHeader(`${genuine}${`,v1=${'0'.repeat(64)}`.repeat(10_000)}`));
  });

  it('accepts two signatures where one is right, as during the rotation of a secret', async () => {
    const genuine = signatureOf(await signed(TEST.url, paidEvent.body));
    const other = signatureOf(await signed(TEST.url, paidEvent.body, { secret: 'whsec_rolled' })).split(',')[1];
    expect((await sendStripeEvent(withHeader(`${genuine},${other}`))).status).toBe(200);
    expect(await statusOf(shop)).toBe('succeeded');
  });
});

describe('A Stripe event is applied only near the time of its signature', () => {
  it.each([
    ['300 s old', -300],
    ['300 s ahead', 300],
  ])('accepts a stamp %s', async (_what, offset) => {
    const response = await sendStripeEvent(await signed(TEST.url, paidEvent.body, { at: NOW + offset }));
    expect(response.status).toBe(200);
    expect(await statusOf(shop)).toBe('succeeded');
  });

  it.each([
    ['301 s old', -301],
    ['301 s ahead', 301],
    ['a year old', -YEAR],
    ['a year ahead', YEAR],
  ])('refuses a rightly signed stamp %s', async (_what, offset) => {
    await expectRefused(await signed(TEST.url, paidEvent.body, { at: NOW + offset }));
  });

  it.each([
    ['before', (signature: string) => `t=${NOW},${signature}`],
    ['behind', (signature: string) => `${signature},t=${NOW}`],
  ])('refuses a stamp a year ahead with a fresh one %s it', async (_where, add) => {
    const ahead = signatureOf(await signed(TEST.url, paidEvent.body, { at: NOW + YEAR }));
    await expectRefused(withHeader(add(ahead)));
  });
});

describe('The route for Stripe events', () => {
  /** White space after the event's JSON, up to so many bytes. */
  const padded = (length: number) =>
    paidEvent.body + ' '.repeat(length - new TextEncoder().encode(paidEvent.body).length);

  it('takes an event of 1 MB and refuses one byte more', async () => {
    await expectRefused(await signed(TEST.url, padded(MAX_BYTES + 1)), 413);
    const response = await sendStripeEvent(await signed(TEST.url, padded(MAX_BYTES)));
    expect(response.status).toBe(200);
    expect(await statusOf(shop)).toBe('succeeded');
  });

  it('stops reading a body without a length that goes on and on', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        if (pulled > 1000) controller.close();
        else controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    const { headers } = await signed(TEST.url, paidEvent.body);
    const response = await fetchWith({}, new Request(TEST.url, { method: 'POST', headers, body: endless }));
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(100);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('answers %s with 405 and what it takes', async (method) => {
    for (const { url } of [TEST, LIVE]) {
      const response = await exports.default.fetch(url, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('Allow')).toBe('POST');
    }
  });

  it.each(['', '/', '/staging', '/TEST', '/test/more'])('knows no other mode: %j', async (path) => {
    const genuine = await signed(TEST.url, paidEvent.body);
    const response = await sendStripeEvent({
      ...genuine,
      url: `${SIMULATED.variables.PUBLIC_URL}/api/stripe/events${path}`,
    });
    expect(response.status).toBe(404);
    expect(await statusOf(shop)).toBe('created');
  });

  it.each([
    ['an empty webhook secret', 'STRIPE_WEBHOOK_SECRET_TEST', { STRIPE_WEBHOOK_SECRET_TEST: '' }],
    ['no webhook secret', 'STRIPE_WEBHOOK_SECRET_TEST', { STRIPE_WEBHOOK_SECRET_TEST: undefined }],
    ['no Stripe key of the mode', 'STRIPE_SECRET_KEY_TEST', { STRIPE_SECRET_KEY_TEST: undefined }],
  ])('answers 503 with %s, so that Stripe sends the event again, and logs %s', async (_what, name, changes) => {
    const before = await everything();
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await fetchWith(changes, requestOf(await signed(TEST.url, paidEvent.body)));
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toContain(`${name} is missing`);
    log.mockRestore();
  });

  it('says nothing of the secret or the cause in a refusal', async () => {
    const response = await sendStripeEvent(await signed(TEST.url, paidEvent.body, { secret: 'whsec_wrong' }));
    const text = await response.text();
    expect(text).not.toContain('whsec_');
    expect(text).not.toMatch(/stack|at \w+ \(/);
  });
});
