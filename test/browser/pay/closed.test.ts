import type { Page, Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inspect, useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { changeLink, createLink } from '../support/links.ts';
import { sessionsOfLink, setFaults, settle } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const VISITOR_LIMIT = 30;

/** Presses the button of a pay page that answers with a page of ours again. */
async function press(page: Page): Promise<Response | null> {
  const [answer] = await Promise.all([page.waitForNavigation(), page.click('button.pay')]);
  return answer;
}

/** A page that takes no payment has nothing to press that could pay, and offers another try only where one can help. */
async function expectClosed(page: Page, title: string, { retry }: { retry: boolean | string }): Promise<void> {
  expect(await page.innerText('h1')).toBe(title);
  expect(await page.locator('form').count()).toBe(0);
  expect(await page.locator('.next a').allInnerTexts()).toEqual(retry ? [retry === true ? 'Try again' : retry] : []);
}

describe('a page that takes no payment', () => {
  it('says so for an unknown link', async () => {
    const page = await buyers.open();
    const answer = await page.goto(`${demo.baseUrl}/pay/link/lnk_0unknown`);
    expect(answer?.status()).toBe(404);
    await expectClosed(page, 'This page does not exist', { retry: false });
    await inspect(page, 'unknown');
  });

  it('shows the merchant’s own words when the link is switched off or over', async () => {
    const message = 'The autumn course is over. The next one starts on 11 January: we write to everybody on our list.';
    const link = await createLink(demo, sandbox, { inactive_message: message });
    const page = await buyers.open();
    await changeLink(demo, sandbox, link, { active: false });
    expect((await page.goto(link.url))?.status()).toBe(410);
    await expectClosed(page, 'This page takes no payments', { retry: false });
    expect(await page.innerText('main')).toContain(message);
    await inspect(page, 'inactive-with-message');
    await changeLink(demo, sandbox, link, { active: true, expires_at: '2026-01-01T00:00:00Z' });
    expect((await page.goto(link.url))?.status()).toBe(410);
    await expectClosed(page, 'This payment page has expired', { retry: false });
    expect(await page.innerText('main')).toContain(message);
  });

  it('says what to do when an expired link has no words of its own', async () => {
    const link = await createLink(demo, sandbox, { expires_at: '2026-01-01T00:00:00Z' });
    const page = await buyers.open();
    await page.goto(link.url);
    await expectClosed(page, 'This payment page has expired', { retry: false });
    expect(await page.innerText('main')).toContain('Ask the seller for a new link.');
    await inspect(page, 'expired');
  });

  it('does not blame the buyer when the seller cannot be paid yet', async () => {
    const page = await buyers.open();
    const answer = await page.goto(`${demo.baseUrl}/pay/link/${demo.onboarding.sandbox.links.fixed}`);
    expect(answer?.status()).toBe(503);
    await expectClosed(page, 'The seller cannot take payments right now', { retry: true });
    expect(await page.content()).not.toContain('Onboarding Shop');
    await inspect(page, 'not-ready');
  });

  it('apologises when Stripe does not answer, and another try finds the session and the place that were taken', async () => {
    const price = { currency: 'EUR', amount_editable: true, max_payments: 1 };
    const link = await createLink(demo, sandbox, price);
    const page = await buyers.open();
    await page.goto(`${link.url}?lang=de`);
    await page.fill('#amount', '12,50');
    await setFaults(demo, link, { fail_next: { count: 1, status: 500, after_commit: true } });
    const answer = await press(page);
    expect(answer?.status()).toBe(503);
    expect(await page.innerText('h1')).toBe('Zahlungen zurzeit nicht möglich');
    await inspect(page, 'interrupted');
    await setFaults(demo, link, {});
    await page.locator('.next a').click();
    expect(await page.inputValue('#amount')).toBe('12,50');
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });
});

describe('a page that was asked for in the wrong way', () => {
  const open = { retry: 'Open the payment page' };

  it('refuses a form that another site sent, and leads to the payment', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    const form = `<form method="post" action="${link.url}"><input name="operation" value="x"><button>Win</button></form>`;
    await page.route('http://shop.example/**', (route) => route.fulfill({ contentType: 'text/html', body: form }));
    await page.goto('http://shop.example/');
    const [answer] = await Promise.all([page.waitForNavigation(), page.click('button')]);
    expect(answer?.status()).toBe(403);
    await expectClosed(page, 'This form came from another site', open);
    await inspect(page, 'refused');
    await page.locator('.next a').click();
    await page.waitForURL(link.url);
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });

  it('leads back to the page after another method', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    const sent = page.waitForNavigation();
    await page.evaluate(`(() => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = location.pathname + '/done?session_id=cs_test_1';
      document.body.append(form);
      form.submit();
    })()`);
    const answer = await sent;
    expect([answer?.status(), answer?.headers().allow]).toEqual([405, 'GET']);
    await expectClosed(page, 'Something went wrong opening this page', open);
    await inspect(page, 'wrong-method');
  });
});

describe('a link with one place', () => {
  it('may open again while another buyer is paying, does when they leave, and is sold out once one has paid', async () => {
    const link = await createLink(demo, sandbox, { max_payments: 1 });
    const [first, second] = [await buyers.open(), await buyers.open()];
    await first.goto(link.url);
    await second.goto(link.url);
    await first.click('button.pay');
    const abandoned = await atCheckout(demo, first);
    expect((await press(second))?.status()).toBe(410);
    await expectClosed(second, 'No more payments for now', { retry: true });
    await inspect(second, 'sold-out-held');

    await settle(demo, abandoned, 'expired');
    const opensAgain = async () => {
      await second.goto(link.url);
      await second.click('button.pay');
      await second.waitForURL(/\/c\/pay\/|\/pay\/link\//);
      return second.url();
    };
    await expect.poll(opensAgain, { timeout: 20_000, interval: 300 }).toContain(`${demo.stripeUrl}/c/pay/`);
    await payByCard(second, GOOD_CARD);
    await second.waitForURL(`${link.url}/done?*`);

    const third = await buyers.open();
    const triesToPay = async () => {
      await third.goto(link.url);
      if ((await third.locator('form').count()) > 0) await press(third);
      return await third.innerText('h1');
    };
    await expect.poll(triesToPay, { timeout: 20_000, interval: 300 }).toBe('This page takes no more payments');
    await expectClosed(third, 'This page takes no more payments', { retry: false });
    await inspect(third, 'sold-out');
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(2);
  });
});

describe('a form that cannot be taken as it is', () => {
  it('comes back with the new price and a note when the price has changed meanwhile', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    await changeLink(demo, sandbox, link, { amount_cents: 6500 });
    expect((await press(page))?.status()).toBe(409);
    expect(await page.getByRole('alert').innerText()).toContain('The price has changed');
    expect(await page.innerText('.sum')).toContain('£65.00');
    expect(await sessionsOfLink(demo, sandbox, link)).toEqual([]);
    await inspect(page, 'price-changed');
    await page.getByRole('button', { name: 'Pay £65.00' }).click();
    await atCheckout(demo, page);
  });

  it('is refused after 30 in a minute, which costs nobody money', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    await page.goto(link.url);
    // The same form again and again: each counts, and all are one session.
    const statuses = await page.evaluate<number[]>(`(async () => {
      const body = new URLSearchParams(new FormData(document.querySelector('form')));
      const statuses = [];
      for (let sent = 0; sent < ${VISITOR_LIMIT}; sent++) {
        statuses.push((await fetch(location.pathname, { method: 'POST', body, redirect: 'manual' })).type);
      }
      return statuses;
    })()`);
    expect(statuses).toEqual(Array.from({ length: VISITOR_LIMIT }, () => 'opaqueredirect'));
    // Where those answers lead to: asked for by this test, not by the page.
    for (const fault of buyers.takeFaults()) expect(fault).toMatch(/^asked for .*\/c\/pay\//);
    const answer = await press(page);
    expect(answer?.status()).toBe(429);
    expect(Number(answer?.headers()['retry-after'])).toBeGreaterThan(0);
    await expectClosed(page, 'One moment, please', { retry: true });
    expect(await page.innerText('main')).toMatch(/You can try again in \d+ seconds?\./);
    await inspect(page, 'slow-down');
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });
});
