import { describe, expect, it } from 'vitest';
import de from '../../../public/pay/strings/de.json' with { type: 'json' };
import { LANGUAGES } from '../../../src/http/buyer/locale.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { createRequests } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { countedBindings, payPath } from '../support/pay-page.ts';
import { everything } from '../support/payments.ts';
import { newWorkspace } from '../support/workspace.ts';

const EUROS = { amountMinor: null, minAmountMinor: 500, currency: 'EUR', suggestedAmountsMinor: [1000, 2500] };
const ENGLISH = { headers: { 'Accept-Language': 'en-GB' } };

function queryOf(response: Response): Record<string, string> {
  return Object.fromEntries(new URL(response.headers.get('Location') ?? '', 'http://x').searchParams);
}

describe('a change of the language on the pay page', () => {
  it.each(LANGUAGES)('leads to the same form in %s, and opens no session', async (lang) => {
    const shop = await newWorkspace();
    const link = await shop.link(EUROS);
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    const before = await everything();
    const bindings = countedBindings();
    const response = await buyer.post({ ...fields, amount: '12.50', lang }, { bindings });
    expect([response.status, queryOf(response)]).toEqual([303, { again: '1', lang }]);
    expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls, bindings.WORKSPACE_GATE.calls]).toEqual([1, [], []]);
    const page = await buyer.follow(response);
    expect(page.html).toContain(`<html lang="${lang}"`);
    expect(page.fields).toMatchObject({ operation: fields.operation, amount: '12.50' });
    expect([await everything(), await createRequests(shop.account)]).toEqual([before, []]);
    expect(buyer.cookieNames).toEqual(['softsolz_form']);
  });

  it('keeps what the link brought along, and puts no e-mail into the address', async () => {
    const shop = await newWorkspace();
    const link = await shop.link(EUROS);
    const buyer = new Buyer(link);
    const brought = { email: 'ann@example.com', reference: 'R&D 7', utm_source: 'mail' };
    const { fields } = await buyer.open({ query: `?${new URLSearchParams({ ...brought, amount: '30' })}` });
    const response = await buyer.post({ ...fields, amount: '40', lang: 'de' }, { query: '?amount=30' });
    expect(queryOf(response)).toEqual({ reference: 'R&D 7', utm_source: 'mail', again: '1', lang: 'de' });
    expect((await buyer.follow(response)).fields).toEqual({ ...fields, amount: '40' });
    // Whoever opens the link anew may be another person.
    expect((await buyer.open()).fields).not.toHaveProperty('email');
  });

  it('keeps a reference of any length, which comes back from Checkout too', async () => {
    const shop = await newWorkspace();
    const buyer = new Buyer(await shop.link());
    const brought = { reference: '請'.repeat(500), utm_source: '💳'.repeat(500) };
    const { fields } = await buyer.open({ query: `?${new URLSearchParams(brought)}` });
    const page = await buyer.follow(await buyer.post({ ...fields, lang: 'ja' }));
    expect(page.fields).toEqual({ ...fields, ...brought });
    await buyer.post(page.fields);
    const [asked] = await createRequests(shop.account);
    const { search } = new URL(String(asked?.params.cancel_url));
    expect(search.length).toBeLessThan(1_600);
    expect((await buyer.open({ query: search })).fields).toEqual(page.fields);
  });

  it.each([
    ['as typed', { amount: 'a lot' }, 'EUR', 'de', 'a lot'],
    ['as typed', { amount: '1,234.50' }, 'EUR', 'de', '1,234.50'],
    ['as typed', { amount: '12' }, 'EUR', 'ar', '12'],
    ['of a chosen suggestion', { amount: '', suggested: '2500' }, 'EUR', 'de', '25,00'],
    ['after "other amount"', { amount: '7.25', suggested: '' }, 'EUR', 'de', '7.25'],
    ['that would mean another one there', { amount: '1.234' }, 'KWD', 'de', '1,234'],
    ['that is empty', { amount: '' }, 'EUR', 'de', ''],
    ['that was unclear not as the thousandfold', { amount: '1.000' }, 'EUR', 'de', ''],
    ['that was refused not as the thousandfold', { amount: '5.555' }, 'EUR', 'de', ''],
  ])('keeps the amount %s: %j %s in %s', async (_how, typed, currency, lang, shown) => {
    const shop = await newWorkspace();
    const buyer = new Buyer(await shop.link({ ...EUROS, currency }));
    const { fields } = await buyer.open(ENGLISH);
    const page = await buyer.follow(await buyer.post({ ...fields, ...typed, lang }, ENGLISH));
    expect(page.fields.amount).toBe(shown);
    if ('suggested' in typed) expect(page.fields.suggested ?? '').toBe(typed.suggested);
  });

  it('says again what the buyer had to read', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ ...EUROS, maxPayments: 1 });
    const buyer = new Buyer(link);
    await buyer.send({ amount: '12.50' });
    const cancelled = await buyer.open({ query: '?cancelled=1' });
    const [, action = ''] = /<button lang="de"[^>]* formaction="([^"]*)"/.exec(cancelled.html) ?? [];
    const { search } = new URL(action, 'http://x');
    const away = await buyer.follow(await buyer.post({ ...cancelled.fields, lang: 'de' }, { query: search }));
    expect(away.text).toContain(de.notices.stillOpenFor.replace('{time}', '30 Minuten'));

    const fault = await buyer.follow(await buyer.post({ ...cancelled.fields, amount: '4', lang: 'de' }));
    expect([fault.status, fault.fields.amount]).toEqual([200, '4']);
    expect(fault.text).toContain(de.faults.belowMinimum.split('{')[0]);

    const changed = await buyer.post({ ...cancelled.fields, lang: 'de' }, { query: '?notice=price_changed' });
    expect((await buyer.follow(changed)).text).toContain(de.notices.priceChanged);
  });

  it('is taken only from our own page, and in the language of the reader if it is none of ours', async () => {
    const shop = await newWorkspace();
    const link = await shop.link(EUROS);
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    const foreign = { headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' } };
    expect((await buyer.post({ ...fields, lang: 'de' }, foreign)).status).toBe(403);
    for (const lang of ['', 'xx', '../de', '"><b>']) {
      expect(queryOf(await buyer.post({ ...fields, lang }, ENGLISH))).toEqual({ again: '1', lang: 'en-GB' });
    }
  });

  it('counts as no payment attempt', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    for (let tries = 0; tries < 40; tries++) {
      expect((await buyer.post({ ...fields, lang: 'de' }, { address: '198.51.100.7' })).status).toBe(303);
    }
    const paid = await buyer.post(fields, { address: '198.51.100.7' });
    expect(paid.headers.get('Location')).toMatch(/\/c\/pay\//);
  });
});

describe('a page without a form', () => {
  it('has links to itself in every language, which keep its query but no e-mail', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ active: false });
    const query = '?email=ann%40example.com&reference=R1&lang=de';
    const { html } = await new Buyer(link).open({ query });
    expect(html).toContain('<a lang="fr" href="?reference=R1&amp;lang=fr">Français</a>');
    expect(html).toContain('<a lang="de" aria-current="true" href="?reference=R1&amp;lang=de">Deutsch</a>');
    expect(html).not.toContain('example.com');
    const done = await new Buyer(link).done('cs_test_1');
    expect([done.status, done.html]).toEqual([
      404,
      expect.stringContaining('href="?session_id=cs_test_1&amp;lang=fr"'),
    ]);
  });

  it('that answers a form leads to that form in another language', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    const link = await shop.link(EUROS);
    const fields = { operation: 'A'.repeat(26), shown: 'EUR:open', amount: '12' };
    const response = await new Buyer(link).post(fields, { query: '?amount=12' });
    const html = await response.text();
    expect([response.status, html]).toEqual([503, expect.stringContaining('href="?amount=12&amp;lang=fr"')]);
    expect(html).toContain(en.closed.not_ready.text);
    expect(html).toContain(payPath(link.token));
  });
});
