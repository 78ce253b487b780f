import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, inspect, PHONE, untilHeading, useBuyers } from '../support/buyer.ts';
import { amountAtCheckout, atCheckout, GOOD_CARD, payByBank, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { changeLink, createLink, type Link } from '../support/links.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const OPEN = { currency: 'EUR', amount_editable: true, suggested_amounts_cents: [1000, 2500, 5000] };
const SCRIPTS = [['with', true] as const, ['without', false] as const];
/** What can be pressed in the footer and in the notice, and is lower or narrower than a finger needs. */
const TOO_SMALL = `[...document.querySelectorAll('summary, details a, details button, .notice a')]
  .map((element) => [element.textContent, element.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && (height < 44 || width < 44)).map(([text]) => text)`;

/** Pays at Checkout, and waits for the receipt. */
async function payAndSee(page: Page, link: Link): Promise<void> {
  await payByCard(page, GOOD_CARD);
  await page.waitForURL(`${link.url}/done?session_id=*`);
  await untilHeading(page, 'Paid. Thank you!');
}

/** Presses the browser's Back until the pay page is there. */
async function backToPage(page: Page, link: Link): Promise<void> {
  for (let steps = 0; steps < 4 && new URL(page.url()).pathname !== new URL(link.url).pathname; steps++) {
    await page.goBack();
  }
  expect(new URL(page.url()).pathname).toBe(new URL(link.url).pathname);
}

describe.each(SCRIPTS)('a buyer %s scripts', (_name, javaScriptEnabled) => {
  it('pays, goes back to the page, reads that they have paid, and pays again', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled });
    await page.goto(link.url);
    await page.click('button.pay');
    const first = await atCheckout(demo, page);
    await payAndSee(page, link);
    await backToPage(page, link);
    const notice = page.getByRole('alert');
    expect(await notice.innerText()).toContain('You have already paid this.');
    if (javaScriptEnabled) await inspect(page, 'already-paid');
    await notice.getByRole('link', { name: 'Show the receipt' }).click();
    await page.waitForURL(`${link.url}/done?session_id=${first}`);
    expect(await page.innerText('dd.total')).toBe('£50.00');
    await page.getByRole('link', { name: 'Make another payment' }).click();
    await page.click('button.pay');
    expect(await atCheckout(demo, page)).not.toBe(first);
    await payAndSee(page, link);
    const sessions = await sessionsOfLink(demo, sandbox, link);
    expect(sessions.map(({ status }) => status)).toEqual(['complete', 'complete']);
  });

  it('finds the amount that they typed or chose after the browser’s Back from Checkout', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled });
    await page.goto(link.url);
    await page.fill('#amount', '12.50');
    await page.click('button.pay');
    await atCheckout(demo, page);
    await page.goBack();
    await page.waitForURL(link.url);
    expect(await page.inputValue('#amount')).toBe('12.50');
    await page.getByRole('radio', { name: '€25' }).click();
    await page.click('button.pay');
    await atCheckout(demo, page);
    await page.goBack();
    await page.waitForURL(link.url);
    expect(await page.getByRole('radio', { name: '€25' }).isChecked()).toBe(true);
    // Without scripts the button cannot follow what is tapped: it must not name another amount.
    expect(await page.innerText('button.pay')).toBe(javaScriptEnabled ? 'Pay €25' : 'Continue to payment');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€25.00');
    await payAndSee(page, link);
    await page.goto(link.url);
    expect(await page.inputValue('#amount')).toBe('');
    expect(await page.locator('[name=suggested]:checked').count()).toBe(0);
  });

  it('is led back to the form by the browser’s Back, also if an amount was refused before', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled });
    await page.goto(`${link.url}?reference=R1`);
    for (const typed of ['abc', '']) {
      await page.fill('#amount', typed);
      await Promise.all([page.waitForNavigation(), page.click('button.pay')]);
      expect(await page.inputValue('#amount')).toBe(typed);
      expect(await page.locator('#error').isVisible()).toBe(true);
    }
    await page.fill('#amount', '12.50');
    await page.click('button.pay');
    await atCheckout(demo, page);
    // The answer to a POST would be an error page of the browser here: "Confirm Form Resubmission".
    await page.goBack();
    await page.waitForURL(`${link.url}?reference=R1&refused=empty`);
    expect(await page.inputValue('#amount')).toBe('12.50');
    expect(await page.locator('#error').count()).toBe(0);
    expect(await page.inputValue('[name=reference]')).toBe('R1');
    await page.goBack();
    await page.waitForURL(`${link.url}?reference=R1*`);
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('changes the language and loses nothing of what they entered', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled });
    await page.goto(`${link.url}?email=ann%40example.com&reference=R1`);
    await page.fill('#amount', '12.5x');
    await page.click('summary');
    expect(await page.evaluate<string[]>(TOO_SMALL)).toEqual([]);
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.waitForURL(`${link.url}?*lang=de`);
    expect(page.url()).not.toContain('example.com');
    expect(await page.inputValue('#amount')).toBe('12.5x');
    expect(await page.inputValue('[name=email]')).toBe('ann@example.com');
    await page.reload();
    await page.getByRole('radio', { name: '10' }).click();
    await page.click('summary');
    await page.getByRole('button', { name: 'العربية' }).click();
    await page.waitForURL(`${link.url}?*lang=ar`);
    expect(await page.getByRole('radio').first().isChecked()).toBe(true);
    expect(await page.inputValue('[name=reference]')).toBe('R1');
    expect(await sessionsOfLink(demo, sandbox, link)).toEqual([]);
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toContain('10');
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });
});

describe('a buyer who has paid', () => {
  it('is not kept on a page that the browser shows again from its memory', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await page.evaluate(`document.querySelector('form').dispatchEvent(new Event('submit'))`);
    const again = page.waitForNavigation();
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
    expect((await again)?.status()).toBe(200);
  });

  it('the last place is led to the receipt, and not told that the page is closed', async () => {
    const link = await createLink(demo, sandbox, { max_payments: 1 });
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    await atCheckout(demo, page);
    await page.click('[data-testid=cancel]');
    await page.waitForURL(`${link.url}?cancelled=1*`);
    expect(await page.getByRole('alert').innerText()).toContain('You can still pay here for about 30 minutes.');
    await inspect(page, 'cancelled-limited');
    await page.click('button.pay');
    await atCheckout(demo, page);
    await payAndSee(page, link);
    const answer = await page.goto(link.url);
    expect([answer?.status(), await page.innerText('h1')]).toEqual([200, 'You have already paid']);
    await inspect(page, 'already-paid-closed');
    await page.getByRole('link', { name: 'Show the receipt' }).click();
    await page.waitForURL(`${link.url}/done?session_id=*`);
  });

  it('by bank is asked not to pay again, on an open page and on a closed one', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    await atCheckout(demo, page);
    await payByBank(page);
    await page.waitForURL(`${link.url}/done?*`);
    await untilHeading(page, 'Your payment is being processed');
    await page.goto(link.url);
    expect(await page.getByRole('alert').innerText()).toContain('Please do not pay again.');
    await inspect(page, 'already-processing');
    await changeLink(demo, sandbox, link, { active: false });
    await page.goto(link.url);
    await inspect(page, 'already-processing-closed');
    await page.getByRole('link', { name: 'Show the payment' }).click();
    await page.waitForURL(`${link.url}/done?session_id=*`);
  });
});

describe('the languages in the footer', () => {
  it('leave Enter in the amount field to the payment', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open(DESKTOP);
    await page.goto(link.url);
    await page.fill('#amount', '12.50');
    await page.press('#amount', 'Enter');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€12.50');
  });

  it('are links on a page without a form, and fit with large text, from right to left too', async () => {
    const link = await createLink(demo, sandbox, { active: false });
    const page = await buyers.open({ ...PHONE, viewport: { width: 320, height: 568 } });
    await page.goto(`${link.url}?lang=ar`);
    await page.click('summary');
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await page.evaluate<string[]>(TOO_SMALL)).toEqual([]);
    await inspect(page, 'languages-rtl');
    await page.getByRole('link', { name: 'Français' }).click();
    await page.waitForURL(`${link.url}?lang=fr`);
    expect(await page.getAttribute('html', 'lang')).toBe('fr');
  });
});
