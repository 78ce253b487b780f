import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { DESKTOP } from '../support/buyer.ts';
import { GOOD_CARD } from '../support/checkout.ts';
import {
  cardForm,
  dialogOf,
  frameOf,
  heard,
  payInFrame,
  SHOP,
  shopHtml,
  untilHeard,
  visit,
  widgetButton,
} from '../support/host-page.ts';
import { createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const { demo, sandbox, buyers, publicKey, tag } = useShop({ switches: ['--test-third-party-cookie-phaseout'] });
const URL_OF_SHOP = `${SHOP}/`;
const STRICT = `default-src 'none'; script-src ${demo.baseUrl}/softsolz.js; connect-src ${demo.baseUrl}; img-src data:`;
let link: Link;

beforeEach(async () => {
  link = await createLink(demo, sandbox);
});

async function atShop(headers: Record<string, string> = {}, html = shopHtml(tag(link))): Promise<Page> {
  const page = await buyers.open(DESKTOP);
  await visit(page, URL_OF_SHOP, html, headers);
  return page;
}

async function paidHere(page: Page, at = 0): Promise<void> {
  await widgetButton(page, at).click();
  await payInFrame(page, GOOD_CARD);
  await untilHeard(page, 'succeeded');
  expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
}

/** The button leads to our own page, in a new tab; the dialog has the same as a link. */
async function paidElsewhere(page: Page): Promise<void> {
  await untilHeard(page, 'ready');
  const tab = page.context().waitForEvent('page');
  await widgetButton(page).click();
  const opened = await tab;
  await opened.waitForURL(`${link.url}*`);
  expect(await opened.innerText('h1')).toBe('Studio deposit');
  expect(await opened.evaluate('opener')).toBeNull();
  await untilHeard(page, 'blocked');
  expect(await heard(page, 'blocked')).toEqual([{ reason: 'frame' }]);
  expect(await dialogOf(page).locator('a').getAttribute('href')).toContain(link.url);
  expect(await dialogOf(page).locator('a').isVisible()).toBe(true);
  buyers.takeFaults();
}

describe('a page with a policy of its own', () => {
  it('that allows our origin alone, and no style, is paid on without a violation', async () => {
    const policy = `${STRICT}; frame-src ${demo.baseUrl}; require-trusted-types-for 'script'; trusted-types 'none'`;
    const page = await atShop({ 'Content-Security-Policy': policy });
    await paidHere(page);
    expect(await page.evaluate('violations')).toEqual([]);
  });

  it('that forbids frames leads to the payment page in a new tab', async () => {
    await paidElsewhere(await atShop({ 'Content-Security-Policy': `${STRICT}; frame-src 'none'` }));
  });

  it('that isolates itself leads to the payment page in a new tab', async () => {
    const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    const page = await atShop(headers);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    await paidElsewhere(page);
  });
});

describe('a browser that blocks cookies of third parties', () => {
  it('pays, and our frame leaves none', async () => {
    const page = await atShop();
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    const ours = page.frames().find((frame) => frame.url().startsWith(demo.baseUrl));
    expect(await ours?.evaluate(`document.cookie = 'a=1; SameSite=None; Secure'; document.cookie`)).toBe('');
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await page.context().cookies()).toEqual([]);
  });
});

describe('a page that changes without loading', () => {
  const insert = (id: string) => `(() => {
    const script = Object.assign(document.createElement('script'), { src: '${demo.baseUrl}/softsolz.js' });
    Object.assign(script.dataset, { serviceId: 'payments', publicKey: '${publicKey()}', token: '${id}' });
    document.querySelector('#place').append(script);
  })()`;

  it('gets its button when the tag is inserted later; taken away while open, nothing is left; then it comes back', async () => {
    const page = await atShop({}, shopHtml('<div id="place"></div><style>main{height:4000px}</style>'));
    await page.evaluate(insert(link.id));
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await page.evaluate(`document.querySelector('#place').textContent = ''`);
    expect(await page.locator('dialog, iframe, softsolz-pay').count()).toBe(0);
    await page.mouse.wheel(0, 700);
    await expect.poll(() => page.evaluate('scrollY')).toBe(700);
    const other = await createLink(demo, sandbox, { title: 'Another page' });
    await page.evaluate(insert(other.id));
    await expect.poll(() => widgetButton(page).innerText()).toContain('Another page');
    await page.evaluate(`document.querySelector('#place').textContent = ''`);
    await page.evaluate(insert(link.id));
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
  });

  it('mounts by script or by element: one button however often, and none after destroy', async () => {
    const options = `{ publicKey: '${publicKey()}', token: '${link.id}', lang: 'de' }`;
    const page = await atShop(
      {},
      shopHtml(`<div id="place"></div><script src="${demo.baseUrl}/softsolz.js"></script>`),
    );
    const mount = `Softsolz.mount(document.querySelector('#place'), ${options})`;
    await page.evaluate(`window.handle = (${mount}, ${mount}); window.handle === ${mount}`);
    await widgetButton(page).waitFor();
    expect(await page.locator('softsolz-pay button:visible').count()).toBe(1);
    expect(await widgetButton(page).innerText()).toMatch(/50,00\s£ bezahlen/);
    await page.evaluate('handle.open()');
    await cardForm(page).locator('form').waitFor();
    await page.evaluate('handle.close()');
    await expect.poll(() => dialogOf(page).count()).toBe(0);
    await page.evaluate('handle.destroy()');
    expect(await page.locator('softsolz-pay').count()).toBe(0);
    // Before there is a button.
    await page.evaluate(`${mount}.open()`);
    await cardForm(page).locator('form').waitFor();
    await page.evaluate(`${mount}.close()`);
    await page.evaluate(`Softsolz.destroy(document.querySelector('#place'))`);
    expect(await page.locator('softsolz-pay').count()).toBe(0);
    await page.evaluate(
      `document.querySelector('#place').innerHTML = '<softsolz-pay public-key="${publicKey()}" token="${link.id}"></softsolz-pay>'`,
    );
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
  });
});

describe('the tag', () => {
  it('stands ten times on a page: ten buttons, one element, no global but Softsolz', async () => {
    const page = await atShop(
      {},
      shopHtml(`<script>window.before = Object.keys(window)</script>${tag(link).repeat(10)}`),
    );
    await expect.poll(async () => (await heard(page)).length).toBe(10);
    expect(await page.locator('softsolz-pay button:visible').count()).toBe(10);
    expect(
      await page.evaluate('Object.keys(window).filter((name) => !before.includes(name) && name !== "before")'),
    ).toEqual(['Softsolz']);
    await paidHere(page, 7);
  });

  it.each(['async', 'defer', 'type="module"'])('works with %s, in the body and in the head', async (attributes) => {
    for (const inHead of [false, true]) {
      const one = tag(link, attributes);
      const page = await atShop({}, inHead ? shopHtml('', one) : shopHtml(one));
      await untilHeard(page, 'ready');
      expect(await page.locator('body softsolz-pay button:visible').count()).toBe(1);
    }
  });
});

describe('a bad network', () => {
  it('that is slow shows that it is loading, and pays once', async () => {
    const page = await atShop();
    await untilHeard(page, 'ready');
    const connection = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
    await connection.send('Network.emulateNetworkConditions', slow);
    await widgetButton(page).click();
    await expect.poll(() => dialogOf(page).count()).toBe(1);
    await cardForm(page).locator('form').waitFor();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await heard(page)).not.toContain('blocked');
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('without Stripe.js says so, offers the payment page, and goes on when tried again', async () => {
    const page = await atShop();
    await page.route('**/stripe.js', (route) => route.abort());
    await widgetButton(page).click();
    await frameOf(page).getByText('The payment form could not be loaded').waitFor();
    expect(await heard(page, 'blocked')).toEqual([{ reason: 'stripe_js' }]);
    expect(
      await frameOf(page).getByRole('link', { name: 'Continue on the payment page' }).getAttribute('href'),
    ).toContain(link.url);
    await page.unroute('**/stripe.js');
    await frameOf(page).getByRole('button', { name: 'Try again' }).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
    buyers.takeFaults();
  });

  it('in which the frame never comes leads to the payment page', async () => {
    const page = await atShop();
    await page.clock.install();
    await page.route('**/embed/payments/frame?*', () => undefined);
    await widgetButton(page).click();
    await expect.poll(() => dialogOf(page).count()).toBe(1);
    await page.clock.fastForward(8_000);
    await untilHeard(page, 'blocked');
    await dialogOf(page).locator('a').waitFor();
    expect(await dialogOf(page).locator('a').getAttribute('href')).toContain(link.url);
  });

  it('without the bootstrap shows nothing and says so in one line', async () => {
    const page = await buyers.open(DESKTOP);
    await page.route('**/bootstrap?*', (route) => route.abort());
    await visit(page, URL_OF_SHOP, shopHtml(tag(link)));
    await untilHeard(page, 'blocked');
    expect(await widgetButton(page).count()).toBe(0);
    expect(buyers.takeFaults().filter((fault) => fault.includes('[Softsolz]'))).toHaveLength(1);
  });
});
