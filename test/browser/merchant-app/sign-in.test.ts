import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { askForCode, inspectAll, mailTo, makeWorkspace, openOwnPage, signIn, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

const isSignIn = ({ pathname }: URL) => pathname === '/app/sign-in';

describe('signing in to the merchant app', () => {
  it.each(WALKS)('works on a %s, and every page keeps the rules', async (device, options) => {
    const email = `mara.${device}@harbour-studio-with-a-long-name.example.com`;
    const page = await people.open(options);
    const look = (name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
    await page.goto(`${appUrl}/`);
    expect(page.url()).toBe(`${appUrl}/app/sign-in`);
    await look('sign-in');

    await askForCode(page, email);
    await look('code');
    await page.fill('input[name=code]', 'wrong');
    await page.click('button:text("Sign in")');
    expect(await page.innerText('.error')).toContain('That code is wrong');
    expect(await page.getAttribute('input[name=code]', 'aria-describedby')).toBe('code-error');
    await look('code-wrong');

    await page.fill('input[name=code]', (await mailTo(email)).code);
    await page.click('button:text("Sign in")');
    await page.waitForURL(`${appUrl}/app/workspaces/new?form=*`);
    expect(await page.innerText('main')).toContain(email);
    await page.click('button:text("Sign out")');
    await page.waitForURL(`${appUrl}/app/sign-in`);
  });

  it('ends the session of another browser while that is in use', async () => {
    const [desk, phone] = [await people.open(DESKTOP), await people.open(PHONE)];
    await signIn(desk, 'both@example.com');
    await makeWorkspace(desk, 'Both');
    await signIn(phone, 'both@example.com');
    await openOwnPage(desk);
    await openOwnPage(phone);
    await inspectAll(desk, 'two-sessions-desktop');
    await inspectAll(phone, 'one-session-phone');
    await desk.click('button:text("End")');
    await expect.poll(() => desk.locator('button:text("End")').count()).toBe(0);
    await phone.click('nav a:text("Payments")');
    await phone.waitForURL(isSignIn);
    await desk.reload();
    expect(await desk.innerText('h1')).toBe('Settings');
  });

  it('ends sessions without scripts, one and all others', async () => {
    const plain = { ...PHONE, javaScriptEnabled: false };
    const page = await people.open(plain);
    const email = 'plain.sessions@example.com';
    await signIn(page, email);
    await makeWorkspace(page, 'Plain');
    await openOwnPage(page);
    for (const button of ['End', 'all others']) {
      const other = await people.open(plain);
      await signIn(other, email);
      await page.reload();
      await page.click(button === 'End' ? 'button:text-is("End")' : 'form[action="/app/sessions/end-others"] button');
      await expect.poll(() => page.locator('button:text-is("End")').count()).toBe(0);
      await other.goto(`${appUrl}/app`);
      expect(new URL(other.url()).pathname).toBe('/app/sign-in');
    }
  });

  it('refuses the right code after six wrong ones', async () => {
    const page = await people.open(DESKTOP);
    const email = 'guessed@example.com';
    await askForCode(page, email);
    const { code } = await mailTo(email);
    const enter = async (typed: string) => {
      await page.fill('input[name=code]', typed);
      await Promise.all([page.waitForEvent('load'), page.click('button:text("Sign in")')]);
    };
    for (let n = 1; n <= 6; n++) await enter(String((Number(code) + n) % 1_000_000).padStart(6, '0'));
    await enter(code);
    expect(await page.innerText('.error')).toContain('That code is wrong');
    await page.goto(`${appUrl}/app`);
    expect(new URL(page.url()).pathname).toBe('/app/sign-in');
  });

  it.each(['en-GB', 'de-DE'])('sends a mail that fits a phone, to a browser in %s', async (locale) => {
    const page = await people.open({ ...PHONE, locale, viewport: { width: 320, height: 640 } });
    const email = `mail.${locale.toLowerCase()}@example.com`;
    await askForCode(page, email);
    const { number, code } = await mailTo(email);
    await page.goto(`${appUrl}/app/dev/mail/${number}`);
    expect(await page.getAttribute('html', 'lang')).toBe(locale.slice(0, 2));
    expect(await page.innerText('body')).toContain(code);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.screenshot({ path: `test-results/screenshots/app-mail-${locale}.png` });
  });
});
