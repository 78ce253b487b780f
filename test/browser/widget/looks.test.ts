import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { DESKTOP, PHONE } from '../support/buyer.ts';
import { DECLINED_CARD, GOOD_CARD } from '../support/checkout.ts';
import { cardForm, dialogOf, frameOf, payInFrame, untilHeard, widgetButton } from '../support/host-page.ts';
import { createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sendLostEvent, sessionsOfLink, setFaults } from '../support/stripe.ts';

const { demo, sandbox, buyers, openShop } = useShop();
const BOTH = ['light', 'dark'] as const;
const LIGHT = ['light'] as const;
const WAYS = {
  phone: { options: PHONE, lang: 'en', schemes: BOTH },
  desktop: { options: DESKTOP, lang: 'en', schemes: BOTH },
  rtl: { options: { ...PHONE, locale: 'ar-EG' }, lang: 'ar', schemes: LIGHT },
  narrow: { options: { viewport: { width: 320, height: 568 } }, lang: 'de', schemes: LIGHT },
  // 1280 by 800 at 200 % zoom.
  zoomed: { options: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, lang: 'en', schemes: LIGHT },
} as const;
const STYLE = `<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui}main{max-width:40rem;margin:auto;padding:1rem}</style>`;
const OVERFLOW = `[document.documentElement, ...document.querySelectorAll('main, .body')]
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.tagName + ' ' + element.scrollWidth + ' > ' + element.clientWidth)`;
let open: Link;

beforeAll(async () => {
  open = await createLink(demo, sandbox, {
    title: 'Summer course at the wheel: twelve evenings for beginners',
    currency: 'EUR',
    amount_editable: true,
    min_amount_cents: 1500,
    suggested_amounts_cents: [2500, 5000, 12550],
    button_color: '#0f766e',
  });
});

/** Keeps a picture, and holds page, dialog and our frame to WCAG 2.2 AA, and to their width. */
async function inspectOne(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/screenshots/widget-${name}.png` });
  const documents = [page.mainFrame(), ...page.frames().filter((frame) => frame.url().startsWith(demo.baseUrl))];
  for (const document of documents) expect(await document.evaluate<string[]>(OVERFLOW), name).toEqual([]);
  expect(await accessibilityFaults(...documents), name).toEqual([]);
}

describe.each(Object.entries(WAYS))('seen in the way "%s"', (way, { options, lang, schemes }) => {
  /** In each colour scheme: the styles follow it by themselves, so that one checkout serves both. */
  async function inEachScheme(page: Page, act: (scheme: string) => Promise<unknown>): Promise<void> {
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await act(colorScheme);
    }
  }
  const inspect = (page: Page, name: string) =>
    inEachScheme(page, (scheme) => inspectOne(page, `${way}-${scheme}-${name}`));
  const picture = (page: Page, name: string) =>
    inEachScheme(page, (scheme) =>
      page.screenshot({ path: `test-results/screenshots/widget-${way}-${scheme}-${name}.png` }),
    );

  async function atShop(link: Link): Promise<Page> {
    const attributes = `data-lang="${lang}"`;
    return await openShop(link, { options, attributes, head: STYLE, after: '<p>Or ask us.</p>', hasClock: true });
  }

  it('a checkout looks right from the button to the receipt', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await inspect(page, 'button');
    await widgetButton(page).focus();
    await picture(page, 'button-focused');
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await inspect(page, 'card');
    await payInFrame(page, DECLINED_CARD);
    await cardForm(page).getByText('Your card was declined').waitFor();
    await inspect(page, 'declined');
    await setFaults(demo, link, { drop_events: true });
    try {
      await payInFrame(page, GOOD_CARD);
      await untilHeard(page, 'confirming');
      await inspect(page, 'confirming');
    } finally {
      await setFaults(demo, link, {});
    }
    const [session] = await sessionsOfLink(demo, sandbox, link);
    await sendLostEvent(demo, sandbox, session?.id ?? '', 'checkout.session.completed');
    await untilHeard(page, 'succeeded');
    await inspect(page, 'succeeded');
  });

  it('an open amount looks right, with a fault too', async () => {
    const page = await atShop(open);
    await inspect(page, 'open-button');
    await widgetButton(page).click();
    await frameOf(page).locator('#amount').waitFor();
    await inspect(page, 'amount');
    // In each of the languages this has two readings.
    await frameOf(page)
      .locator('#amount')
      .fill(lang === 'de' ? '20,000' : '20.000');
    await frameOf(page).locator('#amount').press('Enter');
    await frameOf(page).locator('#amount[aria-invalid=true]').waitFor();
    expect(await frameOf(page).locator('#readings button').count()).toBe(2);
    await inspect(page, 'amount-fault');
  });

  it('what goes wrong looks right: loading, no Stripe.js, no frame', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await page.route('**/stripe.js', (route) => route.abort());
    await widgetButton(page).click();
    await frameOf(page).locator('#retry').waitFor();
    await inspect(page, 'not-loaded');
    const other = await atShop(await createLink(demo, sandbox));
    await other.route('**/embed/payments/frame?*', () => undefined);
    await widgetButton(other).click();
    await expect.poll(() => dialogOf(other).count()).toBe(1);
    await picture(other, 'loading');
    await other.clock.fastForward(8_000);
    await dialogOf(other).locator('a').waitFor();
    await inspect(other, 'no-frame');
    buyers.takeFaults();
  });
});

describe('the demo shops', () => {
  it.each([
    ['phone', 'light'],
    ['desktop', 'dark'],
  ] as const)('look right, %s %s', async (way, colorScheme) => {
    const page = await buyers.open({ ...WAYS[way].options, colorScheme });
    for (const [name, url, event] of [
      ['shop', demo.shopUrl, 'ready'],
      ['foreign-shop', demo.foreignShopUrl, 'blocked'],
    ] as const) {
      await page.goto(url);
      await page
        .locator('#log li', { hasText: `softsolz:${event}` })
        .nth(1)
        .waitFor();
      await page.screenshot({
        path: `test-results/screenshots/widget-${name}-${way}-${colorScheme}.png`,
        fullPage: true,
      });
      expect(await accessibilityFaults(page.mainFrame())).toEqual([]);
    }
    buyers.takeFaults();
  });
});
