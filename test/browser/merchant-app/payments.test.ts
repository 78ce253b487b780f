import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';
import { inspectAll, signIn, WALKS } from '../support/people.ts';

const demo = readDemo();
const { appUrl, appOwner, main } = demo;
const people = useBuyers({ ...demo, baseUrl: appUrl });

const path = (rest: string, mode = 'test') => `${appUrl}/app/${mode}/${main.live.workspace_id}/payments${rest}`;

/** A buyer pays the link. */
async function payLink(link: Link): Promise<void> {
  const buyer = await people.open();
  await buyer.goto(link.url);
  await buyer.click('button.pay');
  await atCheckout(demo, buyer);
  await payByCard(buyer, GOOD_CARD);
  await buyer.waitForURL(`${link.url}/done**`);
}

/** Opens the payment of a link in the list, which Stripe's event brings within seconds. */
async function openPayment(page: Page, link: Link): Promise<void> {
  const found = async () => {
    await page.goto(path(`?link=${link.id}`));
    return await page.innerText('main');
  };
  await expect.poll(found).toContain('buyer@example.com');
  await page.click('a:text("buyer@example.com")');
  await page.waitForURL(/\/payments\/\d+$/);
}

/** Looks at the list, the payment and the form, refunds a part, and looks at what then stands there. */
async function refund(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  await page.locator('.time summary').first().click();
  await look('payment');
  await page.click('a:text("Refund")');
  await page.fill('#amount', '90');
  await page.click('button:text("Refund")');
  expect(await page.innerText('#amount-error')).toContain('Enter at most £50.00');
  expect(await page.inputValue('#amount')).toBe('90');
  await look('refund');
  await page.fill('#amount', '12.50');
  await page.selectOption('#reason', 'own');
  await page.fill('#note', 'One bowl was broken');
  await page.click('button:text("Refund")');
  await page.waitForURL(/\/payments\/\d+\?refund=\d+$/);
  expect(await page.innerText('.notice')).toContain('£12.50 refunded.');
  expect(await page.innerText('main')).toContain('One bowl was broken');
  await look('payment-refunded');
}

describe('the payments in the merchant app', () => {
  it.each(WALKS)('are found, refunded and exported on a %s', async (device, options) => {
    const look = async (name: string) => {
      if (device === 'phone') await inspectAll(page, name);
    };
    const link = await createLink(demo, main.sandbox, { title: 'Wheel throwing, an evening class', kind: 'link' });
    await payLink(link);
    const page = await people.open(options);
    await signIn(page, appOwner.email);
    await openPayment(page, link);
    await refund(page, look);
    await page.goto(path(`?link=${link.id}`));
    expect(await page.innerText('table')).toMatch(/Partly refunded[\s\S]*£50\.00[\s\S]*£12\.50 back/);
    await look('payments');
    const download = page.waitForEvent('download');
    await page.click('a[download]');
    expect((await download).suggestedFilename()).toMatch(/^payments-sandbox-.*\.csv$/);
    await page.goto(path('?q=nobody'));
    expect(await page.innerText('main')).toContain('No payment found');
    await page.goto(path('', 'live'));
    expect(await page.innerText('main')).toContain('No payments yet');
    await look('payments-empty');
  });
});
