import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { launchChromium } from '../support/chromium.ts';
import { readDemo, webhooksOf } from '../support/demo.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const session = z.object({
  data: z.object({ id: z.number(), url: z.string(), stripe_session_id: z.string(), status: z.string() }),
});
const SCREENSHOTS = 'test-results/screenshots';

let browser: Browser;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

async function createSession() {
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/checkout-sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${sandbox.keys.all}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      amount: 49.99,
      currency: 'gbp',
      description: 'Order #1042',
      reference: '1042',
      success_url: `${demo.baseUrl}/health?paid={CHECKOUT_SESSION_ID}`,
      cancel_url: `${demo.baseUrl}/health?cancelled`,
    }),
  });
  expect(response.status).toBe(201);
  return session.parse(await response.json()).data;
}

async function statusOf(id: number): Promise<string> {
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/checkout-sessions/${id}`, {
    headers: { Authorization: `Bearer ${sandbox.keys.all}` },
  });
  const schema = z.object({ data: z.object({ status: z.string() }) });
  return schema.parse(await response.json()).data.status;
}

async function fillCard(page: Page, number: string): Promise<void> {
  await page.fill('[name=email]', 'buyer@example.com');
  await page.fill('[name=card_number]', number);
  await page.fill('[name=card_expiry]', '12 / 34');
  await page.fill('[name=card_cvc]', '123');
  await page.click('button[name=method][value=card]');
}

describe('a buyer at Stripe-hosted Checkout', () => {
  it('pays with 4242…, lands on success_url, and the merchant gets one signed webhook', async () => {
    const created = await createSession();
    expect(created.url.startsWith(demo.stripeUrl)).toBe(true);
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(created.url);
    expect(await page.innerText('h1')).toBe('Pay Harbour Studio');
    await page.screenshot({ path: `${SCREENSHOTS}/checkout-phone.png` });
    await fillCard(page, '4242 4242 4242 4242');
    await page.waitForURL(`**/health?paid=${created.stripe_session_id}`);
    await page.close();

    await vi.waitFor(async () => expect(await webhooksOf(sandbox, created.stripe_session_id)).toHaveLength(1), {
      timeout: 60_000,
      interval: 300,
    });
    const [webhook] = await webhooksOf(sandbox, created.stripe_session_id);
    const event = JSON.parse(webhook?.body ?? '');
    expect(event).toMatchObject({
      type: 'payments.payment.succeeded',
      tenant_id: sandbox.workspace_id,
      data: {
        payment_id: created.id,
        amount_cents: 4999,
        currency: 'GBP',
        reference: '1042',
        customer_email: 'buyer@example.com',
      },
    });
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(webhook?.headers['softsolz-signature'] ?? '') ?? [];
    expect(v1).toBe(createHmac('sha256', sandbox.webhook.secret).update(`${t}.${webhook?.body}`).digest('hex'));
    expect(await statusOf(created.id)).toBe('succeeded');
  });

  it('is declined, stays on the page with the reason, and pays with another card', async () => {
    const created = await createSession();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(created.url);
    await fillCard(page, '4000 0000 0000 0002');
    await page.waitForSelector('text=/declined/i');
    expect(await statusOf(created.id)).toBe('created');
    await fillCard(page, '4242 4242 4242 4242');
    await page.waitForURL('**/health?paid=*');
    await page.close();
    await vi.waitFor(async () => expect(await statusOf(created.id)).toBe('succeeded'), {
      timeout: 60_000,
      interval: 300,
    });
  });

  it('goes back by cancel, and the session stays open', async () => {
    const created = await createSession();
    const page = await browser.newPage();
    await page.goto(created.url);
    await page.click('[data-testid=cancel]');
    await page.waitForURL('**/health?cancelled');
    await page.close();
    expect(await statusOf(created.id)).toBe('created');
  });
});
