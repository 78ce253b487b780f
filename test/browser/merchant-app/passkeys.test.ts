import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, mailTo, makeWorkspace, openOwnPage, signIn } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

const CANCELLED = 'you cancelled it, or it took too long';

/** A device with a fingerprint reader, which this page's passkeys are kept by. `verify`: whether the finger fits. */
async function addDevice(page: Page): Promise<{ verify(fits: boolean): Promise<void> }> {
  const client: CDPSession = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    verify: async (fits) => {
      await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: fits });
    },
  };
}

async function signOut(page: Page): Promise<void> {
  await page.click('summary');
  await page.click('button:text("Sign out")');
  await page.waitForURL(`${appUrl}/app/sign-in`);
}

/** What the form with a passkey says went wrong. */
const alert = (page: Page) => page.locator('[data-passkey] [role=alert]');
const removeButtons = (page: Page) => page.locator('button:text("Remove")');

describe('passkeys in the merchant app', () => {
  it('are added, sign in and are removed, and every page keeps the rules', async () => {
    const page = await people.open(PHONE);
    const device = await addDevice(page);
    const look = (name: string) => inspectAll(page, name);
    await signIn(page, `passkeys.sizes@harbour-studio-with-a-long-name.example.com`);
    await makeWorkspace(page, 'Harbour Studio');
    const home = page.url();
    const own = await openOwnPage(page);
    await device.verify(false);
    await page.click('button:text("Add a passkey")');
    await expect.poll(() => alert(page).innerText()).toContain(CANCELLED);
    await look('passkey-cancelled');

    await device.verify(true);
    await page.click('button:text("Add a passkey")');
    await expect.poll(() => removeButtons(page).count()).toBe(1);
    expect(page.url()).toBe(own);
    expect(await page.innerText('[aria-labelledby=passkeys]')).toContain('Chrome');
    await look('passkey-added');
    await page.click('button:text("Add a passkey")');
    await expect.poll(() => alert(page).innerText()).toBe('This device already has a passkey for you.');

    await signOut(page);
    await look('sign-in-passkey');
    await page.click('button:text("Sign in with a passkey")');
    await page.waitForURL(home);

    await openOwnPage(page);
    await removeButtons(page).click();
    await expect.poll(() => removeButtons(page).count()).toBe(0);
    expect(page.url()).toBe(own);
    await signOut(page);
    await page.click('button:text("Sign in with a passkey")');
    await expect.poll(() => alert(page).innerText()).toContain('This passkey cannot sign in here');
    await look('sign-in-passkey-refused');
    await page.goto(home);
    expect(page.url()).toBe(`${appUrl}/app/sign-in?to=${encodeURIComponent(new URL(home).pathname)}`);
  });

  it('confirm who somebody is, as a code does', async () => {
    const page = await people.open(PHONE);
    const device = await addDevice(page);
    const look = (name: string) => inspectAll(page, name);
    const email = `confirm.sizes@harbour-studio-with-a-long-name.example.com`;
    await signIn(page, email);
    await makeWorkspace(page, 'Harbour Studio');
    const own = await openOwnPage(page);
    const { code: codeOfSignIn } = await mailTo(email);
    await page.click('button:text("Add a passkey")');
    await expect.poll(() => removeButtons(page).count()).toBe(1);

    const confirm = `${appUrl}/app/confirm?to=${encodeURIComponent(new URL(own).pathname)}`;
    await page.goto(confirm);
    await look('confirm');
    await device.verify(false);
    await page.click('button:text("Confirm with a passkey")');
    await expect.poll(() => alert(page).innerText()).toContain(CANCELLED);
    await device.verify(true);
    await page.click('button:text("Confirm with a passkey")');
    await page.waitForURL(own);

    await page.goto(confirm);
    await page.click('button:text("Send me a code")');
    await page.waitForURL(`${appUrl}/app/confirm/code?to=*`);
    await page.fill('input[name=code]', codeOfSignIn);
    await page.click('button:text("Confirm")');
    expect(await page.innerText('.error:not([role])')).toContain('That code is wrong');
    await look('confirm-code-wrong');
    await page.fill('input[name=code]', (await mailTo(email)).code);
    await page.click('button:text("Confirm")');
    await page.waitForURL(own);
  });

  it('are offered in words only, where a browser has no scripts', async () => {
    const page = await people.open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${appUrl}/app/sign-in`);
    expect(await page.isVisible('button:text("Sign in with a passkey")')).toBe(false);
    await signIn(page, 'no.scripts@example.com');
    await makeWorkspace(page, 'Harbour Studio');
    await openOwnPage(page);
    expect(await page.isVisible('button:text("Add a passkey")')).toBe(false);
    expect(await page.innerText('[aria-labelledby=passkeys]')).toContain('open this page in a browser with scripts');
  });

  it('say in German what went wrong', async () => {
    const page = await people.open({ ...PHONE, locale: 'de-DE' });
    const device = await addDevice(page);
    await device.verify(false);
    await page.goto(`${appUrl}/app/sign-in`);
    await page.click('button:text("Mit einem Passkey anmelden")');
    await expect.poll(() => alert(page).innerText()).toContain('Sie haben abgebrochen');
  });
});
