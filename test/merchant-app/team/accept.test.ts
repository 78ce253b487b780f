import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/core/rights.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { invitations, members } from '../../../src/db/team-schema.ts';
import { interruptedD1 } from '../../worker/support/counting.ts';
import { DB, DB_1, TestApp, TestBrowser } from '../support/app.ts';
import { directory, newEmail, newMember, newOrganisation, newPerson } from '../support/team.ts';
import { actionsOf, auditOf, formsOf, invitationsOf, membersOf, seen } from '../support/traces.ts';

/** An organisation with an owner who has invited this address. */
async function invited(app: TestApp, email: string, role: Role, organisation: Organisation) {
  const owner = await newMember(app, organisation, 'owner');
  const path = role === 'owner' ? 'team/owners/invitations' : 'team/invitations';
  await formsOf(owner.browser, organisation)(path, { email, role });
  const [invitation] = await invitationsOf(organisation);
  if (!invitation) throw new Error('Nobody was invited');
  return { owner, id: invitation.id, path: `/app/invitations/${invitation.id}` };
}

describe('an invitation', () => {
  it.each(['0', '1'] as const)('is seen and accepted by the person with its address (shard %s)', async (shard) => {
    const app = new TestApp();
    const organisation = await newOrganisation('Harbour <b>Studio</b>', shard);
    const person = await newPerson(app);
    const { owner, id, path } = await invited(app, person.email, 'developer', organisation);
    for (const address of [path, '/app/invitations']) {
      const { status, text } = await seen(await person.browser.get(address));
      expect(status).toBe(200);
      for (const part of [owner.email, 'Harbour &lt;b&gt;Studio&lt;/b&gt;', 'Developer']) expect(text).toContain(part);
      expect(text).not.toContain('<b>Studio');
    }
    expect((await person.browser.get(path)).status).toBe(200);
    const accepted = await seen(await person.browser.post(`${path}/accept`, { workspace: organisation.id }));
    expect(accepted).toMatchObject({ status: 303, location: `/app/test/${organisation.id}/home` });
    expect(await membersOf(organisation)).toMatchObject({ [person.email]: 'developer' });
    expect(await invitationsOf(organisation)).toEqual([]);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'member.invite.developer', object: id, actor: `person:${owner.id}` },
      { action: 'member.join.developer', object: id, actor: `person:${person.id}` },
    ]);
    const home = await seen(await person.browser.get(accepted.location ?? ''));
    expect(home).toMatchObject({ status: 200, text: expect.stringContaining('Developer') });
  });

  it('of an owner is in the audit log with who invited, who accepted and as what', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const person = await newPerson(app);
    const { owner, id, path } = await invited(app, person.email, 'owner', organisation);
    await person.browser.post(`${path}/accept`);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'member.invite.owner', object: id, actor: `person:${owner.id}` },
      { action: 'member.join.owner', object: id, actor: `person:${person.id}` },
    ]);
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/settings/audit`)).text();
    for (const text of ['Somebody invited as Owner', 'Invitation as Owner accepted', person.email]) {
      expect(page).toContain(text);
    }
  });

  it('accepted twice is harmless, one after the other and at once', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const person = await newPerson(app);
    const { path } = await invited(app, person.email, 'viewer', organisation);
    const accept = () => person.browser.post(`${path}/accept`, { workspace: organisation.id });
    const answers = [...(await Promise.all([accept(), accept()])), await accept()];
    for (const answer of answers) expect(answer.headers.get('Location')).toBe(`/app/test/${organisation.id}/home`);
    expect(await membersOf(organisation)).toMatchObject({ [person.email]: 'viewer' });
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer', 'member.join.viewer']);
  });

  it('is not open for anybody else, and says nothing about itself', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Secret Studio');
    const { path } = await invited(app, newEmail(), 'admin', organisation);
    const before = await invitationsOf(organisation);
    const other = await newPerson(app);
    const unknown = `/app/invitations/inv_0${'a'.repeat(26)}`;
    const answers = [await other.browser.get(path), await other.browser.get(unknown)];
    const [one, two] = await Promise.all(answers.map(seen));
    expect(one).toMatchObject({ status: 404, text: expect.stringContaining('This invitation is not open') });
    expect(one).toEqual(two);
    expect(one?.text).not.toContain('Secret Studio');
    const accepted = await other.browser.post(`${path}/accept`, { workspace: organisation.id });
    expect(accepted.status).toBe(404);
    await other.browser.post(`${path}/decline`);
    expect(await (await other.browser.get('/app/invitations')).text()).not.toContain('Secret Studio');
    expect(await invitationsOf(organisation)).toEqual(before);
    expect(await membersOf(organisation)).not.toHaveProperty(other.email);
    expect(await actionsOf(organisation)).toEqual(['member.invite.admin']);
  });

  it('that has expired cannot be accepted, and its page says so', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const person = await newPerson(app);
    const { id, path } = await invited(app, person.email, 'admin', organisation);
    await directory
      .update(invitations)
      .set({ expiresAt: Date.now() - 1 })
      .where(eq(invitations.id, id));
    const page = await seen(await person.browser.get(path));
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining('has expired') });
    expect((await person.browser.post(`${path}/accept`)).status).toBe(404);
    expect(await membersOf(organisation)).not.toHaveProperty(person.email);
    await app.runCron();
    expect(await invitationsOf(organisation)).toEqual([]);
  });

  it('that is declined ends, and the person can be invited again', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Quay', '1');
    const person = await newPerson(app);
    const { owner, id, path } = await invited(app, person.email, 'viewer', organisation);
    for (let n = 0; n < 2; n++) {
      expect((await person.browser.post(`${path}/decline`)).headers.get('Location')).toBe('/app');
    }
    expect(await invitationsOf(organisation)).toEqual([]);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'member.invite.viewer' },
      { action: 'member.decline_invitation', object: id, actor: `person:${person.id}` },
    ]);
    await formsOf(owner.browser, organisation)('team/invitations', { email: person.email, role: 'viewer' });
    expect(await invitationsOf(organisation)).toHaveLength(1);
  });

  it.each([
    ['admin', 'viewer', 'admin'],
    ['viewer', 'admin', 'admin'],
    ['owner', 'admin', 'owner'],
  ] as const)('to a %s as %s leaves them %s: a role is never lowered', async (role, offered, after) => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const person = await newPerson(app);
    const { path } = await invited(app, person.email, offered, organisation);
    await directory
      .insert(members)
      .values({ organisationId: organisation.id, personId: person.id, role, createdAt: 1 });
    await person.browser.post(`${path}/accept`);
    expect((await membersOf(organisation))[person.email]).toBe(after);
  });

  it('accepted while its role is changed is accepted with one of the roles, or its page is shown again', async () => {
    const app = new TestApp();
    const ends: string[] = [];
    // One round trip later each time, until the form is done before.
    for (let [trip, isReached] = [1, true]; isReached; trip++) {
      const [organisation, person] = [await newOrganisation(), await newPerson(app)];
      const { id, path } = await invited(app, person.email, 'viewer', organisation);
      isReached = false;
      const databases = interruptedD1({ DB, DB_1 }, trip, async () => {
        isReached = true;
        await directory.update(invitations).set({ role: 'admin' }).where(eq(invitations.id, id));
      });
      const browser = person.browser.in(new TestApp({}, databases));
      const { location } = await seen(await browser.post(`${path}/accept`, { workspace: organisation.id }));
      const role = (await membersOf(organisation))[person.email];
      const [open] = await invitationsOf(organisation);
      if (role) expect([location, open]).toEqual([`/app/test/${organisation.id}/home`, undefined]);
      else expect([location, open?.role]).toEqual([path, 'admin']);
      ends.push(role ?? 'shown again');
    }
    expect(new Set(ends)).toEqual(new Set(['admin', 'shown again', 'viewer']));
  });

  it('accepted while it is withdrawn is one of the two, and never both', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const person = await newPerson(app);
    const { owner, id, path } = await invited(app, person.email, 'viewer', organisation);
    const [accepted] = await Promise.all([
      person.browser.post(`${path}/accept`),
      formsOf(owner.browser, organisation)(`team/invitations/${id}/revoke`),
    ]);
    expect(await invitationsOf(organisation)).toEqual([]);
    const isIn = (await membersOf(organisation))[person.email] === 'viewer';
    const done = isIn ? 'member.join.viewer' : 'member.revoke_invitation';
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer', done]);
    expect(accepted.status).toBe(isIn ? 303 : 404);
  });

  it('is left open by a crash before the change, and the same form again completes it', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Quay', '1');
    const person = await newPerson(app);
    const { path } = await invited(app, person.email, 'viewer', organisation);
    // The directory refuses the change after the entry is written in the other database.
    await directory.run(`CREATE TRIGGER crash BEFORE INSERT ON members BEGIN SELECT RAISE(ABORT, 'crash'); END`);
    const failed = await person.browser.post(`${path}/accept`);
    await directory.run('DROP TRIGGER crash');
    expect(failed.status).toBe(500);
    expect(await invitationsOf(organisation)).toHaveLength(1);
    expect(await membersOf(organisation)).not.toHaveProperty(person.email);
    expect((await person.browser.post(`${path}/accept`)).status).toBe(303);
    expect(await membersOf(organisation)).toMatchObject({ [person.email]: 'viewer' });
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer', 'member.join.viewer', 'member.join.viewer']);
  });
});

describe('after signing in', () => {
  it('somebody who is in no workspace sees their invitations, and otherwise makes a workspace', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Harbour Studio');
    const email = newEmail();
    const { path } = await invited(app, email, 'viewer', organisation);
    const browser = new TestBrowser(app);
    expect((await browser.get(path)).headers.get('Location')).toBe(`/app/sign-in?to=${encodeURIComponent(path)}`);
    await browser.signIn(email);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/invitations');
    const form = (await browser.get('/app/workspaces/new')).headers.get('Location') ?? '';
    for (const page of ['/app/invitations', form]) {
      const text = await (await browser.get(page)).text();
      expect(text).toContain('Harbour Studio');
      expect(text).toContain(`action="${path}/accept"`);
    }
    await browser.post(`${path}/decline`);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/workspaces/new');
    expect(await (await browser.get('/app/invitations')).text()).toContain(`Nobody has invited ${email}`);
  });

  it('somebody who is removed has no way back in by invitations that they made themselves', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const [owner, admin] = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'admin')];
    const accomplice = await newPerson(app);
    await formsOf(admin.browser, organisation)('team/invitations', { email: accomplice.email, role: 'admin' });
    await formsOf(owner.browser, organisation)('team/invitations', { email: newEmail(), role: 'viewer' });
    await formsOf(owner.browser, organisation)(`team/members/${admin.id}/remove`);
    expect((await invitationsOf(organisation)).map(({ invitedBy }) => invitedBy)).toEqual([owner.id]);
    const left = await directory
      .select()
      .from(members)
      .where(and(eq(members.organisationId, organisation.id), eq(members.personId, admin.id)));
    expect(left).toEqual([]);
  });
});
