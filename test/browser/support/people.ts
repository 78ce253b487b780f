import { randomInt } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { DESKTOP, inspect, inspectColours, PHONE } from './buyer.ts';
import { readDemo } from './demo.ts';

const { appUrl, stripeUrl } = readDemo();

/** The number of the newest mail to an address in the local copy, and its code. Waits for it. */
export async function mailTo(email: string): Promise<{ number: string; code: string }> {
  const found = async () => {
    const list = await (await fetch(`${appUrl}/app/dev/mail`)).text();
    const mail = list.split('<article').find((part) => part.includes(`To ${email}`)) ?? '';
    return { number: /mail\/(\d+)"/.exec(mail)?.[1] ?? '', code: /^\d{6}$/m.exec(mail)?.[0] ?? '' };
  };
  await expect.poll(found).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) });
  return await found();
}

/** Asks for a code, from an IP address of its own: a visitor is sent few codes in an hour. */
export async function askForCode(page: Page, email: string): Promise<void> {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
  await page.context().setExtraHTTPHeaders({ 'CF-Connecting-IP': address });
  await page.goto(`${appUrl}/app`);
  await page.fill('input[name=email]', email);
  await page.click('form:has(input[name=email]) button');
  await page.waitForURL(`${appUrl}/app/sign-in/code`);
}

/** Signs in with the code of a mail. Somebody new is then asked for the name of a workspace. */
export async function signIn(page: Page, email: string): Promise<void> {
  await askForCode(page, email);
  await page.fill('input[name=code]', (await mailTo(email)).code);
  await page.click('button:text("Sign in")');
  await page.waitForURL(/\/app\/(workspaces\/new|test\/)/);
}

/** Makes a workspace on the page that asks for its name, and returns its id. */
export async function makeWorkspace(page: Page, name: string): Promise<string> {
  await page.fill('input[name=name]', name);
  await page.click('button:text("Create workspace")');
  await page.waitForURL(/\/app\/test\/[^/]+\/home$/);
  return /test\/([^/]+)\/home$/.exec(page.url())?.[1] ?? '';
}

/** A window as wide as a small phone. */
export const SMALL_PHONE = { ...PHONE, viewport: { width: 375, height: 800 } };

/** Where each way through the app is walked. */
export const WALKS: readonly (readonly [
  device: 'phone' | 'desktop-without-scripts',
  options: BrowserContextOptions,
])[] = [
  ['phone', SMALL_PHONE],
  ['desktop-without-scripts', { ...DESKTOP, javaScriptEnabled: false }],
];

const SIZES = { phone: SMALL_PHONE.viewport, desktop: DESKTOP.viewport };

/** Holds a page that runs scripts to its rules, on a phone and a desktop, light and dark, and keeps pictures. */
export async function inspectAll(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await inspect(page, `app-${name}-${size}-light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectColours(page, `app-${name}-${size}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
  }
  if (before) await page.setViewportSize(before);
}

/** Connects an account from the page of the settings, with Stripe's sample answers. */
export async function connectStripe(page: Page): Promise<void> {
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

/** Opens the page of the person who is signed in, from a screen of a workspace. Returns its address. */
export async function openOwnPage(page: Page): Promise<string> {
  const own = page.url().replace(/(\/app\/(?:test|live)\/[^/]+)\/.*$/, '$1/settings/you');
  await page.goto(own);
  return own;
}

/** A sink of the simulator that answers with this status. */
export async function sinkThatAnswers(name: string, status: number): Promise<string> {
  const url = `${stripeUrl}/sink/${name}`;
  const init = { method: 'PUT', body: JSON.stringify({ status }), headers: { 'Content-Type': 'application/json' } };
  expect((await fetch(url, init)).ok).toBe(true);
  return url;
}

/** Loads the page again until it says this: the queue delivers within seconds. */
export async function untilSaid(page: Page, text: string): Promise<void> {
  const said = async () => {
    await page.reload();
    return await page.innerText('main');
  };
  await expect.poll(said, { interval: 500 }).toContain(text);
}
