import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE } from '../support/buyer.ts';
import { GOOD_CARD } from '../support/checkout.ts';
import {
  cardForm,
  dialogOf,
  evaluateInFrame,
  frameOf,
  heard,
  payInFrame,
  SHOP,
  untilHeard,
  widgetButton,
} from '../support/host-page.ts';
import { createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sendLostEvent, sessionsOfLink, setFaults } from '../support/stripe.ts';

const { demo, sandbox, openShop } = useShop();
const OPEN = { title: 'Evening', currency: 'EUR', amount_editable: true, min_amount_cents: 500 };
const SMALL = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };
const FOCUSED_ON_PAGE = `document.activeElement.localName + '/' + document.activeElement.shadowRoot?.activeElement?.localName`;
/** What a press on the page's own link would reach. */
const AT_LINK = `(() => {
  const { x, y } = document.querySelector('a').getBoundingClientRect();
  return document.elementFromPoint(x + 2, y + 2).localName;
})()`;

async function atShop(link: Link, options: object = DESKTOP): Promise<Page> {
  const head = '<style>body{margin:0}main{height:4000px}</style>';
  return await openShop(link, { options, head, before: '<a href="/before">Before</a>' });
}

async function untilClosed(page: Page): Promise<void> {
  await expect.poll(() => dialogOf(page).count()).toBe(0);
}

/** Holds the first request of these addresses back until `release` is called. */
async function hold(page: Page, urls: string): Promise<{ release(): Promise<void> }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = page.waitForRequest(urls);
  await page.route(urls, async (route) => {
    await released;
    await route.continue();
  });
  return {
    release: async () => {
      await asked;
      release();
    },
  };
}

/** Presses Tab until a field of Stripe's form has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = cardForm(page).locator(`[name=${name}]:focus`);
  for (let presses = 0; presses < 12 && (await focused.count()) === 0; presses++) await page.keyboard.press('Tab');
  expect(await focused.count(), `${name} was not reached by Tab`).toBe(1);
}

describe('a buyer with a keyboard alone', () => {
  it('opens, pays, closes, and is back at the button', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUSED_ON_PAGE)).toBe('softsolz-pay/button');
    await page.keyboard.press('Enter');
    await cardForm(page).locator('form').waitFor();
    for (const [name, text] of [
      ['email', 'buyer@example.com'],
      ['card_number', GOOD_CARD],
      ['card_expiry', '12 / 34'],
      ['card_cvc', '123'],
    ] as const) {
      await tabTo(page, name);
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await untilHeard(page, 'succeeded');
    await expect.poll(() => frameOf(page).locator(':focus').count()).toBe(1);
    await page.keyboard.press('Escape');
    await untilClosed(page);
    expect(await page.evaluate(FOCUSED_ON_PAGE)).toBe('softsolz-pay/button');
  });

  it('starts at the amount, closes from inside the frame with Escape, and stays inside the dialog with Tab', async () => {
    const page = await atShop(await createLink(demo, sandbox, OPEN));
    await widgetButton(page).focus();
    await page.keyboard.press('Space');
    await expect.poll(() => frameOf(page).locator('#amount:focus').count()).toBe(1);
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(FOCUSED_ON_PAGE), `after ${presses + 1} presses`).toMatch(/^(softsolz-pay|body)\//);
      expect(await page.evaluate(`document.activeElement.matches('a')`)).toBe(false);
    }
    await frameOf(page).locator('#amount').focus();
    await page.keyboard.press('Escape');
    await untilClosed(page);
    expect(await page.evaluate(FOCUSED_ON_PAGE)).toBe('softsolz-pay/button');
    await expect.poll(() => heard(page)).toEqual(['ready', 'open', 'close']);
  });
});

describe('the dialog', () => {
  it('closes by its button and by its backdrop, and not by a press inside it', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await frameOf(page).locator('.top').click();
    expect(await dialogOf(page).count()).toBe(1);
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await untilClosed(page);
    await widgetButton(page).click();
    await page.mouse.click(5, 5);
    await untilClosed(page);
    await expect.poll(() => heard(page)).toEqual(['ready', 'open', 'close', 'open', 'close']);
  });

  it('keeps its presses to itself: a card around it that is a link and has a handler knows of the button alone', async () => {
    const card = 'window.presses = (window.presses ?? 0) + 1; event.preventDefault()';
    const around = { before: `<a href="/elsewhere" onclick="${card}">`, after: '</a>' };
    const page = await openShop(await createLink(demo, sandbox), around);
    const presses = async () => await page.evaluate('window.presses');
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    expect(await presses()).toBe(1);
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await untilClosed(page);
    expect(await presses()).toBe(1);
    await widgetButton(page).click();
    await page.mouse.click(5, 5);
    await untilClosed(page);
    expect(await presses()).toBe(2);
    expect(page.url()).toBe(`${SHOP}/`);
  });

  it('has a name, and nothing behind it can be reached or scrolled; afterwards the page is as it was', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    const before = await page.evaluate(
      `document.documentElement.getAttribute('style') + document.body.getAttribute('style')`,
    );
    const width = await page.evaluate('document.body.clientWidth');
    expect(await page.evaluate(AT_LINK)).toBe('a');
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    expect(await page.getByRole('dialog', { name: 'Studio deposit' }).count()).toBe(1);
    expect(await page.evaluate(AT_LINK)).toBe('softsolz-pay');
    expect(await page.evaluate('document.body.clientWidth')).toBe(width);
    await page.mouse.move(5, 5);
    await page.mouse.wheel(0, 700);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    expect(await page.evaluate('scrollY')).toBe(0);
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await untilClosed(page);
    await page.mouse.wheel(0, 700);
    await expect.poll(() => page.evaluate('scrollY')).toBe(700);
    const after = await page.evaluate(
      `document.documentElement.getAttribute('style') + document.body.getAttribute('style')`,
    );
    expect(after).toBe(before);
    expect(await page.evaluate('document.adoptedStyleSheets.length')).toBe(0);
  });

  it('has the whole screen of a phone, and a card of its own on a desktop', async () => {
    const link = await createLink(demo, sandbox);
    for (const [options, full] of [
      [PHONE, true],
      [DESKTOP, false],
    ] as const) {
      const page = await atShop(link, options);
      await widgetButton(page).click();
      await cardForm(page).locator('form').waitFor();
      const { width, height } = options.viewport;
      const box = await dialogOf(page).boundingBox();
      expect([box?.width === width, box?.height === height]).toEqual([full, full]);
      expect(box?.height).toBeLessThanOrEqual(height);
    }
  });

  it('leaves the screen of a small phone to Stripe’s form, which alone shows title and price', async () => {
    for (const fields of [{}, OPEN]) {
      const page = await atShop(await createLink(demo, sandbox, fields), SMALL);
      await widgetButton(page).click();
      if (fields === OPEN) {
        await frameOf(page).locator('#amount').fill('12.50');
        await frameOf(page).locator('#amount').press('Enter');
      }
      await cardForm(page).locator('form').waitFor();
      const form = await frameOf(page).locator('#checkout').boundingBox();
      expect(form?.y, fields === OPEN ? 'open' : 'fixed').toBeLessThanOrEqual(96);
      const ours = frameOf(page).locator('main');
      expect(await ours.innerText()).not.toMatch(/50/);
      const title = ours.getByRole('heading', { level: 1, name: fields === OPEN ? 'Evening' : 'Studio deposit' });
      expect((await title.boundingBox())?.height).toBe(1);
      for (const name of fields === OPEN ? ['Change amount', 'More ways to pay'] : ['More ways to pay']) {
        const box = await ours.getByText(name).boundingBox();
        expect(box?.height, name).toBeGreaterThanOrEqual(24);
        expect(box?.height, name).toBeLessThanOrEqual(48);
      }
    }
  });

  it('shows its progress in one place from the press to the form, and does not move', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    const frame = await hold(page, '**/embed/payments/frame?*');
    const session = await hold(page, '**/embed/payments/sessions*');
    const boxes = async (text: Locator) => [await dialogOf(page).boundingBox(), await text.boundingBox()];
    await widgetButton(page).click();
    const before = await boxes(dialogOf(page).getByText('Loading the payment form'));
    expect(before[1]?.height).toBeGreaterThan(0);
    await frame.release();
    await frameOf(page).locator('.badge.wait').first().waitFor();
    expect(await boxes(frameOf(page).getByRole('status'))).toEqual(before);
    await session.release();
    await cardForm(page).locator('form').waitFor();
    expect(await frameOf(page).getByRole('status').isVisible()).toBe(false);
    const [{ x, y, width } = { x: 0, y: 0, width: 0 }] = [(await dialogOf(page).boundingBox()) ?? undefined];
    expect(before[0]).toMatchObject({ x, y, width });
  });

  it('shows its progress on the button of the amount, and turns slowly for a buyer who wants less motion', async () => {
    const page = await atShop(await createLink(demo, sandbox, OPEN));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const session = await hold(page, '**/embed/payments/sessions*');
    await widgetButton(page).click();
    const amount = frameOf(page).locator('#amount');
    const button = frameOf(page).locator('#choose [type=submit]');
    await amount.fill('12.50');
    const before = await button.boundingBox();
    await amount.press('Enter');
    await frameOf(page).locator('#choose [aria-disabled=true]').waitFor();
    expect(await button.boundingBox()).toEqual(before);
    const spinner = `getComputedStyle(document.querySelector('#choose [type=submit]'), '::after')`;
    expect(await evaluateInFrame(demo, page, `${spinner}.animationDuration`)).toBe('9s');
    await session.release();
    await cardForm(page).locator('form').waitFor();
    expect(await amount.isVisible()).toBe(false);
  });

  it('cannot be closed while a payment is being confirmed, and can once it is', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await setFaults(demo, link, { drop_events: true });
    try {
      await widgetButton(page).click();
      await payInFrame(page, GOOD_CARD);
      await untilHeard(page, 'confirming');
      for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
      await page.mouse.click(5, 5);
      await dialogOf(page).getByRole('button', { name: 'Close' }).first().click({ force: true });
      await page.evaluate(`document.querySelector('softsolz-pay').close()`);
      expect(await dialogOf(page).count()).toBe(1);
      expect(await heard(page)).toEqual(['ready', 'open', 'confirming']);
    } finally {
      await setFaults(demo, link, {});
    }
    const [session] = await sessionsOfLink(demo, sandbox, link);
    await sendLostEvent(demo, sandbox, session?.id ?? '', 'checkout.session.completed');
    await untilHeard(page, 'succeeded');
    await page.mouse.click(5, 5);
    await untilClosed(page);
  });
});
