import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { TURNSTILE } from '../../support/simulated-turnstile.ts';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { freezeTime, passTime, playReceiver } from '../support/deliveries.ts';
import { countedBindings, openPage, pageOf, sendForm, tapPay, type Visit } from '../support/pay-page.ts';
import { stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const { closed, notices } = en;

beforeEach(freezeTime);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Statuses of one form sent many times by one visitor. */
async function sendOften(link: PaymentLink, times: number, address: string): Promise<number[]> {
  const { fields } = await openPage(link);
  const statuses: number[] = [];
  for (let sent = 0; sent < times; sent++) statuses.push((await sendForm(link, fields, { address })).status);
  return statuses;
}

/** Other visitors have tried this link so often in this minute. */
async function crowd(link: PaymentLink, tries: number, proof: 'unavailable' | 'given' = 'unavailable'): Promise<void> {
  const gate = env.LINK_GATE.getByName(link.token);
  const place = { operationId: newFormId(), maxPayments: null };
  for (let at = 0; at < tries; at++) {
    const entered = await gate.takePlace({
      visitor: { address: `10.1.${at % 250}.${at >> 8}`, proof },
      place,
    });
    expect(entered.kind).toBe('taken');
  }
  await gate.freeUnused([place.operationId]);
}

describe('a visitor', () => {
  it('may try thirty times a minute, and is then shown on a page how long to wait', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ inactiveMessage: 'This sale is over' });
    const address = '203.0.113.7';
    expect(new Set(await sendOften(link, 30, address))).toEqual(new Set([303]));
    const asked = (await createRequests(shop.account)).length;
    passTime(20_000);
    const page = await pageOf(await tapPay(link, {}, { address }));
    expect(page.status).toBe(429);
    expect(page.headers.get('Retry-After')).toBe('40');
    expect(page.text).toContain(closed.slow_down.text);
    expect(page.text).not.toContain('This sale is over');
    expect(page.headers.get('Content-Security-Policy')).not.toContain('challenges.cloudflare.com');
    expect(await createRequests(shop.account)).toHaveLength(asked);
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
    passTime(40_000);
    expect((await tapPay(link, {}, { address })).status).toBe(303);
  });

  it('costs neither a write nor a call to Stripe once refused, and may still look', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await sendOften(link, 30, '203.0.113.8');
    const bindings = countedBindings();
    const { fields } = await openPage(link, { address: '203.0.113.8' });
    const asked = (await createRequests(shop.account)).length;
    expect((await sendForm(link, fields, { address: '203.0.113.8', bindings })).status).toBe(429);
    expect([bindings.counts.roundTrips, bindings.counts.rowsWritten]).toEqual([1, 0]);
    expect(bindings.LINK_GATE.calls).toEqual(['takePlace']);
    expect(await createRequests(shop.account)).toHaveLength(asked);
  });

  it('leaves other visitors and other links alone', async () => {
    const shop = await newWorkspace();
    const [link, other] = [await shop.link(), await shop.link()];
    const address = '203.0.113.9';
    expect((await sendOften(link, 31, address)).at(-1)).toBe(429);
    expect((await tapPay(link, {}, { address: '203.0.113.10' })).status).toBe(303);
    expect((await tapPay(other, {}, { address })).status).toBe(303);
  });

  it('is a whole /64 of IPv6, and no more than that', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    expect((await sendOften(link, 30, '2001:db8:0:1::1')).at(-1)).toBe(303);
    for (const address of ['2001:db8:0:1::2', '2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:db8::1:0:0:0:3']) {
      expect([address, (await tapPay(link, {}, { address })).status]).toEqual([address, 429]);
    }
    for (const address of ['2001:db8:0:2::1', '2001:db8:1:1::1', '2001:db8::1']) {
      expect([address, (await tapPay(link, {}, { address })).status]).toEqual([address, 303]);
    }
  });

  it('without an address counts as one with all others who have none', async () => {
    const link = await (await newWorkspace()).link();
    const { fields } = await openPage(link);
    const statuses: number[] = [];
    const absent: Visit[] = [
      {},
      { address: 'junk' },
      { address: '' },
      { headers: { 'X-Forwarded-For': '198.51.100.1' } },
    ];
    for (let sent = 0; sent < 32; sent++) {
      statuses.push((await sendForm(link, fields, absent[sent % absent.length])).status);
    }
    expect(statuses.filter((status) => status === 303)).toHaveLength(30);
    expect(statuses.slice(30)).toEqual([429, 429]);
  });

  it('is not counted for forms that are refused before the gate', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    const as = { address: '203.0.113.11' };
    for (let sent = 0; sent < 35; sent++) await buyer.sendRefused({ ...fields, amount: 'x' }, as);
    const accepted = await buyer.post({ ...fields, amount: '5' }, as);
    expect(accepted.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
  });
});

describe('a link', () => {
  it('takes three hundred tries a minute from everybody together', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 299);
    expect((await tapPay(link, {}, { address: '203.0.113.20' })).status).toBe(303);
    const page = await pageOf(await tapPay(link, {}, { address: '203.0.113.21' }));
    expect([page.status, page.headers.get('Retry-After'), page.action]).toEqual([429, '60', null]);
    expect(page.text).toContain(closed.slow_down.title);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
    passTime(60_000);
    expect((await tapPay(link, {}, { address: '203.0.113.21' })).status).toBe(303);
  });

  it('under pressure takes no place from a visitor that it refuses', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    await crowd(link, 300);
    expect((await tapPay(link, {}, { address: '203.0.113.22' })).status).toBe(429);
    passTime(60_000);
    expect((await tapPay(link, {}, { address: '203.0.113.23' })).status).toBe(303);
  });
});

describe('a link under pressure where a human check is set up', () => {
  const bindings = TURNSTILE.variables;
  const widget = `<div class="cf-turnstile" data-sitekey="${TURNSTILE.variables.TURNSTILE_SITE_KEY}"`;
  const response = 'cf-turnstile-response';

  it('asks for the check on the form that it gives back, and on no other answer', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 60);
    const address = '203.0.113.30';
    const quiet = await openPage(link, { bindings, address });
    expect(quiet.html).not.toContain('turnstile');
    expect(quiet.headers.get('Content-Security-Policy')).not.toContain('challenges.cloudflare.com');

    const page = await pageOf(await sendForm(link, quiet.fields, { bindings, address }));
    expect([page.status, page.text]).toEqual([429, expect.stringContaining(notices.slowDown)]);
    expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(page.html).toContain(widget);
    expect(page.html).not.toContain(TURNSTILE.variables.TURNSTILE_SECRET_KEY);
    const nonce = /'nonce-([^']+)'/.exec(page.headers.get('Content-Security-Policy') ?? '')?.[1];
    const policy = page.headers.get('Content-Security-Policy');
    expect(policy).toContain(`script-src 'nonce-${nonce}' https://challenges.cloudflare.com;`);
    expect(policy).toContain('frame-src https://challenges.cloudflare.com;');
    expect(policy).not.toContain('unsafe');
    expect(page.fields.operation).toBe(quiet.fields.operation);
    expect(await createRequests(shop.account)).toEqual([]);

    const later = await openPage(link, { bindings, address });
    expect(later.headers.get('Content-Security-Policy')).not.toContain('challenges.cloudflare.com');
  });

  it('asks for the check also after a change of the language, and lets through who has passed it', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 60);
    const as = { bindings, address: '203.0.113.29' };
    const buyer = new Buyer(link);
    let page = await pageOf(await buyer.post((await buyer.open(as)).fields, as));
    for (const lang of ['de', 'fr']) {
      const [, action = ''] = new RegExp(`<button lang="${lang}"[^>]* formaction="([^"]*)"`).exec(page.html) ?? [];
      const query = new URL(action.replaceAll('&amp;', '&'), 'http://x').search;
      page = await buyer.follow(await buyer.post({ ...page.fields, lang }, { ...as, query }), as);
      expect([page.status, page.html]).toEqual([200, expect.stringContaining(widget)]);
      expect(page.headers.get('Content-Security-Policy')).toContain('frame-src https://challenges.cloudflare.com;');
    }
    const sent = await buyer.post({ ...page.fields, [response]: TURNSTILE.validProof }, { ...as, query: '?lang=fr' });
    expect(sent.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
  });

  it('lets through a visitor who has passed the check, up to the limit of the link, and nobody else', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 299, 'given');
    const as = { bindings, address: '203.0.113.31' };
    const { fields } = await openPage(link, as);
    for (const proof of [undefined, '', 'bad', 'GOOD', 'x'.repeat(3000)]) {
      const sent = { ...fields, ...(proof === undefined ? {} : { [response]: proof }) };
      expect([proof, (await sendForm(link, sent, as)).status]).toEqual([proof, 429]);
    }
    const passed = await sendForm(link, { ...fields, [response]: TURNSTILE.validProof }, as);
    expect(passed.status).toBe(303);
    // The 300th of this minute: from here on the check does not help either.
    const late = { ...as, address: '203.0.113.39' };
    const human = { ...(await openPage(link, late)).fields, [response]: TURNSTILE.validProof };
    expect((await sendForm(link, human, late)).status).toBe(429);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
  });

  it('keeps the limit of a visitor, check or not', async () => {
    const link = await (await newWorkspace()).link();
    const as = { bindings, address: '203.0.113.32' };
    const { fields } = await openPage(link, as);
    const human = { ...fields, [response]: TURNSTILE.validProof };
    for (let sent = 0; sent < 30; sent++) expect((await sendForm(link, human, as)).status).toBe(303);
    const page = await pageOf(await sendForm(link, human, as));
    expect([page.status, page.action, page.text]).toEqual([429, null, expect.stringContaining(closed.slow_down.title)]);
  });

  it('lets one visitor have no more than thirty proofs a minute verified', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 60);
    const as = { bindings, address: '203.0.113.34' };
    const { fields } = await openPage(link, as);
    const verified = playReceiver(TURNSTILE.verifyUrl, () => Response.json({ success: false }));
    for (let sent = 0; sent < 100; sent++) {
      expect((await sendForm(link, { ...fields, [response]: `bad${sent}` }, as)).status).toBe(429);
    }
    expect(verified.received).toBe(30);
    vi.restoreAllMocks();

    const human = { ...fields, [response]: TURNSTILE.validProof };
    const page = await pageOf(await sendForm(link, human, as));
    expect([page.status, page.action, page.text]).toEqual([429, null, expect.stringContaining(closed.slow_down.title)]);
    expect((await sendForm(link, human, { ...as, address: '203.0.113.35' })).status).toBe(303);
    passTime(60_000);
    expect((await sendForm(link, human, as)).status).toBe(303);
  });

  it('takes nothing from a visitor’s thirty tries for the forms that it asks to be sent again', async () => {
    const link = await (await newWorkspace()).link();
    await crowd(link, 60);
    const as = { bindings, address: '203.0.113.36' };
    const { fields } = await openPage(link, as);
    for (let sent = 0; sent < 30; sent++) {
      expect((await sendForm(link, fields, as)).status).toBe(429);
      expect((await sendForm(link, { ...fields, [response]: TURNSTILE.validProof }, as)).status).toBe(303);
    }
    expect((await sendForm(link, { ...fields, [response]: TURNSTILE.validProof }, as)).status).toBe(429);
  });

  it('treats a check that cannot be verified as no check', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await crowd(link, 60);
    const as = { bindings, address: '203.0.113.33' };
    const { fields } = await openPage(link, as);
    for (const answer of [
      () => new Response('down', { status: 503 }),
      () => Response.error(),
      () => Response.json([]),
    ]) {
      const seen = playReceiver(TURNSTILE.verifyUrl, answer);
      const sent = await sendForm(link, { ...fields, [response]: TURNSTILE.validProof }, as);
      expect([sent.status, seen.received]).toEqual([429, 1]);
      vi.restoreAllMocks();
    }
    expect(await createRequests(shop.account)).toEqual([]);
  });

  it('asks nobody while the form carries no proof', async () => {
    const link = await (await newWorkspace()).link();
    const seen = playReceiver(TURNSTILE.verifyUrl, () => Response.json({ success: true }));
    expect((await tapPay(link, {}, { bindings })).status).toBe(303);
    expect(seen.received).toBe(0);
  });
});
