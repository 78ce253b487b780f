import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import * as z from 'zod';
import { type Demo, webhooksOf } from './demo.ts';
import type { Link } from './links.ts';

/** The origin of a merchant's site. It is served to the browser by the test: nothing leaves this machine. */
export const SHOP = 'https://good.example';

/** What a browser needs for pages of the test: our pages are on this machine, which a public page may not ask by itself. */
export const AT_SHOPS = { switches: ['--disable-features=LocalNetworkAccessChecks'] };

const keyAnswer = z.object({ data: z.object({ key: z.string() }) });

/** A public key of main's sandbox for these origins, made through the API. */
export async function createPublicKey(demo: Demo, origins: readonly string[]): Promise<string> {
  const secret = demo.main.sandbox.keys.public_keys;
  expect(secret, 'demo.json has no key that makes public keys').toBeDefined();
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/public-keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Browser test', allowed_origins: origins }),
  });
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return keyAnswer.parse(JSON.parse(text)).data.key;
}

/** The script tag as merchants paste it. */
export function scriptTag(demo: Demo, key: string, link: Pick<Link, 'id'>, attributes = ''): string {
  return `<script ${attributes} src="${demo.baseUrl}/softsolz.js"
data-service-id="payments"
data-public-key="${key}"
data-token="${link.id}"></script>`;
}

/** A merchant's page: long enough to scroll, with a plain link beside the widget. */
export function shopHtml(body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${head}</head>
<body><main><h1>A shop</h1>${body}<p id="end"></p></main></body></html>`;
}

/** Records in `heard` the events that the widgets send to the page, in `posted` what frames post to it, in `violations` what its policy forbade. */
const HEAR = `window.heard = []; window.posted = []; window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI));
for (const name of ['ready', 'open', 'close', 'confirming', 'succeeded', 'failed', 'blocked', 'processing']) {
  addEventListener('softsolz:' + name, ({ detail }) => heard.push({ name, detail }));
}
addEventListener('message', ({ origin, data }) => posted.push({ origin, data }));`;

/** Opens a page of these bytes at any address, with these headers. */
export async function visit(
  page: Page,
  url: string,
  html: string,
  headers: Record<string, string> = {},
): Promise<void> {
  await page.addInitScript(HEAR);
  await serve(page, url, html, headers);
  await page.goto(url);
}

/** Answers an address with these bytes from now on. */
export async function serve(
  page: Page,
  url: string,
  html: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const all = { 'Content-Type': 'text/html; charset=utf-8', ...headers };
  await page.route(url, (route) => route.fulfill({ status: 200, headers: all, body: html }));
}

const heardSchema = z.array(z.object({ name: z.string(), detail: z.record(z.string(), z.unknown()).nullable() }));

/** What the page has heard so far: the events' names, or with `name` the details of those events. */
export async function heard(page: Page): Promise<string[]>;
export async function heard(page: Page, name: string): Promise<unknown[]>;
export async function heard(page: Page, name?: string): Promise<unknown[]> {
  const all = heardSchema.parse(await page.evaluate('heard'));
  return name === undefined ? all.map((event) => event.name) : all.filter((e) => e.name === name).map((e) => e.detail);
}

/** Waits until the page has heard of this. */
export async function untilHeard(page: Page, name: string): Promise<void> {
  await expect.poll(() => heard(page), { timeout: 30_000, interval: 100 }).toContain(name);
}

/** The widget's button; `at` for the second of several. */
export function widgetButton(page: Page, at = 0) {
  return page.locator('softsolz-pay').nth(at).locator('> button, button:not(dialog button)').first();
}

/** The open dialog. */
export function dialogOf(page: Page) {
  return page.locator('softsolz-pay dialog[open]');
}

/** What our frame shows inside the open dialog. */
export function frameOf(page: Page) {
  return page.frameLocator('softsolz-pay dialog[open] iframe');
}

/** What an expression is in the page of our frame. */
export async function evaluateInFrame(demo: Demo, page: Page, expression: string): Promise<unknown> {
  return await page
    .frames()
    .find((frame) => frame.url().startsWith(demo.baseUrl))
    ?.evaluate(expression);
}

/** Stripe's form inside our frame. */
export function cardForm(page: Page) {
  return frameOf(page).frameLocator('#checkout iframe');
}

/** Fills in the card form and sends it. */
export async function payInFrame(page: Page, number: string): Promise<void> {
  const form = cardForm(page);
  await form.locator('[name=email]').fill('buyer@example.com');
  await form.locator('[name=card_number]').fill(number);
  await form.locator('[name=card_expiry]').fill('12 / 34');
  await form.locator('[name=card_cvc]').fill('123');
  await form.locator('button[name=method][value=card]').click();
}

const webhook = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

/** The one webhook about a Stripe session, once it has arrived. */
export async function webhookOf(demo: Demo, sessionId: string) {
  const arrived = async () => await webhooksOf(demo.main.sandbox, sessionId);
  await expect.poll(async () => (await arrived()).length, { timeout: 30_000, interval: 200 }).toBe(1);
  const [only] = await arrived();
  return webhook.parse(JSON.parse(only?.body ?? ''));
}
