import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, makeWorkspace, signIn, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

/** Opens the menu of workspaces, and follows one of its links. */
async function choose(page: Page, name: string): Promise<void> {
  await page.click('summary');
  await page.click(`.menu a:text("${name}")`);
}

describe('workspaces in the merchant app', () => {
  it.each(WALKS)('are made on a %s by signing up, and switched between', async (device, options) => {
    const page = await people.open(options);
    const look = (name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
    await signIn(page, `two.workspaces.${device}@example.com`);
    await look('new-workspace');
    await page.fill('input[name=name]', '  ');
    await page.click('button:text("Create workspace")');
    expect(await page.innerText('.error')).toContain('Enter a name');
    expect(await page.getAttribute('input[name=name]', 'aria-describedby')).toBe('name-error name-hint');
    await look('new-workspace-refused');

    const first = await makeWorkspace(page, 'Harbour Studio & Söhne, a name that is longer than most are');
    expect(await page.innerText('h1')).toContain('Harbour Studio & Söhne');
    await look('home');
    await choose(page, 'New workspace');
    await page.waitForURL(`${appUrl}/app/workspaces/new?form=*`);
    const second = await makeWorkspace(page, 'Orchard Bakery');
    expect(second).not.toBe(first);
    expect(await page.innerText('h1')).toContain('Orchard Bakery');
    await page.click('summary');
    await look('switcher');
    await page.click('.menu a:text("Harbour Studio")');
    await page.waitForURL(`${appUrl}/app/test/${first}/home`);
    await page.click('.mode a:text("Live")');
    await page.waitForURL(`${appUrl}/app/live/${first}/home`);
    await look('home-live');
    // In live, the switch stays in live.
    await choose(page, 'Orchard Bakery');
    await page.waitForURL(`${appUrl}/app/live/${second}/home`);
    await page.goto(`${appUrl}/app`);
    expect(page.url()).toBe(`${appUrl}/app/test/${second}/home`);
  });

  it('are made once where a person comes back to the form', async () => {
    const page = await people.open(DESKTOP);
    await signIn(page, 'back.and.again@example.com');
    const made = await makeWorkspace(page, 'Once');
    await page.goBack();
    if (!page.url().includes(made)) await makeWorkspace(page, 'Twice');
    expect(page.url()).toBe(`${appUrl}/app/test/${made}/home`);
    await page.click('summary');
    expect(await page.locator('.menu a[href^="/app/test/"]:has(.mark)').count()).toBe(1);
  });

  it('keep to themselves: another person does not see one, and two tabs stay each in its own', async () => {
    const [mine, theirs] = [await people.open(DESKTOP), await people.open(DESKTOP)];
    await signIn(mine, 'mine@example.com');
    await signIn(theirs, 'theirs@example.com');
    const first = await makeWorkspace(mine, 'Mine alone');
    await makeWorkspace(theirs, 'Theirs alone');
    await theirs.goto(`${appUrl}/app/live/${first}/home`);
    expect(await theirs.innerText('h1')).toBe('Nothing is here');
    await inspectAll(theirs, 'no-member-desktop');
    await theirs.click('a:text("Go to the app")');
    expect(await theirs.innerText('body')).not.toContain('Mine alone');

    const other = await mine.context().newPage();
    await other.goto(`${appUrl}/app/workspaces/new`);
    await makeWorkspace(other, 'My second');
    await mine.reload();
    expect(await mine.innerText('h1')).toContain('Mine alone');
    expect(await other.innerText('h1')).toContain('My second');
  });

  it('are offered in German', async () => {
    const page = await people.open({ ...PHONE, locale: 'de-DE', viewport: { width: 320, height: 640 } });
    const english = await people.open(PHONE);
    await signIn(english, 'deutsch@example.com');
    await page.context().addCookies(await english.context().cookies());
    await page.goto(`${appUrl}/app/workspaces/new`);
    expect(await page.innerText('h1')).toBe('Neuer Workspace');
    await inspectAll(page, 'new-workspace-german-320');
  });
});
