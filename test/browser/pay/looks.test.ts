import { gzipSync } from 'node:zlib';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { closedHtml, doneHtml, openHtml, payHtml, WHOLE_PROFILE } from '../../unit/pay/views.ts';
import { DESKTOP, inspect, PHONE, picture, untilHeading, useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const PATIENCE = { timeout: 30_000 };
const MAX_PAGE_BYTES = 6 * 1024;
const TEXT =
  'Twelve evenings in the studio by the harbour, clay and firing included. Bring an apron. ' +
  'If you cannot come, write to us a week before and we keep your place for the next course.';
const OPEN = {
  title: 'Summer course at the wheel: twelve evenings for beginners and those who come back',
  description: TEXT,
  currency: 'EUR',
  amount_editable: true,
  min_amount_cents: 1500,
  suggested_amounts_cents: [2500, 5000, 12550, 100000],
  // A contrast of 3.2:1: enough for text that is large and bold, as axe confirms.
  button_color: '#0f766e',
  button_text_color: '#b5ccc9',
};
const LONG = {
  title: 'Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselanhänger',
  description: `${TEXT}\n\n${TEXT}\n\nhttps://shop.example/${'a'.repeat(120)}`,
  currency: 'BHD',
  amount_cents: 99_999_990,
  inactive_message: `Over. https://shop.example/${'b'.repeat(120)}`,
};

/** The paper of a small poster between its margins of 10 mm, in CSS pixels: 85 × 128 mm. */
const A6 = { width: 321, height: 483 };

const pagesOf = (pdf: Buffer) => Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);

/** The ways of looking at a page that are not a plain phone or desktop. */
const WAYS: Readonly<Record<string, { options: BrowserContextOptions; lang: string }>> = {
  dark: { options: { ...PHONE, colorScheme: 'dark' }, lang: 'en' },
  rtl: { options: { ...PHONE, locale: 'ar-EG' }, lang: 'ar' },
  narrow: { options: { ...PHONE, viewport: { width: 320, height: 568 } }, lang: 'de' },
  // 1280 by 800 at 200 % zoom.
  zoomed: { options: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, lang: 'en' },
};

const NAME_AT = `getComputedStyle(document.querySelector('.from bdi')).textAlign`;

let links: { fixed: Link; open: Link; long: Link; over: Link };
let receiptUrl: string | undefined;

beforeAll(async () => {
  links = {
    fixed: await createLink(demo, sandbox, { title: 'Summer course', description: TEXT }),
    open: await createLink(demo, sandbox, OPEN),
    long: await createLink(demo, sandbox, LONG),
    over: await createLink(demo, sandbox, { ...LONG, active: false }),
  };
});

/** The receipt of one payment, made once for all tests of it. */
async function paidReceipt(): Promise<string> {
  if (receiptUrl) return receiptUrl;
  const page = await buyers.open();
  await page.goto(`${links.fixed.url}?reference=Invoice+1042`);
  await page.click('button.pay');
  await atCheckout(demo, page);
  await payByCard(page, GOOD_CARD);
  await page.waitForURL(`${links.fixed.url}/done?*`);
  await untilHeading(page, 'Paid. Thank you!');
  receiptUrl = page.url();
  return receiptUrl;
}

describe.each(Object.entries(WAYS))('seen in the way "%s"', (name, { options, lang }) => {
  it('every page is accessible, fits its window, and reads in its own direction', async () => {
    const receipt = await paidReceipt();
    const page = await buyers.open(options);
    const pages = {
      fixed: `${links.fixed.url}?lang=${lang}`,
      open: `${links.open.url}?lang=${lang}&amount=12`,
      long: `${links.long.url}?lang=${lang}`,
      over: `${links.over.url}?lang=${lang}`,
      receipt: `${receipt}&lang=${lang}`,
    };
    for (const [kind, url] of Object.entries(pages)) {
      await page.goto(url);
      const dir = lang === 'ar' ? 'rtl' : 'ltr';
      expect(await page.getAttribute('html', 'dir')).toBe(dir);
      // The seller's name stands beside their mark, whatever direction it has of its own.
      if (kind === 'over') expect(await page.evaluate(NAME_AT)).toBe(dir === 'rtl' ? 'right' : 'left');
      await inspect(page, `${kind}-${name}`);
    }
    await page.goto(pages.open);
    await Promise.all([page.waitForNavigation(), page.click('button.pay')]);
    expect(await page.isVisible('#error')).toBe(true);
    await inspect(page, `fault-${name}`);
  });
});

describe('a dark page', () => {
  it('is dark', async () => {
    const page = await buyers.open({ ...PHONE, colorScheme: 'dark' });
    await page.goto(links.fixed.url);
    expect(await brightness(page)).toBeLessThan(0.2);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness(page)).toBeGreaterThan(0.8);
  });
});

/** Of the page's ground: 0 black, 1 white. */
async function brightness(page: Page): Promise<number> {
  const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const channels = (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  expect(channels).toHaveLength(3);
  return channels.reduce((sum, channel) => sum + channel, 0) / 3 / 255;
}

describe('a printed pay page', () => {
  it('is a poster with a QR code in place of the button, in black on white even from a dark screen', async () => {
    const page = await buyers.open({ ...PHONE, colorScheme: 'dark' });
    await page.goto(links.fixed.url);
    expect(await page.isVisible('.print')).toBe(false);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const loaded = `document.querySelector('.print img').naturalWidth`;
    await vi.waitFor(async () => expect(await page.evaluate<number>(loaded)).toBeGreaterThan(0), PATIENCE);
    expect(await page.isVisible('button.pay')).toBe(false);
    expect(await page.innerText('.print')).toContain(links.fixed.url);
    expect(await brightness(page)).toBe(1);
    await picture(page, 'printed');
  });

  it('has the contacts in the middle, and no links to terms, as a printed receipt has none', async () => {
    const page = await buyers.open({ viewport: { width: 718, height: 1000 } });
    for (const [name, html] of [
      ['poster', await payHtml({ profile: WHOLE_PROFILE })],
      ['receipt', await doneHtml({ profile: WHOLE_PROFILE })],
    ] as const) {
      await page.setContent(html);
      await page.emulateMedia({ media: 'print' });
      expect([await page.isVisible('.ask'), await page.isVisible('.legal')], name).toEqual([true, false]);
      await picture(page, `printed-${name}`);
      if (name === 'receipt') continue;
      const middle = `(({ left, right }) => (left + right) / 2)`;
      const range = `(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('.ask p')); return range.getBoundingClientRect(); })()`;
      expect(await page.evaluate<number>(`${middle}(${range})`)).toBeCloseTo(718 / 2, -1);
    }
    await page.setContent(
      await payHtml({ profile: { ...WHOLE_PROFILE, supportEmail: null, supportPhone: null, website: null } }),
    );
    expect(await page.isVisible('.trust')).toBe(false);
  });

  it('fetches the code only for printing', async () => {
    const page = await buyers.open(DESKTOP);
    const codes: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/qr.')) codes.push(request.url());
    });
    await page.goto(links.fixed.url, { waitUntil: 'networkidle' });
    expect(codes).toEqual([]);
    const paper = await page.pdf({ path: 'test-results/screenshots/pay-printed.pdf', format: 'A4' });
    expect(pagesOf(paper)).toBe(1);
    expect(codes).toEqual([`${links.fixed.url}/qr.svg`]);
  });

  it('with the longest texts is one page of A4, and has price and code on the first page of A6', async () => {
    const title = TEXT.slice(0, 250);
    const description = `${TEXT}\n\n`.repeat(10).slice(0, 1999).padEnd(2000, '.');
    const { url } = await createLink(demo, sandbox, { ...LONG, title, description });
    const page = await buyers.open(DESKTOP);
    await page.goto(url);
    const paper = await page.pdf({ path: 'test-results/screenshots/pay-printed-long.pdf', format: 'A4' });
    expect(pagesOf(paper)).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(A6);
    for (const part of ['.sum', '.print img']) {
      const { y = 0, height = 0 } = (await page.locator(part).boundingBox()) ?? {};
      expect(height, part).toBeGreaterThan(0);
      expect(y + height, part).toBeLessThan(A6.height);
    }
    await picture(page, 'printed-long');
  });
});

describe('the texts of a language', () => {
  it('are public files that no search engine keeps, beside the pages and in no one’s way', async () => {
    for (const language of ['de', 'fr', 'es', 'it', 'nl', 'pt-BR', 'pt-PT', 'pl', 'ar', 'ja']) {
      const { status, headers } = await fetch(`${demo.baseUrl}/pay/strings/${language}.json`);
      expect([status, headers.get('Content-Type')]).toEqual([200, expect.stringContaining('application/json')]);
      expect([headers.get('X-Content-Type-Options'), headers.get('X-Robots-Tag')]).toEqual(['nosniff', 'noindex']);
    }
    const none = await fetch(`${demo.baseUrl}/pay/strings/en.json`);
    expect([none.status, none.headers.get('Content-Type')]).toEqual([404, expect.stringContaining('text/html')]);
    const shadowed = await fetch(`${demo.baseUrl}/pay/link/strings/de.json`);
    expect([shadowed.status, shadowed.headers.get('Content-Type')]).toEqual([
      404,
      expect.stringContaining('text/html'),
    ]);
  });
});

/** A page can be read before its pictures are there. */
const isPicture = (address: string) => /\/favicon\.svg$|\/logo\/\w+$/.test(address);

describe('the weight of a page', () => {
  it('is at most 6 KB, style and script included but no picture, in the one request that it needs to be read', async () => {
    const unknown = `${demo.baseUrl}/pay/link/lnk_0unknown`;
    const urls = [links.fixed.url, `${links.open.url}?lang=ar`, unknown, await paidReceipt()];
    const weigh = async (url: string) => {
      const page = await buyers.open(DESKTOP);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(url, { waitUntil: 'networkidle' });
      expect(asked.filter((address) => !isPicture(address))).toEqual([url]);
      expect(await page.evaluate('document.styleSheets.length')).toBeGreaterThan(0);
      return gzipSync(await (await fetch(url)).text(), { level: 6 }).length;
    };
    const weights = await Promise.all(urls.map(weigh));
    expect(weights).toHaveLength(4);
    for (const [at, weight] of weights.entries()) expect(weight, urls[at]).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  });
});

describe('a page that arrives slowly', () => {
  it('does not move what is already there', async () => {
    const page = await buyers.open(DESKTOP);
    for (const html of [await payHtml({ sandbox: true }), await openHtml(), await doneHtml(), await closedHtml()]) {
      const tops: unknown[] = [];
      for (const arrived of [html.slice(0, html.indexOf('</h1>')), html]) {
        await page.setContent(arrived);
        tops.push(await page.evaluate(`document.querySelector('h1').getBoundingClientRect().top`));
      }
      expect(tops[1]).toBe(tops[0]);
    }
  });
});

describe('a page that has something to say when it loads', () => {
  /** What Chromium tells a screen reader about the element with the focus: role, name and description. */
  async function focusedIn(page: Page): Promise<string> {
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const isFocused = ({ properties = [] }: (typeof nodes)[number]) =>
      properties.some(({ name, value }) => name === 'focused' && value.value === true);
    const found = nodes.filter((node) => node.role?.value !== 'RootWebArea' && isFocused(node));
    return found
      .map(({ role, name, description }) => [role, name, description].map((v) => v?.value ?? '').join('|'))
      .join();
  }

  it.each([true, false])('has its focus there and stays where it is, scripts on: %s', async (javaScriptEnabled) => {
    const pages: Record<string, { html: string; focused: RegExp }> = {
      cancelled: { html: await payHtml({ cancelled: true }), focused: /^alert\|/ },
      fault: {
        html: await openHtml({ fault: { amount: { code: 'empty' } }, cancelled: true }),
        focused: /^textbox\|Other amount\|Enter an amount\./,
      },
      paid: { html: await doneHtml(), focused: /^heading\|Paid\. Thank you!\|Keep this page/ },
      confirming: { html: await doneHtml({ status: 'confirming' }), focused: /^heading\|Confirming your payment\|/ },
      closed: {
        html: await closedHtml({ message: 'Back in May' }),
        focused: /^heading\|This page takes no payments\|Back in May/,
      },
    };
    const page = await buyers.open({ viewport: { width: 360, height: 480 }, javaScriptEnabled });
    for (const [name, { html, focused }] of Object.entries(pages)) {
      await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
      await page.goto(`${demo.baseUrl}/${name}`);
      await vi.waitFor(async () => expect(await focusedIn(page)).toMatch(focused), PATIENCE);
      if (name !== 'fault') expect(await page.evaluate('scrollY')).toBe(0);
      await picture(page, `${name}-focused`);
      await page.unrouteAll();
    }
  });
});

describe('the watch over these tests', () => {
  it('notices a page that asks another origin, breaks its policy or logs an error', async () => {
    const page = await buyers.open(DESKTOP);
    await page.goto(links.fixed.url);
    await page.evaluate(`document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' }))`);
    await page.evaluate(`console.error('something is wrong')`);
    await page.evaluate(`setTimeout(() => { throw new Error('thrown') })`);
    const seen: string[] = [];
    const wanted = [/^policy: .*img-src/, /^console: .*elsewhere\.example/, /^console: something/, /^script: thrown/];
    await vi.waitFor(() => {
      seen.push(...buyers.takeFaults());
      for (const pattern of wanted)
        expect(
          seen.some((fault) => pattern.test(fault)),
          String(pattern),
        ).toBe(true);
    }, PATIENCE);
  });
});
