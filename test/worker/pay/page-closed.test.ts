import { describe, expect, it } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, footprint } from '../support/api.ts';
import { countedBindings, openPage, type Page, pageOf, payPath, sendForm, visit } from '../support/pay-page.ts';
import { control, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const { closed } = en;

function expectClosed(page: Page, status: number, reason: keyof typeof closed): void {
  expect([page.status, page.text], page.html).toEqual([status, expect.stringContaining(closed[reason].title)]);
  expect([page.action, Object.keys(page.fields)]).toEqual([null, []]);
}

describe('a token that names no link', () => {
  it('is a 404 page, and a form sent to it as well', async () => {
    const link = { token: newPaymentLinkToken('0') };
    expectClosed(await openPage(link), 404, 'not_found');
    const form = { operation: 'A'.repeat(26), shown: 'GBP:5000' };
    expectClosed(await pageOf(await sendForm(link, form)), 404, 'not_found');
  });

  it('is a 404 page without a look into the database where it cannot be a token', async () => {
    const { token } = await (await newWorkspace()).link();
    const hostile = [
      ...['%00', `${token}%00`, '..%2f', '..%2F..%2Fhealth', '%2e%2e%2f', '%', '%E0%A4%A', '%ED%A0%80', '%0d%0aX:1'],
      ...[token.toUpperCase(), `LNK_${token.slice(4)}`, token.slice(0, -1), `${token}0`, `${token}%20x`, `%20${token}`],
      ...['lnk_', 'null', "'%20OR%201=1%20--", '%3Cscript%3Ealert(1)%3C%2Fscript%3E', 'lnk_8f3c2a1b9d'],
      ...['x'.repeat(10_000), `lnk_${'0'.repeat(10_000)}`, token.replace(/^lnk_./, 'lnk_٠'), '%F0%9F%92%B3'],
    ];
    for (const text of hostile) {
      const bindings = countedBindings();
      const page = await openPage({ token: text }, { bindings });
      expectClosed(page, 404, 'not_found');
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);
      expect(page.html).not.toContain('alert(1)');
    }
  });

  it('is found although a chat added characters to its address, without a look into the database', async () => {
    const { token } = await (await newWorkspace()).link();
    const path = payPath(token);
    const ends = [
      '/',
      '.',
      ',',
      ')',
      ';',
      ':',
      '!',
      "'",
      '"',
      '>',
      ']',
      '}',
      '`',
      '’',
      '”',
      '»',
      '…',
      '*',
      '_',
      '?',
      '~',
      '。',
      '、',
      '」',
      '）',
      '،',
      '؟',
    ];
    const added = [
      ...ends.filter((end) => end !== '?'),
      ...ends.map(encodeURIComponent),
      '%2E',
      '%29%2e',
      ').',
      '//',
      '…”)',
      '_*',
      '%2F',
      '%20',
      '%E2%80%8B',
      '.%C2%A0',
    ];
    for (const method of ['GET', 'HEAD']) {
      for (const rest of added) {
        for (const page of [path, `${path}/done`]) {
          const bindings = countedBindings();
          const query = '?lang=de&reference=a%20b';
          const response = await visit(`${page}${rest}`, { method, query, bindings });
          const answer = [response.status, response.headers.get('Location')];
          expect(answer, `${method} ${page}${rest}`).toEqual([308, `${page}${query}`]);
          expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);
        }
      }
    }
    expect((await visit(`${path}.`, { method: 'POST' })).headers.get('Location')).toBeNull();
    const merchants = await visit(`${path}.`, { query: '?email=ann@example.com&reference=7' });
    expect(merchants.headers.get('Location')).toBe(`${path}?reference=7`);
    for (const [wrong, status] of [
      [`${path.slice(0, -1)}.`, 404],
      [`${path}x.`, 404],
      [`${path}.x`, 404],
      [`${path}%00.`, 404],
      [`${path}%`, 404],
      [`${path}/done/status/`, 404],
      [`/pay/link/${token.toUpperCase()}.`, 404],
      [`/pay/link/${'_'.repeat(10_000)}`, 404],
      [`${path}/qr.svg`, 200],
    ] as const) {
      expect([wrong.length, (await visit(wrong)).status], wrong.slice(0, 80)).toEqual([wrong.length, status]);
    }
  });

  it('is found although a chat added characters to the last value of its query', async () => {
    const { token } = await (await newWorkspace()).link();
    const path = payPath(token);
    const ends = ['.', ',', ')', '].', '…', '%20', '%E2%80%8B', '%29', '>', '。', '_', '!%22'];
    for (const [page, query] of [
      [`${path}/done`, '?session_id=cs_test_a1'],
      [`${path}/done`, '?lang=de&session_id=cs_test_a1'],
      [path, '?lang=de'],
      [path, '?reference=a.&amount=12.50'],
      [path, '?amount=12.50%E2%82%AC'],
    ] as const) {
      for (const end of ends) {
        const bindings = countedBindings();
        const response = await visit(`${page}${query}${end}`, { bindings });
        expect([response.status, response.headers.get('Location')], end).toEqual([308, `${page}${query}`]);
        expect([bindings.counts.roundTrips, (await visit(`${page}.${query}${end}`)).headers.get('Location')]).toEqual([
          0,
          `${page}${query}`,
        ]);
      }
    }
    const withEmail = await visit(path, { query: '?email=ann@example.com&lang=de.' });
    expect(withEmail.headers.get('Location')).toBe(`${path}?lang=de`);
    // What a merchant writes may end so.
    for (const query of [
      '?reference=No.+7.',
      '?utm_source=x)',
      '?amount=5&reference=(7)',
      '?lang=de',
      '?lang=de&x=.',
    ]) {
      expect([query, (await visit(path, { query })).status]).toEqual([query, 200]);
    }
    const long = `?amount=${'.'.repeat(10_000)}x`;
    expect((await visit(path, { query: long })).status).toBe(200);
  });

  it('of another shard is a 404 page', async () => {
    expectClosed(await openPage({ token: newPaymentLinkToken('7') }), 404, 'not_found');
  });

  it('says nothing of any seller', async () => {
    const { html } = await openPage({ token: 'unknown' });
    expect(html).not.toMatch(/og:url|og:image|Northlight/);
  });
});

describe('a link that takes no payments', () => {
  const sent = { operation: 'B'.repeat(26), shown: 'GBP:5000' };

  it('is a 410 page while it is switched off, or has expired: read or sent to', async () => {
    const shop = await newWorkspace();
    const off = await shop.link({ active: false });
    const over = await shop.link({ expiresAt: Date.now() - 1 });
    const before = await footprint(shop);
    for (const [link, reason] of [[off, 'inactive'] as const, [over, 'expired'] as const]) {
      expectClosed(await openPage(link), 410, reason);
      const bindings = countedBindings();
      expectClosed(await pageOf(await sendForm(link, sent, { bindings })), 410, reason);
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([1, []]);
    }
    expect(await footprint(shop)).toEqual(before);
  });

  it('speaks with the words of the merchant, whatever is in them', async () => {
    const shop = await newWorkspace();
    const message = 'We are on holiday <img src=x onerror=alert(1)> until "May" & back soon';
    const links = [
      await shop.link({ active: false, inactiveMessage: message }),
      await shop.link({ expiresAt: 1, inactiveMessage: message }),
    ];
    for (const link of links) {
      const page = await openPage(link);
      expect([page.status, page.text]).toEqual([410, expect.stringContaining(message)]);
      expect(page.html).not.toContain('<img src=x');
    }
  });

  it('is open until the moment it expires', async () => {
    const shop = await newWorkspace();
    expect((await openPage(await shop.link({ expiresAt: Date.now() + 60_000 }))).status).toBe(200);
  });

  it('switched off between the page and its form makes no session', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await shop.binding.prepare('UPDATE payment_links SET active = 0 WHERE id = ?').bind(link.id).run();
    expectClosed(await pageOf(await sendForm(link, fields)), 410, 'inactive');
    expect(await createRequests(shop.account)).toEqual([]);
  });
});

describe('a seller who cannot take payments', () => {
  it('is a 503 page that does not blame the buyer and asks nothing of Stripe', async () => {
    const message = { inactiveMessage: 'This sale is over' };
    for (const account of ['none', 'onboarding'] as const) {
      const shop = await newWorkspace({ account });
      const link = await shop.link(message);
      expectClosed(await openPage(link), 503, 'not_ready');
      const page = await pageOf(await sendForm(link, { operation: 'C'.repeat(26), shown: 'GBP:5000' }));
      expectClosed(page, 503, 'not_ready');
      expect(page.text).toContain(closed.not_ready.text);
      expect(page.text).not.toContain(message.inactiveMessage);
      if (shop.account) expect(await createRequests(shop.account)).toEqual([]);
    }
  });

  it('is the same page after the account was disconnected, or the workspace suspended', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const set = async (query: string) => await shop.binding.prepare(query).bind(shop.workspace.id).run();
    await set('UPDATE connected_accounts SET disconnected_at = 1 WHERE workspace_id = ?');
    expectClosed(await openPage(link), 503, 'not_ready');
    await set('UPDATE connected_accounts SET disconnected_at = NULL WHERE workspace_id = ?');
    expect((await openPage(link)).status).toBe(200);
    await set("UPDATE workspaces SET status = 'suspended' WHERE id = ?");
    expectClosed(await openPage(link), 503, 'not_ready');
    expect(await stripeSessions(accountOf(shop.account))).toEqual([]);
  });

  it('is the same page when only Stripe knows that the account is lost', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ inactiveMessage: 'This sale is over' });
    const { fields } = await openPage(link);
    const account = accountOf(shop.account);
    await control('POST', `/accounts/${account}/deauthorize`, {});
    const page = await pageOf(await sendForm(link, fields));
    expectClosed(page, 503, 'not_ready');
    expect(page.text).toContain(closed.not_ready.text);
    expect(page.headers.get('Retry-After')).toBe(null);
  });
});

describe('the name of a business that does not show it', () => {
  it('is in none of its pages, and is where it is shown', async () => {
    const shop = await newWorkspace({ webhook: false });
    const name = shop.workspace.name;
    for (const [showBusinessName, times] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const open = await shop.link({ showBusinessName });
      const off = await shop.link({ showBusinessName, active: false });
      const { fields } = await openPage(open);
      const location = (await sendForm(open, fields)).headers.get('Location');
      expect(location).toMatch(/^http:\/\/localhost:12111\//);
      const made = (await stripeSessions(accountOf(shop.account))).at(0);
      const session = String(made?.id);
      const paths = [payPath(open.token), payPath(off.token), `${payPath(open.token)}/done?session_id=${session}`];
      for (const path of paths) {
        const html = await (await visit(path)).text();
        expect(html).toContain('Studio deposit');
        expect(html.includes(name), path).toBe(times > 0);
      }
      await pay(session, 'expired');
    }
  });

  it('is not in the QR code or in any header either', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { headers } = await openPage(link);
    const svg = await (await visit(`${payPath(link.token)}/qr.svg`)).text();
    expect(`${JSON.stringify([...headers])}${svg}`).not.toContain(shop.workspace.name);
  });
});
