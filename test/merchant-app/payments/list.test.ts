import { describe, expect, it } from 'vitest';
import { createLink } from '../../../src/domain/links/create-link.ts';
import { countingD1 } from '../../worker/support/counting.ts';
import { bindings, TestApp } from '../support/app.ts';
import { addPayment } from '../support/payments.ts';
import { type AtWork, atWork, pageOf, textOf } from '../support/screens.ts';

const app = new TestApp();
const DAY_MS = 24 * 60 * 60 * 1000;

const open = async ({ browser, path }: AtWork, query = '', language = 'en') =>
  await pageOf(await browser.get(path(`payments${query}`), { 'Accept-Language': language }));

/** The ids of the payments on a page, in their order. */
const idsOn = (page: string) => [...page.matchAll(/payments\/(\d+)"/g)].map(([, id]) => Number(id));

describe('the payments of a workspace', () => {
  it('are taught where there are none: by the test card in the sandbox, never in live', async () => {
    const at = await atWork(app, { role: 'viewer' });
    const sandbox = textOf(await open(at));
    expect(sandbox).toContain('4242 4242 4242 4242');
    expect(await open(at)).toContain(`href="${at.path('links')}"`);
    const live = await pageOf(await at.browser.get(at.path('payments').replace('/test/', '/live/')));
    expect(textOf(live)).toContain('No payments yet');
    expect(textOf(live)).not.toContain('4242');
    expect(textOf(await open(at, '', 'de'))).toContain('Noch keine Zahlungen');
  });

  it('are found by number, reference, and e-mail address in any case, and it is said where nothing is', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const ada = await addPayment(context, { customerEmail: 'Ada@example.com', reference: 'order 7' });
    const other = await addPayment(context, { reference: 'order 8', amountMinor: 120_000, currency: 'EUR' });
    expect(idsOn(await open(at))).toEqual([other.id, ada.id]);
    expect(idsOn(await open(at, '?q=ada%40EXAMPLE.com'))).toEqual([ada.id]);
    expect(idsOn(await open(at, '?q=order+8'))).toEqual([other.id]);
    expect(idsOn(await open(at, `?q=${ada.id}`))).toEqual([ada.id]);
    const none = textOf(await open(at, '?q=order'));
    expect(none).toContain('No payment found');
    expect(none).not.toContain('No payments yet');
    const german = textOf(await open(at, '?q=order+8', 'de'));
    expect(german).toContain('1.200,00 €');
    expect(german).toContain('reference=order+8');
  });

  it('have the request for the payments that are listed, also for a reference that looks like a number or an address', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const { id } = await addPayment(context, { reference: '1042' });
    await addPayment(context, { reference: 'desk@example.com' });
    await addPayment(context, { customerEmail: 'ada@example.com' });
    const request = async (q: string) =>
      /services\/payments(\/payments\S*?)['"]? /.exec(textOf(await open(at, `?${new URLSearchParams({ q })}`)))?.[1];
    expect(await request('1042')).toBe('/payments?reference=1042');
    expect(await request(String(id))).toBe(`/payments/${id}`);
    expect(await request('desk@example.com')).toBe('/payments?reference=desk%40example.com');
    expect(await request('ada@example.com')).toBe('/payments?customer_email=ada%40example.com');
    expect(await request('77')).toBe('/payments?reference=77');
  });

  it('are filtered by status, link and days, by all of these at once', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const link = await createLink(context, { kind: 'link', title: 'Tea bowl', currency: 'GBP', amountMinor: 4999 });
    const day = Date.UTC(2026, 4, 20);
    const early = await addPayment(context, { createdAt: day - 1, paymentLinkId: link.id });
    const first = await addPayment(context, { createdAt: day, paymentLinkId: link.id });
    const failed = await addPayment(context, { createdAt: day + 1000, paymentLinkId: link.id, status: 'failed' });
    const foreign = await addPayment(context, { createdAt: day + 2000, status: 'failed' });
    const late = await addPayment(context, { createdAt: day + DAY_MS, paymentLinkId: link.id, status: 'failed' });
    const ofLink = await open(at, `?link=${link.token}`);
    expect(idsOn(ofLink)).toEqual([late.id, failed.id, first.id, early.id]);
    expect(textOf(ofLink)).toContain('Only payments of the link Tea bowl');
    expect(idsOn(await open(at, '?from=2026-05-20&to=2026-05-20'))).toEqual([foreign.id, failed.id, first.id]);
    expect(idsOn(await open(at, '?status=failed'))).toEqual([late.id, foreign.id, failed.id]);
    const all = `?status=failed&link=${link.token}&from=2026-05-20&to=2026-05-20`;
    expect(idsOn(await open(at, all))).toEqual([failed.id]);
    expect(idsOn(await open(at, '?status=nonsense&from=tomorrow&cursor=x'))).toHaveLength(5);
  });

  it('are those of one link, which its page leads to and the filter offers by its title', async () => {
    const at = await atWork(app);
    const context = await at.context();
    expect(await open(at, '?status=failed')).not.toContain('name="link"');
    const newLink = (title: string) => createLink(context, { kind: 'link', title, currency: 'GBP', amountMinor: 4999 });
    const [bowl, vase] = [await newLink('Tea bowl'), await newLink('Vase & lid')];
    const paid = await addPayment(context, { paymentLinkId: bowl.id });
    await addPayment(context);
    const ofBowl = at.path(`payments?link=${bowl.token}`);
    expect(await pageOf(await at.browser.get(at.path(`links/${bowl.token}`)))).toContain(`href="${ofBowl}"`);
    const narrowed = await pageOf(await at.browser.get(ofBowl));
    expect(idsOn(narrowed)).toEqual([paid.id]);
    expect(narrowed).toContain(`<option value="${bowl.token}" selected="">Tea bowl</option>`);
    expect(narrowed).toContain(`<option value="${vase.token}">Vase &amp; lid</option>`);
    const unpaid = await open(at, `?status=failed&link=${vase.token}`);
    expect(textOf(unpaid)).toContain('Only payments of the link Vase & lid');
    expect(unpaid).toContain(`href="${at.path('payments')}?status=failed"`);
    const stranger = await atWork(app);
    expect(await open(stranger, `?link=${bowl.token}`)).not.toContain('Tea bowl');
  });

  it('are those of an old link too: the filter offers the newest ones, says so, and keeps the chosen one', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const links: { readonly token: string }[] = [];
    for (let number = 1; number <= 52; number++) {
      const title = `Link number ${number}`;
      links.push(await createLink(context, { kind: 'link', title, currency: 'GBP', amountMinor: 4999 }));
    }
    await addPayment(context);
    const offered = (page: string) =>
      [...page.matchAll(/<option value="lnk_[^>]*>([^<]+)</g)].map(([, title]) => title);
    const page = await open(at);
    expect(offered(page)).toHaveLength(50);
    expect(textOf(page)).toContain('Link, the newest 50');
    const chosen = await open(at, `?link=${links[0]?.token}`);
    expect(offered(chosen)).toHaveLength(51);
    expect(textOf(chosen)).toContain('Only payments of the link Link number 1 ');
  });

  it('go on page by page with the same filters, each once, and are exported with them', async () => {
    const at = await atWork(app, { shard: '1' });
    const context = await at.context();
    const begin = Date.now() - 1000;
    const wanted: number[] = [];
    for (let number = 0; number < 30; number++) {
      const payment = await addPayment(context, { reference: 'a & b', createdAt: begin + number });
      wanted.unshift(payment.id);
    }
    await addPayment(context, { reference: 'another' });
    const firstPage = await open(at, '?q=a+%26+b');
    expect(firstPage).toContain('payments/export.csv?q=a+%26+b"');
    const next = /href="([^"]+)" rel="next"/.exec(firstPage)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const secondPage = await pageOf(await at.browser.get(next));
    expect([...idsOn(firstPage), ...idsOn(secondPage)]).toEqual(wanted);
    expect(secondPage).not.toContain('rel="next"');
  });

  it('take at most three round trips, besides those of the session and the rights', async () => {
    const { bindings: databases, counts } = countingD1(bindings);
    const at = await atWork(new TestApp({}, databases));
    await addPayment(await at.context(), { reference: 'order 7' });
    const tripsOf = async (rest: string) => {
      const before = counts.roundTrips;
      await pageOf(await at.browser.get(at.path(rest)));
      return counts.roundTrips - before;
    };
    const bare = await tripsOf('settings/stripe');
    expect((await tripsOf('payments')) - bare).toBe(2);
    expect((await tripsOf(`payments?q=77&link=lnk_0${'a'.repeat(20)}`)) - bare).toBe(3);
  });
});
