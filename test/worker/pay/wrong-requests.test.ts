import { describe, expect, it } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { en } from '../../../src/http/buyer/locales/en.ts';
import { createRequests } from '../support/api.ts';
import { fetchWith } from '../support/direct.ts';
import { countedBindings, ORIGIN, openPage, type Page, pageOf, payPath, sendForm, visit } from '../support/pay-page.ts';
import { newWorkspace } from '../support/workspace.ts';

const { closed, openPage: openIt } = en;

/** A page, with a page's headers, that takes no payment and asked nobody for anything. */
function expectPage(page: Page, status: number, reason: keyof typeof closed): void {
  expect([page.status, page.headers.get('Content-Type')]).toEqual([status, 'text/html; charset=UTF-8']);
  expect(page.text).toContain(closed[reason].title);
  expect(page.text).toContain(closed[reason].text);
  expect(page.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('Content-Security-Policy')).not.toContain('unsafe');
  expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  expect(page.action).toBe(null);
}

/** Where the page's one button leads, or null. */
function buttonOf({ html }: Page): string | null {
  const [, href, text] = /<a class="pay quiet" href="([^"]*)">([^<]*)<\/a>/.exec(html) ?? [];
  if (text !== undefined) expect(text).toBe(openIt);
  return href?.replaceAll('&amp;', '&') ?? null;
}

describe('a form from another site', () => {
  it('is answered by a page that leads to ours, and brings nothing along but the language', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const bindings = countedBindings();
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const sent = { ...fields, email: 'x@evil.example', reference: 'theirs' };
    const page = await pageOf(await sendForm(link, sent, { headers, bindings }));
    expectPage(page, 403, 'refused');
    expect(buttonOf(page)).toBe(`${ORIGIN}${payPath(link.token)}`);
    expect(page.html).not.toMatch(/evil|theirs|Northlight|Studio deposit/);
    expect(page.headers.get('Set-Cookie')).toBe(null);
    expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);

    const answer = await sendForm(link, sent, { headers, query: '?lang=de' });
    const inGerman = await pageOf(answer);
    expect([inGerman.status, inGerman.text]).toEqual([403, expect.stringContaining(german.closed.refused.text)]);
    expect(inGerman.html).toContain(`href="${ORIGIN}${payPath(link.token)}?lang=de"`);
    expect(await createRequests(shop.account)).toEqual([]);
    expect((await openPage(link)).status).toBe(200);
  });

  it('to a path that names no link is the same, and the path stays text', async () => {
    const hostile = 'x%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E';
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const page = await pageOf(await sendForm({ token: hostile }, {}, { headers, query: '?lang="><b>' }));
    expectPage(page, 403, 'refused');
    expect(page.html).not.toMatch(/<script>alert|"><b>/);
    expect(buttonOf(page)?.startsWith(`${ORIGIN}/pay/link/x%22`)).toBe(true);
  });

  it('that is this Worker under another name leads to the name where the form is taken', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const other = 'https://softsolz-payments.someone.workers.dev';
    const request = new Request(`${other}${payPath(link.token)}?lang=de`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: other,
        'Sec-Fetch-Site': 'same-origin',
      },
      body: new URLSearchParams(fields).toString(),
    });
    const page = await pageOf(await fetchWith({}, request));
    expect(page.status).toBe(403);
    expect(page.html).toContain(`<a class="pay quiet" href="${ORIGIN}${payPath(link.token)}?lang=de">`);
    expect(await createRequests(shop.account)).toEqual([]);
  });
});

describe('an address below /pay that is none of ours', () => {
  it('is a 404 page for people and scanners, whatever is in it', async () => {
    const { token } = await (await newWorkspace()).link();
    const paths = [
      ...['/pay', '/pay/', '/pay/link', '/pay/link/', '/pay/x', '/pay/strings', '/pay/strings/en.json', '/pay/linkx/y'],
      ...['/x', '/done/x', '/qr', '/qr.gif', '/qr.svg/x', '/%', '/%00', '/%E0%A4%A'].map(
        (rest) => `${payPath(token)}${rest}`,
      ),
      ...['%2F', '%5C..%5C', 'a/b/c', `${'x/'.repeat(2_000)}`, '%ED%A0%80/x'].map((text) => payPath(text)),
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST']) {
        const bindings = countedBindings();
        const page = await pageOf(await visit(path, { method, bindings }));
        expect([path, page.status]).toEqual([path, 404]);
        expectPage(page, 404, 'not_found');
        expect(buttonOf(page)).toBe(null);
        expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);
      }
      const head = await visit(path, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([404, '']);
      expect(head.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    }
  });

  it('speaks the language of the reader', async () => {
    const page = await pageOf(await visit('/pay/link/x/y/z', { headers: { 'Accept-Language': 'de' } }));
    expect([page.status, page.text]).toEqual([404, expect.stringContaining(german.closed.not_found.text)]);
    expect(page.html).toContain('<html lang="de" dir="ltr">');
  });
});

describe('a method that a page does not take', () => {
  it('is answered by a page that leads back to it and names the methods', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const path = payPath(link.token);
    const cases = [
      ...['PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [path, method, 'GET, POST'] as const),
      ...['POST', 'PUT', 'OPTIONS'].map((method) => [`${path}/done`, method, 'GET'] as const),
    ];
    for (const [at, method, allow] of cases) {
      const bindings = countedBindings();
      const page = await pageOf(await visit(at, { method, bindings, query: '?session_id=cs_test_1&x=%22%3E' }));
      expectPage(page, 405, 'wrong_method');
      expect(page.headers.get('Allow')).toBe(allow);
      // Who asks for the page after Checkout may well have been charged.
      expect(page.text).not.toContain('charged');
      // What we do not know may say who the buyer is.
      expect(buttonOf(page)).toBe(`${at}?session_id=cs_test_1`);
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);
    }
    const merchants = await pageOf(await visit(path, { method: 'PUT', query: '?email=ann@example.com&reference=1' }));
    expect(buttonOf(merchants)).toBe(`${path}?reference=1`);
    const { text } = await pageOf(await visit(path, { method: 'DELETE', query: '?lang=de' }));
    expect(text).toContain(german.closed.wrong_method.text);
  });

  it('is JSON where a script asks', async () => {
    const { token } = await (await newWorkspace()).link();
    for (const name of ['done/status', 'qr.svg', 'qr.png']) {
      const refused = await visit(`${payPath(token)}/${name}`, { method: 'POST' });
      expect([refused.status, refused.headers.get('Allow')]).toEqual([405, 'GET']);
      expect(refused.headers.get('Content-Type')).toMatch(/^application\/json/);
    }
  });
});
