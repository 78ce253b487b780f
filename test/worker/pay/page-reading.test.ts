import { describe, expect, it } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf } from '../support/api.ts';
import { countedBindings, ORIGIN, openPage, pageOf, payPath, visit } from '../support/pay-page.ts';
import { everything } from '../support/payments.ts';
import { writeProfile } from '../support/profiles.ts';
import { notingD1 } from '../support/rows-read.ts';
import { stripeRequests } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const BOTS = ['Slackbot-LinkExpanding 1.0', 'WhatsApp/2.23', 'Mozilla/5.0 (compatible; Googlebot/2.1)', 'curl/8.5.0'];

describe('looking at a pay page', () => {
  it('changes nothing and asks nobody, for people, scanners and HEAD alike', async () => {
    const shop = await newWorkspace();
    const links = [
      await shop.link({ maxPayments: 1 }),
      await shop.link({ amountMinor: null, suggestedAmountsMinor: [500] }),
    ];
    const before = await everything();
    const asked = (await stripeRequests(accountOf(shop.account))).length;
    for (const link of links) {
      for (const agent of BOTS) {
        for (const method of ['GET', 'HEAD']) {
          const bindings = countedBindings();
          const headers = { 'User-Agent': agent, 'X-Purpose': 'preview' };
          const response = await visit(payPath(link.token), { method, headers, bindings });
          expect(response.status).toBe(200);
          expect(bindings.LINK_GATE.calls).toEqual([]);
          expect(bindings.WORKSPACE_GATE.calls).toEqual([]);
        }
      }
    }
    expect(await everything()).toEqual(before);
    expect(await stripeRequests(accountOf(shop.account))).toHaveLength(asked);
  });

  it('HEAD answers the headers of GET and no body', async () => {
    const link = await (await newWorkspace()).link();
    const response = await visit(payPath(link.token), { method: 'HEAD' });
    expect(response.headers.get('Content-Type')).toMatch(/^text\/html/);
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(await response.text()).toBe('');
  });

  it('costs one round trip, no call to an object, and four rows however many others there are', async () => {
    const shop = await newWorkspace();
    await writeProfile(shop, { displayName: 'Northlight' });
    const link = await shop.link({ maxPayments: 3, description: 'For the summer term' });
    await fillTables(shop, link.id);
    const bindings = countedBindings();
    const noting = notingD1(bindings);
    const page = await openPage(link, { bindings: { ...bindings, ...noting.bindings } });
    expect(page.status).toBe(200);
    expect(bindings.counts.roundTrips).toBe(1);
    expect([...bindings.LINK_GATE.calls, ...bindings.WORKSPACE_GATE.calls]).toEqual([]);
    const rows = await noting.rowsRead();
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(4);
  });

  it('costs one round trip and few rows too for a buyer whose cookies name two payments', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await fillTables(shop, link.id);
    const named = "UPDATE payments SET stripe_session_id = ?2, status = 'succeeded' WHERE id = ?1";
    const sessions = [`cs_test_a${link.token}`, `cs_test_b${link.token}`] as const;
    for (const [at, session] of sessions.entries()) {
      await shop.binding
        .prepare(named)
        .bind(900_001 + at, session)
        .run();
    }
    const bindings = countedBindings();
    const noting = notingD1(bindings);
    const headers = { Cookie: `softsolz_session=${sessions[0]}; softsolz_paid=${sessions[1]}` };
    const page = await openPage(link, { headers, bindings: { ...bindings, ...noting.bindings } });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(en.notices.alreadyPaid)]);
    expect(bindings.counts.roundTrips).toBe(1);
    expect(await noting.rowsRead()).toBeLessThanOrEqual(12);
  });

  it('gives each reader a form of its own', async () => {
    const link = await (await newWorkspace()).link();
    const operations = new Set<string | undefined>();
    for (let reader = 0; reader < 5; reader++) operations.add((await openPage(link)).fields.operation);
    expect(operations.size).toBe(5);
    for (const operation of operations) expect(operation).toMatch(/^[0-9A-Za-z]{26}$/);
  });

  it('shows the link and a form that posts to itself with the price it shows', async () => {
    const shop = await newWorkspace();
    const fixed = await openPage(await shop.link({ title: 'Studio deposit', description: 'Half now' }));
    expect(fixed.text).toContain('Studio deposit');
    expect(fixed.text).toContain('Half now');
    expect(fixed.text).toContain('£50.00');
    expect(Object.keys(fixed.fields).sort()).toEqual(['operation', 'shown']);
    expect(fixed.fields.shown).toBe('GBP:5000');
    const openLink = await shop.link({ amountMinor: null, currency: 'EUR' });
    const open = await openPage(openLink);
    expect(open.action).toBe(payPath(openLink.token));
    expect(open.fields).toMatchObject({ shown: 'EUR:open', amount: '' });
  });

  it('keeps the language that was asked for with the form', async () => {
    const link = await (await newWorkspace()).link();
    const page = await openPage(link, { query: '?lang=de-CH' });
    expect(page.html).toContain('<html lang="de-CH" dir="ltr">');
    expect(page.action).toBe(`${payPath(link.token)}?lang=de-CH`);
    expect((await openPage(link, { query: '?lang=%22%3E%3Cscript%3Ex' })).html).toContain('<html lang="en"');
  });
});

describe('the headers of a pay page', () => {
  it('name exactly what it may do, and no more', async () => {
    const link = await (await newWorkspace()).link();
    const { headers, html } = await openPage(link);
    const nonce = /nonce="([^"]+)"/.exec(html)?.[1];
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get('Content-Security-Policy')).toBe(
      [
        "default-src 'none'",
        `style-src 'self' 'nonce-${nonce}'`,
        `script-src 'nonce-${nonce}'`,
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self' https: http://localhost:12111 http://127.0.0.1:12111",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
    );
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('same-origin');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('Set-Cookie')).toBe(null);
  });

  it('carry a new nonce each time, on every style and script of the page', async () => {
    const link = await (await newWorkspace()).link({ buttonColor: '#123456' });
    const nonces = new Set<string>();
    for (let reader = 0; reader < 3; reader++) {
      const { headers, html } = await openPage(link);
      const nonce = /'nonce-([^']+)'/.exec(headers.get('Content-Security-Policy') ?? '')?.[1] ?? '';
      nonces.add(nonce);
      const tags = [...html.matchAll(/<(style|script)\b[^>]*>/g)].map(([tag]) => tag);
      expect(tags.length).toBeGreaterThanOrEqual(2);
      for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
      expect(html).not.toMatch(/<[^>]+\s(style|on\w+)=/);
    }
    expect(nonces.size).toBe(3);
  });

  it("let the form lead to Stripe's Checkout on any host, and nothing else", async () => {
    const link = await (await newWorkspace()).link();
    const bindings = { STRIPE_API_BASE: 'https://api.stripe.com' };
    const { headers } = await openPage(link, { bindings });
    const policy = headers.get('Content-Security-Policy') ?? '';
    const schemeWide = policy.split('; ').filter((directive) => / https:( |$)/.test(directive));
    expect(schemeWide).toEqual(["form-action 'self' https:"]);
  });

  it('are on every page that takes no payment too, and on what is not a page', async () => {
    const shop = await newWorkspace();
    const off = await shop.link({ active: false });
    const paths = [payPath('unknown'), payPath(off.token), `${payPath(off.token)}/done`, `${payPath(off.token)}/x`];
    for (const path of paths) {
      const { headers, status } = await pageOf(await visit(path));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
      expect([headers.get('Cache-Control'), headers.get('X-Content-Type-Options')]).toEqual(['no-store', 'nosniff']);
    }
  });

  it('refuse other methods', async () => {
    const link = await (await newWorkspace()).link();
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const response = await visit(payPath(link.token), { method });
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, POST']);
    }
  });
});

describe('the head of a pay page', () => {
  it('keeps it out of search engines and has a preview of the link', async () => {
    const link = await (await newWorkspace()).link({ title: 'Spring "concert" & more', description: 'Row <3' });
    const { html } = await openPage(link);
    expect(html).toMatch(/<meta name="robots" content="[^"]*noindex/);
    const url = `${ORIGIN}${payPath(link.token)}`;
    expect(html).toContain(`<meta property="og:url" content="${url}"/>`);
    expect(html).toContain(`<meta property="og:image" content="${ORIGIN}/preview.png"/>`);
    expect(html).toContain('<meta property="og:title" content="Spring &quot;concert&quot; &amp; more · £50.00"/>');
    expect(html).toContain('<title>Spring &quot;concert&quot; &amp; more</title>');
  });

  it('asks no other origin for anything', async () => {
    const link = await (await newWorkspace()).link({ description: 'https://elsewhere.example/x.png' });
    const { html } = await openPage(link);
    const sources = [...html.matchAll(/<[^>]*\s(?:src|srcset|data|poster)="([^"]*)"/g)].map(([, source]) => source);
    for (const source of sources) expect(source).toMatch(/^\/pay\/link\//);
    const linked = [...html.matchAll(/<link\b[^>]*\shref="([^"]*)"/g)].map(([, href]) => href);
    for (const href of linked) expect(href).toMatch(/^\/[^/]/);
    expect(html).not.toMatch(/@import|url\(/);
  });
});

/** Some thousands of rows of others and of this link: what a busy database holds. */
async function fillTables({ binding, shard, workspace }: TestWorkspace, linkId: number): Promise<void> {
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)';
  await binding.batch([
    binding
      .prepare(
        `INSERT INTO payment_links (id, token, workspace_id, kind, title, currency, amount_minor, active, show_business_name, created_at, updated_at)
       ${numbers} SELECT 900000 + i, 'lnk_${shard}' || printf('%020d', i), ?, 'link', 'x', 'GBP', 100, 1, 0, 0, 0 FROM n`,
      )
      .bind(workspace.id),
    binding
      .prepare(
        `INSERT INTO payments (id, workspace_id, operation_id, stripe_account_id, stripe_session_id, payment_link_id, status, history, amount_minor, currency, metadata, expires_at, checks, created_at, updated_at)
       ${numbers} SELECT 900000 + i, ?1, 'op_' || ?1 || i, 'acct_x', 'cs_test_' || ?1 || i, ?2, 'created', '[]', 100, 'GBP', '{}', 0, 0, 0, 0 FROM n`,
      )
      .bind(workspace.id, linkId),
  ]);
}
