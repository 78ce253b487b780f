import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE } from '../support/buyer.ts';
import { DECLINED_CARD, GOOD_CARD } from '../support/checkout.ts';
import {
  cardForm,
  dialogOf,
  frameOf,
  heard,
  payInFrame,
  SHOP,
  untilHeard,
  webhookOf,
  widgetButton,
} from '../support/host-page.ts';
import { createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const SLOW_CARD = '4000 0027 6000 3184';
const { demo, sandbox, buyers, tag, openShop } = useShop();

/** A buyer on a shop's page with one widget. */
async function atShop(link: Link, options: object = DESKTOP, more = ''): Promise<Page> {
  return await openShop(link, { options, after: `<p><a href="${link.url}">Pay</a></p>${more}` });
}

/** What the demo shop says below each of its widgets. */
const replies = (page: Page) => page.locator('article [role=status]');

async function sessionIdOf(link: Link): Promise<string> {
  const [session, ...more] = await sessionsOfLink(demo, sandbox, link);
  expect(more).toEqual([]);
  return session?.id ?? '';
}

describe('a buyer in the demo shop of npm start', () => {
  it('pays without leaving it, and the merchant gets one webhook', async () => {
    const page = await buyers.open(DESKTOP);
    await page.goto(demo.shopUrl);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    const line = page.locator('#log li', { hasText: 'softsolz:succeeded' });
    await line.waitFor();
    expect(page.url()).toBe(`${demo.shopUrl}/`);
    expect(await line.innerText()).toMatch(/"amount_cents":5000,"currency":"GBP"/);
    await page
      .locator('#log li', { hasText: `message from ${demo.baseUrl}` })
      .first()
      .waitFor();
    expect(await replies(page).first().innerText()).toMatch(/^Paid\./);
  });

  it('reads there that money on its way is not paid yet, and that closing the form charged nothing', async () => {
    const page = await buyers.open(DESKTOP);
    await page.goto(demo.shopUrl);
    await widgetButton(page).click();
    await cardForm(page).locator('[name=email]').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await replies(page).filter({ hasText: 'Nothing was charged.' }).waitFor();
    await widgetButton(page).click();
    await cardForm(page).locator('[name=email]').fill('buyer@example.com');
    await cardForm(page).locator('button[value=bank]').click();
    await page.locator('#log li', { hasText: 'softsolz:processing' }).waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await page.locator('#log li', { hasText: 'softsolz:close' }).nth(1).waitFor();
    expect(await replies(page).first().innerText()).toMatch(/^Not paid yet: the money is on its way/);
  });
});

describe('a buyer on a shop that the key lists', () => {
  it('pays a fixed price in the page; the page and the merchant are sent the same', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await untilHeard(page, 'ready');
    expect(await widgetButton(page).innerText()).toMatch(/Studio deposit\s+Pay £50\.00/);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    expect(page.url()).toBe(`${SHOP}/`);
    expect(await heard(page)).toEqual(['ready', 'open', 'confirming', 'succeeded']);
    const sessionId = await sessionIdOf(link);
    const event = await webhookOf(demo, sessionId);
    expect(event.type).toBe('payments.payment.succeeded');
    const { payment_id, amount_cents, currency, reference } = event.data;
    expect(await heard(page, 'succeeded')).toEqual([{ payment_id, amount_cents, currency, reference }]);
    expect([amount_cents, currency]).toEqual([5000, 'GBP']);
  });

  it('is declined, tries another card in the same form, and pays once', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await payInFrame(page, DECLINED_CARD);
    await cardForm(page).getByText('Your card was declined').waitFor();
    expect(await heard(page)).not.toContain('confirming');
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect((await webhookOf(demo, await sessionIdOf(link))).data.amount_cents).toBe(5000);
  });

  it('pays by bank and is shown that the money is on its way', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('[name=email]').fill('buyer@example.com');
    await cardForm(page).locator('button[value=bank]').click();
    await untilHeard(page, 'processing');
    expect(await heard(page)).not.toContain('succeeded');
  });

  it('pays with a card whose bank takes its time', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link, PHONE);
    await widgetButton(page).click();
    await payInFrame(page, SLOW_CARD);
    await untilHeard(page, 'succeeded');
    await sessionIdOf(link);
  });

  it('makes one session with a double click', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await untilHeard(page, 'ready');
    await widgetButton(page).dblclick();
    await cardForm(page).locator('form').waitFor();
    expect(await dialogOf(page).count()).toBe(1);
    await sessionIdOf(link);
  });

  it('closes and opens again, five times, with one session and what was typed', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('[name=card_number]').fill('4242');
    for (let times = 0; times < 5; times++) {
      await dialogOf(page).getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => dialogOf(page).count()).toBe(0);
      await widgetButton(page).click();
      await cardForm(page).locator('form').waitFor();
    }
    expect(await cardForm(page).locator('[name=card_number]').inputValue()).toBe('4242');
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    await sessionIdOf(link);
  });

  it('needs two requests of ours, beside the logo, from the press to the card field', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await untilHeard(page, 'ready');
    const asked: string[] = [];
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(demo.baseUrl) && request.resourceType() !== 'image';
      if (isOurs) asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await widgetButton(page).click();
    await cardForm(page).locator('[name=card_number]').waitFor();
    expect(asked).toEqual(['GET /embed/payments/frame', 'POST /api/v1/embed/payments/sessions']);
  });
});

describe('a buyer who chooses the amount', () => {
  const OPEN = { title: 'Evening', currency: 'EUR', amount_editable: true, min_amount_cents: 500 };

  it('is shown what is wrong beside the field, corrects it, and pays that amount', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await atShop(link);
    await widgetButton(page).click();
    const amount = frameOf(page).locator('#amount');
    for (const [typed, shown] of [
      ['4.99', 'The smallest amount is €5.00.'],
      ['a lot', 'Enter the amount in digits'],
      ['', 'Enter an amount.'],
    ] as const) {
      await amount.fill(typed);
      await amount.press('Enter');
      await frameOf(page).getByText(shown).waitFor();
      expect(await amount.getAttribute('aria-invalid')).toBe('true');
      expect(await frameOf(page).locator('#amount:focus').count()).toBe(1);
    }
    expect(await sessionsOfLink(demo, sandbox, link)).toEqual([]);
    await amount.fill('12.50');
    await amount.press('Enter');
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await heard(page, 'succeeded')).toMatchObject([{ amount_cents: 1250, currency: 'EUR' }]);
    expect(await frameOf(page).locator('#paid').innerText()).toMatch(/Amount\s+€12\.50\s+For\s+Evening/);
    expect((await webhookOf(demo, await sessionIdOf(link))).data.amount_cents).toBe(1250);
  });
});

describe('a page with two widgets', () => {
  it('has two buttons, each with its own checkout, and both are paid', async () => {
    const one = await createLink(demo, sandbox, { title: 'One' });
    const two = await createLink(demo, sandbox, { title: 'Two', amount_cents: 7000 });
    const page = await atShop(one, DESKTOP, tag(two));
    for (const [at, link, amount] of [
      [1, two, 7000],
      [0, one, 5000],
    ] as const) {
      await widgetButton(page, at).click();
      await payInFrame(page, GOOD_CARD);
      await frameOf(page).getByText('Paid. Thank you!').waitFor();
      await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
      expect((await webhookOf(demo, await sessionIdOf(link))).data).toMatchObject({
        amount_cents: amount,
        payment_link_id: link.id,
      });
    }
    expect((await heard(page, 'succeeded')).length).toBe(2);
  });
});
