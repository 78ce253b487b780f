import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { signInSessions } from '../../src/db/sign-in-schema.ts';
import { PROOF_MS } from '../../src/domain/members/authorise.ts';
import { TestApp, TestBrowser } from './support/app.ts';
import { addPasskey, challengeAt } from './support/passkey.ts';
import { directory, newEmail, newPerson } from './support/team.ts';

const app = new TestApp();
const HOME = '/app/test/some-workspace/home';
const TITLE = 'Confirm that it is you';

const sessionsOf = async (personId: string) =>
  await directory.select().from(signInSessions).where(eq(signInSessions.userId, personId));

/** Somebody new whose proof is too old for what is guarded. `cookie`: of the session. */
async function stalePerson() {
  const person = await newPerson(app);
  const createdAt = new Date(Date.now() - PROOF_MS - 1_000);
  await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, person.id));
  const line = person.browser.setCookies.findLast((one) => one.startsWith('__Host-softsolz.session_token=')) ?? '';
  return { ...person, cookie: line.split(';')[0] ?? '' };
}

/** True where the person may do what is guarded. */
async function isFresh(browser: TestBrowser): Promise<boolean> {
  return (await browser.post('/app/passkeys/options')).status === 200;
}

describe('confirming by a code', () => {
  it('makes a new session for the same person, ends the old one, and goes on', async () => {
    const { id, email, browser, cookie } = await stalePerson();
    const [old] = await sessionsOf(id);
    expect(await isFresh(browser)).toBe(false);
    const page = await (await browser.get(`/app/confirm?to=${encodeURIComponent(HOME)}`)).text();
    expect(page).toContain(TITLE);
    expect(page).toContain(email);
    expect(page).toContain(`name="to" value="${HOME}"`);

    const mails = app.mails.length;
    const asked = await browser.post('/app/confirm/send', { to: HOME });
    expect([asked.status, asked.headers.get('Location')]).toEqual([
      303,
      `/app/confirm/code?to=${encodeURIComponent(HOME)}`,
    ]);
    expect(app.mails.slice(mails).map(({ to }) => to)).toEqual([email]);
    expect(await (await browser.get(asked.headers.get('Location') ?? '')).text()).toContain('name="code"');
    const confirmed = await browser.post('/app/confirm/code', { code: app.codeFor(email), to: HOME });
    expect([confirmed.status, confirmed.headers.get('Location')]).toEqual([303, HOME]);

    const sessions = await sessionsOf(id);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.id).not.toBe(old?.id);
    expect(await isFresh(browser)).toBe(true);
    const former = await new TestBrowser(app).get('/app/confirm', { Cookie: cookie });
    expect(former.headers.get('Location')).toBe('/app/sign-in?to=%2Fapp%2Fconfirm');
  });

  it('changes nothing with a wrong code, and a used code is wrong', async () => {
    const { id, email, browser } = await stalePerson();
    const before = await sessionsOf(id);
    await browser.post('/app/confirm/send', { to: HOME });
    const code = app.codeFor(email);
    const wrong = await browser.post('/app/confirm/code', { code: code === '000000' ? '111111' : '000000', to: HOME });
    expect(wrong.status).toBe(422);
    const page = await wrong.text();
    expect(page).toContain('That code is wrong');
    expect(page).toContain(`name="to" value="${HOME}"`);
    expect(await sessionsOf(id)).toEqual(before);
    expect(await isFresh(browser)).toBe(false);
    expect((await browser.post('/app/confirm/code', { code, to: HOME })).status).toBe(303);
    expect((await browser.post('/app/confirm/code', { code, to: HOME })).status).toBe(422);
  });

  it('takes no code that was sent to somebody else', async () => {
    const { id, browser } = await stalePerson();
    const stranger = newEmail();
    await new TestBrowser(app).post('/app/sign-in', { email: stranger });
    const answer = await browser.post('/app/confirm/code', { code: app.codeFor(stranger), email: stranger, to: HOME });
    expect(answer.status).toBe(422);
    expect(await sessionsOf(id)).toHaveLength(1);
    expect(await isFresh(browser)).toBe(false);
  });

  it('sends five codes in an hour, those for signing in included', async () => {
    const { email, browser } = await stalePerson();
    for (let n = 0; n < 4; n++) expect((await browser.post('/app/confirm/send', { to: HOME })).status).toBe(303);
    const refused = await browser.post('/app/confirm/send', { to: HOME });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('That was too often');
    expect((await new TestBrowser(app).post('/app/sign-in', { email })).status).toBe(429);
  });

  it('takes twenty codes in an hour', async () => {
    const { browser } = await stalePerson();
    for (let n = 0; n < 19; n++) expect((await browser.post('/app/confirm/code', { code: 'wrong' })).status).toBe(422);
    expect((await browser.post('/app/confirm/code', { code: 'wrong' })).status).toBe(429);
  });
});

describe('confirming with a passkey', () => {
  it('is offered to who has one, and does the same as a code', async () => {
    const { id, browser } = await newPerson(app);
    expect(await (await browser.get('/app/confirm')).text()).not.toContain('Confirm with a passkey');
    const passkey = await addPasskey(browser);
    const createdAt = new Date(Date.now() - PROOF_MS - 1_000);
    await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, id));
    const [old] = await sessionsOf(id);
    expect(await (await browser.get('/app/confirm')).text()).toContain('Confirm with a passkey');
    const credential = await passkey.get(await challengeAt(browser, '/app/confirm/passkey'));
    const confirmed = await browser.post('/app/confirm/passkey', { credential, to: HOME });
    expect([confirmed.status, confirmed.headers.get('Location')]).toEqual([303, HOME]);
    const sessions = await sessionsOf(id);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.id).not.toBe(old?.id);
    expect(await isFresh(browser)).toBe(true);
  });

  it('refuses that of another person, and makes no session of that person', async () => {
    const { id, browser } = await stalePerson();
    const other = await newPerson(app);
    const theirs = await addPasskey(other.browser);
    const before = [await sessionsOf(id), await sessionsOf(other.id)];
    const credential = await theirs.get(await challengeAt(browser, '/app/confirm/passkey'));
    const answer = await browser.post('/app/confirm/passkey', { credential, to: HOME });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(TITLE);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect([await sessionsOf(id), await sessionsOf(other.id)]).toEqual(before);
    expect(await isFresh(browser)).toBe(false);
  });

  it('refuses what is wrong with that of the person', async () => {
    const { id, browser } = await newPerson(app);
    const passkey = await addPasskey(browser);
    const before = await sessionsOf(id);
    const wrong = { origin: 'https://evil.example' };
    const credential = await passkey.get(await challengeAt(browser, '/app/confirm/passkey'), wrong);
    for (const sent of [credential, '', '{}']) {
      expect((await browser.post('/app/confirm/passkey', { credential: sent, to: HOME })).status).toBe(422);
    }
    expect(await sessionsOf(id)).toEqual(before);
  });
});

describe('the way back', () => {
  it.each([
    ['//evil.example/app', '/app'],
    ['/app//evil.example', '/app'],
    ['/\\evil.example', '/app'],
    ['/app/\\evil.example', '/app'],
    ['https://evil.example/app/test', '/app'],
    ['javascript:alert(1)', '/app'],
    ['/app/x\r\nSet-Cookie: a=b', '/app'],
    ['/application', '/app'],
    ['/connect', '/app'],
    ['', '/app'],
    ['/app/live/0f8e/team', '/app/live/0f8e/team'],
  ])('of %j leads to %s', async (to, path) => {
    const { email, browser } = await newPerson(app);
    const page = await (await browser.get(`/app/confirm?to=${encodeURIComponent(to)}`)).text();
    expect(page).toContain(`name="to" value="${path}"`);
    await browser.post('/app/confirm/send', { to });
    const confirmed = await browser.post('/app/confirm/code', { code: app.codeFor(email), to });
    expect([confirmed.status, confirmed.headers.get('Location')]).toEqual([303, path]);
  });

  it('of a refused form is the page that it was sent from, where that is a page of the app', async () => {
    const { browser } = await stalePerson();
    const linkOf = async (referer: string) => {
      const answer = await browser.post('/app/passkeys', {}, { Referer: referer });
      return /href="(\/app\/confirm[^"]*)"/.exec(await answer.text())?.[1];
    };
    expect(await linkOf(`https://app.example.com${HOME}?x=1`)).toBe(`/app/confirm?to=${encodeURIComponent(HOME)}`);
    expect(await linkOf(`https://evil.example${HOME}`)).toBe('/app/confirm?to=%2Fapp');
  });
});
