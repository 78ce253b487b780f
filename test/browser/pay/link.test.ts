import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { openHtml } from '../../unit/pay/views.ts';
import { DESKTOP, inspect, PHONE, picture, untilHeading, useBuyers } from '../support/buyer.ts';
import { amountAtCheckout, atCheckout, DECLINED_CARD, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo, webhooksOf } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';
import { sessionsOfLink } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const OPEN = {
  title: 'Pay what you want',
  description: 'Any amount from five euros',
  currency: 'EUR',
  amount_editable: true,
  min_amount_cents: 500,
  suggested_amounts_cents: [1000, 2500, 5000],
};

const event = z.object({
  type: z.string(),
  data: z.object({ amount_cents: z.number(), currency: z.string(), payment_link_id: z.string() }),
});

/** The one webhook of a session, once it is there. */
async function webhookOf(sessionId: string) {
  const waiting = { timeout: 30_000, interval: 200 };
  await vi.waitFor(async () => expect(await webhooksOf(sandbox, sessionId)).toHaveLength(1), waiting);
  const [webhook] = await webhooksOf(sandbox, sessionId);
  return event.parse(JSON.parse(webhook?.body ?? ''));
}

/** Pays at Checkout and comes back. */
async function payAndReturn(page: Page, link: Link): Promise<void> {
  await payByCard(page, GOOD_CARD);
  await page.waitForURL(`${link.url}/done?session_id=*`);
}

describe('a buyer on a link with a fixed price', () => {
  it('sees what it is, pays on a phone, and the merchant gets one webhook of that amount', async () => {
    const link = await createLink(demo, sandbox, { description: '50% non-refundable booking deposit' });
    const page = await buyers.open(PHONE);
    const answer = await page.goto(link.url);
    expect(answer?.status()).toBe(200);
    expect(await page.innerText('h1')).toBe('Studio deposit');
    expect(await page.innerText('main')).toContain('50% non-refundable booking deposit');
    expect(await page.innerText('main')).toContain('Harbour Studio');
    await inspect(page, 'fixed-phone');
    await page.getByRole('button', { name: 'Pay £50.00' }).click();
    const sessionId = await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('£50.00');
    await payAndReturn(page, link);
    await untilHeading(page, 'Paid. Thank you!');
    expect(await page.innerText('main')).not.toContain('buyer@example.com');
    await inspect(page, 'receipt-phone');
    expect(await webhookOf(sessionId)).toEqual({
      type: 'payments.payment.succeeded',
      data: { amount_cents: 5000, currency: 'GBP', payment_link_id: link.id },
    });
  });

  it('pays on a desktop with the keyboard alone', async () => {
    const link = await createLink(demo, sandbox, { button_color: '#ffd400', button_text_color: '#fff' });
    const page = await buyers.open(DESKTOP);
    await page.goto(link.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Pay £50.00');
    await inspect(page, 'fixed-desktop-focused');
    await page.keyboard.press('Enter');
    await atCheckout(demo, page);
    await payAndReturn(page, link);
    await untilHeading(page, 'Paid. Thank you!');
    await inspect(page, 'receipt-desktop');
  });

  it('makes one session with a double click, with a script and without', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const link = await createLink(demo, sandbox);
      const page = await buyers.open({ ...DESKTOP, javaScriptEnabled });
      await page.goto(link.url);
      await page.dblclick('button.pay');
      await atCheckout(demo, page);
      expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
    }
  });

  it('is declined, tries another card, and pays once', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    const sessionId = await atCheckout(demo, page);
    await payByCard(page, DECLINED_CARD);
    await page.getByText('Your card was declined').waitFor();
    await payAndReturn(page, link);
    expect((await webhookOf(sessionId)).data.amount_cents).toBe(5000);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('who cancels at Checkout is shown that, and goes on with the same session', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    const sessionId = await atCheckout(demo, page);
    await page.click('[data-testid=cancel]');
    await page.waitForURL(`${link.url}?cancelled=1*`);
    expect(await page.getByRole('alert').innerText()).toContain('You have not been charged');
    await inspect(page, 'cancelled');
    await page.click('button.pay');
    expect(await atCheckout(demo, page)).toBe(sessionId);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('comes back with the browser’s own button and can press again', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    const sessionId = await atCheckout(demo, page);
    await page.goBack();
    await page.waitForURL(link.url);
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect((await sessionsOfLink(demo, sandbox, link)).map(({ id }) => id)).toContain(sessionId);
    await payAndReturn(page, link);
  });
});

describe('a buyer on a link that lets them choose', () => {
  it('taps a suggestion and pays that', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open(PHONE);
    await page.goto(link.url);
    await inspect(page, 'open-phone');
    expect(await page.innerText('button.pay')).toBe('Continue to payment');
    await page.getByRole('radio', { name: '€25' }).click();
    expect(await page.inputValue('#amount')).toBe('25.00');
    expect(await page.innerText('button.pay')).toBe('Pay €25');
    await inspect(page, 'open-phone-chosen');
    await page.click('button.pay');
    const sessionId = await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€25.00');
    await payAndReturn(page, link);
    expect((await webhookOf(sessionId)).data).toMatchObject({ amount_cents: 2500, currency: 'EUR' });
  });

  it('sees each fault of the amount beside the field, corrects it, and pays with the keyboard', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open(DESKTOP);
    await page.goto(link.url);
    await inspect(page, 'open-desktop');
    for (const [typed, shown] of [
      ['4.99', 'The smallest amount is €5.00.'],
      ['a lot', 'Enter the amount in digits, for example 10.00.'],
      ['12.000', 'This can be read in two ways.'],
      ['', 'Enter an amount.'],
    ] as const) {
      await page.fill('#amount', typed);
      const [answer] = await Promise.all([page.waitForNavigation(), page.press('#amount', 'Enter')]);
      expect(answer?.status()).toBe(200);
      expect(await page.inputValue('#amount')).toBe(typed);
      expect(await page.innerText('#error')).toContain(shown);
      expect(await page.getAttribute('#amount', 'aria-invalid')).toBe('true');
      expect(await page.evaluate('document.activeElement.id')).toBe('amount');
      await inspect(page, `open-desktop-fault-${typed.replace(/\W/g, '') || 'empty'}`);
    }
    expect(await sessionsOfLink(demo, sandbox, link)).toEqual([]);
    await page.keyboard.type('12.50');
    await page.keyboard.press('Enter');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€12.50');
    await payAndReturn(page, link);
  });

  it('keeps the typed amount on the way back from Checkout', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open();
    await page.goto(`${link.url}?lang=de`);
    await page.fill('#amount', '12,5');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€12.50');
    await page.click('[data-testid=cancel]');
    await page.waitForURL(`${link.url}?cancelled=1*`);
    expect(await page.inputValue('#amount')).toBe('12,50');
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    await inspect(page, 'open-cancelled-de');
  });
});

describe('a buyer without JavaScript', () => {
  it('pays a fixed price', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(link.url);
    await page.click('button.pay');
    await atCheckout(demo, page);
    await payAndReturn(page, link);
  });

  it('chooses a suggestion, thinks again, and types another amount', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(link.url);
    await picture(page, 'open-without-script');
    await page.getByRole('radio', { name: '€10' }).click();
    await picture(page, 'open-without-script-chosen');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€10.00');
    await page.goto(link.url);
    await page.getByRole('radio', { name: '€10' }).click();
    await page.getByRole('radio', { name: 'Other amount' }).click();
    await page.fill('#amount', '7.25');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€7.25');
  });

  it('taps what an unclear amount means', async () => {
    const link = await createLink(demo, sandbox, { ...OPEN, suggested_amounts_cents: null });
    const page = await buyers.open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(link.url);
    await page.fill('#amount', '12.000');
    await Promise.all([page.waitForNavigation(), page.click('button.pay')]);
    await page.getByRole('radio', { name: '€12.00' }).click();
    await page.getByRole('radio', { name: 'Other amount' }).click();
    expect(await page.inputValue('#amount')).toBe('12.000');
    await page.getByRole('radio', { name: '€12,000.00' }).click();
    await picture(page, 'open-without-script-readings');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await amountAtCheckout(page)).toBe('€12,000.00');
  });

  it('sees the field and what is wrong where a suggestion was refused', async () => {
    const link = await createLink(demo, sandbox, OPEN);
    const page = await buyers.open({ ...PHONE, javaScriptEnabled: false });
    // The simulator refuses no amount that our own limits let pass, so the answer is our page as the Worker renders it.
    const body = await openHtml({
      fault: { amount: { code: 'not_accepted' } },
      prefill: { email: null, reference: null, passthrough: {}, amount: '25.00' },
      qrSvgUrl: `${link.url}/qr.svg`,
    });
    await page.route(link.url, (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body })
        : route.continue(),
    );
    await page.goto(link.url);
    await page.getByRole('radio', { name: '€25' }).click();
    expect(await page.locator('#amount').isVisible()).toBe(false);
    await Promise.all([page.waitForNavigation(), page.click('button.pay')]);
    expect(await page.innerText('#error')).toContain('This amount is not accepted');
    expect([await page.locator('#error').isVisible(), await page.locator('#amount').isVisible()]).toEqual([true, true]);
    expect(await page.inputValue('#amount')).toBe('25.00');
    await picture(page, 'open-without-script-refused');
  });
});
