import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import de from '../../../public/pay/strings/de.json' with { type: 'json' };
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { ORIGIN, openPage, pageOf, payPath, sendForm, tapPay, visit } from '../support/pay-page.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { notices } = en;

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

/** The one session of the workspace, at Stripe and in our row. */
async function expectOneSession(shop: TestWorkspace): Promise<string> {
  const sessions = await stripeSessions(accountOf(shop.account));
  const rows = await rowsOf('payments', shop.workspace.id);
  expect(sessions).toHaveLength(1);
  expect(rows.map((row) => row.stripe_session_id)).toEqual(sessions.map(({ id }) => id));
  return String(sessions[0]?.id);
}

describe('a form that is sent again', () => {
  it('one after the other is one session and the same place to go', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const locations = new Set<string | null>();
    for (let sent = 0; sent < 3; sent++) {
      const response = await sendForm(link, fields);
      expect(response.status).toBe(303);
      locations.add(response.headers.get('Location'));
    }
    expect(locations.size).toBe(1);
    await expectOneSession(shop);
  });

  it('ten times at once is one session and the same place to go', async () => {
    const shop = await newWorkspace();
    for (const link of [await shop.link(), await shop.link({ maxPayments: 1 })]) {
      const { fields } = await openPage(link);
      const responses = await Promise.all(Array.from({ length: 10 }, () => sendForm(link, fields)));
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 303));
      expect(new Set(responses.map(({ headers }) => headers.get('Location'))).size).toBe(1);
    }
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(2);
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(2);
  });

  it('minutes later is still the same session', async () => {
    for (const minutes of [1, 4, 7, 15, 28]) {
      const shop = await newWorkspace({ webhook: false });
      const link = await shop.link({ maxPayments: 1 });
      const { fields } = await openPage(link);
      const first = await sendForm(link, fields);
      passTime(minutes * 60_000);
      const again = await sendForm(link, fields);
      expect([minutes, again.status]).toEqual([minutes, 303]);
      expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
      await expectOneSession(shop);
    }
  });

  it('with another amount is another session, since the buyer has changed their mind', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const { fields } = await openPage(link);
    for (const amount of ['5', '6', '5']) expect((await sendForm(link, { ...fields, amount })).status).toBe(303);
    const amounts = (await rowsOf('payments', shop.workspace.id)).map((row) => row.amount_minor);
    expect(amounts).toEqual([500, 600]);
  });

  it('to another link is another session', async () => {
    const shop = await newWorkspace();
    const [one, two] = [await shop.link(), await shop.link()];
    const { fields } = await openPage(one);
    await sendForm(one, fields);
    await sendForm(two, fields);
    const links = (await rowsOf('payments', shop.workspace.id)).map((row) => row.payment_link_id);
    expect(links).toEqual([one.id, two.id]);
  });
});

describe('a form whose session has ended', () => {
  it('unpaid comes back with a new operation, and only that makes the next session', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    await pay(await expectOneSession(shop), 'expired');
    await deliverStripeEvents(accountOf(shop.account));

    const page = await pageOf(await sendForm(link, { ...fields, email: '', reference: '' }));
    expect([page.status, page.text]).toEqual([409, expect.stringContaining(notices.tryAgain)]);
    expect(page.fields.operation).not.toBe(fields.operation);
    await expectOneSession(shop);
    expect((await sendForm(link, page.fields)).status).toBe(303);
    const open = (await stripeSessions(accountOf(shop.account))).filter(({ status }) => status === 'open');
    expect(open).toHaveLength(1);
  });

  it('by a failed bank payment comes back as well', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    await pay(await expectOneSession(shop), 'processing_failed');
    await deliverStripeEvents(accountOf(shop.account));
    const page = await pageOf(await sendForm(link, fields));
    expect([page.status, page.fields.operation === fields.operation]).toEqual([409, false]);
  });

  it('long ago comes back with a form that can be paid', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    await pay(await expectOneSession(shop), 'expired');
    for (const minutes of [40, 90, 600]) {
      passTime(minutes * 60_000);
      const page = await pageOf(await sendForm(link, fields));
      expect([page.status, page.text]).toEqual([409, expect.stringContaining(notices.tryAgain)]);
      expect(page.fields.operation).not.toBe(fields.operation);
    }
  });

  it.each(['paid', 'processing'] as const)('%s leads to the receipt and is never paid again', async (outcome) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    const session = await expectOneSession(shop);
    await pay(session, outcome);
    await deliverStripeEvents(accountOf(shop.account));
    for (const minutes of [0, 10, 600]) {
      passTime(minutes * 60_000);
      const response = await sendForm(link, fields);
      const done = `${payPath(link.token)}/done?session_id=${session}`;
      expect([response.status, response.headers.get('Location')]).toEqual([303, done]);
    }
    await expectOneSession(shop);
  });
});

describe('a form whose session has ended at Stripe, but no event has come', () => {
  it.each([
    ['paid', 303],
    ['processing', 303],
    ['expired', 409],
  ] as const)('%s is not sent to Stripe again: %i', async (outcome, status) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields);
    const session = await expectOneSession(shop);
    await pay(session, outcome);
    passTime(10 * 60_000);
    const response = await sendForm(link, fields);
    const receipt = `${payPath(link.token)}/done?session_id=${session}`;
    expect([response.status, response.headers.get('Location')]).toEqual([status, status === 303 ? receipt : null]);
    await expectOneSession(shop);
  });
});

describe('a buyer who comes back from Checkout without paying', () => {
  it('finds the same form, with what they gave, and the same session behind it', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, maxPayments: 1 });
    const query = `?${new URLSearchParams({ email: 'ann@example.com', reference: 'R&D', utm_source: 'x', lang: 'de' })}`;
    const { fields } = await openPage(link, { query });
    const first = await sendForm(link, { ...fields, amount: '12,50' }, { query: '?lang=de' });
    const [request] = await createRequests(shop.account);
    const cancel = new URL(String(request?.params.cancel_url));
    expect(`${cancel.origin}${cancel.pathname}`).toBe(`${ORIGIN}${payPath(link.token)}`);
    expect(cancel.href).not.toMatch(/email|example\.com/);
    expect(String(request?.params.success_url)).not.toMatch(/email|example\.com/);

    const cookies = first.headers.getSetCookie();
    const cookie = cookies.map((each) => each.split(';')[0]).join('; ');
    const page = await openPage(link, { query: cancel.search, headers: { Cookie: cookie } });
    expect(page.status).toBe(200);
    expect(page.html).toContain('<html lang="de"');
    expect(page.text).toContain(de.notices.stillOpenFor.split('{time}')[0]);
    expect(page.fields).toEqual({ ...fields, amount: '12,50' });
    const opened = await openPage(link, { query: '?lang=de', headers: { Cookie: cookie } });
    expect(opened.fields).not.toHaveProperty('email');
    const again = await sendForm(link, page.fields);
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    await expectOneSession(shop);
  });

  it('is known by a cookie of this link alone, which no script reads and the receipt takes away', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const sent = await sendForm(link, fields);
    const [session] = await stripeSessions(accountOf(shop.account));
    const own = `Path=${payPath(link.token)}; HttpOnly; SameSite=Lax`;
    const cookies = sent.headers.getSetCookie();
    expect(cookies).toEqual([
      `softsolz_form=${encodeURIComponent(`${fields.operation}\n\n\nen`)}; Max-Age=1860; ${own}`,
      `softsolz_session=${session?.id}.${fields.operation}; Max-Age=2592000; ${own}`,
    ]);
    const headers = { Cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
    expect((await openPage(link, { headers })).fields.operation).toBe(fields.operation);
    const query = `?session_id=${session?.id}`;
    const waiting = await visit(`${payPath(link.token)}/done`, { query, headers });
    expect(waiting.headers.get('Set-Cookie')).toBeNull();
    await pay(String(session?.id), 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    const paid = await visit(`${payPath(link.token)}/done`, { query, headers });
    expect(paid.headers.get('Set-Cookie')).toContain('softsolz_form=; Max-Age=0');
  });

  it('shares nothing with somebody they pass the address on to', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const first = await tapPay(link, {}, { query: '?reference=A1' });
    const [request] = await createRequests(shop.account);
    const { search } = new URL(String(request?.params.cancel_url));
    expect(search).not.toContain('operation');
    const second = await tapPay(link, {}, { query: search });
    expect(second.status).toBe(303);
    expect(second.headers.get('Location')).not.toBe(first.headers.get('Location'));
  });
});

describe('a price that changed while the page was open', () => {
  it('is shown before anybody pays it, and the old one is not charged', async () => {
    const shop = await newWorkspace();
    const changes = [
      { link: await shop.link(), now: { amountMinor: 7500 }, shown: 'GBP:7500', text: '£75.00' },
      { link: await shop.link(), now: { amountMinor: null }, shown: 'GBP:open', text: en.amount },
      { link: await shop.link({ amountMinor: null }), now: { amountMinor: 900 }, shown: 'GBP:900', text: '£9.00' },
    ];
    for (const { link, now, shown, text } of changes) {
      const { fields } = await openPage(link, { query: '?reference=R1' });
      await changeLink(shop, link.id, now.amountMinor);
      const page = await pageOf(await sendForm(link, { ...fields, amount: '9' }));
      expect(page.status).toBe(409);
      expect(page.text).toContain(notices.priceChanged);
      expect(page.text).toContain(text);
      expect(page.fields).toMatchObject({ shown, reference: 'R1' });
      expect(await createRequests(shop.account)).toEqual([]);
    }
    for (const { link } of changes) {
      const { fields } = await openPage(link);
      expect((await sendForm(link, { ...fields, amount: '9' })).status).toBe(303);
    }
  });

  it('is noticed too where the form does not say what was shown', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    for (const shown of ['', 'GBP:1', 'EUR:5000', 'gbp:5000', 'GBP:5000.0', 'GBP:open']) {
      const page = await pageOf(await sendForm(link, { ...fields, shown }));
      expect([page.status, page.fields.shown]).toEqual([409, 'GBP:5000']);
    }
    expect(await createRequests(shop.account)).toEqual([]);
  });
});

async function changeLink(shop: TestWorkspace, id: number, amountMinor: number | null): Promise<void> {
  await shop.binding
    .prepare('UPDATE payment_links SET amount_minor = ? WHERE id = ? AND workspace_id = ?')
    .bind(amountMinor, id, shop.workspace.id)
    .run();
}
