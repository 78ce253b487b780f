import { describe, expect, it } from 'vitest';
import { TestApp } from '../support/app.ts';
import { newEmail, newMember, newOrganisation, newPerson } from '../support/team.ts';
import { actionsOf, auditOf, formsOf, invitationsOf, membersOf, seen } from '../support/traces.ts';

const app = new TestApp();

async function teamOf(shard: '0' | '1' = '0') {
  const organisation = await newOrganisation('Harbour Studio', shard);
  const owner = await newMember(app, organisation, 'owner');
  const admin = await newMember(app, organisation, 'admin');
  const developer = await newMember(app, organisation, 'developer');
  const viewer = await newMember(app, organisation, 'viewer');
  return { organisation, owner, admin, developer, viewer };
}

describe('changing a role', () => {
  it.each(['0', '1'] as const)(
    'is done by an admin, recorded, and holds at the next request (shard %s)',
    async (shard) => {
      const { organisation, admin, viewer } = await teamOf(shard);
      const send = formsOf(admin.browser, organisation);
      for (let n = 0; n < 2; n++) {
        const answer = await seen(await send(`team/members/${viewer.id}/role`, { from: 'viewer', role: 'developer' }));
        expect(answer).toMatchObject({ status: 303, location: `/app/live/${organisation.id}/team?done=role` });
      }
      expect(await membersOf(organisation)).toMatchObject({ [viewer.email]: 'developer' });
      const [entry, ...more] = await auditOf(organisation);
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ action: 'member.role.developer', object: viewer.id, actor: `person:${admin.id}` });
      expect(await (await viewer.browser.get(`/app/test/${organisation.id}/home`)).text()).toContain('Developer');
    },
  );

  it('up to owner is only done by an owner, by the guarded form', async () => {
    const { organisation, owner, admin, viewer } = await teamOf();
    for (const { browser } of [owner, admin]) {
      const answer = await formsOf(browser, organisation)(`team/members/${viewer.id}/role`, {
        from: 'viewer',
        role: 'owner',
      });
      expect(answer.status).toBe(403);
    }
    const guarded = `team/owners/members/${viewer.id}/role`;
    expect((await formsOf(admin.browser, organisation)(guarded, { from: 'viewer', role: 'owner' })).status).toBe(403);
    expect(await membersOf(organisation)).toMatchObject({ [viewer.email]: 'viewer' });
    expect(await actionsOf(organisation)).toEqual([]);
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/${guarded}`)).text();
    expect(page).toContain(`Make ${viewer.email} an owner?`);
    await formsOf(owner.browser, organisation)(guarded, { from: 'viewer', role: 'owner' });
    expect(await membersOf(organisation)).toMatchObject({ [viewer.email]: 'owner' });
    const other = await (await owner.browser.get(`/app/live/${organisation.id}/${guarded}`)).text();
    expect(other).toContain(`Change the role of ${viewer.email}`);
    await formsOf(viewer.browser, organisation)(`team/owners/members/${owner.id}/role`, {
      from: 'owner',
      role: 'admin',
    });
    expect(await membersOf(organisation)).toMatchObject({ [owner.email]: 'admin', [viewer.email]: 'owner' });
  });

  it('of an owner is nothing that the form for everybody else does', async () => {
    const { organisation, owner, admin } = await teamOf();
    const second = await newMember(app, organisation, 'owner');
    for (const { browser } of [owner, admin]) {
      const send = formsOf(browser, organisation);
      expect((await send(`team/members/${second.id}/role`, { from: 'owner', role: 'viewer' })).status).toBe(403);
      expect((await send(`team/members/${second.id}/remove`)).status).toBe(403);
      const page = await browser.get(`/app/live/${organisation.id}/team/members/${second.id}/remove`);
      expect(page.status).toBe(403);
    }
    expect(await membersOf(organisation)).toMatchObject({ [second.email]: 'owner' });
    expect(await actionsOf(organisation)).toEqual([]);
  });

  it('to a lower one ends the invitations that the person has made for a higher one', async () => {
    const { organisation, owner, admin } = await teamOf();
    const [high, low] = [newEmail(), newEmail()];
    await formsOf(admin.browser, organisation)('team/invitations', { email: high, role: 'admin' });
    await formsOf(admin.browser, organisation)('team/invitations', { email: low, role: 'viewer' });
    await formsOf(owner.browser, organisation)(`team/members/${admin.id}/role`, { from: 'admin', role: 'developer' });
    expect((await invitationsOf(organisation)).map(({ email }) => email)).toEqual([low]);
  });

  it('to none asks for a role, and says that nothing is there for a person that is none', async () => {
    const { organisation, owner, viewer } = await teamOf();
    const stranger = await newPerson(app);
    const send = formsOf(owner.browser, organisation);
    for (const base of ['team', 'team/owners']) {
      const faulty: Record<string, string>[] = [{ from: 'viewer', role: 'king' }, { from: 'king', role: 'admin' }, {}];
      for (const fields of faulty) {
        const answer = await seen(await send(`${base}/members/${viewer.id}/role`, fields));
        expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('Choose a role.') });
      }
      const fields = { from: 'viewer', role: 'admin' };
      expect((await send(`${base}/members/${stranger.id}/role`, fields)).status).toBe(404);
    }
    expect(await membersOf(organisation)).toMatchObject({ [viewer.email]: 'viewer' });
    expect(await membersOf(organisation)).not.toHaveProperty(stranger.email);
    expect(await actionsOf(organisation)).toEqual([]);
  });

  it('by a form that was shown with an earlier role changes nothing', async () => {
    const { organisation, owner, admin, viewer } = await teamOf();
    const path = `team/members/${viewer.id}/role`;
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/team`)).text();
    expect(page).toMatch(new RegExp(`${path}"[^>]*><input type="hidden" name="from" value="viewer"`));
    await formsOf(admin.browser, organisation)(path, { from: 'viewer', role: 'developer' });
    for (const stale of [path, `team/owners/members/${viewer.id}/role`]) {
      const answer = await seen(await formsOf(owner.browser, organisation)(stale, { from: 'viewer', role: 'admin' }));
      expect(answer).toMatchObject({ status: 409, text: expect.stringContaining('Somebody else was faster') });
    }
    expect(await membersOf(organisation)).toMatchObject({ [viewer.email]: 'developer' });
    expect(await actionsOf(organisation)).toEqual(['member.role.developer']);
  });
});

describe('removing a member', () => {
  it('asks first, is recorded once, and holds at the next request', async () => {
    const { organisation, admin, developer } = await teamOf('1');
    const path = `team/members/${developer.id}/remove`;
    const page = await (await admin.browser.get(`/app/live/${organisation.id}/${path}`)).text();
    expect(page).toContain(`Remove ${developer.email}?`);
    for (let n = 0; n < 2; n++) {
      const answer = await seen(await formsOf(admin.browser, organisation)(path));
      expect(answer).toMatchObject({ status: 303, location: `/app/live/${organisation.id}/team?done=removed` });
    }
    expect(await membersOf(organisation)).not.toHaveProperty(developer.email);
    expect(await auditOf(organisation)).toMatchObject([{ action: 'member.remove', object: developer.id }]);
    expect((await developer.browser.get(`/app/live/${organisation.id}/home`)).status).toBe(404);
    expect((await admin.browser.get(`/app/live/${organisation.id}/${path}`)).status).toBe(404);
  });

  it('works in the own workspace alone', async () => {
    const [own, other] = [await teamOf(), await teamOf()];
    const send = formsOf(own.owner.browser, own.organisation);
    for (const base of ['team', 'team/owners']) {
      await send(`${base}/members/${other.viewer.id}/remove`);
      await send(`${base}/members/${other.viewer.id}/role`, { from: 'viewer', role: 'admin' });
    }
    expect(await membersOf(other.organisation)).toMatchObject({ [other.viewer.email]: 'viewer' });
    expect([await actionsOf(own.organisation), await actionsOf(other.organisation)]).toEqual([[], []]);
  });
});

describe('leaving', () => {
  it('asks first, is recorded once, and leads out of the workspace', async () => {
    const { organisation, viewer } = await teamOf('1');
    const page = await (await viewer.browser.get(`/app/live/${organisation.id}/team/leave`)).text();
    expect(page).toContain('Leave Harbour Studio?');
    const left = await seen(await formsOf(viewer.browser, organisation)('team/leave'));
    expect(left).toMatchObject({ status: 303, location: '/app' });
    expect((await formsOf(viewer.browser, organisation)('team/leave')).status).toBe(404);
    expect(await membersOf(organisation)).not.toHaveProperty(viewer.email);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'member.leave', object: viewer.id, actor: `person:${viewer.id}` },
    ]);
  });

  it('ends the invitations that the person has made', async () => {
    const { organisation, owner, admin } = await teamOf();
    const kept = newEmail();
    await formsOf(admin.browser, organisation)('team/invitations', { email: newEmail(), role: 'viewer' });
    await formsOf(owner.browser, organisation)('team/invitations', { email: kept, role: 'viewer' });
    await formsOf(admin.browser, organisation)('team/leave');
    expect(await membersOf(organisation)).not.toHaveProperty(admin.email);
    expect((await invitationsOf(organisation)).map(({ email }) => email)).toEqual([kept]);
  });

  it('as an owner is guarded: the other way leads there, and leaves nobody out', async () => {
    const { organisation, owner } = await teamOf();
    const second = await newMember(app, organisation, 'owner');
    const guarded = `/app/live/${organisation.id}/team/owners/leave`;
    const { browser } = second;
    for (const answer of [
      await browser.get(`/app/live/${organisation.id}/team/leave`),
      await formsOf(browser, organisation)('team/leave'),
    ]) {
      expect(await seen(answer)).toMatchObject({ status: 303, location: guarded });
    }
    expect(await membersOf(organisation)).toMatchObject({ [second.email]: 'owner' });
    expect(await (await browser.get(guarded)).text()).toContain(`action="${guarded}"`);
    expect(await seen(await formsOf(browser, organisation)('team/owners/leave'))).toMatchObject({
      status: 303,
      location: '/app',
    });
    expect(Object.keys(await membersOf(organisation))).not.toContain(second.email);
    expect(await membersOf(organisation)).toMatchObject({ [owner.email]: 'owner' });
    expect(await actionsOf(organisation)).toEqual(['member.leave']);
  });
});

describe('the team screen', () => {
  it('shows everybody, and to whom may change nothing a sentence in place of buttons', async () => {
    const { organisation, owner, admin, developer, viewer } = await teamOf();
    for (const { browser, email } of [developer, viewer]) {
      const page = await (await browser.get(`/app/live/${organisation.id}/team`)).text();
      for (const person of [owner, admin, developer, viewer]) expect(page).toContain(person.email);
      expect(page).toMatch(new RegExp(`${email} <span class="badge tag">You`));
      expect(page).toContain('Admins and owners invite people');
      expect(page).not.toMatch(/<select|\/remove"|\/role"|name="email"/);
    }
  });

  it('offers an admin the roles up to admin, and nothing about owners', async () => {
    const { organisation, admin, owner, viewer } = await teamOf();
    const page = await (await admin.browser.get(`/app/live/${organisation.id}/team`)).text();
    expect(page).toContain('Only an owner invites, changes or removes owners.');
    expect(page).toContain(`team/members/${viewer.id}/role`);
    expect(page).not.toMatch(/owners\/|value="owner"|\/close"/);
    expect(page).not.toContain(`members/${owner.id}/`);
  });

  it('offers an owner everything, each thing about owners by a page of its own', async () => {
    const { organisation, owner, viewer } = await teamOf();
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/team`)).text();
    for (const path of ['owners/invitations/new', `owners/members/${viewer.id}/role`, `members/${viewer.id}/remove`]) {
      expect(page).toContain(`href="/app/live/${organisation.id}/team/${path}"`);
    }
    expect(page).toContain(`href="/app/live/${organisation.id}/close"`);
    expect(page).not.toContain('value="owner"');
  });

  it('is in German for a browser that prefers it', async () => {
    const { organisation, owner } = await teamOf();
    const german = { 'Accept-Language': 'de' };
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/team`, german)).text();
    for (const text of ['Jemanden einladen', 'Offene Einladungen', 'Betrachter']) expect(page).toContain(text);
  });
});
