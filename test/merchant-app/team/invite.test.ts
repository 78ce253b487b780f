import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { people } from '../../../src/db/sign-in-schema.ts';
import { invitations, members } from '../../../src/db/team-schema.ts';
import { INVITATION_MS } from '../../../src/domain/members/store-invitation.ts';
import { APP_URL, TestApp, TestBrowser } from '../support/app.ts';
import { directory, newEmail, newMember, newOrganisation, newPerson } from '../support/team.ts';
import { actionsOf, auditOf, formsOf, invitationsOf, seen } from '../support/traces.ts';

describe('inviting', () => {
  it.each(['0', '1'] as const)(
    'sends a mail that says who, where and as what, and lasts 7 days (shard %s)',
    async (shard) => {
      const app = new TestApp();
      const organisation = await newOrganisation('Harbour & Sons', shard);
      const owner = await newMember(app, organisation, 'admin');
      const email = newEmail();
      const before = Date.now();
      const sent = await formsOf(owner.browser, organisation)('team/invitations', {
        email: ` ${email.toUpperCase()} `,
        role: 'developer',
      });
      const [invitation] = await invitationsOf(organisation);
      expect(invitation).toMatchObject({ email, role: 'developer', invitedBy: owner.id });
      expect(invitation?.id).toMatch(/^inv_0[0-9a-z]{26}$/);
      expect((invitation?.expiresAt ?? 0) - before).toBeGreaterThanOrEqual(INVITATION_MS);
      expect((invitation?.expiresAt ?? 0) - Date.now()).toBeLessThanOrEqual(INVITATION_MS);

      const mail = app.mails.at(-1);
      expect(mail).toMatchObject({ to: email, subject: 'Invitation to Harbour & Sons' });
      for (const part of [owner.email, 'Developer', `${APP_URL}/app/invitations/${invitation?.id}`]) {
        expect(mail?.text).toContain(part);
        expect(mail?.html).toContain(part);
      }
      expect(mail?.html).toContain('Harbour &amp; Sons');

      const [entry, ...more] = await auditOf(organisation);
      expect(more).toEqual([]);
      expect(entry).toMatchObject({
        action: 'member.invite.developer',
        object: invitation?.id,
        actor: `person:${owner.id}`,
      });
      expect(entry?.address).toMatch(/^10\.\d+\.\d+\.\d+$/);
      expect(JSON.stringify(entry)).not.toContain(email);

      const { location } = await seen(sent);
      expect(location).toBe(`/app/live/${organisation.id}/team?invited=${invitation?.id}`);
      const page = await (await owner.browser.get(location ?? '')).text();
      expect(page).toContain(`The invitation was sent to ${email}.`);
      expect(page).toContain(`invited by ${owner.email}`);
    },
  );

  it('the same address again renews the invitation, with the new role and the same address of its page', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const send = formsOf(admin.browser, organisation);
    const email = newEmail();
    await send('team/invitations', { email, role: 'viewer' });
    const [first] = await invitationsOf(organisation);
    await directory
      .update(invitations)
      .set({ expiresAt: Date.now() + 1000 })
      .where(eq(invitations.email, email));
    await send('team/invitations', { email, role: 'admin' });
    const stored = await invitationsOf(organisation);
    expect(stored).toMatchObject([{ id: first?.id, role: 'admin' }]);
    expect((stored[0]?.expiresAt ?? 0) - Date.now()).toBeGreaterThan(INVITATION_MS - 60_000);
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer', 'member.invite.admin']);
    expect(app.mails.filter(({ to }) => to === email)).toHaveLength(2);
  });

  it('the same form twice makes one invitation, one audit entry and one mail, and says so', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const send = formsOf(admin.browser, organisation);
    const fields = { email: newEmail(), role: 'viewer' };
    await send('team/invitations', fields);
    const { location } = await seen(await send('team/invitations', fields));
    const [invitation, ...more] = await invitationsOf(organisation);
    expect(more).toEqual([]);
    expect(location).toBe(`/app/live/${organisation.id}/team?repeated=${invitation?.id}`);
    expect(await (await admin.browser.get(location ?? '')).text()).toContain(
      `${fields.email} was invited less than a minute ago, so no second mail was sent.`,
    );
    expect(app.mails.filter(({ to }) => to === fields.email)).toHaveLength(1);
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer']);
  });

  it('the same form several times at once makes one invitation and sends one mail', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const fields = { email: newEmail(), role: 'viewer' };
    const send = () => formsOf(admin.browser, organisation)('team/invitations', fields);
    const answers = await Promise.all([send(), send(), send()]);
    const stored = await invitationsOf(organisation);
    expect(stored).toHaveLength(1);
    const locations = answers.map(({ headers }) => headers.get('Location')?.split('?')[1]);
    const [id, again] = [stored[0]?.id, `repeated=${stored[0]?.id}`];
    expect(locations.sort()).toEqual([`invited=${id}`, again, again]);
    expect(app.mails.filter(({ to }) => to === fields.email)).toHaveLength(1);
    expect(await auditOf(organisation)).toMatchObject([{ action: 'member.invite.viewer', object: stored[0]?.id }]);
  });

  it('where the mail fails, the invitation stays, and the page shows the address to pass on', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const email = newEmail();
    app.mailFails = true;
    const { location } = await seen(
      await formsOf(admin.browser, organisation)('team/invitations', { email, role: 'viewer' }),
    );
    const [invitation] = await invitationsOf(organisation);
    const page = await (await admin.browser.get(location ?? '')).text();
    expect(page).toContain('the mail could not be sent');
    expect(page).toContain(`${APP_URL}/app/invitations/${invitation?.id}`);
  });

  it.each([
    ['', 'Enter an e-mail address'],
    ['nobody', 'Enter an e-mail address'],
    ['a@example.com\r\nBcc: b@example.com', 'Enter an e-mail address'],
    ['a@example.com, b@example.com', 'Enter an e-mail address'],
    ['"><script>alert(1)</script>@example.com', 'Enter an e-mail address'],
    [`${'x'.repeat(250)}@example.com`, 'Enter an e-mail address'],
  ])('refuses %j as an address, shows it again, and sends nothing', async (email, fault) => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const mails = app.mails.length;
    const answer = await seen(
      await formsOf(admin.browser, organisation)('team/invitations', { email, role: 'developer' }),
    );
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(fault);
    expect(answer.text).not.toContain('<script>alert');
    expect(answer.text).toMatch(/value="developer"[^>]* checked/);
    expect(app.mails).toHaveLength(mails);
    expect([await invitationsOf(organisation), await actionsOf(organisation)]).toEqual([[], []]);
  });

  it('refuses a role that is none, and somebody who is a member already', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const other = await newMember(app, organisation, 'viewer');
    const send = formsOf(admin.browser, organisation);
    const noRole = await seen(await send('team/invitations', { email: newEmail(), role: 'king' }));
    expect(noRole).toMatchObject({ status: 422, text: expect.stringContaining('Choose a role.') });
    const member = await seen(await send('team/invitations', { email: other.email, role: 'admin' }));
    expect(member).toMatchObject({ status: 422, text: expect.stringContaining('in the team already') });
    expect([await invitationsOf(organisation), await actionsOf(organisation)]).toEqual([[], []]);
  });

  it('sends an international domain as punycode', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    await formsOf(admin.browser, organisation)('team/invitations', { email: 'Ann@münchen.example', role: 'viewer' });
    expect(await invitationsOf(organisation)).toMatchObject([{ email: 'ann@xn--mnchen-3ya.example' }]);
  });
});

describe('inviting an owner', () => {
  it('has a form of its own, and no other form makes one', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const [owner, admin] = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'admin')];
    const email = newEmail();
    for (const { browser } of [owner, admin]) {
      expect((await formsOf(browser, organisation)('team/invitations', { email, role: 'owner' })).status).toBe(403);
    }
    expect((await formsOf(admin.browser, organisation)('team/owners/invitations', { email })).status).toBe(403);
    expect(await invitationsOf(organisation)).toEqual([]);
    const page = await owner.browser.get(`/app/live/${organisation.id}/team/owners/invitations/new`);
    expect(await page.text()).toContain('Owners can do everything');
    await formsOf(owner.browser, organisation)('team/owners/invitations', { email });
    expect(await invitationsOf(organisation)).toMatchObject([{ email, role: 'owner', invitedBy: owner.id }]);
  });

  it('is nothing that an admin replaces or withdraws', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const [owner, admin] = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'admin')];
    const email = newEmail();
    await formsOf(owner.browser, organisation)('team/owners/invitations', { email });
    const [invitation] = await invitationsOf(organisation);
    const send = formsOf(admin.browser, organisation);
    expect((await send('team/invitations', { email, role: 'viewer' })).status).toBe(403);
    expect((await send(`team/invitations/${invitation?.id}/revoke`)).status).toBe(403);
    expect(await invitationsOf(organisation)).toEqual([invitation]);
    expect(await actionsOf(organisation)).toEqual(['member.invite.owner']);
    expect(await (await admin.browser.get(`/app/live/${organisation.id}/team`)).text()).not.toContain('revoke');
  });

  it('is withdrawn on a page of its own', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const owner = await newMember(app, organisation, 'owner');
    const email = newEmail();
    await formsOf(owner.browser, organisation)('team/owners/invitations', { email });
    const [invitation] = await invitationsOf(organisation);
    const path = `team/owners/invitations/${invitation?.id}/revoke`;
    const page = await owner.browser.get(`/app/live/${organisation.id}/${path}`);
    expect(await page.text()).toContain(`Withdraw the invitation of ${email}?`);
    await formsOf(owner.browser, organisation)(path);
    expect(await invitationsOf(organisation)).toEqual([]);
    expect((await owner.browser.get(`/app/live/${organisation.id}/${path}`)).status).toBe(404);
  });
});

describe('sending an invitation again', () => {
  it.each([
    ['viewer', 'team/invitations'],
    ['owner', 'team/owners/invitations'],
  ] as const)('begins its 7 days anew, with the same role and page (%s)', async (role, path) => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const owner = await newMember(app, organisation, 'owner');
    const send = formsOf(owner.browser, organisation);
    const email = newEmail();
    await send(path, { email, role });
    const [first] = await invitationsOf(organisation);
    const times = { createdAt: 1, expiresAt: Date.now() + 3_600_000 };
    await directory.update(invitations).set(times).where(eq(invitations.email, email));
    const resend = `${path}/${first?.id}/resend`;
    expect(await (await owner.browser.get(`/app/live/${organisation.id}/team`)).text()).toContain(`${resend}"`);
    for (let n = 0; n < 2; n++) {
      const { location } = await seen(await send(resend));
      expect(location).toBe(`/app/live/${organisation.id}/team?invited=${first?.id}`);
    }
    const [renewed] = await invitationsOf(organisation);
    expect(renewed).toMatchObject({ id: first?.id, email, role });
    expect((renewed?.expiresAt ?? 0) - Date.now()).toBeGreaterThan(INVITATION_MS - 60_000);
    expect(app.mails.filter(({ to }) => to === email)).toHaveLength(3);
    expect(await auditOf(organisation)).toMatchObject([
      { action: `member.invite.${role}`, object: first?.id },
      { action: `member.invite.${role}`, object: first?.id },
    ]);
  });

  it('brings nothing back that was withdrawn, accepted or has expired', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const send = formsOf(admin.browser, organisation);
    const ends = [
      (id: string) => send(`team/invitations/${id}/revoke`),
      (id: string) => directory.update(invitations).set({ expiresAt: 1 }).where(eq(invitations.id, id)),
    ];
    const guest = await newPerson(app);
    const paths: string[] = [];
    for (const [index, email] of [newEmail(), newEmail(), guest.email].entries()) {
      await send('team/invitations', { email, role: 'viewer' });
      const id = (await invitationsOf(organisation)).find((one) => one.email === email)?.id ?? '';
      await (ends[index]?.(id) ?? guest.browser.post(`/app/invitations/${id}/accept`));
      paths.push(`team/invitations/${id}/resend`);
    }
    await send(`team/members/${guest.id}/remove`);
    const [before, mails, actions] = [
      await invitationsOf(organisation),
      app.mails.length,
      await actionsOf(organisation),
    ];
    for (const path of paths) {
      expect(await seen(await send(path))).toMatchObject({ status: 404, text: expect.stringContaining('not part of') });
    }
    expect(await invitationsOf(organisation)).toEqual(before);
    expect([app.mails.length, await actionsOf(organisation)]).toEqual([mails, actions]);
  });

  it('is not possible for one of another workspace, nor for an owner without the guarded form', async () => {
    const app = new TestApp();
    const [own, other] = [await newOrganisation('Own'), await newOrganisation('Other')];
    const [owner, stranger] = [await newMember(app, own, 'owner'), await newMember(app, other, 'owner')];
    await formsOf(owner.browser, own)('team/owners/invitations', { email: newEmail() });
    const before = await invitationsOf(own);
    const id = before[0]?.id;
    for (const path of ['team/invitations', 'team/owners/invitations']) {
      expect((await formsOf(stranger.browser, other)(`${path}/${id}/resend`)).status).toBe(404);
    }
    expect((await formsOf(owner.browser, own)(`team/invitations/${id}/resend`)).status).toBe(403);
    expect(await invitationsOf(own)).toEqual(before);
    expect([await actionsOf(own), await actionsOf(other)]).toEqual([['member.invite.owner'], []]);
  });
});

describe('withdrawing an invitation', () => {
  it('ends it, is recorded once, and can be sent twice', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Quay', '1');
    const admin = await newMember(app, organisation, 'admin');
    const send = formsOf(admin.browser, organisation);
    const invited = await newPerson(app);
    await send('team/invitations', { email: invited.email, role: 'viewer' });
    const [invitation] = await invitationsOf(organisation);
    for (let n = 0; n < 2; n++) {
      const answer = await seen(await send(`team/invitations/${invitation?.id}/revoke`));
      expect(answer).toMatchObject({ status: 303, location: `/app/live/${organisation.id}/team?done=revoked` });
    }
    expect(await invitationsOf(organisation)).toEqual([]);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'member.invite.viewer' },
      { action: 'member.revoke_invitation', object: invitation?.id },
    ]);
    const gone = await seen(await invited.browser.get(`/app/invitations/${invitation?.id}`));
    expect(gone).toMatchObject({ status: 404, text: expect.stringContaining('This invitation is not open') });
    expect((await invited.browser.post(`/app/invitations/${invitation?.id}/accept`)).status).toBe(404);
  });

  it('is not possible for one of another workspace', async () => {
    const app = new TestApp();
    const [own, other] = [await newOrganisation('Own'), await newOrganisation('Other')];
    const [admin, stranger] = [await newMember(app, own, 'owner'), await newMember(app, other, 'admin')];
    await formsOf(stranger.browser, other)('team/invitations', { email: newEmail(), role: 'viewer' });
    const before = await invitationsOf(other);
    for (const path of ['team/invitations', 'team/owners/invitations']) {
      expect((await formsOf(admin.browser, own)(`${path}/${before[0]?.id}/revoke`)).status).toBe(404);
    }
    expect(await invitationsOf(other)).toEqual(before);
    expect([await actionsOf(own), await actionsOf(other)]).toEqual([[], ['member.invite.viewer']]);
  });
});

describe('the limits', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => `${index}.${crypto.randomUUID()}`);

  it('are 50 open invitations: expired ones do not count, and an open one can be renewed', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const send = formsOf(admin.browser, organisation);
    const common = { organisationId: organisation.id, role: 'viewer', invitedBy: null, createdAt: 1 } as const;
    const expiresAt = Date.now() + 60_000;
    for (const id of rows(49)) {
      await directory.insert(invitations).values({ id, email: `${id}@example.com`, ...common, expiresAt });
    }
    await directory
      .insert(invitations)
      .values({ id: rows(1).join(), email: 'old@example.com', ...common, expiresAt: 1 });
    const last = newEmail();
    expect((await send('team/invitations', { email: last, role: 'viewer' })).status).toBe(303);
    const answer = await seen(await send('team/invitations', { email: newEmail(), role: 'viewer' }));
    expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('Only 50 invitations can be open') });
    expect((await send('team/invitations', { email: last, role: 'admin' })).status).toBe(303);
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer', 'member.invite.admin']);
  });

  it('are 200 members, for inviting and for accepting', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const invited = await newPerson(app);
    const send = formsOf(admin.browser, organisation);
    await send('team/invitations', { email: invited.email, role: 'viewer' });
    const now = new Date();
    const common = { emailVerified: true, name: '', createdAt: now, updatedAt: now };
    for (const id of rows(199)) {
      await directory.insert(people).values({ id, email: `${id}@example.com`, ...common });
      await directory
        .insert(members)
        .values({ organisationId: organisation.id, personId: id, role: 'viewer', createdAt: 1 });
    }
    const answer = await seen(await send('team/invitations', { email: newEmail(), role: 'viewer' }));
    expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('200 people') });
    const [invitation] = await invitationsOf(organisation);
    const full = await seen(await invited.browser.post(`/app/invitations/${invitation?.id}/accept`));
    expect(full).toMatchObject({ status: 409, text: expect.stringContaining('This workspace is full') });
    expect(await invitationsOf(organisation)).toEqual([invitation]);
    expect(await actionsOf(organisation)).toEqual(['member.invite.viewer']);
  });

  it('are five mails in an hour to one address, whoever invites', async () => {
    const app = new TestApp();
    const email = newEmail();
    const invite = async () => {
      const organisation = await newOrganisation();
      const admin = await newMember(app, organisation, 'admin');
      return await seen(await formsOf(admin.browser, organisation)('team/invitations', { email, role: 'viewer' }));
    };
    for (let n = 0; n < 5; n++) expect((await invite()).status).toBe(303);
    expect(await invite()).toMatchObject({ status: 429, text: expect.stringContaining('That was too often') });
    expect(app.mails.filter(({ to }) => to === email)).toHaveLength(5);
  });

  it('count the same form sent again within a minute once', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const email = newEmail();
    const invite = (role: string) => formsOf(admin.browser, organisation)('team/invitations', { email, role });
    for (const role of ['viewer', 'viewer', 'viewer', 'developer', 'admin', 'viewer', 'developer']) {
      expect((await invite(role)).status).toBe(303);
    }
    expect((await invite('admin')).status).toBe(429);
    expect(app.mails.filter(({ to }) => to === email)).toHaveLength(5);
  });

  it('are 60 mails in an hour from one IP address, whoever invites to whatever, and sending again counts', async () => {
    const app = new TestApp();
    const visitor = '198.51.100.61';
    const inviter = async () => {
      const organisation = await newOrganisation();
      const { email, id } = await newMember(app, organisation, 'admin');
      const browser = new TestBrowser(app, visitor);
      await browser.signIn(email);
      return { id, organisation, send: formsOf(browser, organisation) };
    };
    const [first, second] = [await inviter(), await inviter()];
    for (let n = 0; n < 30; n++) {
      for (const { send } of [first, second]) {
        expect((await send('team/invitations', { email: newEmail(), role: 'viewer' })).status).toBe(303);
      }
    }
    const [open] = await invitationsOf(first.organisation);
    for (const path of ['team/invitations', `team/invitations/${open?.id}/resend`]) {
      const answer = await seen(await second.send(path, { email: newEmail(), role: 'viewer' }));
      expect([path, answer.status]).toEqual([path, path.endsWith('resend') ? 404 : 429]);
    }
    expect((await first.send(`team/invitations/${open?.id}/resend`)).status).toBe(429);
  });

  it('are 60 mails in an hour for one workspace, whoever invites', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const sends = [];
    for (let n = 0; n < 2; n++) {
      sends.push(formsOf((await newMember(app, organisation, 'admin')).browser, organisation));
    }
    for (let n = 0; n < 30; n++) {
      for (const send of sends) {
        expect((await send('team/invitations', { email: newEmail(), role: 'viewer' })).status).toBe(303);
        await directory.delete(invitations).where(eq(invitations.organisationId, organisation.id));
      }
    }
    for (const send of sends) {
      expect((await send('team/invitations', { email: newEmail(), role: 'viewer' })).status).toBe(429);
    }
    expect(await invitationsOf(organisation)).toEqual([]);
  });
});
