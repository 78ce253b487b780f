import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isSignedBy, publishedKeys } from '../../support/payment-results.ts';
import { attempt, freezeTime, passTime, setEndpoint } from '../support/deliveries.ts';
import { atCheckout, continueUrlOf, donePage, doneStatus, refundQuietly, settleQuietly } from '../support/done-page.ts';
import { visit } from '../support/pay-page.ts';
import { scriptSink, sinkRequests } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const successUrl = 'https://shop.example/thanks';
const NAMES = ['amount_cents', 'currency', 'link', 'livemode', 'payment_id', 'reference', 'status', 't'];

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

/** Whether the result in a URL is signed under a published key: by the rule of the guide, nothing of ours. */
async function isGenuine(url: URL, bindings = {}): Promise<boolean> {
  const answer = await visit('/.well-known/softsolz-keys.json', { bindings });
  const { keys } = publishedKeys.parse(await answer.json());
  const pairs = url.search.slice(1).split('&');
  const signed = pairs.filter((pair) => NAMES.includes(pair.split('=')[0] ?? '')).sort();
  const fits = await Promise.all(
    keys.map((key) => isSignedBy(key, url.searchParams.get('signature'), signed.join('&'))),
  );
  return fits.includes(true);
}

describe('the way on to the shop', () => {
  it('without an endpoint is open as soon as the payment is confirmed, and not before', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    for (const minutes of [0, 20]) {
      passTime(minutes * 60_000);
      expect(continueUrlOf(await donePage(link, session))).toBe(null);
      expect(await doneStatus(link, session)).toEqual({ status: 'confirming' });
    }
    passTime(-20 * 60_000);
    await settleQuietly(shop, session, 'paid');
    const page = await donePage(link, session);
    expect(continueUrlOf(page)?.href).toContain(successUrl);
    expect(page.html).not.toContain('data-url=');
    const answer = await doneStatus(link, session);
    expect([answer.status, answer.continue_url?.startsWith(successUrl)]).toEqual(['paid', true]);
  });

  it("with an endpoint waits for the endpoint's 2xx, and the page asks again meanwhile", async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    const ids = await settleQuietly(shop, session, 'paid');
    const page = await donePage(link, session);
    expect(continueUrlOf(page)).toBe(null);
    expect(page.html).toContain('data-url=');
    expect(await doneStatus(link, session)).toEqual({ status: 'paid' });

    await attempt(ids);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
    expect((await doneStatus(link, session)).continue_url).toContain(successUrl);
    expect(continueUrlOf(await donePage(link, session))?.origin).toBe('https://shop.example');
  });

  it('with an endpoint that does not answer waits 15 seconds, and no longer', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ successUrl });
    await scriptSink(shop.sink, { status: 500 });
    const { session } = await atCheckout(shop, link);
    await attempt(await settleQuietly(shop, session, 'paid'));
    passTime(14_999);
    expect(await doneStatus(link, session)).toEqual({ status: 'paid' });
    passTime(1);
    expect((await doneStatus(link, session)).continue_url).toContain(successUrl);
    expect(continueUrlOf(await donePage(link, session))).not.toBe(null);
  });

  it('does not wait for an endpoint that gets no events of payments', async () => {
    for (const columns of [{ status: 'disabled' }, { events: '["payments.refund.succeeded"]' }]) {
      const shop = await newWorkspace();
      const link = await shop.link({ successUrl });
      await setEndpoint(shop, columns);
      const { session } = await atCheckout(shop, link);
      await settleQuietly(shop, session, 'paid');
      expect((await doneStatus(link, session)).continue_url).toContain(successUrl);
    }
  });

  it('is taken by itself only from the receipt of a payment of the last ten minutes', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    expect((await donePage(link, session)).html).not.toContain('class="leaving"');
    await settleQuietly(shop, session, 'paid');
    passTime(10 * 60_000 - 1);
    const own = { headers: { Cookie: `softsolz_session=${session}` } };
    expect((await donePage(link, session, own)).html).toContain('<div class="leaving" hidden');
    passTime(1);
    const page = await donePage(link, session, own);
    expect(page.html).not.toContain('class="leaving"');
    expect(continueUrlOf(page)?.href).toContain(successUrl);
  });

  it('is never open for a payment that has not arrived', async () => {
    for (const outcome of ['processing', 'processing_failed', 'expired'] as const) {
      const shop = await newWorkspace({ webhook: false });
      const link = await shop.link({ successUrl });
      const { session } = await atCheckout(shop, link);
      await settleQuietly(shop, session, outcome);
      passTime(60 * 60_000);
      expect((await doneStatus(link, session)).continue_url).toBe(undefined);
      expect(continueUrlOf(await donePage(link, session))).toBe(null);
      passTime(-60 * 60_000);
    }
  });

  it('is not there where the link has no success_url', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    const page = await donePage(link, session);
    expect(continueUrlOf(page)).toBe(null);
    expect(page.html).not.toContain('data-url=');
  });

  it('leads to the success_url that the link has now', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    await shop.binding
      .prepare('UPDATE payment_links SET success_url = ? WHERE id = ?')
      .bind('https://new.example/ok', link.id)
      .run();
    expect(continueUrlOf(await donePage(link, session))?.host).toBe('new.example');
  });
});

describe('the result that the buyer carries', () => {
  it('says what was paid, signed under a published key', async () => {
    for (const mode of ['live', 'sandbox'] as const) {
      const shop = await newWorkspace({ mode, webhook: false });
      const link = await shop.link({ successUrl, currency: 'JPY', amountMinor: 500 });
      const { session, id } = await atCheckout(shop, link, { reference: 'R&D 1+1=2 ~* ü' });
      await settleQuietly(shop, session, 'paid');
      passTime(1000);
      const url = continueUrlOf(await donePage(link, session));
      if (!url) throw new Error('The page leads nowhere');
      const { signature, ...values } = Object.fromEntries(url.searchParams);
      expect(values).toEqual({
        payment_id: String(id),
        status: 'succeeded',
        amount_cents: '500',
        currency: 'JPY',
        reference: 'R&D 1+1=2 ~* ü',
        t: String(Math.floor(Date.now() / 1000)),
        link: link.token,
        livemode: String(mode === 'live'),
      });
      expect(signature).toMatch(/^[\w-]{86}$/);
      expect(await isGenuine(url)).toBe(true);
      expect(url.href).not.toMatch(/@|%40|cs_(test|live)/);
    }
  });

  it('does not verify once any part of it is changed', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    const genuine = continueUrlOf(await donePage(link, session));
    if (!genuine) throw new Error('The page leads nowhere');
    for (const name of NAMES) {
      const changed = new URL(genuine);
      changed.searchParams.set(name, '1');
      expect([name, await isGenuine(changed)]).toEqual([name, false]);
      changed.searchParams.delete(name);
      expect([name, await isGenuine(changed)]).toEqual([name, false]);
    }
    expect(await isGenuine(genuine)).toBe(true);
  });

  it("keeps the merchant's own query and drops what is forged in it, or in the buyer's address", async () => {
    const shop = await newWorkspace({ webhook: false });
    const own = `${successUrl}?order=7&status=refunded&signature=x&t=1&payment_id=9#top`;
    const link = await shop.link({ successUrl: own });
    const { session, id } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    const url = continueUrlOf(await donePage(link, session, { query: '&status=x&payment_id=1&amount_cents=1&t=1' }));
    if (!url) throw new Error('The page leads nowhere');
    expect([url.searchParams.get('order'), url.hash]).toEqual(['7', '#top']);
    expect(url.searchParams.getAll('status')).toEqual(['succeeded']);
    expect(url.searchParams.getAll('payment_id')).toEqual([String(id)]);
    expect(url.searchParams.getAll('signature')).toHaveLength(1);
    expect(await isGenuine(url)).toBe(true);
  });

  it('stands beside the Stripe session id, wherever the merchant has written {CHECKOUT_SESSION_ID}', async () => {
    const places = [
      ['https://shop.example/{CHECKOUT_SESSION_ID}/thanks', (url: URL) => url.pathname.split('/')[1]],
      ['https://shop.example/?order=7&s={CHECKOUT_SESSION_ID}', (url: URL) => url.searchParams.get('s')],
      ['https://shop.example/?s=%7BCHECKOUT_SESSION_ID%7d', (url: URL) => url.searchParams.get('s')],
      ['https://shop.example/thanks#{CHECKOUT_SESSION_ID}', (url: URL) => url.hash.slice(1)],
    ] as const;
    for (const [own, idIn] of places) {
      const shop = await newWorkspace({ webhook: false });
      const link = await shop.link({ successUrl: own });
      const { session } = await atCheckout(shop, link, { reference: '{CHECKOUT_SESSION_ID}' });
      await settleQuietly(shop, session, 'paid');
      const page = await donePage(link, session);
      const url = continueUrlOf(page);
      if (!url) throw new Error('The page leads nowhere');
      expect(idIn(url)).toBe(session);
      expect(url.searchParams.get('reference')).toBe('{CHECKOUT_SESSION_ID}');
      expect(await isGenuine(url)).toBe(true);
      // The page and the status for a waiting page lead to the same address.
      const { continue_url: answered = '' } = await doneStatus(link, session);
      expect(idIn(new URL(answered))).toBe(session);
      expect(page.html).not.toContain('http-equiv="refresh"');
    }
  });

  it('stays verifiable while the keys of the platform change', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    const before = continueUrlOf(await donePage(link, session));
    const other = btoa('x'.repeat(32));
    const rotated = { SECRETS_KEY: `v2:${other},v1:${env.SECRETS_KEY}` };
    const after = continueUrlOf(await donePage(link, session, { bindings: rotated }));
    if (!before || !after) throw new Error('The page leads nowhere');
    expect(before.searchParams.get('signature')).not.toBe(after.searchParams.get('signature'));
    expect([await isGenuine(before, rotated), await isGenuine(after, rotated)]).toEqual([true, true]);
    expect([await isGenuine(before), await isGenuine(after)]).toEqual([true, false]);
  });

  it('is not signed any more once money went back', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ successUrl });
    const { session, id } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    for (const status of ['partially_refunded', 'refunded']) {
      await refundQuietly(shop, id, 2500);
      expect(await doneStatus(link, session)).toEqual({ status });
      expect(continueUrlOf(await donePage(link, session))).toBe(null);
    }
  });
});
