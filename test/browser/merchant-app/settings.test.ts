import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { connectStripe, inspectAll, makeWorkspace, signIn } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
// The logo is at the API, which also shows it to buyers.
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl }, { mayAsk: [demo.baseUrl] });

/** Opens a page of the settings by its tab. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.click(`nav[aria-label=Settings] a:text-is("${name}")`);
  await page.waitForSelector(`nav[aria-label=Settings] a[aria-current]:text-is("${name}")`);
}

/** Makes a picture in the browser, as a file. */
async function pictureFile(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const url = await page.evaluate<string>(`(() => {
    const canvas = document.createElement('canvas');
    const context = Object.assign(canvas, { width: 240, height: 120 }).getContext('2d');
    context.fillStyle = '#0f5f6b';
    context.fillRect(0, 0, 240, 120);
    return canvas.toDataURL();
  })()`);
  return { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(url.split(',')[1] ?? '', 'base64') };
}

describe('the settings in the merchant app', () => {
  it('are changed, looked through and left, and keep the rules on a phone and a desktop, also without scripts', async () => {
    const page = await people.open(DESKTOP);
    const email = 'settings.owner@harbour-studio.example.com';
    await signIn(page, email);
    await makeWorkspace(page, 'Harbour Studio');
    await page.click('nav a:text("Settings")');
    await page.fill('#support_phone', '112');
    await page.fill('#brand_color', 'teal');
    await page.click('button:text-is("Save")');
    await page.waitForSelector('.error');
    expect(await page.locator('.error').allInnerTexts()).toEqual([
      'Enter a phone number with at least 5 digits, such as +44 20 7946 0958.',
      'Enter a colour such as #1d4ed8.',
    ]);
    expect(await page.inputValue('#brand_color')).toBe('teal');
    await inspectAll(page, 'settings-business-refused');
    await page.fill('#support_phone', '+44 20 7946 0958');
    await page.fill('#brand_color', '#0f5f6b');
    await page.click('button:text-is("Save")');
    await page.waitForURL('**/business?saved=1');
    await page.setInputFiles('#logo', await pictureFile(page));
    await page.click('button:text("Use this picture")');
    await expect.poll(() => page.innerText('main')).toContain('Remove the logo');
    const logo = await fetch((await page.getAttribute('img.logo', 'src')) ?? '');
    expect([logo.status, logo.headers.get('Content-Type')]).toEqual([200, 'image/png']);
    expect(await page.innerText('.notice')).toContain('Saved');
    await inspectAll(page, 'settings-business');

    await openTab(page, 'Stripe');
    await inspectAll(page, 'settings-stripe-none');
    await connectStripe(page);
    expect(await page.innerText('main')).toContain('You can take payments');
    await inspectAll(page, 'settings-stripe');
    await page.click('a:text("Disconnect")');
    await inspectAll(page, 'settings-stripe-disconnect');
    await page.click('a.crumb');

    const plain = await people.open({ ...PHONE, javaScriptEnabled: false });
    await signIn(plain, email);
    await plain.click('nav a:text("Settings")');
    await plain.fill('#support_email', 'hello@harbour-studio.example.com');
    await plain.click('button:text-is("Save")');
    await plain.waitForURL('**/business?saved=1');
    await plain.click('button:text("Remove the logo")');
    await expect.poll(() => plain.locator('img.logo').count()).toBe(0);
    await openTab(plain, 'Stripe');
    await plain.click('button:text("Check again")');
    await plain.waitForURL('**/stripe?checked=yes');
    await openTab(plain, 'Audit log');
    for (const text of ['Business profile changed', 'Logo removed', 'Stripe account made', 'You']) {
      expect(await plain.innerText('table')).toContain(text);
    }

    await openTab(page, 'Audit log');
    await inspectAll(page, 'settings-audit');
    await openTab(page, 'You');
    await inspectAll(page, 'settings-you');
    await openTab(plain, 'You');
    await plain.click('button:text-is("End")');
    await page.reload();
    expect(new URL(page.url()).pathname).toBe('/app/sign-in');
  });
});
