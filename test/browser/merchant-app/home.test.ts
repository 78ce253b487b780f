import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, makeWorkspace, signIn } from '../support/people.ts';
import { settle } from '../support/stripe.ts';

const demo = readDemo();
const { appUrl } = demo;
const people = useBuyers({ ...demo, baseUrl: appUrl });
const ROOT = join(import.meta.dirname, '../../..');

/** Runs `npm run admin` on the running copy, and returns its answer as JSON. */
async function admin(...words: string[]): Promise<unknown> {
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', 'scripts/admin/main.ts'];
  const place = ['--persist-to', dirname(inject('demoFile')), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...words, ...place], { cwd: ROOT });
  return JSON.parse(stdout);
}

const workspaces = z.object({ data: z.array(z.object({ id: z.string(), pair_id: z.string(), mode: z.string() })) });

/** A secret key of the sandbox workspace of a pair. */
async function keyOf(pair: string): Promise<string> {
  const { data } = workspaces.parse(await admin('workspace', 'list', '--limit', '100'));
  const sandbox = data.find(({ pair_id, mode }) => pair_id === pair && mode === 'sandbox');
  if (!sandbox) throw new Error(`The pair ${pair} has no sandbox`);
  return z.object({ key: z.string() }).parse(await admin('key', 'issue', sandbox.id)).key;
}

/** The request that the page teaches, with this key, amount and currency; and what becomes of the session. */
async function pay(key: string, amount: number, currency: string, outcome: 'paid' | 'declined' | 'processing') {
  const urls = { success_url: 'https://example.com/thanks', cancel_url: 'https://example.com/basket' };
  const body = {
    amount_cents: amount,
    currency,
    description: 'Order #1042',
    customer_email: 'ada@example.com',
    ...urls,
  };
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/checkout-sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data } = z.object({ data: z.object({ url: z.string() }) }).parse(await response.json());
  await settle(demo, /cs_test_\w+/.exec(data.url)?.[0] ?? '', outcome);
}

/** Connects an account with Stripe's sample answers. */
async function connectStripe(page: Page): Promise<void> {
  await page.click('main a:text("Connect Stripe")');
  await page.selectOption('#country', 'GB');
  await page.fill('input[name=email]', 'owner@shop.example');
  await page.click('main button.main');
  for (const step of ['business', 'person', 'bank']) {
    await page.waitForURL(`**/${step}`);
    await page.click('button[value=sample]');
  }
  await page.waitForURL('**/review');
  await page.check('input[value=ready]');
  await page.click('button[value=submit]');
  await page.waitForURL(`${appUrl}/app/test/*/settings/stripe?*`);
}

describe('Home in the merchant app', () => {
  it('leads from a new workspace to what came in, and keeps the rules on a phone and a desktop', async () => {
    const page = await people.open({ ...DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] });
    await signIn(page, 'home.owner@example.com');
    const id = await makeWorkspace(page, 'Harbour Studio & Söhne');
    const home = page.url();
    expect(await page.innerText('main')).toContain('0 of 4 done');
    await inspectAll(page, 'home-new');
    await page.click('button:has-text("Copy"):has-text("Test card number")');
    await expect.poll(() => page.innerText('[data-copy=test-card]')).toContain('Copied');
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('4242 4242 4242 4242');
    await page.goto(`${appUrl}/app/live/${id}/home`);
    await inspectAll(page, 'home-new-live');

    await page.goto(home);
    await connectStripe(page);
    await page.goto(home);
    expect(await page.innerText('main')).toContain('1 of 4 done');
    await inspectAll(page, 'home-one-done');

    const key = await keyOf(id);
    await pay(key, 4999, 'gbp', 'paid');
    await pay(key, 8800, 'jpy', 'paid');
    await pay(key, 12_000, 'eur', 'paid');
    await pay(key, 2500, 'eur', 'processing');
    // Home keeps its sums for a minute: it is opened when all payments are there.
    const paid = async () => {
      await page.goto(home.replace(/home$/, 'payments'));
      return await page.locator('td:has-text("Paid")').count();
    };
    await expect.poll(paid).toBe(3);
    await page.goto(`${home}?currency=JPY`);
    await page.click('main summary');
    await inspectAll(page, 'home-paid');

    const plain = await people.open({
      ...PHONE,
      javaScriptEnabled: false,
      storageState: await page.context().storageState(),
    });
    await plain.goto(home);
    await plain.click('nav a:text-is("EUR")');
    expect(await plain.getAttribute('svg.chart', 'aria-label')).toContain('Euro');
    expect(await plain.getAttribute('td a.go >> nth=0', 'href')).toMatch(/\/payments\/\d+$/);
  });
});
