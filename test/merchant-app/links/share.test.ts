import { describe, expect, it } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { apiKeys, businessProfiles } from '../../../src/db/schema.ts';
import { newLinkBody } from '../../../src/http/api/payment-links/requests.ts';
import { directory } from '../support/team.ts';
import { addLink, linksOf, newShop } from './support.ts';

const unescaped = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('the page of a link', () => {
  it('has its address, code, HTML and what it has taken', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, { paidCount: 2, paidMinor: 10_000, maxPayments: 5 });
    const html = await (await shop.browser.get(`${shop.test}/${token}`)).text();
    const url = `http://localhost:8787/pay/link/${token}`;
    expect(html).toContain(`aria-label="QR code: ${url}"`);
    const text = unescaped(html);
    expect(text).toContain(`<a href="${url}" target="_blank" rel="noopener">Pay now</a>`);
    expect(text).toContain(`aria-label="Pay now: Studio deposit"`);
    for (const part of ['£100.00', '2 payments', '2 of 5 times', `${url}/qr.svg`]) expect(html).toContain(part);
  });

  it('has the request that makes the same link, which the API takes', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, {
      title: "Mara's class",
      ...{ amountMinor: null, minAmountMinor: 500, suggestedAmountsMinor: [1000, 2500] },
      ...{ active: false, expiresAt: Date.UTC(2031, 0, 1), buttonColor: '#0f5f6b' },
    });
    const html = unescaped(await (await shop.browser.get(`${shop.test}/${token}`)).text());
    const [, body = ''] = /-d '(\{.*\})'/.exec(html.replaceAll("'\\''", '’')) ?? [];
    expect(newLinkBody.parse(JSON.parse(body))).toMatchObject({
      title: 'Mara’s class',
      ...{ amountMinor: null, minAmountMinor: 500, suggestedAmountsMinor: [1000, 2500], currency: 'GBP' },
      ...{ active: false, expiresAt: Date.UTC(2031, 0, 1), buttonColor: '#0f5f6b', kind: 'button' },
    });
    expect(html).toContain('curl http://localhost:8787/api/v1/services/payments/payment-links');
    expect(html).toContain('$SECRET_KEY');
  });

  it('has the tag of the widget where there is a public key, else the way to one', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop);
    const without = await (await shop.browser.get(`${shop.test}/${token}`)).text();
    expect(without).toContain('Make a public key');
    expect(without).not.toContain('softsolz.js');
    const keys = [
      { name: 'Shop page', last4: 'AqW7' },
      { name: 'Blog', last4: 'x0Zz' },
    ];
    for (const { name, last4 } of keys) {
      await directory.insert(apiKeys).values({
        ...{ id: `key_0${last4}${token.slice(5)}`, workspaceId: shop.organisation.sandboxId, kind: 'public', name },
        ...{ prefix: 'pk_test_', last4, keyHash: `${last4}${token}`, scopes: [], allowedOrigins: [] },
        ...{ rateLimitPerMinute: 1, createdAt: 1, revokedAt: null },
      });
    }
    const html = unescaped(await (await shop.browser.get(`${shop.test}/${token}`)).text());
    expect(html).toContain('data-public-key="YOUR_PUBLIC_KEY"');
    expect(html).toContain(`data-token="${token}"></script>`);
    for (const key of ['Shop page (pk_test_…AqW7)', 'Blog (pk_test_…x0Zz)']) expect(html).toContain(key);
  });

  it('gives a German reader HTML that says in German what it does', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop);
    const german = { 'Accept-Language': 'de' };
    const html = unescaped(await (await shop.browser.get(`${shop.test}/${token}`, german)).text());
    expect(html).toContain('rel="noopener">Jetzt bezahlen</a>');
    expect(html).toContain('aria-label="Jetzt bezahlen: Studio deposit"');
    expect(html).not.toContain('Pay now');
  });

  it('gives the code as a PNG file', async () => {
    const shop = await newShop('viewer');
    const { token } = await addLink(shop);
    const response = await shop.browser.get(`${shop.test}/${token}/qr.png`);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    expect(response.headers.get('Content-Disposition')).toContain(`${token}.png`);
    expect([...new Uint8Array(await response.arrayBuffer()).slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  it('makes a poster with the seller, the price and the code, which says when it is of the sandbox', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, { showBusinessName: true });
    const { sandboxId: workspaceId } = shop.organisation;
    await directory.insert(businessProfiles).values({ workspaceId, displayName: 'Harbour & Co', updatedAt: 1 });
    const html = await (await shop.browser.get(`${shop.test}/${token}/poster?size=a6`)).text();
    for (const part of ['/app/poster-a6.css', 'Harbour &amp; Co', 'Studio deposit', '£50.00', 'Scan to pay']) {
      expect(html).toContain(part);
    }
    expect(html).toContain('Sandbox: no money moves');
  });
});

describe('duplicating a link', () => {
  it('makes one link with the same content, however often the form is sent', async () => {
    const shop = await newShop();
    const source = await addLink(shop, {
      title: 'x'.repeat(250),
      description: 'Text',
      maxPayments: 3,
      soldOutAt: 7,
      paidCount: 3,
    });
    const form = newFormId();
    const first = await shop.browser.post(`${shop.test}/${source.token}/duplicate`, { form });
    const second = await shop.browser.post(`${shop.test}/${source.token}/duplicate`, { form });
    const [, copy, ...others] = await linksOf(shop.organisation.sandboxId);
    expect(others).toEqual([]);
    expect(copy).toMatchObject({
      description: 'Text',
      amountMinor: 5000,
      maxPayments: 3,
      paidCount: 0,
      soldOutAt: null,
    });
    expect(copy?.title).toBe(`${'x'.repeat(243)} (copy)`);
    for (const { headers } of [first, second]) expect(headers.get('Location')).toBe(`${shop.test}/${copy?.token}/edit`);
  });
});

describe('copying a sandbox link to live', () => {
  it('says what happens, and makes one live link', async () => {
    const shop = await newShop();
    const source = await addLink(shop, { description: 'Text', paidCount: 9, paidMinor: 45_000 });
    const path = `${shop.live}/${source.token}/from-sandbox`;
    expect(await (await shop.browser.get(path)).text()).toContain('takes real money as soon as it is made');
    const form = newFormId();
    const first = await shop.browser.post(path, { form });
    await shop.browser.post(path, { form });
    const [copy, ...others] = await linksOf(shop.organisation.id);
    expect(others).toEqual([]);
    expect(copy).toMatchObject({ title: 'Studio deposit', description: 'Text', amountMinor: 5000, currency: 'GBP' });
    expect(copy).toMatchObject({ paidCount: 0, paidMinor: 0 });
    expect(copy?.token).not.toBe(source.token);
    expect(first.headers.get('Location')).toBe(`${shop.live}/${copy?.token}?done=made`);
    expect(await linksOf(shop.organisation.sandboxId)).toMatchObject([{ token: source.token, paidCount: 9 }]);
  });

  it('says where buyers go after paying, and keeps that address', async () => {
    const shop = await newShop();
    const source = await addLink(shop, { successUrl: 'http://localhost:3000/thanks' });
    const path = `${shop.live}/${source.token}/from-sandbox`;
    expect(await (await shop.browser.get(path)).text()).toContain('http://localhost:3000/thanks');
    await shop.browser.post(path, { form: newFormId() });
    expect(await linksOf(shop.organisation.id)).toMatchObject([{ successUrl: 'http://localhost:3000/thanks' }]);
  });

  it('finds no link of another workspace, and none from the live side', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const theirs = await addLink(other);
    const own = await addLink(shop);
    for (const path of [`${shop.live}/${theirs.token}`, `${shop.test}/${own.token}`]) {
      expect((await shop.browser.post(`${path}/from-sandbox`, { form: newFormId() })).status).toBe(404);
    }
    expect(await linksOf(shop.organisation.id)).toEqual([]);
  });
});
