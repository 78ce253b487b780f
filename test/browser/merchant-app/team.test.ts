import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { askForCode, inspectAll, mailTo, makeWorkspace, openOwnPage, signIn, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

/** The number of the newest mail to an address that invites, and the address of its invitation. */
async function invitationTo(email: string): Promise<{ number: string; path: string }> {
  const list = await (await fetch(`${appUrl}/app/dev/mail`)).text();
  const mail = list.split('<article').find((part) => part.includes(`To ${email}`)) ?? '';
  const [, number = ''] = /mail\/(\d+)"/.exec(mail) ?? [];
  const [path = ''] = /\/app\/invitations\/inv_\w+/.exec(mail) ?? [];
  return { number, path };
}

/** Signs in somebody who is invited and in no workspace. */
async function signInInvited(page: Page, email: string): Promise<void> {
  await askForCode(page, email);
  await page.fill('input[name=code]', (await mailTo(email)).code);
  await page.click('button:text("Sign in")');
  await page.waitForURL(`${appUrl}/app/invitations`);
}

/** Sends a form that the page does not offer, as a person would with the browser's tools. Returns the title of the answer. */
async function postDirectly(page: Page, path: string, fields: Record<string, string> = {}): Promise<string> {
  const answer = await page.request.post(`${appUrl}${path}`, { form: fields, headers: { Origin: appUrl } });
  return /<h1>([^<]*)/.exec(await answer.text())?.[1] ?? '';
}

describe('the team in the merchant app', () => {
  it.each(WALKS)('is invited, joins, gets another role and is removed on a %s', async (device, options) => {
    const [owner, guest] = [await people.open(options), await people.open(options)];
    const look = (page: Page, name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
    const ownerEmail = `owner.${device}@harbour-studio-with-a-long-name.example.com`;
    const email = `jo.${device}@harbour-studio-with-a-long-name.example.com`;
    await signIn(owner, ownerEmail);
    const id = await makeWorkspace(owner, `Harbour Studio & Söhne ${device}`);
    const team = `${appUrl}/app/test/${id}/team`;

    await owner.click('nav a:text("Settings")');
    await owner.click('nav a:text("Team")');
    await owner.waitForURL(team);
    await look(owner, 'team-alone');
    await owner.fill('input[name=email]', 'jo@example');
    await owner.check('input[value=developer]');
    await owner.click('button:text("Send invitation")');
    expect(await owner.innerText('.error')).toContain('Enter an e-mail address');
    expect(await owner.isChecked('input[value=developer]')).toBe(true);
    await look(owner, 'team-refused');
    await owner.fill('input[name=email]', email);
    await owner.click('button:text("Send invitation")');
    expect(await owner.innerText('[role=status]')).toContain(`The invitation was sent to ${email}`);
    await look(owner, 'team-invited');

    const { path } = await invitationTo(email);
    await signInInvited(guest, email);
    await guest.goto(`${appUrl}${path}`);
    const invitation = await guest.innerText('main');
    for (const text of [ownerEmail, 'Harbour Studio & Söhne', 'Developer']) expect(invitation).toContain(text);
    await look(guest, 'invitation');
    await guest.click('button:text("Accept")');
    await guest.waitForURL(`${appUrl}/app/test/${id}/home`);
    await openOwnPage(guest);
    expect(await guest.innerText('main')).toContain('Developer');

    await guest.goto(team);
    expect(await guest.innerText('main')).toContain('Admins and owners invite people');
    await look(guest, 'team-as-developer');
    expect(await guest.locator('tr:has-text("You")').count()).toBe(1);
    expect(await guest.locator('select').count()).toBe(0);
    const forms = { email: 'friend@example.com', role: 'viewer' };
    const refused = 'Your role does not allow this';
    expect(await postDirectly(guest, `/app/test/${id}/team/invitations`, forms)).toBe(refused);
    expect(await postDirectly(guest, `/app/test/${id}/team/owners/invitations`, forms)).toBe(refused);
    expect(await postDirectly(guest, `/app/live/${id}/close`, { name: 'x' })).toBe(refused);
    await guest.goto(`${team}/owners/invitations/new`);
    expect(await guest.innerText('h1')).toBe(refused);
    await look(guest, 'role-refused');

    await owner.goto(team);
    await look(owner, 'team-of-two');
    await owner.selectOption(`tr:has-text("${email}") select`, 'admin');
    await owner.click(`tr:has-text("${email}") button:text("Save")`);
    expect(await owner.innerText('[role=status]')).toContain('The role was changed');
    await guest.goto(team);
    expect(await guest.innerText('main')).toContain('Only an owner invites, changes or removes owners');
    await look(guest, 'team-as-admin');

    await owner.click(`tr:has-text("${email}") a:text("Make owner")`);
    expect(await owner.innerText('h1')).toContain(`Make ${email} an owner?`);
    await look(owner, 'make-owner');
    await owner.click('a:text("Cancel")');
    await owner.click('a:text("Invite an owner")');
    await look(owner, 'invite-owner');
    await owner.goto(`${team}/leave`);
    expect(owner.url()).toBe(`${team}/owners/leave`);
    expect(await owner.innerText('main')).toContain('You are the only owner');
    await look(owner, 'leave-last');

    await owner.goto(team);
    await owner.click(`tr:has-text("${email}") a:text("Remove")`);
    expect(await owner.innerText('h1')).toContain(`Remove ${email}?`);
    await look(owner, 'remove');
    await owner.click('button:text("Remove")');
    expect(await owner.innerText('[role=status]')).toContain('The person was removed');
    await guest.goto(team);
    expect(await guest.innerText('h1')).toBe('Nothing is here');
    await guest.goto(`${appUrl}${path}`);
    expect(await guest.innerText('h1')).toBe('This invitation is not open');
    await look(guest, 'invitation-gone');

    await owner.goto(`${appUrl}/app/live/${id}/close`);
    await look(owner, 'close');
    await owner.fill('input[name=name]', `Harbour Studio & Söhne ${device}`);
    await owner.click('button:text("Close workspace")');
    expect(await owner.innerText('h1')).toBe('This workspace is closed');
    await look(owner, 'closed');
  });

  it.each(WALKS)(
    'invites, sends again, withdraws, makes owners, declines and leaves on a %s',
    async (device, options) => {
      const [owner, guest] = [await people.open(options), await people.open(options)];
      const look = (page: Page, name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
      const [email, withdrawn] = [`lee.${device}@example.com`, `kim.${device}@example.com`];
      await signIn(owner, `first.${device}@example.com`);
      const id = await makeWorkspace(owner, `Quay ${device}`);
      const team = `${appUrl}/app/test/${id}/team`;
      const invite = async (address: string) => {
        await owner.goto(team);
        await owner.fill('input[name=email]', address);
        await owner.check('input[value=viewer]');
        await owner.click('button:text("Send invitation")');
        expect(await owner.innerText('[role=status]')).toContain(`The invitation was sent to ${address}`);
      };
      await invite(withdrawn);
      const { path } = await invitationTo(withdrawn);
      await owner.click(`li:has-text("${withdrawn}") button:text("Send again")`);
      expect(await owner.innerText('[role=status]')).toContain(`The invitation was sent to ${withdrawn}`);
      expect((await invitationTo(withdrawn)).path).toBe(path);
      await owner.click(`li:has-text("${withdrawn}") button:text("Withdraw")`);
      expect(await owner.innerText('[role=status]')).toContain('not open any more');
      expect(await owner.locator(`li:has-text("${withdrawn}")`).count()).toBe(0);

      await owner.click('a:text("Invite an owner")');
      await owner.fill('input[name=email]', withdrawn);
      await owner.click('button:text("Send invitation")');
      await owner.click(`li:has-text("${withdrawn}") a:text("Send again")`);
      await look(owner, 'resend-owner');
      await owner.click('button:text("Send again")');
      await owner.click(`li:has-text("${withdrawn}") a:text("Withdraw")`);
      await look(owner, 'withdraw-owner');
      await owner.click('button:text("Withdraw")');
      expect(await owner.innerText('main')).toContain('Nobody is invited at the moment');

      await invite(email);
      await signInInvited(guest, email);
      await guest.click('button:text("Decline")');
      await guest.waitForURL(/workspaces\/new/);
      await guest.goto(`${appUrl}/app/invitations`);
      expect(await guest.innerText('main')).toContain(`Nobody has invited ${email}`);
      await look(guest, 'not-invited');
      await invite(email);
      await guest.reload();
      await guest.click('button:text("Accept")');
      await guest.waitForURL(/\/home$/);
      await guest.goto(`${team}/leave`);
      await look(guest, 'leave');

      await owner.goto(team);
      await owner.click(`tr:has-text("${email}") a:text("Make owner")`);
      await owner.click('button:text("Make owner")');
      expect(await owner.innerText('[role=status]')).toContain('The role was changed');
      await owner.click(`tr:has-text("${email}") a:text("Change role")`);
      await look(owner, 'change-owner-role');
      await owner.click('a:text("Cancel")');
      await owner.goto(`${team}/leave`);
      await look(owner, 'leave-owner');
      await owner.click('button:text("Leave")');
      await owner.waitForURL(/workspaces\/new/);
      // The form is that of somebody who was no owner when it was shown.
      await guest.click('button:text("Leave")');
      expect(guest.url()).toBe(`${team}/owners/leave`);
      expect(await guest.innerText('main')).toContain('You are the only owner');
    },
  );

  it.each(['en-GB', 'de-DE'])('sends an invitation that fits a phone, from a browser in %s', async (locale) => {
    const options = { ...PHONE, locale, viewport: { width: 320, height: 640 } };
    const page = await people.open(options);
    const email = `invited.${locale.toLowerCase()}@harbour-studio-with-a-long-name.example.com`;
    await askForCode(page, `inviting.${locale.toLowerCase()}@example.com`);
    await page.fill('input[name=code]', (await mailTo(`inviting.${locale.toLowerCase()}@example.com`)).code);
    await page.click('form:has(input[name=code]) button');
    await page.waitForURL(/\/app\/workspaces\/new/);
    await page.fill('input[name=name]', 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunternehmen');
    await page.click('form:has(input[name=name]) button');
    await page.waitForURL(/\/home$/);
    await page.goto(page.url().replace(/home$/, 'team'));
    await inspectAll(page, `team-${locale}`);
    await page.fill('input[name=email]', email);
    await page.click('form:has(input[name=email]:not([type=hidden])) button');
    await page.waitForURL(/invited=/);
    const { number } = await invitationTo(email);
    await page.goto(`${appUrl}/app/dev/mail/${number}`);
    expect(await page.getAttribute('html', 'lang')).toBe(locale.slice(0, 2));
    expect(await page.getAttribute('a', 'href')).toMatch(/^http:\/\/localhost:\d+\/app\/invitations\/inv_0\w{26}$/);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.screenshot({ path: `test-results/screenshots/app-invitation-mail-${locale}.png`, fullPage: true });
  });
});
