import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DESKTOP, useBuyers } from './support/buyer.ts';
import { GOOD_CARD } from './support/checkout.ts';
import { readDemo } from './support/demo.ts';
import {
  AT_SHOPS,
  cardForm,
  createPublicKey,
  dialogOf,
  frameOf,
  heard,
  payInFrame,
  SHOP,
  scriptTag,
  shopHtml,
  untilHeard,
  visit,
  widgetButton,
} from './support/host-page.ts';
import { createLink, type Link } from './support/links.ts';
import { sessionsOfLink } from './support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo, { ...AT_SHOPS, mayAsk: [demo.stripeUrl] });
const STATUS = `${demo.baseUrl}/api/v1/embed/payments/status*`;
let key: string;

beforeAll(async () => {
  key = await createPublicKey(demo, [SHOP]);
});

async function atShop(link: Link): Promise<Page> {
  const page = await buyers.open(DESKTOP);
  await page.clock.install();
  await visit(page, `${SHOP}/`, shopHtml(scriptTag(demo, key, link)));
  await untilHeard(page, 'ready');
  return page;
}

/** Answers the frame's questions after its payment, as the server does once it knows. */
async function answerStatus(page: Page, status: string): Promise<void> {
  const data = { status, payment_id: 1, amount_cents: 5000, currency: 'GBP', reference: null };
  await page.route(STATUS, (route) => route.fulfill({ json: { data } }));
}

describe('beside the card form', () => {
  it('a link leads to the ways to pay that need a page of their own, and closes the form', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    const elsewhere = frameOf(page).getByRole('link', { name: 'More ways to pay' });
    await elsewhere.scrollIntoViewIfNeeded();
    await page.screenshot({ path: 'test-results/screenshots/widget-elsewhere.png' });
    const opened = page.waitForEvent('popup');
    await elsewhere.click();
    const hosted = await opened;
    expect(hosted.url()).toBe(`${link.url}?lang=en-GB`);
    await hosted.getByRole('button', { name: /Pay/ }).waitFor();
    await expect.poll(() => dialogOf(page).count()).toBe(0);
  });

  it('no such link is left once it is paid', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    expect(await frameOf(page).getByRole('link', { name: 'More ways to pay' }).isVisible()).toBe(false);
  });
});

describe('after the card form', () => {
  it.each([
    ['failed', 'The payment did not go through'],
    ['expired', 'The payment was not completed'],
  ])('a payment that has %s can be tried again, in a session of its own', async (status, title) => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await answerStatus(page, status);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await frameOf(page).getByRole('heading', { name: title }).waitFor();
    expect(await heard(page, 'failed')).toMatchObject([{ code: `payment_${status}` }]);
    await frameOf(page).getByRole('button', { name: 'Try again' }).click();
    await cardForm(page).locator('form').waitFor();
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(2);
  });

  it('a form that was paid already is not paid again', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    const frame = page.locator('softsolz-pay dialog[open] iframe');
    await frame.evaluate((element) => element.setAttribute('src', element.getAttribute('src') ?? ''));
    await expect.poll(async () => await heard(page, 'succeeded'), { timeout: 30_000 }).toHaveLength(2);
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    expect(await cardForm(page).locator('form').count()).toBe(0);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('nobody is locked in where no answer comes: after a minute there are ways on', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await answerStatus(page, 'confirming');
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'confirming');
    const close = dialogOf(page).getByRole('button', { name: 'Close' }).first();
    await close.click();
    expect(await dialogOf(page).count()).toBe(1);
    await page.clock.fastForward(61_000);
    await frameOf(page).getByRole('link', { name: 'Show the receipt' }).waitFor();
    await close.click();
    await expect.poll(() => dialogOf(page).count()).toBe(0);
  });
});

describe('a page that has been open for long', () => {
  it('opens the form with a token of now', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await page.clock.fastForward(250_000);
    const asked = page.waitForRequest(/\/api\/v1\/embed\/payments\/bootstrap/);
    await widgetButton(page).click();
    await asked;
    await cardForm(page).locator('form').waitFor();
  });

  it('opens another session where the first may have run out', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await page.clock.fastForward(21 * 60_000);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await expect.poll(async () => (await sessionsOfLink(demo, sandbox, link)).length).toBe(2);
  });
});
