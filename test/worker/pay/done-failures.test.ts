import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { countingD1, failingD1 } from '../support/counting.ts';
import { attempt } from '../support/deliveries.ts';
import type { BindingChanges } from '../support/direct.ts';
import { atCheckout, continueUrlOf, donePage, doneStatus, settleQuietly } from '../support/done-page.ts';
import { type Page, payPath, visit } from '../support/pay-page.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { closed, done, refresh } = en;
const successUrl = 'https://shop.example/thanks';

afterEach(() => void vi.restoreAllMocks());

/** A buyer has paid a link that leads on to the shop, and the shop's endpoint has taken the webhook. */
async function paid(): Promise<{ shop: TestWorkspace; link: PaymentLink; session: string }> {
  const shop = await newWorkspace();
  const link = await shop.link({ successUrl });
  const { session } = await atCheckout(shop, link);
  await attempt(await settleQuietly(shop, session, 'paid'));
  return { shop, link, session };
}

/** What the script of the done page is answered while the database fails. */
async function statusWith(link: PaymentLink, session: string, bindings: BindingChanges): Promise<Response> {
  return await visit(`${payPath(link.token)}/done/status`, { query: `?session_id=${session}`, bindings });
}

function expectAsksAgain(page: Page, address: string, link: PaymentLink, session: string): void {
  expect([page.status, page.headers.get('Content-Type')]).toEqual([503, expect.stringContaining('text/html')]);
  expect(page.headers.get('Retry-After')).toBe('5');
  const at = address.replaceAll('&', '&amp;');
  expect(page.html).toContain(`<noscript><meta http-equiv="refresh" content="5;url=${at}"/></noscript>`);
  expect(page.html).toContain(`data-url="${payPath(link.token)}/done/status?session_id=${session}"`);
  expect(page.html).toContain(`data-refresh="${at}"`);
  const links = [...page.html.matchAll(/<a class="pay[^"]*" href="([^"]*)"/g)].map(([, href]) => href);
  expect(links).toEqual([at]);
  expect(page.action).toBe(null);
  expect(page.html).not.toMatch(/D1_ERROR|SQLITE|stack/);
}

describe('the page after Checkout while the database stumbles', () => {
  it('makes three round trips where all is well, which the tests below break one by one', async () => {
    const { link, session } = await paid();
    const [page, status] = [countingD1(env), countingD1(env)];
    const shown = await donePage(link, session, { bindings: page.bindings });
    expect(continueUrlOf(shown)?.origin).toBe('https://shop.example');
    expect((await statusWith(link, session, status.bindings)).status).toBe(200);
    expect([page.counts.roundTrips, status.counts.roundTrips]).toEqual([3, 3]);
  });

  it.each([1, 2, 'every'] as const)(
    'never says that nothing was charged, and asks again at the same address (round trip %s)',
    async (nth) => {
      const { link, session } = await paid();
      const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const page = await donePage(link, session, { query: '&lang=en-GB', bindings: failingD1(env, nth) });
      const address = `${payPath(link.token)}/done?session_id=${session}&lang=en-GB`;
      expectAsksAgain(page, address, link, session);
      expect(page.text).toContain(closed.done_unavailable.title);
      expect(page.text).toContain(closed.done_unavailable.text);
      expect(page.text).toContain(refresh);
      expect(page.text).not.toMatch(/charged|try again/i);
      // The link itself can be read again, unless nothing can.
      expect(page.text.includes(link.title)).toBe(nth !== 'every');
      expect(log.mock.calls.map(([line]) => JSON.parse(String(line)).message)).toEqual(['service_unavailable']);

      expect((await donePage(link, session)).text).toContain(done.paid.title);
    },
  );

  it('says so in the buyer’s language', async () => {
    const { link, session } = await paid();
    const page = await donePage(link, session, { query: '&lang=de', bindings: failingD1(env, 2) });
    expect([page.status, page.text]).toEqual([503, expect.stringContaining(german.closed.done_unavailable.text)]);
    expect(page.text).not.toContain('abgebucht');
  });

  it('keeps the receipt where only the address of the shop cannot be read (round trip 3)', async () => {
    const { link, session } = await paid();
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = await donePage(link, session, { bindings: failingD1(env, 3) });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(done.paid.title)]);
    expect(page.text).toContain('£50.00');
    expect(continueUrlOf(page)).toBe(null);
    // It asks on for the way to the shop.
    expect(page.html).toContain('data-status="paid"');
    expect(page.html).toContain('http-equiv="refresh"');
    const [line] = log.mock.calls.map(([text]) => JSON.parse(String(text)));
    expect(line).toMatchObject({
      level: 'error',
      request_id: page.headers.get('Softsolz-Request-Id'),
      error: expect.stringContaining('D1_ERROR'),
    });
    expect(continueUrlOf(await donePage(link, session))?.origin).toBe('https://shop.example');
  });
});

describe('the status for the script while the database stumbles', () => {
  it.each([1, 2, 'every'] as const)('is a 503 that says when to ask again (round trip %s)', async (nth) => {
    const { link, session } = await paid();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = await statusWith(link, session, failingD1(env, nth));
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([503, 'application/json']);
    expect(answer.headers.get('Retry-After')).toBe('5');
    expect(await answer.json()).toMatchObject({ error: { code: 'service_unavailable' } });
    expect((await doneStatus(link, session)).continue_url).toContain(successUrl);
  });

  it('is answered where only the address of the shop cannot be read (round trip 3)', async () => {
    const { link, session } = await paid();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = await statusWith(link, session, failingD1(env, 3));
    expect([answer.status, await answer.json()]).toEqual([200, { data: { status: 'paid' } }]);
  });
});
