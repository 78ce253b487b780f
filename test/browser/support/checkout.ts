import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Demo } from './demo.ts';

export const GOOD_CARD = '4242 4242 4242 4242';
export const DECLINED_CARD = '4000 0000 0000 0002';

/** Waits for Stripe's Checkout, and answers its session id. */
export async function atCheckout(demo: Demo, page: Page): Promise<string> {
  await page.waitForURL(`${demo.stripeUrl}/c/pay/**`);
  const [, id] = /\/c\/pay\/(cs_test_\w+)/.exec(page.url()) ?? [];
  expect(id, page.url()).toBeDefined();
  return id ?? '';
}

/** Fills in the card form and sends it. */
export async function payByCard(page: Page, number: string): Promise<void> {
  await page.fill('[name=email]', 'buyer@example.com');
  await page.fill('[name=card_number]', number);
  await page.fill('[name=card_expiry]', '12 / 34');
  await page.fill('[name=card_cvc]', '123');
  await page.click('button[name=method][value=card]');
}

/** Pays by bank: the money comes later, or never. */
export async function payByBank(page: Page): Promise<void> {
  await page.fill('[name=email]', 'buyer@example.com');
  await page.click('button[name=method][value=bank]');
}

/** What Checkout asks for. */
export async function amountAtCheckout(page: Page): Promise<string> {
  return await page.innerText('[data-testid=amount]');
}
