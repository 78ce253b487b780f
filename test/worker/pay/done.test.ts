import { afterEach, describe, expect, it, vi } from 'vitest';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { atCheckout, donePage, doneStatus, refundQuietly, settleQuietly } from '../support/done-page.ts';
import { countedBindings, payPath, visit } from '../support/pay-page.ts';
import { everything, openSession } from '../support/payments.ts';
import { pay } from '../support/simulator.ts';
import { contextOf, newWorkspace } from '../support/workspace.ts';

const { done, closed, receipt } = en;

afterEach(() => vi.useRealTimers());

describe('the page after Checkout', () => {
  it('is confirming until Stripe has spoken, paid or not, and asks again without scripts', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    for (const outcome of [null, 'paid'] as const) {
      if (outcome) await pay(session, outcome);
      const page = await donePage(link, session);
      expect([page.status, page.text]).toEqual([200, expect.stringContaining(done.confirming.title)]);
      expect(page.text).toContain(done.confirming.text);
      expect(page.text).not.toContain(done.failed.title);
      const again = `${payPath(link.token)}/done?session_id=${session}`;
      expect(page.html).toMatch(
        new RegExp(
          `<noscript><meta http-equiv="refresh" content="\\d+;url=${again.replace(/[?.]/g, '\\$&')}"/></noscript>`,
        ),
      );
      expect(page.html).toContain(`data-url="${payPath(link.token)}/done/status?session_id=${session}"`);
      expect(await doneStatus(link, session)).toEqual({ status: 'confirming' });
    }
  });

  it('says paid once Stripe has, with a receipt to keep', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ title: 'Studio deposit', showBusinessName: true });
    const { session, id } = await atCheckout(shop, link, { reference: 'Invoice 1042' });
    await settleQuietly(shop, session, 'paid');
    const page = await donePage(link, session);
    for (const part of [
      done.paid.title,
      '£50.00',
      'Studio deposit',
      'Northlight Studio',
      'Invoice 1042',
      `${receipt.number}${id}`,
    ]) {
      expect(page.text).toContain(part);
    }
    expect(page.html).not.toMatch(/http-equiv="refresh"|data-url=/);
    expect(await doneStatus(link, session)).toEqual({ status: 'paid' });
  });

  it('shows no e-mail, whoever gave it', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link, { email: 'bob@example.org' });
    const before = await donePage(link, session);
    await settleQuietly(shop, session, 'paid');
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row?.customer_email).toMatch(/@/);
    const after = await donePage(link, session);
    const status = JSON.stringify(await doneStatus(link, session));
    for (const text of [before.html, after.html, status]) expect(text).not.toMatch(/example\.(org|com)/);
  });

  it('says that a bank payment is on its way, and how it ended', async () => {
    for (const [outcome, ended] of [
      ['processing_succeeded', 'paid'],
      ['processing_failed', 'failed'],
    ] as const) {
      const shop = await newWorkspace();
      const link = await shop.link();
      const { session } = await atCheckout(shop, link);
      await settleQuietly(shop, session, 'processing');
      expect((await donePage(link, session)).text).toContain(done.processing.title);
      expect(await doneStatus(link, session)).toEqual({ status: 'processing' });
      await settleQuietly(shop, session, outcome);
      const page = await donePage(link, session);
      expect(page.text).toContain(done[ended].title);
      expect(await doneStatus(link, session)).toEqual({ status: ended });
    }
  });

  it('says that nothing was charged once the session has run out unpaid, and leads back to the payment', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'expired');
    const page = await donePage(link, session);
    expect(page.text).toContain(`${done.expired.title}${done.expired.text}`);
    expect(page.text).not.toContain(done.failed.text);
    expect(page.html).toMatch(new RegExp(`<a class="pay" href="${payPath(link.token)}">`));
    expect(page.html).not.toMatch(/http-equiv="refresh"|data-url=/);
    expect(await doneStatus(link, session)).toEqual({ status: 'expired' });
  });

  it('keeps the day of the payment after the buyer was erased', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    const paidAt = toRfc3339(Date.now());
    passTime(3 * 24 * 60 * 60_000);
    expect(await eraseBuyer(await contextOf(shop.workspace), 'ann@example.com')).toMatchObject({ payments: 1 });
    expect((await donePage(link, session)).html).toContain(`<time datetime="${paidAt}">`);
  });

  it('says what was refunded', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session, id } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    await refundQuietly(shop, id, 2000);
    expect(await doneStatus(link, session)).toEqual({ status: 'partially_refunded' });
    const { text } = await donePage(link, session);
    expect(text).toContain(done.partially_refunded.title);
    expect(text).toMatch(/Refunded\s*£20\.00/);
    await refundQuietly(shop, id, 3000);
    expect(await doneStatus(link, session)).toEqual({ status: 'refunded' });
    expect((await donePage(link, session)).text).toContain(done.refunded.title);
  });

  it('is there after the link was switched off, has expired or is sold out', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const { session } = await atCheckout(shop, link);
    await settleQuietly(shop, session, 'paid');
    await shop.database.run(`UPDATE payment_links SET active = 0, expires_at = 1 WHERE id = ${link.id}`);
    expect((await donePage(link, session)).text).toContain(done.paid.title);
  });

  it('speaks the language that the buyer asked for before Checkout', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    const page = await donePage(link, session, { query: '&lang=de' });
    expect(page.html).toContain('<html lang="de" dir="ltr">');
    expect(page.html).toContain(`url=${payPath(link.token)}/done?session_id=${session}&amp;lang=de"`);
  });

  it('changes nothing by being read, and costs two round trips', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    const before = await everything();
    for (const method of ['GET', 'HEAD']) {
      const bindings = countedBindings();
      await donePage(link, session, { method, bindings });
      expect(bindings.counts.roundTrips).toBe(2);
      expect([...bindings.LINK_GATE.calls, ...bindings.WORKSPACE_GATE.calls]).toEqual([]);
    }
    expect(await everything()).toEqual(before);
  });
});

describe('a session that is not of this link', () => {
  it('is a 404 page and a 404 answer, the same for all of them', async () => {
    const shop = await newWorkspace();
    const [link, other] = [await shop.link(), await shop.link()];
    const own = await atCheckout(shop, link);
    const others = await atCheckout(shop, other);
    const byApi = await openSession(shop);
    const stranger = await newWorkspace();
    const strangers = await atCheckout(stranger, await stranger.link());
    expect((await donePage(link, own.session)).status).toBe(200);

    const foreign = [others.session, byApi.stripe_session_id, strangers.session, 'cs_test_unknown'];
    const impossible = [
      '',
      'x',
      'cs_%x',
      `cs_${'x'.repeat(300)}`,
      "cs_test_' OR 1=1 -- x",
      `${own.session}%00`,
      '{CHECKOUT_SESSION_ID}x',
    ];
    for (const session of [...foreign, ...impossible]) {
      const bindings = countedBindings();
      const page = await donePage(link, session, { bindings });
      expect([session, page.status, page.text]).toEqual([
        session,
        404,
        expect.stringContaining(closed.not_found.title),
      ]);
      expect(page.html).not.toContain('Studio deposit');
      if (impossible.includes(session)) expect(bindings.counts.roundTrips).toBe(0);
      const query = `?session_id=${encodeURIComponent(session)}`;
      const status = await visit(`${payPath(link.token)}/done/status`, { query });
      expect([status.status, await status.json()]).toEqual([
        404,
        { error: { code: 'not_found', message: expect.any(String) } },
      ]);
    }
  });

  it('is a 404 without any session, or at an unknown link', async () => {
    const shop = await newWorkspace();
    const { session } = await atCheckout(shop, await shop.link());
    const link = await shop.link();
    expect((await visit(`${payPath(link.token)}/done`)).status).toBe(404);
    expect((await visit(`${payPath(link.token)}/done/status`)).status).toBe(404);
    expect((await donePage({ token: 'unknown' }, session)).status).toBe(404);
  });
});

describe('the status for the script', () => {
  it('is never kept, and takes no other method', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    const path = `${payPath(link.token)}/done/status`;
    const response = await visit(path, { query: `?session_id=${session}` });
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(null);
    for (const at of [path, `${payPath(link.token)}/done`]) {
      const refused = await visit(at, { method: 'POST' });
      expect([refused.status, refused.headers.get('Allow')]).toEqual([405, 'GET']);
    }
  });
});
