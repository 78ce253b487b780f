import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';
import { inspectBoth, signIn } from '../support/people.ts';

const demo = readDemo();
const { appUrl, appOwner, main } = demo;
const people = useBuyers({ ...demo, baseUrl: appUrl });
const SMALL = { ...PHONE, viewport: { width: 375, height: 812 } };

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
  await look('payment');
  const summary = page.locator('.time summary').first();
  await summary.click();
  await look('payment-json');
  await page.click('a:text("Refund")');
  await look('refund');
  await page.fill('#amount', '90');
  await page.click('button:text("Refund")');
  expect(await page.innerText('#amount-error')).toContain('Enter at most £50.00');
  expect(await page.inputValue('#amount')).toBe('90');
  await look('refund-faulty');
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
  it('are found and refunded on a phone, on a desktop, and without scripts', async () => {
    const owner = await people.open(SMALL);
    await signIn(owner, appOwner.email);
    const storageState = await owner.context().storageState();
    const desk = await people.open({ ...DESKTOP, storageState });
    const plain = await people.open({ ...SMALL, storageState, javaScriptEnabled: false });
    const looks = [
      { page: owner, look: (name: string) => inspectBoth(owner, `${name}-phone`) },
      { page: desk, look: (name: string) => inspectBoth(desk, `${name}-desktop`) },
      { page: plain, look: async () => {} },
    ];
    for (const { page, look } of looks) {
      const link = await createLink(demo, main.sandbox, { title: 'Wheel throwing, an evening class' });
      await payLink(link);
      await openPayment(page, link);
      await refund(page, look);
      await page.goto(path(`?link=${link.id}`));
      expect(await page.innerText('table')).toMatch(/Partly refunded[\s\S]*£50\.00[\s\S]*£12\.50 back/);
      await look('payments-of-link');
      await page.goto(path(''));
      await look('payments');
      await page.goto(path('?q=nobody'));
      expect(await page.innerText('main')).toContain('No payment found');
      await look('payments-none-found');
      await page.goto(path('', 'live'));
      await look('payments-empty-live');
    }
    const download = desk.waitForEvent('download');
    await desk.goto(path(''));
    await desk.click('a[download]');
    expect((await download).suggestedFilename()).toMatch(/^payments-sandbox-.*\.csv$/);
  });
});
