import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { people } from '../../../src/db/sign-in-schema.ts';
import { invitations } from '../../../src/db/team-schema.ts';
import { TestApp, TestBrowser } from '../support/app.ts';
import { directory, newEmail, newMember, newOrganisation } from '../support/team.ts';
import { formsOf, seen } from '../support/traces.ts';

const open = new TestApp();
const peopleWith = (email: string) => directory.select().from(people).where(eq(people.email, email));

/** An address that was invited to a new organisation. */
async function newInvitee(): Promise<string> {
  const organisation = await newOrganisation();
  const owner = await newMember(open, organisation, 'owner');
  const email = newEmail();
  await formsOf(owner.browser, organisation)('team/invitations', { email, role: 'viewer' });
  return email;
}

describe('where people sign up by invitation', () => {
  it('somebody who is invited signs in, and is led to the invitation', async () => {
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const email = await newInvitee();
    const browser = new TestBrowser(app);
    await browser.signIn(email.toUpperCase());
    expect(await peopleWith(email)).toHaveLength(1);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/invitations');
  });

  it('somebody whom an operator invited to make a workspace signs in, and is led to making it', async () => {
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const email = newEmail();
    const id = crypto.randomUUID();
    const times = { createdAt: Date.now(), expiresAt: Date.now() + 60_000 };
    await directory
      .insert(invitations)
      .values({ id, organisationId: null, email, role: 'owner', invitedBy: null, ...times });
    const browser = new TestBrowser(app);
    await browser.signIn(email);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/workspaces/new');
  });

  it('an address whose invitation has expired gets no code, and reads the same as one that is invited', async () => {
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const [invited, expired] = [await newInvitee(), await newInvitee()];
    await directory
      .update(invitations)
      .set({ expiresAt: Date.now() - 1 })
      .where(eq(invitations.email, expired));
    const answers = await Promise.all(
      [invited, expired].map(async (email) => {
        const browser = new TestBrowser(app);
        const asked = await seen(await browser.post('/app/sign-in', { email }));
        return JSON.stringify([asked, await seen(await browser.get('/app/sign-in/code'))]).replaceAll(
          email,
          '<address>',
        );
      }),
    );
    expect(answers[1]).toBe(answers[0]);
    expect(app.mails.map(({ to }) => to)).toEqual([invited]);
  });

  it('nobody is made for a code of an address whose invitation has ended meanwhile', async () => {
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const email = await newInvitee();
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email });
    await directory.delete(invitations).where(eq(invitations.email, email));
    const entered = await browser.post('/app/sign-in/code', { code: app.codeFor(email) });
    expect(entered.status).toBe(422);
    expect(await peopleWith(email)).toEqual([]);
  });
});
