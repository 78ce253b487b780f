import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { PAPER } from '../../../src/http/buyer/button-colours.ts';
import { DESKTOP } from '../support/buyer.ts';
import { evaluateInFrame, frameOf, SHOP, shopHtml, untilHeard, visit, widgetButton } from '../support/host-page.ts';
import { changeLink, createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';

const { demo, sandbox, buyers, publicKey, tag, openShop } = useShop();
const META = '<meta name="color-scheme" content="light dark">';
const css = (scheme: string) => `<style>:root{color-scheme:${scheme}}</style>`;
let link: Link;

beforeAll(async () => {
  // The buyer chooses the amount, so no session is opened.
  link = await createLink(demo, sandbox, { currency: 'EUR', amount_editable: true, min_amount_cents: 500 });
});

interface Shop {
  readonly system: 'light' | 'dark';
  readonly head?: string;
  readonly attributes?: string;
}

const atShop = ({ system, ...page }: Shop) => openShop(link, { ...page, options: { ...DESKTOP, colorScheme: system } });

/** Opens the dialog, and returns the colour scheme of it and of the page in the frame, by their background. */
async function schemesOf(page: Page): Promise<unknown[]> {
  await widgetButton(page).click();
  await frameOf(page).locator('h1').waitFor();
  const dialog = `document.querySelector('softsolz-pay').shadowRoot.querySelector('dialog')`;
  const background = (element: string) => `getComputedStyle(${element}).backgroundColor`;
  const colours = [
    await page.evaluate(background(dialog)),
    await evaluateInFrame(demo, page, background('document.body')),
  ];
  return colours.map((colour) => Object.entries(NAMES).find(([, known]) => known === colour)?.[0]);
}

const NAMES = { light: rgbOf(PAPER.light), dark: rgbOf(PAPER.dark) };

function rgbOf(hex: string): string {
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
}

describe('dialog and frame', () => {
  it.each<[string, string, Shop]>([
    ['light', 'a page that says nothing about it', { system: 'dark' }],
    ['light', 'a light page', { system: 'dark', head: css('light'), attributes: 'data-theme="auto"' }],
    ['dark', 'a dark page', { system: 'light', head: css('dark') }],
    ['light', 'a page with both, where the system is light', { system: 'light', head: css('light dark') }],
    ['dark', 'a page with both, where the system is dark', { system: 'dark', head: css('light dark') }],
    ['dark', 'a page that says so in a meta tag', { system: 'dark', head: META }],
    ['dark', 'a light page with the theme dark', { system: 'light', attributes: 'data-theme="dark"' }],
    [
      'light',
      'a dark page with the theme light',
      { system: 'dark', head: css('dark'), attributes: 'data-theme="light"' },
    ],
  ])('are %s on %s', async (scheme, _, shop) => {
    expect(await schemesOf(await atShop(shop))).toEqual([scheme, scheme]);
  });

  it('go by the page with an unknown theme, and the console says so', async () => {
    const page = await buyers.open({ ...DESKTOP, colorScheme: 'dark' });
    const warned = page.waitForEvent('console', (message) => message.text() === '[Softsolz] unknown theme "blue"');
    await visit(page, `${SHOP}/`, shopHtml(tag(link, 'data-theme="blue"')));
    await warned;
    expect(await schemesOf(page)).toEqual(['light', 'light']);
    buyers.takeFaults();
  });

  it('have the theme of the option and of the attribute, without a new button', async () => {
    const page = await atShop({ system: 'light' });
    await page.evaluate(`window.pay = Softsolz.mount(document.querySelector('softsolz-pay'),
      { publicKey: '${publicKey()}', token: '${link.id}', theme: 'dark' })`);
    expect(await schemesOf(page)).toEqual(['dark', 'dark']);
    await page.reload();
    await untilHeard(page, 'ready');
    await page.evaluate(`document.querySelector('softsolz-pay').setAttribute('theme', 'dark')`);
    expect(await schemesOf(page)).toEqual(['dark', 'dark']);
    expect(await page.evaluate(`heard.filter(({ name }) => name === 'ready').length`)).toBe(1);
  });

  it.each([
    ['the attribute', `document.querySelector('softsolz-pay').setAttribute('theme', 'dark')`],
    ['the page', `document.documentElement.style.colorScheme = 'dark'`],
  ])('have the theme that %s got since they were open, and keep the form where it got none', async (_, change) => {
    const page = await atShop({ system: 'light' });
    expect(await schemesOf(page)).toEqual(['light', 'light']);
    await frameOf(page).locator('#amount').fill('12');
    await page.keyboard.press('Escape');
    expect(await schemesOf(page)).toEqual(['light', 'light']);
    expect(await frameOf(page).locator('#amount').inputValue()).toBe('12');
    await page.keyboard.press('Escape');
    await page.evaluate(change);
    expect(await schemesOf(page)).toEqual(['dark', 'dark']);
  });

  it('name an unknown theme in the console also when it is set later', async () => {
    const page = await atShop({ system: 'light', attributes: 'data-theme="dark"' });
    const warned = page.waitForEvent('console', (message) => message.text() === '[Softsolz] unknown theme "night"');
    await page.evaluate(`document.querySelector('softsolz-pay').setAttribute('theme', 'night')`);
    await warned;
    expect(await schemesOf(page)).toEqual(['light', 'light']);
    buyers.takeFaults();
  });

  it('are in the theme also where the link takes no payment', async () => {
    const closed = await createLink(demo, sandbox);
    const page = await openShop(closed, { attributes: 'data-theme="dark"' });
    await changeLink(demo, sandbox, closed, { active: false });
    expect(await schemesOf(page)).toEqual(['dark', 'dark']);
  });
});
