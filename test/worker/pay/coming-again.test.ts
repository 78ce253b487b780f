import { describe, expect, it, vi } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { refundQuietly } from '../support/done-page.ts';
import { countedBindings, type Page, pageOf, payPath } from '../support/pay-page.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { deliverStripeEvents, type PayOutcome, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

type Link = Awaited<ReturnType<TestWorkspace['link']>>;
const { notices, closed } = en;

async function sessionIds(shop: TestWorkspace): Promise<string[]> {
  return (await stripeSessions(accountOf(shop.account))).map(({ id }) => String(id));
}

/** A buyer who has paid the link by its page. `sees` false: without having seen the receipt. */
async function whoHasPaid(shop: TestWorkspace, link: Link, { outcome = 'paid' as PayOutcome, sees = true } = {}) {
  const buyer = new Buyer(link);
  const { fields } = await buyer.open();
  const response = await buyer.post({ ...fields, ...(link.amountMinor === null ? { amount: '12.50' } : {}) });
  const [, session = ''] = /\/c\/pay\/(cs_test_\w+)/.exec(response.headers.get('Location') ?? '') ?? [];
  await pay(session, outcome, 'ann@example.com');
  await deliverStripeEvents(accountOf(shop.account));
  if (sees) await buyer.done(session);
  return { buyer, session, fields };
}

const doneOf = (link: Link, session: string) => `${payPath(link.token)}/done?session_id=${session}`;
const linkTo = (url: string) => `href="${url}"`;

function expectForm(page: Page, before: Readonly<Record<string, string>>): void {
  expect([page.status, page.action === null]).toEqual([200, false]);
  expect(page.fields.operation).not.toBe(before.operation);
}

describe('a buyer who comes again to a link that they have paid', () => {
  it.each([true, false])('reads that, one tap from the receipt, and can pay again (receipt seen: %s)', async (sees) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session, fields } = await whoHasPaid(shop, link, { sees });
    for (let visit = 0; visit < 2; visit++) {
      const page = await buyer.open();
      expectForm(page, fields);
      expect(page.text).toContain(notices.alreadyPaid);
      expect(page.html).toContain(linkTo(doneOf(link, session)));
      // What the receipt shows stays behind the tap: others use the same tablet.
      expect(page.html).not.toMatch(/ann@example|<time|<dl/);
    }
    const second = await buyer.send();
    expect(second.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
    expect(await sessionIds(shop)).toHaveLength(2);
    for (const id of await sessionIds(shop)) if (id !== session) await pay(id, 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    expect((await rowsOf('payments', shop.workspace.id)).map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  it('costs one round trip, with both cookies', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer } = await whoHasPaid(shop, link);
    await buyer.send();
    expect(buyer.cookieNames).toEqual(['softsolz_form', 'softsolz_paid', 'softsolz_session']);
    const bindings = countedBindings();
    expect((await buyer.open({ bindings })).text).toContain(notices.alreadyPaid);
    expect(bindings.counts.roundTrips).toBe(1);
    expect([...bindings.LINK_GATE.calls, ...bindings.WORKSPACE_GATE.calls]).toEqual([]);
  });

  it('is known for 30 days, on this link alone, by a cookie that no script reads', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session } = await whoHasPaid(shop, link, { sees: false });
    const { headers } = await buyer.done(session);
    const own = `Max-Age=2592000; Path=${payPath(link.token)}; HttpOnly; SameSite=Lax`;
    expect(headers.getSetCookie()).toContain(`softsolz_paid=${session}; ${own}`);
    expect(buyer.cookieNames).toEqual(['softsolz_paid']);
  });

  it('is asked not to pay again while the bank is at work, and still can', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session, fields } = await whoHasPaid(shop, link, { outcome: 'processing' });
    const page = await buyer.open();
    expectForm(page, fields);
    expect(page.text).toContain(notices.processing);
    expect(page.html).toContain(linkTo(doneOf(link, session)));
    expect((await buyer.send()).headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
  });

  it('finds an empty amount, not that of the payment', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const { buyer } = await whoHasPaid(shop, link);
    expect((await buyer.open()).fields.amount).toBe('');
  });

  it('reads it too when the second try was left unpaid', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session } = await whoHasPaid(shop, link);
    await buyer.send();
    const page = await buyer.open();
    expect(page.text).toContain(notices.alreadyPaid);
    expect(page.html).toContain(linkTo(doneOf(link, session)));
    const open = (await stripeSessions(accountOf(shop.account))).find(({ status }) => status === 'open');
    await pay(String(open?.id), 'expired');
    await deliverStripeEvents(accountOf(shop.account));
    expect((await buyer.open()).text).toContain(notices.alreadyPaid);
  });

  it('reads it after a refund of a part, and nothing of it after a full one', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, fields } = await whoHasPaid(shop, link);
    const [row] = await rowsOf('payments', shop.workspace.id);
    await refundQuietly(shop, Number(row?.id), 1000);
    expect((await buyer.open()).text).toContain(notices.alreadyPaid);
    await refundQuietly(shop, Number(row?.id), 4000);
    const page = await buyer.open();
    expectForm(page, fields);
    expect(page.html).not.toContain('class="notice');
    await shop.binding.prepare('UPDATE payment_links SET active = 0 WHERE id = ?').bind(link.id).run();
    expect([(await buyer.open()).status]).toEqual([410]);
  });
});

describe('a form that is sent again with other content, while its session is open', () => {
  const others: [string, { query?: string; price?: number }][] = [
    ['reference', { query: '?reference=INV-2' }],
    ['e-mail address', { query: '?email=bo@example.com' }],
    ['price, which the merchant has changed', { price: 7000 }],
  ];

  it.each(others)('has another %s: only the new session can be paid', async (_what, { query, price }) => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const buyer = new Buyer(link);
    await buyer.send();
    const [first = ''] = await sessionIds(shop);
    if (price) await shop.binding.prepare('UPDATE payment_links SET amount_minor = ?').bind(price).run();
    const { fields } = await buyer.open(query ? { query } : {});
    const response = await buyer.post(fields);
    expect(response.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
    const sessions = await stripeSessions(accountOf(shop.account));
    expect(Object.fromEntries(sessions.map(({ id, status }) => [id === first ? 'first' : 'second', status]))).toEqual({
      first: 'expired',
      second: 'open',
    });
    // The same content again is the same session.
    expect((await buyer.post(fields)).headers.get('Location')).toBe(response.headers.get('Location'));
  });
});

describe('a link that takes no more payments', () => {
  const endings: [string, string][] = [
    ['switched off', 'UPDATE payment_links SET active = 0 WHERE id = ?'],
    ['expired', 'UPDATE payment_links SET expires_at = 1 WHERE id = ?'],
    ['sold out', 'UPDATE payment_links SET sold_out_at = 1 WHERE id = ?'],
  ];

  it.each(endings)('and is %s leads who has paid to the receipt, and nobody else', async (_name, end) => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 2, inactiveMessage: 'Come back in spring' });
    const { buyer, session, fields } = await whoHasPaid(shop, link);
    await shop.binding.prepare(end).bind(link.id).run();
    const bindings = countedBindings();
    const page = await buyer.open({ bindings });
    expect([page.status, page.action, bindings.counts.roundTrips]).toEqual([200, null, 1]);
    expect(page.text).toContain(closed.already_paid.title);
    expect(page.text).not.toContain('Come back in spring');
    expect(page.html).toContain(linkTo(doneOf(link, session)));
    // The form that another tab still shows leads there as well.
    const sent = await buyer.post({ ...fields, operation: 'Z'.repeat(26) });
    if (end.includes('sold_out')) expect(sent.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
    else expect(await sent.text()).toContain(closed.already_paid.title);
    expect((await new Buyer(link).open()).status).toBe(410);
  });

  it('leads who has paid the last place to the receipt, from the page and from a new form', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const { buyer, session, fields } = await whoHasPaid(shop, link);
    expect(await buyer.open()).toMatchObject({ status: 200, action: null });
    const sent = await buyer.post({ ...fields, operation: 'Z'.repeat(26) });
    const text = await sent.text();
    expect([sent.status, text.includes(closed.already_paid.title)]).toEqual([200, true]);
    expect(text).toContain(linkTo(doneOf(link, session)));
    expect(await sessionIds(shop)).toEqual([session]);
  });

  it('says that a payment is still being processed', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session } = await whoHasPaid(shop, link, { outcome: 'processing' });
    await shop.binding.prepare('UPDATE payment_links SET active = 0 WHERE id = ?').bind(link.id).run();
    const page = await buyer.open();
    expect([page.status, page.action]).toEqual([200, null]);
    expect(page.text).toContain(en.done.processing.title);
    expect(page.html).toContain(linkTo(doneOf(link, session)));
  });

  it.each([
    ['disconnected', 'UPDATE connected_accounts SET disconnected_at = 1 WHERE workspace_id = ?'],
    ['suspended', "UPDATE workspaces SET status = 'suspended' WHERE id = ?"],
  ])('because the seller is %s says that, and shows who has paid the way to the receipt', async (_name, end) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session, fields } = await whoHasPaid(shop, link);
    await shop.binding.prepare(end).bind(shop.workspace.id).run();
    const bindings = countedBindings();
    const opened = await buyer.open({ bindings });
    expect(bindings.counts.roundTrips).toBe(1);
    for (const page of [opened, await pageOf(await buyer.post({ ...fields, operation: 'Z'.repeat(26) }))]) {
      expect([page.status, page.action]).toEqual([503, null]);
      for (const words of [closed.not_ready.title, closed.not_ready.text, notices.alreadyPaid, en.tryAgain]) {
        expect(page.text).toContain(words);
      }
      expect(page.html).toContain(`${linkTo(doneOf(link, session))}>${en.embed.receipt}</a>`);
    }
    expect((await buyer.done(session)).text).toContain(en.done.paid.title);
    const stranger = await new Buyer(link).open();
    expect([stranger.status, stranger.text]).toEqual([503, expect.not.stringContaining(notices.alreadyPaid)]);
    expect(stranger.text).toContain(closed.not_ready.title);
  });

  it('because Stripe refuses the account shows who has paid the way to the receipt', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session } = await whoHasPaid(shop, link);
    const { fields } = await buyer.open();
    stripeOf(async () => stripeErrorAnswer({ status: 403, code: 'account_invalid' }));
    const page = await pageOf(await buyer.post(fields));
    vi.restoreAllMocks();
    expect([page.status, page.text]).toEqual([503, expect.stringContaining(closed.not_ready.title)]);
    expect(page.html).toContain(linkTo(doneOf(link, session)));
  });

  it('for now, because its last place is held, shows who has paid the way to the receipt', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 2 });
    const { buyer, session } = await whoHasPaid(shop, link);
    await new Buyer(link).send();
    const page = await pageOf(await buyer.send());
    expect([page.status, page.text]).toEqual([410, expect.stringContaining(closed.sold_out_held.title)]);
    expect(page.text).toContain(notices.alreadyPaid);
    expect(page.html).toContain(linkTo(doneOf(link, session)));
    expect(await sessionIds(shop)).toHaveLength(2);
  });
});

describe('a receipt that another person has sent', () => {
  it('is no payment of the browser that opens it, and does not end what that has begun', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ successUrl: 'https://shop.example/thanks' });
    const { session } = await whoHasPaid(shop, link);
    const friend = new Buyer(link);
    await friend.send();
    const cookies = friend.cookieNames;
    const receipt = await friend.done(session);
    expect([receipt.status, receipt.html.includes('class="leaving"')]).toEqual([200, false]);
    expect(friend.cookieNames).toEqual(cookies);
    expect((await friend.open()).text).not.toContain(notices.alreadyPaid);
  });
});

describe('a cookie that names no payment of this link', () => {
  it('is ignored', async () => {
    const shop = await newWorkspace();
    const [link, other] = [await shop.link(), await shop.link()];
    const { session } = await whoHasPaid(shop, other);
    for (const value of [session, 'cs_test_deleted', '../../x', 'cs_%00', '%E0%A4%A', '', `${session}'--`]) {
      for (const name of ['softsolz_paid', 'softsolz_session']) {
        const page = await new Buyer(link, { [name]: value }).open();
        expect([page.status, page.html.includes('class="notice'), page.action]).toEqual([
          200,
          false,
          payPath(link.token),
        ]);
      }
    }
  });
});

describe('a form that is paid', () => {
  it('leads to the receipt, from which the buyer can pay again if they came for that', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { buyer, session, fields } = await whoHasPaid(shop, link, { sees: false });
    expect((await new Buyer(link).done(session)).html).not.toContain(en.payAnother);
    const sent = await buyer.post(fields);
    expect([sent.status, sent.headers.get('Location')]).toEqual([303, doneOf(link, session)]);
    const receipt = await buyer.done(session);
    expect(receipt.html).toContain(`href="${payPath(link.token)}">${en.payAnother}</a>`);
    expectForm(await buyer.open(), fields);
    expect((await buyer.send()).headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
    await shop.binding.prepare('UPDATE payment_links SET active = 0 WHERE id = ?').bind(link.id).run();
    expect((await buyer.done(session)).html).not.toContain(en.payAnother);
  });

  it('does not come back where the buyer was sent to another session since', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const buyer = new Buyer(link);
    const [first, second] = [await buyer.open(), await buyer.open()];
    await buyer.post(first.fields);
    const [session = ''] = await sessionIds(shop);
    await buyer.post(second.fields);
    await pay(session, 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    for (const query of ['', '?lang=de']) {
      if (query !== '') await buyer.post({ ...first.fields, lang: 'de' });
      expect((await buyer.post(first.fields)).headers.get('Location')).toBe(doneOf(link, session));
      const page = await buyer.open();
      expectForm(page, first.fields);
      // The other session is still open, and stays that of its form.
      if (query === '') expect(page.fields.operation).toBe(second.fields.operation);
    }
  });

  it('is the same one until its payment is known, so that nobody pays twice', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    await buyer.post(fields);
    const [session = ''] = await sessionIds(shop);
    await pay(session, 'paid');
    const done = await buyer.done(session);
    expect(done.text).toContain(en.done.confirming.title);
    const page = await buyer.open();
    expect([page.fields.operation, page.text.includes(notices.alreadyPaid)]).toEqual([fields.operation, false]);
  });
});
