import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { expectError } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { beginOnboarding, readAccount, returnToken } from '../support/onboarding.ts';
import { type Page, pageOf, type Visit, visit } from '../support/pay-page.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { control, stripeRequest } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const HOUR = 60 * 60_000;
const SILENT = { STRIPE_API_BASE: 'http://localhost:9' };
const UNKNOWN = 'This page cannot be opened any more';

afterEach(() => {
  vi.restoreAllMocks();
});

const tokenOf = ({ workspace, shard }: TestWorkspace, now?: number) =>
  returnToken({ workspaceId: workspace.id, shard }, now);

/** A workspace whose owner comes back from Stripe, which has decided this. Its events about it are lost. */
async function comeBack(outcome: string | null, more: object = {}) {
  const shop = await beginOnboarding(await newWorkspace({ account: 'none', webhook: false }));
  if (outcome) await control('POST', `/accounts/${shop.account}/outcome`, { outcome, ...more });
  return { ...shop, token: await tokenOf(shop) };
}

const open = async (query: string, as: Visit = {}): Promise<Page> =>
  await pageOf(await visit('/connect/return', { query, ...as }));
const headingOf = ({ html }: Page) => /<h1[^>]*>([^<]*)</.exec(html)?.[1];

/** What the page's script is given: the status, and the addresses that it asks at and loads. */
function pollingOf({ html }: Page): Record<string, string> {
  const attributes = [...html.matchAll(/ data-(status|url|refresh)="([^"]*)"/g)];
  return Object.fromEntries(attributes.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]));
}

async function statusAt(url: string | undefined, as: Visit = {}): Promise<string> {
  const response = await visit(url ?? '', as);
  expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  return z.object({ data: z.object({ status: z.string() }) }).parse(await response.json()).data.status;
}

/** How often Stripe was asked for this account. */
async function readsOf({ account }: { readonly account: string }): Promise<number> {
  const { data } = z.object({ data: z.array(stripeRequest) }).parse(await control('GET', '/requests'));
  return data.filter(({ method, path }) => method === 'GET' && path === `/v1/accounts/${account}`).length;
}

describe('An address that is not ours', () => {
  it('is a calm page that names nobody, asks no database and not Stripe', async () => {
    const shop = await comeBack('ready');
    const [payload, mac] = shop.token.split('.');
    const reads = await readsOf(shop);
    const counted = countingD1(env);
    const old = await tokenOf(shop, Date.now() - 12 * HOUR);
    const forged = ['', '?t=', '?t=x', `?t=${payload}`, `?t=${payload}.${mac}x`, `?t=x${payload}.${mac}`, `?t=${old}`];
    for (const query of forged) {
      const page = await open(query, { bindings: counted.bindings });
      expect([query, page.status, headingOf(page)]).toEqual([query, 404, UNKNOWN]);
      expect(page.text).toContain('Ask whoever sent you to Stripe for a new link.');
      expect(page.html).not.toContain('<script');
    }
    expect([counted.counts.roundTrips, await readsOf(shop)]).toEqual([0, reads]);
  });

  it('has no status either', async () => {
    await expectError(await visit('/connect/return/status', { query: '?t=x' }), 404, 'not_found');
    await expectError(await visit('/connect/return/status'), 404, 'not_found');
  });

  it('is the same for a workspace or a shard that does not exist', async () => {
    for (const returning of [
      { workspaceId: 'nobody', shard: '0' },
      { workspaceId: 'nobody', shard: '9' },
    ]) {
      const page = await open(`?t=${await returnToken(returning)}`);
      expect([page.status, headingOf(page)]).toEqual([404, UNKNOWN]);
    }
  });

  it.each([
    ['GET', '/connect', 404],
    ['GET', '/connect/return/', 404],
    ['GET', '/connect/other', 404],
    ['POST', '/connect/return', 405],
    ['POST', '/connect/link-expired', 405],
  ])('is a page: %s %s', async (method, path, status) => {
    const page = await pageOf(await visit(path, { method }));
    expect([page.status, page.headers.get('Allow'), headingOf(page)]).toEqual([
      status,
      status === 405 ? 'GET' : null,
      UNKNOWN,
    ]);
  });
});

describe('The page after the onboarding', () => {
  it.each([
    [null, 'started', 'You are not finished yet', 'ask whoever sent you there for a new link'],
    ['ready', 'ready', 'You are ready to take payments', 'You can close this page'],
    ['requirement_due', 'ready', 'You are ready to take payments', 'Stripe needs a photo of an identity'],
    ['in_review', 'ready', 'You are ready to take payments', 'Stripe is checking a photo'],
    [
      'payouts_held',
      'payouts_held',
      'You can take payments, but payouts are on hold',
      'the bank account for your payouts',
    ],
    ['document_needed', 'action_needed', 'Stripe needs something more from you', 'from you by 31 January 2030.'],
    ['in_review_without_charges', 'in_review', 'Stripe is checking your details', 'There is nothing you need to do.'],
    ['cards_not_granted', 'restricted', 'Stripe does not let you take payments yet', 'Stripe’s support'],
    ['rejected', 'rejected', 'Stripe has refused this account', 'start over with a new account'],
  ])('says what Stripe says without any event: %s', async (outcome, state, heading, text) => {
    const shop = await comeBack(outcome, { due_at: '2030-01-31T12:00:00Z' });
    const page = await open(`?t=${shop.token}`);
    expect([page.status, headingOf(page)]).toEqual([200, heading]);
    expect(page.text).toContain(text);
    expect(page.text).toContain('Test mode: no real money');
    expect(await readAccount(shop)).toMatchObject({ state });
  });

  it.each(['ready', 'document_needed'])('shows nothing of the workspace or the account: %s', async (outcome) => {
    const shop = await comeBack(outcome);
    await call(shop.key, 'PATCH', '/profile', {
      display_name: 'Harbour Studio',
      support_email: 'hello@harbour.example',
    });
    const page = await open(`?t=${shop.token}`);
    const shown = page.html.replaceAll(shop.token, '');
    for (const secret of [
      shop.account,
      shop.workspace.id,
      shop.workspace.name,
      'Harbour',
      'owner@shop.example',
      'GB',
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(page.headers.get('Set-Cookie')).toBeNull();
  });

  it('is kept by no cache and no search engine, and runs only its own script', async () => {
    const page = await open(`?t=${(await comeBack(null)).token}`);
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.headers.get('Referrer-Policy')).toBe('same-origin');
    expect(page.html).toContain('<meta name="robots" content="noindex"/>');
    const policy = page.headers.get('Content-Security-Policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('has no test banner in live mode', async () => {
    const shop = await beginOnboarding(await newWorkspace({ account: 'none', webhook: false, mode: 'live' }));
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'ready', livemode: true });
    const page = await open(`?t=${await tokenOf(shop)}`);
    expect(headingOf(page)).toBe('You are ready to take payments');
    expect(page.text).not.toContain('Test mode');
  });

  it('says so where no account is connected, or not any more', async () => {
    const none = await newWorkspace({ account: 'none', webhook: false });
    expect(headingOf(await open(`?t=${await tokenOf(none)}`))).toBe('No account is connected');
    const shop = await comeBack('ready');
    await call(shop.key, 'POST', '/account/disconnect', {});
    const page = await open(`?t=${shop.token}`);
    expect(headingOf(page)).toBe('This account is not connected');
    expect(await readAccount(shop)).toMatchObject({ state: 'disconnected' });
  });
});

describe('While the state is not final, the page', () => {
  it('looks again by itself for a minute, with and without scripts', async () => {
    const shop = await comeBack(null);
    const page = await open(`?t=${shop.token}`);
    const { status, url, refresh } = pollingOf(page);
    expect(status).toBe('started');
    expect(page.html).toContain(
      `<noscript><meta http-equiv="refresh" content="8;url=${refresh?.replaceAll('&', '&amp;')}"/>`,
    );
    expect(await statusAt(url)).toBe('started');
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'ready' });
    expect(await statusAt(url)).toBe('ready');
    const next = await pageOf(await visit(refresh ?? ''));
    expect([headingOf(next), pollingOf(next)]).toEqual(['You are ready to take payments', {}]);
    expect(next.html).not.toContain('http-equiv="refresh"');
    expect(next.text).not.toContain('Look again');
  });

  it('stops after that minute, and has a link for another one', async () => {
    const shop = await comeBack('in_review_without_charges');
    const over = `?t=${shop.token}&until=${Math.floor(Date.now() / 1000)}`;
    const page = await open(over);
    expect(pollingOf(page)).toEqual({});
    expect(page.html).not.toContain('http-equiv="refresh"');
    expect(page.html).toContain(`<a class="pay quiet" href="/connect/return?t=${shop.token}">Look again</a>`);
    expect(await statusAt(`/connect/return/status${over}`)).toBe('over');
  });

  it('looks again no longer than a minute, whatever the address says', async () => {
    const { token } = await comeBack(null);
    const before = Math.floor(Date.now() / 1000);
    const { refresh = '' } = pollingOf(await open(`?t=${token}&until=999999999999`));
    const until = Number(new URLSearchParams(refresh.split('?')[1]).get('until'));
    expect(until).toBeGreaterThanOrEqual(before + 60);
    expect(until).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 60);
    expect((await open(`?t=${token}&until=soon`)).status).toBe(404);
  });

  it('is refreshed without the script, if that cannot be loaded', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const ASSETS = { ...env.ASSETS, fetch: async () => new Response('', { status: 500 }) };
    const page = await open(`?t=${(await comeBack(null)).token}`, { bindings: { ASSETS } });
    expect(page.html).toContain('<meta http-equiv="refresh" content="8;url=/connect/return?');
    expect(page.html).not.toContain('<noscript>');
    expect(page.html).toContain('<link rel="stylesheet" href="/pay/style.css"/>');
  });
});

describe('What the page asks Stripe', () => {
  it('is limited to thirty reads a minute, after which it says nothing that may be untrue by then', async () => {
    // All in one minute of the clock.
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now);
    const shop = await comeBack(null);
    const before = await readsOf(shop);
    for (let visits = 0; visits < 34; visits += 1) await open(`?t=${shop.token}`);
    expect(await readsOf(shop)).toBe(before + 30);
    await control('POST', `/accounts/${shop.account}/outcome`, { outcome: 'ready' });
    expect(headingOf(await open(`?t=${shop.token}`))).toBe('We are waiting for Stripe');
    vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
    expect(headingOf(await open(`?t=${shop.token}`))).toBe('You are ready to take payments');
  });

  it('is that we have no access any more: then it is not connected, although no event has said so', async () => {
    const shop = await comeBack('ready');
    await control('POST', `/accounts/${shop.account}/deauthorize`, {});
    expect(headingOf(await open(`?t=${shop.token}`))).toBe('No account is connected');
  });

  it('gets no answer: then the page says so, and keeps asking', async () => {
    const shop = await comeBack('ready');
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const page = await open(`?t=${shop.token}`, { bindings: SILENT });
    expect([page.status, headingOf(page)]).toEqual([200, 'We are waiting for Stripe']);
    const { status, url } = pollingOf(page);
    expect(status).toBe('asking');
    expect(await statusAt(url, { bindings: SILENT })).toBe('asking');
    expect(await statusAt(url)).toBe('ready');
  });

  it('is nothing while the database is down: the page says to try again', async () => {
    const shop = await beginOnboarding(await newWorkspace({ account: 'none', webhook: false, shard: '1' }));
    const token = await tokenOf(shop);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = await open(`?t=${token}`, { bindings: withoutShard('1') });
    expect([page.status, headingOf(page)]).toEqual([503, 'We cannot look right now']);
    expect(page.html).toContain(`href="/connect/return?t=${token}"`);
    const status = await visit('/connect/return/status', { query: `?t=${token}`, bindings: withoutShard('1') });
    await expectError(status, 503, 'service_unavailable');
  });
});

describe('A link that has run out or was used', () => {
  it('leads to a page that says who makes another one, and makes none', async () => {
    const counted = countingD1(env);
    const page = await pageOf(await visit('/connect/link-expired', { bindings: counted.bindings }));
    expect([page.status, headingOf(page), page.action]).toEqual([200, 'This link no longer works', null]);
    expect(page.text).toContain('works once, and for about ten minutes');
    expect(page.text).toContain('only they can make it');
    expect(page.html).not.toMatch(/<a |<script|http-equiv/);
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.html).toContain('noindex');
    expect(counted.counts.roundTrips).toBe(0);
  });
});
