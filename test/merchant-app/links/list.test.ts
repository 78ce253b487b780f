import { describe, expect, it } from 'vitest';
import { addLink, linksOf, newShop } from './support.ts';

async function page(shop: Awaited<ReturnType<typeof newShop>>, query = '', language = 'en'): Promise<string> {
  const response = await shop.browser.get(`${shop.test}${query}`, { 'Accept-Language': language });
  expect(response.status).toBe(200);
  return await response.text();
}

describe('the list of links', () => {
  it('teaches what a link is where there is none', async () => {
    const shop = await newShop();
    const html = await page(shop);
    expect(html).toContain('No links yet');
    expect(html).toContain('/payment-links');
    expect(html).toContain(`href="${shop.test}/new"`);
    expect(await page(shop, '', 'de')).toContain('Noch keine Links');
  });

  it('says price, what was taken, and why a link is closed', async () => {
    const shop = await newShop();
    const open = { amountMinor: null, minAmountMinor: 500, currency: 'EUR' };
    await addLink(shop, { title: 'Class', paidCount: 24, paidMinor: 156_000, refundedMinor: 6500 });
    await addLink(shop, { ...open, title: 'Open day' });
    await addLink(shop, { title: 'Stall', maxPayments: 8, soldOutAt: 1, active: false });
    await addLink(shop, { title: 'Summer', expiresAt: Date.now() - 1000 });
    const html = await page(shop);
    for (const text of ['£1,560.00', '24 payments', '£65.00 refunded', 'Buyer decides, from €5.00']) {
      expect(html).toContain(text);
    }
    for (const text of ['Sold out: 8 of 8', 'Expired', 'No payments yet']) expect(html).toContain(text);
    expect(await page(shop, '', 'de')).toContain('Käufer entscheidet, ab 5,00');
  });

  it('finds links by the beginning of the title, or by the token of an address', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, { title: 'Studio deposit' });
    await addLink(shop, { title: 'Evening class' });
    const byTitle = await page(shop, '?q=studio');
    expect(byTitle).toContain('Studio deposit');
    expect(byTitle).not.toContain('Evening class');
    expect(await page(shop, `?q=https://pay.example/pay/link/${token}`)).toContain('Studio deposit');
    expect(await page(shop, '?q=pottery')).toContain('No link found');
  });

  it('has pages by cursor', async () => {
    const shop = await newShop();
    for (let number = 1; number <= 27; number += 1) await addLink(shop, { title: `Link number ${number}.` });
    const first = await page(shop);
    expect(first).toContain('Link number 27.');
    expect(first).not.toContain('Link number 2.');
    const [, next = ''] = /href="[^"]*\/links(\?after=[^"]*)"[^>]*rel="next"/.exec(first) ?? [];
    const second = await page(shop, next);
    expect(second).toContain('Link number 2.');
    expect(second).not.toContain('rel="next"');
    const nextText = (html: string) => /rel="next">([^<]*)</.exec(html)?.[1];
    expect([nextText(first), nextText(await page(shop, '', 'de'))]).toEqual(['Older', 'Ältere']);
    // By title, so the next ones are not older.
    const found = [await page(shop, '?q=link'), await page(shop, '?q=link', 'de')];
    expect(found.map(nextText)).toEqual(['More', 'Weitere']);
  });

  it('switches a link off and on, and comes back to the same part of the list', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop);
    const off = await shop.browser.post(`${shop.test}/${token}/active`, { active: 'false', back: 'q=studio' });
    expect(off.headers.get('Location')).toBe(`${shop.test}?q=studio`);
    expect((await linksOf(shop.organisation.sandboxId))[0]?.active).toBe(false);
    expect(await page(shop)).toContain('aria-checked="false"');
    const on = await shop.browser.post(`${shop.test}/${token}/active`, { active: 'true' });
    expect(on.headers.get('Location')).toBe(`${shop.test}/${token}`);
    expect((await linksOf(shop.organisation.sandboxId))[0]?.active).toBe(true);
  });

  it('shows no link of another workspace, and none of the sandbox in live', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const { token } = await addLink(other, { title: 'Theirs' });
    expect(await page(shop)).not.toContain('Theirs');
    expect(await page(shop, `?q=${token}`)).not.toContain('Theirs');
    for (const path of [`${shop.test}/${token}`, `${other.live}/${token}`, `${shop.test}/${token}/edit`]) {
      expect((await shop.browser.get(path)).status).toBe(404);
    }
    expect((await shop.browser.post(`${shop.test}/${token}/active`, { active: 'false' })).status).toBe(404);
    expect((await linksOf(other.organisation.sandboxId))[0]?.active).toBe(true);
  });
});
