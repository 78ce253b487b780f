import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
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
  shopHtml,
  untilHeard,
  visit,
  widgetButton,
} from '../support/host-page.ts';
import { changeLink, createLink, type Link } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const { demo, sandbox, buyers, tag, openShop } = useShop();
const SLOW_CARD = '4000 0027 6000 3184';
const STATUS = `${demo.baseUrl}/api/v1/embed/payments/status*`;

const atShop = (link: Link) => openShop(link, { hasClock: true });

/** The icons that are shown beside the text. */
async function iconsOf(page: Page): Promise<unknown> {
  const shown = `[...document.querySelectorAll('.badge')].filter((badge) => badge.checkVisibility())`;
  return await evaluateInFrame(demo, page, `${shown}.map((badge) => badge.dataset.icon)`);
}

/** Answers the frame's questions after its payment, as the server does once it knows. */
async function answerStatus(page: Page, status: string, amount_text = '£50.00'): Promise<void> {
  const data = { status, payment_id: 1, amount_cents: 5000, currency: 'GBP', amount_text, reference: null };
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

  it('that link takes along what the page and the buyer have said', async () => {
    const link = await createLink(demo, sandbox, { title: 'Tips', currency: 'GBP', amount_editable: true });
    const page = await buyers.open(DESKTOP);
    const said = 'data-reference="order-1042" data-email="ann@example.com"';
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await visit(page, `${SHOP}/`, shopHtml(tag(link, said)));
    await widgetButton(page).click();
    const amount = frameOf(page).getByLabel(/Amount/);
    const next = frameOf(page).getByRole('button', { name: /Continue|Pay/ });
    await amount.fill('ann@example.com');
    await next.click();
    await frameOf(page).locator('#fault').waitFor();
    const hrefs = await evaluateInFrame(demo, page, `[...document.links].map(({ href }) => href).join(' ')`);
    expect([hrefs, String(hrefs).includes('amount=')]).toEqual([expect.stringContaining(link.url), false]);
    await amount.fill('25');
    await next.click();
    await cardForm(page).locator('form').waitFor();
    // The e-mail address fills in Stripe's form, and is in no address of ours.
    expect(await cardForm(page).locator('[name=email]').inputValue()).toBe('ann@example.com');
    const opened = page.waitForEvent('popup');
    await frameOf(page).getByRole('link', { name: 'More ways to pay' }).click();
    const hosted = await opened;
    expect([...addresses, hosted.url()].filter((address) => address.includes('ann'))).toEqual([]);
    expect(Object.fromEntries(new URL(hosted.url()).searchParams)).toMatchObject({
      reference: 'order-1042',
      amount: '25',
    });
    expect(await hosted.getByLabel(/Amount/).inputValue()).toBe('25');
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

describe('the amount that was paid', () => {
  /** In the frame: the lines of the amount, and whether it is cut off, at a text size in percent. */
  const linesAt = (size: number) => `(() => {
    document.documentElement.style.fontSize = '${size}%';
    const amount = document.querySelector('#paid .amount');
    const range = document.createRange();
    range.selectNodeContents(amount);
    const box = document.querySelector('#paid').getBoundingClientRect();
    const rects = [...range.getClientRects()];
    return [new Set(rects.map(({ top }) => top)).size, rects.every((one) => one.left >= box.left - 1 && one.right <= box.right + 1)];
  })()`;

  it.each(['IDR\u00a0999,999,999,999.00', 'KWD\u00a099,999,999.990', '٩٩٬٩٩٩٬٩٩٩٫٩٩٠\u00a0د.ك.\u200f'])(
    'stands on one line, whatever the window and the text size: %s',
    async (amount) => {
      const link = await createLink(demo, sandbox);
      const page = await openShop(link, { options: { ...PHONE, viewport: { width: 320, height: 640 } } });
      await answerStatus(page, 'succeeded', amount);
      await widgetButton(page).click();
      await payInFrame(page, GOOD_CARD);
      await frameOf(page).getByText('Paid. Thank you!').waitFor();
      for (const width of [320, 414, 1280]) {
        await page.setViewportSize({ width, height: 640 });
        for (const size of [200, 100]) {
          expect([width, size, await evaluateInFrame(demo, page, linesAt(size))]).toEqual([width, size, [1, true]]);
        }
      }
    },
  );
});

describe('a buyer who goes another way', () => {
  it('pays on the payment page, on a link that takes one payment, and only there', async () => {
    const link = await createLink(demo, sandbox, { max_payments: 1 });
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    const opened = page.waitForEvent('popup');
    const ended = page.waitForResponse(/\/sessions\/end$/);
    await frameOf(page).getByRole('link', { name: 'More ways to pay' }).click();
    expect((await ended).status()).toBe(200);
    const hosted = await opened;
    await hosted.getByRole('button', { name: /Pay/ }).click();
    await hosted.waitForURL(/\/c\/pay\//);
    const statuses = (await sessionsOfLink(demo, sandbox, link)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual(['expired', 'open']);
  });

  it('and loads the page again is not kept out by the place that was taken before', async () => {
    const link = await createLink(demo, sandbox, { max_payments: 1 });
    const page = await atShop(link);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await page.reload();
    await untilHeard(page, 'ready');
    await expect
      .poll(async () => (await sessionsOfLink(demo, sandbox, link)).map(({ status }) => status), { timeout: 20_000 })
      .toEqual(['expired']);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
  });

  it('changes the amount, in a session of its own', async () => {
    const link = await createLink(demo, sandbox, {
      title: 'Evening',
      currency: 'EUR',
      amount_editable: true,
      min_amount_cents: 500,
    });
    const page = await atShop(link);
    await widgetButton(page).click();
    await frameOf(page).locator('#amount').fill('5.000');
    await frameOf(page).locator('#amount').press('Enter');
    await frameOf(page).getByRole('button', { name: '€5,000.00' }).click();
    await cardForm(page).getByText('€5,000.00').first().waitFor();
    await frameOf(page).getByRole('button', { name: 'Change amount' }).click();
    expect(await frameOf(page).locator('#amount').inputValue()).toBe('5000.00');
    await frameOf(page).locator('#amount').fill('50');
    await frameOf(page).locator('#amount').press('Enter');
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await heard(page, 'succeeded')).toMatchObject([{ amount_cents: 5000 }]);
    const sessions = await sessionsOfLink(demo, sandbox, link);
    expect(sessions.map(({ status }) => status).toSorted()).toEqual(['complete', 'expired']);
  });
});

describe('a buyer who goes another way too late', () => {
  it('is shown that it is paid, and offered nothing to pay', async () => {
    const link = await createLink(demo, sandbox, { currency: 'EUR', amount_editable: true, min_amount_cents: 500 });
    const page = await atShop(link);
    await page.route('**/sessions/end', (route) =>
      route.fulfill({ status: 409, json: { error: { code: 'checkout_session_not_open', message: 'It is paid.' } } }),
    );
    await answerStatus(page, 'succeeded');
    await widgetButton(page).click();
    await frameOf(page).locator('#amount').fill('50');
    await frameOf(page).locator('#amount').press('Enter');
    await frameOf(page).getByRole('button', { name: 'Change amount' }).click();
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    expect(await frameOf(page).locator('#amount').isVisible()).toBe(false);
    expect(await heard(page)).toEqual(['ready', 'open', 'confirming', 'succeeded']);
    buyers.takeFaults();
  });
});

describe('an attribute that changes, as when a framework renders again,', () => {
  const setReference = `document.querySelector('softsolz-pay').setAttribute('reference', 'r2')`;

  it('while a buyer pays leaves the payment alone, and counts from the next one on', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await payInFrame(page, SLOW_CARD);
    await page.evaluate(setReference);
    await page.clock.runFor(2_000);
    expect(await dialogOf(page).count()).toBe(1);
    await untilHeard(page, 'succeeded');
    await page.clock.runFor(2_000);
    expect(await frameOf(page).getByText('Paid. Thank you!').isVisible()).toBe(true);
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    await page.clock.runFor(2_000);
    await expect.poll(async () => (await heard(page)).filter((name) => name === 'ready').length).toBe(2);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await expect.poll(async () => (await heard(page, 'succeeded')).length).toBe(2);
    expect(await heard(page, 'succeeded')).toMatchObject([{ reference: null }, { reference: 'r2' }]);
  });

  it('while nobody is at it is there at the next press', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await page.evaluate(setReference);
    await expect.poll(async () => (await heard(page)).filter((name) => name === 'ready').length).toBe(2);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'succeeded');
    expect(await heard(page, 'succeeded')).toMatchObject([{ reference: 'r2' }]);
  });
});

describe('a payment that ends while the dialog is closed', () => {
  it('is shown before there is another form', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await widgetButton(page).click();
    await payInFrame(page, SLOW_CARD);
    await page.evaluate(`document.querySelector('softsolz-pay').close()`);
    await expect.poll(() => dialogOf(page).count()).toBe(0);
    await untilHeard(page, 'succeeded');
    await widgetButton(page).click();
    await frameOf(page).getByText('Paid. Thank you!').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(2);
  });

  it('is still awaited when the dialog is opened again, however much later', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await answerStatus(page, 'confirming');
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'confirming');
    await page.clock.fastForward(61_000);
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    await expect.poll(() => dialogOf(page).count()).toBe(0);
    await page.clock.fastForward(25 * 60_000);
    await widgetButton(page).click();
    await frameOf(page).getByRole('link', { name: 'Show the receipt' }).waitFor();
    expect(await cardForm(page).locator('form').count()).toBe(0);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });
});

describe('Stripe.js that never answers', () => {
  it('is given up, and there are ways on', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await page.route('**/stripe.js', () => undefined);
    await widgetButton(page).click();
    await frameOf(page).getByText('Loading the payment form').waitFor();
    await page.clock.fastForward(20_000);
    await frameOf(page).getByRole('link', { name: 'Continue on the payment page' }).waitFor();
    await frameOf(page).getByRole('button', { name: 'Try again' }).waitFor();
  });
});

describe('a checkout whose link was closed meanwhile', () => {
  it('shows the merchant’s text, with a link to write to them, when it is sent and when it is opened again', async () => {
    const inactive_message = 'The course is full. Write to ann@harbour.example, please.';
    const link = await createLink(demo, sandbox, { currency: 'EUR', amount_editable: true, inactive_message });
    const page = await atShop(link);
    await widgetButton(page).click();
    await frameOf(page).locator('#amount').fill('50');
    await changeLink(demo, sandbox, link, { active: false });
    await frameOf(page).locator('#amount').press('Enter');
    for (const title of ['#state h2', 'h1']) {
      await frameOf(page).locator(title, { hasText: 'This page takes no payments' }).waitFor();
      const email = frameOf(page).getByRole('link', { name: 'ann@harbour.example' });
      expect(await email.getAttribute('href')).toBe('mailto:ann@harbour.example');
      const ours = page.frames().filter((frame) => frame.url().startsWith(demo.baseUrl));
      expect(await accessibilityFaults(...ours)).toEqual([]);
      await page.keyboard.press('Escape');
      await widgetButton(page).click();
    }
  });
});

describe('after the card form', () => {
  it.each([
    ['failed', 'The payment failed', 'alert'],
    ['expired', 'The payment was not completed', 'clock'],
  ])('a payment that has %s can be tried again, in a session of its own', async (status, title, icon) => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await answerStatus(page, status);
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await frameOf(page).getByRole('heading', { name: title }).waitFor();
    expect(await iconsOf(page)).toEqual([icon]);
    expect(await frameOf(page).locator('#paid').isVisible()).toBe(false);
    expect(await heard(page, 'failed')).toMatchObject([{ code: `payment_${status}` }]);
    await frameOf(page).getByRole('button', { name: 'Try again' }).click();
    await cardForm(page).locator('form').waitFor();
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(2);
  });

  it.each([
    ['succeeded', 'tick'],
    ['processing', 'clock'],
  ])('a payment that is %s has its icon, its amount and what it is for', async (status, icon) => {
    const page = await atShop(await createLink(demo, sandbox));
    await answerStatus(page, 'confirming');
    await widgetButton(page).click();
    await payInFrame(page, GOOD_CARD);
    await untilHeard(page, 'confirming');
    expect(await iconsOf(page)).toEqual(['confirming']);
    await answerStatus(page, status);
    await page.clock.runFor(5_000);
    await untilHeard(page, status);
    expect(await iconsOf(page)).toEqual([icon]);
    expect((await frameOf(page).locator('#paid').innerText()).split('\n')).toEqual([
      'Amount',
      '£50.00',
      'For',
      'Studio deposit',
    ]);
  });

  it('the titles of frame and document say how the payment stands, as a screen reader asks them', async () => {
    const titles = async () => [
      await page.locator('softsolz-pay iframe').getAttribute('title'),
      await evaluateInFrame(demo, page, 'document.title'),
    ];
    const untilTitle = async (state: string) => {
      const title = `${state}Studio deposit · Harbour Studio`;
      await expect.poll(titles).toEqual([title, title]);
    };
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await answerStatus(page, 'confirming');
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    await untilTitle('');
    await payInFrame(page, GOOD_CARD);
    await untilTitle('Confirming your payment · ');
    await answerStatus(page, 'failed');
    await page.clock.runFor(5_000);
    await untilTitle('The payment failed · ');
    await answerStatus(page, 'succeeded');
    await frameOf(page).getByRole('button', { name: 'Try again' }).click();
    await cardForm(page).locator('form').waitFor();
    await untilTitle('');
    await payInFrame(page, GOOD_CARD);
    await untilTitle('Paid · ');
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    await changeLink(demo, sandbox, link, { active: false });
    await widgetButton(page).click();
    await untilTitle('This page takes no payments · ');
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
    expect(await close.isDisabled()).toBe(true);
    await page.clock.fastForward(61_000);
    await frameOf(page).getByRole('link', { name: 'Show the receipt' }).waitFor();
    await close.click();
    await expect.poll(() => dialogOf(page).count()).toBe(0);
  });
});

describe('a widget in a place that is not displayed', () => {
  it('does not make the page inert: it leads to the payment page', async () => {
    const page = await atShop(await createLink(demo, sandbox));
    await page.evaluate(`document.querySelector('softsolz-pay').hidden = true`);
    await page.evaluate(`document.querySelector('softsolz-pay').open()`);
    expect(await dialogOf(page).count()).toBe(0);
    expect(await heard(page, 'blocked')).toEqual([{ reason: 'frame' }]);
  });
});

describe('a frame that comes after its link was shown', () => {
  it('does not stand in its place', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    let late: (() => Promise<void>) | undefined;
    await page.route('**/embed/payments/frame?*', (route) => {
      late = () => route.continue();
    });
    await widgetButton(page).click();
    await expect.poll(() => late !== undefined).toBe(true);
    await page.clock.fastForward(8_000);
    await dialogOf(page).locator('a').waitFor();
    await late?.().catch(() => undefined);
    expect(await page.locator('softsolz-pay iframe').count()).toBe(0);
    expect(await dialogOf(page).locator('a').isVisible()).toBe(true);
    expect(await sessionsOfLink(demo, sandbox, link)).toEqual([]);
  });
});

describe('a link that was switched off after its button came', () => {
  it('says so in the dialog, and opens no tab', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await changeLink(demo, sandbox, link, { active: false });
    let tabs = 0;
    page.on('popup', () => {
      tabs += 1;
    });
    await widgetButton(page).click();
    await frameOf(page).getByRole('heading', { name: 'This page takes no payments' }).waitFor();
    expect(await heard(page, 'blocked')).toEqual([{ reason: 'payment_link_inactive' }]);
    await page.clock.fastForward(10_000);
    expect([tabs, await dialogOf(page).locator('a').isVisible()]).toEqual([0, false]);
  });
});

describe('a page that has been open for long', () => {
  it('opens the form with a token of now, with three requests of ours beside the logo', async () => {
    const link = await createLink(demo, sandbox);
    const page = await atShop(link);
    await page.clock.fastForward(250_000);
    const asked: string[] = [];
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(demo.baseUrl);
      if (isOurs && request.resourceType() !== 'image') asked.push(new URL(request.url()).pathname);
    });
    await widgetButton(page).click();
    await cardForm(page).locator('form').waitFor();
    expect(asked).toEqual([
      '/api/v1/embed/payments/bootstrap',
      '/embed/payments/frame',
      '/api/v1/embed/payments/sessions',
    ]);
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
