import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { invitations, members } from '../../src/db/team-schema.ts';
import { DB, DB_1, TestApp, TestBrowser } from './support/app.ts';
import { directory, newEmail, newMember, newOrganisation, newPerson } from './support/team.ts';
import { expectOne, fill, formPath, idIn, invite, invited, madeBy, make, openForm } from './support/workspaces.ts';

describe('making a workspace', () => {
  it('leads somebody new from the first sign-in to a name, and on to the sandbox', async () => {
    const { id, email, browser } = await newPerson(new TestApp());
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/workspaces/new');
    const page = await (await browser.get(formPath('x'.repeat(26)))).text();
    expect(page).toContain(email);
    expect(page).toContain('Buyers may see it');
    const made = await make(browser, '  Café عربون  ');
    expect(made.status).toBe(303);
    const organisation = await expectOne(id, 'Café عربون');
    expect(idIn(made)).toBe(organisation.id);
    for (const mode of ['test', 'live']) {
      const home = await browser.get(`/app/${mode}/${organisation.id}/home`);
      expect([home.status, (await home.text()).includes('Café عربون')]).toEqual([200, true]);
    }
  });

  it('makes one pair of a form that is sent twice, at once or later, with the name of the first time', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    const both = await Promise.all([1, 2].map(() => browser.post('/app/workspaces', { form, name: 'Twice' })));
    const again = await browser.post('/app/workspaces', { form, name: 'Another name' });
    const { id: made } = await expectOne(id, 'Twice');
    expect([...both, again].map(idIn)).toEqual([made, made, made]);
  });

  it('leads from the page of a form that has made a workspace to that one: Back makes no second one', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    const made = idIn(await browser.post('/app/workspaces', { form, name: 'Back' }));
    expect(idIn(await browser.get(formPath(form)))).toBe(made);
    await directory.delete(members).where(eq(members.personId, id));
    const next = (await browser.get(formPath(form))).headers.get('Location');
    expect(next).toMatch(/^\/app\/workspaces\/new\?form=\w{26}$/);
    expect(next).not.toContain(form);
  });

  it('makes another pair of each new form', async () => {
    const { id, browser } = await newPerson(new TestApp());
    await make(browser, 'One');
    await make(browser, 'Two');
    expect((await madeBy(id)).map(({ organisation }) => organisation.name).sort()).toEqual(['One', 'Two']);
  });

  it('makes two pairs of one form that two people send: nobody finishes the form of another', async () => {
    const app = new TestApp();
    const [one, other] = [await newPerson(app), await newPerson(app)];
    const form = await openForm(one.browser);
    await one.browser.post('/app/workspaces', { form, name: 'Mine' });
    await other.browser.post('/app/workspaces', { form, name: 'Theirs' });
    expect((await expectOne(one.id, 'Mine')).id).not.toBe((await expectOne(other.id, 'Theirs')).id);
  });

  it('uses the database with the fewest bytes', async () => {
    const { id, browser } = await newPerson(new TestApp());
    await fill(DB);
    await make(browser, 'In the second');
    expect((await expectOne(id, 'In the second')).shard).toBe('1');
    const next = await newPerson(new TestApp());
    await fill(DB_1);
    await fill(DB_1);
    await make(next.browser, 'In the first');
    expect((await expectOne(next.id, 'In the first')).shard).toBe('0');
  });

  it('goes on in the database that the first try has chosen, whatever is smaller now', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    await browser.post('/app/workspaces', { form, name: 'Stays' });
    const { shard } = await expectOne(id, 'Stays');
    for (let n = 0; n < 4; n++) await fill(shard === '0' ? DB : DB_1);
    await browser.post('/app/workspaces', { form, name: 'Stays' });
    expect((await expectOne(id, 'Stays')).shard).toBe(shard);
  });

  it.each(['', '   ', '\u200b', 'a\nb', 'Bank\u202egro', 'x'.repeat(251)])(
    'refuses the name %j, and keeps what was typed',
    async (name) => {
      const { id, browser } = await newPerson(new TestApp());
      const form = await openForm(browser);
      const refused = await browser.post('/app/workspaces', { form, name });
      expect(refused.status).toBe(422);
      const page = await refused.text();
      expect(page).toContain('Enter a name');
      expect(page).toContain(`value="${form}"`);
      expect(page).toContain('aria-invalid="true"');
      if (name.trim() !== '') expect(page).toContain(name.slice(0, 4));
      expect(await madeBy(id)).toEqual([]);
    },
  );

  it('speaks German', async () => {
    const { browser } = await newPerson(new TestApp());
    const page = await browser.get(formPath('x'.repeat(26)), { 'Accept-Language': 'de' });
    expect(await page.text()).toContain('Name Ihres Unternehmens');
  });

  it('gives a new form to one that was not from the page', async () => {
    const { id, browser } = await newPerson(new TestApp());
    for (const form of ['', 'short', `${'x'.repeat(26)}'`]) {
      const answer = await browser.post('/app/workspaces', { form, name: 'Forged' });
      expect(answer.headers.get('Location')).toMatch(/^\/app\/workspaces\/new\?form=/);
    }
    expect(await madeBy(id)).toEqual([]);
  });

  it('is for people who are signed in', async () => {
    const browser = new TestBrowser(new TestApp());
    for (const answer of [
      await browser.get('/app/workspaces/new'),
      await browser.post('/app/workspaces', { form: 'x'.repeat(26), name: 'Nobody' }),
      await browser.post(`/app/test/${crypto.randomUUID()}/finish`),
    ]) {
      expect(answer.headers.get('Location')).toMatch(/^\/app\/sign-in(\?to=|$)/);
    }
  });

  it('does not bring back somebody who was removed and sends the old form again', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    await browser.post('/app/workspaces', { form, name: 'Former' });
    await directory.delete(members).where(eq(members.personId, id));
    const again = await browser.post('/app/workspaces', { form, name: 'Former' });
    expect(again.status).toBe(404);
    expect(await madeBy(id)).toEqual([]);
  });

  it('keeps the role of somebody whose role was changed', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    await browser.post('/app/workspaces', { form, name: 'Lower' });
    await directory.update(members).set({ role: 'viewer' }).where(eq(members.personId, id));
    expect((await browser.post('/app/workspaces', { form, name: 'Lower' })).status).toBe(303);
    expect(await madeBy(id)).toMatchObject([{ role: 'viewer' }]);
  });

  it('ends at 20 workspaces, and says so', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    for (let n = 0; n < 20; n++) {
      const { id: organisationId } = await newOrganisation();
      await directory.insert(members).values({ organisationId, personId: id, role: 'viewer', createdAt: Date.now() });
    }
    for (const answer of [
      await browser.get(formPath(form)),
      await browser.post('/app/workspaces', { form, name: 'Number 21' }),
    ]) {
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain('You are in 20 workspaces');
    }
    expect(await madeBy(id)).toHaveLength(20);
  });

  it('is refused after 20 tries in an hour, with what was typed still there', async () => {
    const { id, browser } = await newPerson(new TestApp());
    const form = await openForm(browser);
    for (let n = 0; n < 20; n++) await browser.post('/app/workspaces', { form, name: 'Often' });
    const refused = await browser.post('/app/workspaces', { form, name: 'Often' });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toMatch(/value="Often"[\s\S]*That was too often/);
    await expectOne(id, 'Often');
  });
});

describe('the workspace that was opened last', () => {
  it('is where /app leads, and is kept for a year in a cookie of this host', async () => {
    const app = new TestApp();
    const [first, second] = [await newOrganisation('A first'), await newOrganisation('B second', '1')];
    const { id: personId, browser } = await newMember(app, first, 'viewer');
    await directory.insert(members).values({ organisationId: second.id, personId, role: 'viewer', createdAt: 1 });
    expect((await browser.get('/app')).headers.get('Location')).toBe(`/app/test/${first.id}/home`);
    const opened = await browser.get(`/app/test/${second.id}/home`);
    const [cookie] = opened.headers.getSetCookie();
    expect(cookie).toBe(
      `__Host-softsolz.workspace=${second.id}; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect((await browser.get(`/app/test/${second.id}/home`)).headers.getSetCookie()).toEqual([]);
    expect((await browser.get('/app')).headers.get('Location')).toBe(`/app/test/${second.id}/home`);
    expect((await browser.get('/app/live/home')).headers.get('Location')).toBe(`/app/live/${second.id}/home`);
    await browser.get(`/app/test/${first.id}/home`);
    expect((await browser.get('/app/test/home')).headers.get('Location')).toBe(`/app/test/${first.id}/home`);
  });

  it('is not one that the person may not open', async () => {
    const app = new TestApp();
    const { browser } = await newMember(app, await newOrganisation(), 'owner');
    const refused = await browser.get(`/app/test/${(await newOrganisation()).id}/home`);
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([404, []]);
  });
});

describe('by invitation', () => {
  /** Somebody who is known, in a browser of an app that takes nobody new. */
  async function knownPerson(app = new TestApp({ SIGN_UP: 'invitation' })) {
    const { id, email } = await newPerson(new TestApp());
    const browser = new TestBrowser(app);
    await browser.signIn(email);
    return { id, email, browser };
  }

  it('a person without one reads so, can sign out, and makes nothing by direct POST', async () => {
    const { id, email, browser } = await knownPerson();
    await invite(newEmail());
    await invite(email, Date.now() - 1);
    const page = await browser.get(formPath('x'.repeat(26)));
    expect(page.status).toBe(403);
    expect(await page.text()).toMatch(/You need an invitation[\s\S]*action="\/app\/sign-out"/);
    const posted = await browser.post('/app/workspaces', { form: 'x'.repeat(26), name: 'Uninvited' });
    expect(posted.status).toBe(403);
    expect(await madeBy(id)).toEqual([]);
  });

  it('an invitation to a workspace is none to make one', async () => {
    const { id, email, browser } = await knownPerson();
    const { id: organisationId } = await newOrganisation();
    await invite(email);
    await directory.update(invitations).set({ organisationId }).where(eq(invitations.email, email));
    expect((await browser.post('/app/workspaces', { form: 'x'.repeat(26), name: 'No' })).status).toBe(403);
    expect(await madeBy(id)).toEqual([]);
    expect(await invited(email)).toBe(1);
  });

  it('makes one workspace of one invitation, which is used up, and the same form still leads there', async () => {
    const { id, email, browser } = await knownPerson();
    await invite(email);
    await invite(email);
    const form = await openForm(browser);
    const made = await browser.post('/app/workspaces', { form, name: 'Invited' });
    expect(await invited(email)).toBe(0);
    const again = await browser.post('/app/workspaces', { form, name: 'Invited' });
    const { id: organisationId } = await expectOne(id, 'Invited');
    expect([idIn(made), idIn(again)]).toEqual([organisationId, organisationId]);
    expect((await browser.get(formPath('y'.repeat(26)))).status).toBe(403);
    expect((await browser.post('/app/workspaces', { form: 'y'.repeat(26), name: 'Second' })).status).toBe(403);
  });

  it('makes one workspace of one invitation also where two forms are sent at once', async () => {
    const { id, email, browser } = await knownPerson();
    await invite(email);
    const answers = await Promise.all(
      ['x', 'y', 'z'].map((letter) => browser.post('/app/workspaces', { form: letter.repeat(26), name: 'Race' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403, 403]);
    await expectOne(id, 'Race');
  });
});
