import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { people, signInSessions } from '../../src/db/sign-in-schema.ts';
import { members } from '../../src/db/team-schema.ts';
import { DB, TestApp, TestBrowser } from './support/app.ts';
import { directory, newMember, newOrganisation, newPerson } from './support/team.ts';

const DAY_MS = 24 * 60 * 60_000;

const sessionsOf = async (email: string) => {
  const query = `SELECT s.id FROM sign_in_sessions s JOIN people p ON p.id = s.person_id WHERE p.email = ?`;
  return (await DB.prepare(query).bind(email).all<{ id: string }>()).results.map(({ id }) => id);
};

/** The first screen of a new workspace, in which the person with this address is. */
const homeOf = async (email: string) => {
  const { id } = await newOrganisation();
  const person = directory.select({ id: people.id }).from(people).where(eq(people.email, email));
  const member = { organisationId: id, personId: sql`(${person})`, role: 'viewer', createdAt: Date.now() } as const;
  await directory.insert(members).values(member);
  return `/app/test/${id}/settings/you`;
};

describe('sessions', () => {
  it('can be ended from two tabs at once', async () => {
    const app = new TestApp();
    const { browser } = await newPerson(app);
    const answers = await Promise.all(
      [browser, browser.in(app), browser.in(app)].map((tab) => tab.post('/app/sign-out')),
    );
    for (const answer of answers)
      expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/app/sign-in']);
  });

  it('are listed, and one that is ended in another browser works no more at its next request', async () => {
    const app = new TestApp();
    const [desk, phone] = [new TestBrowser(app), new TestBrowser(app)];
    await desk.signIn('two@example.com');
    await phone.signIn('two@example.com');
    const home = await homeOf('two@example.com');
    const page = await (await desk.get(home)).text();
    expect(page).toContain('Firefox on Linux');
    const [, id] = /action="\/app\/sessions\/([^/]+)\/end"/.exec(page) ?? [];
    expect((await phone.get(home)).status).toBe(200);
    expect((await desk.post(`/app/sessions/${id}/end`)).headers.get('Location')).toBe('/app');
    expect((await phone.get(home)).headers.get('Location')).toBe(`/app/sign-in?to=${encodeURIComponent(home)}`);
    expect((await desk.get(home)).status).toBe(200);
    expect(await sessionsOf('two@example.com')).toHaveLength(1);
  });

  it('last 30 days after the last use, counted by days', async () => {
    const browser = new TestBrowser(new TestApp());
    await browser.signIn('daily@example.com');
    const [id] = await sessionsOf('daily@example.com');
    const expireIn = (days: number) =>
      DB.prepare('UPDATE sign_in_sessions SET expires_at = ? WHERE id = ?')
        .bind(Date.now() + days * DAY_MS, id)
        .run();
    const daysLeft = async () => {
      const query = DB.prepare('SELECT expires_at FROM sign_in_sessions WHERE id = ?').bind(id);
      return Math.round(((await query.first<number>('expires_at')) ?? 0) - Date.now()) / DAY_MS;
    };
    const set = browser.setCookies.length;
    await browser.get('/app');
    expect(browser.setCookies).toHaveLength(set);
    await expireIn(28);
    await browser.get('/app');
    expect(browser.setCookies[set]).toMatch(/^__Host-softsolz\.session_token=.*Max-Age=2592000/);
    expect(await daysLeft()).toBeCloseTo(30, 2);
    await expireIn(-1);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/sign-in');
  });

  it('end 90 days after they began, however often they are used, and are not listed after that', async () => {
    const app = new TestApp();
    const [desk, phone] = [new TestBrowser(app), new TestBrowser(app)];
    await desk.signIn('long@example.com');
    await phone.signIn('long@example.com');
    const [first = ''] = await sessionsOf('long@example.com');
    const beginDaysAgo = async (days: number) => {
      const createdAt = new Date(Date.now() - days * DAY_MS);
      await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.id, first));
    };
    const home = await homeOf('long@example.com');
    await beginDaysAgo(89.9);
    expect((await desk.get(home)).status).toBe(200);
    await beginDaysAgo(90);
    expect(await (await phone.get(home)).text()).not.toContain(first);
    expect((await desk.get(home)).status).toBe(303);
    expect(await sessionsOf('long@example.com')).toHaveLength(1);
  });

  it('end where the same browser signs in again', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.signIn('again@example.com');
    const before = await sessionsOf('again@example.com');
    await browser.signIn('again@example.com');
    expect(await sessionsOf('again@example.com')).toHaveLength(1);
    expect(await sessionsOf('again@example.com')).not.toEqual(before);
    await browser.signIn('other-person@example.com');
    expect(await sessionsOf('again@example.com')).toEqual([]);
  });

  it('of all other browsers end at once, and those of nobody else', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation();
    const { email, browser: desk } = await newMember(app, organisation, 'viewer');
    const stranger = await newPerson(app);
    const home = `/app/test/${organisation.id}/settings/you`;
    expect(await (await desk.get(home)).text()).not.toContain('End all others');
    const others = [new TestBrowser(app), new TestBrowser(app)];
    for (const other of others) await other.signIn(email);
    expect(await (await desk.get(home)).text()).toContain('End all others');
    expect((await desk.post('/app/sessions/end-others')).status).toBe(303);
    for (const other of others) expect((await other.get(home)).status).toBe(303);
    expect((await desk.get(home)).status).toBe(200);
    expect(await sessionsOf(stranger.email)).toHaveLength(1);
  });

  it('of another person cannot be ended', async () => {
    const app = new TestApp();
    const [mine, theirs] = [new TestBrowser(app), new TestBrowser(app)];
    await mine.signIn('me@example.com');
    await theirs.signIn('them@example.com');
    const [id] = await sessionsOf('them@example.com');
    await mine.post(`/app/sessions/${id}/end`);
    expect((await theirs.get(await homeOf('them@example.com'))).status).toBe(200);
    expect(await (await mine.get(await homeOf('me@example.com'))).text()).not.toContain(String(id));
  });

  it('end by signing out, and the old cookie is worth nothing', async () => {
    const browser = new TestBrowser(new TestApp());
    await browser.signIn('out@example.com');
    const [cookie = ''] = browser.setCookies.filter((line) => line.includes('session_token'));
    expect((await browser.post('/app/sign-out')).headers.get('Location')).toBe('/app/sign-in');
    expect(await sessionsOf('out@example.com')).toEqual([]);
    const old = await browser.get('/app', { Cookie: cookie.split(';')[0] ?? '' });
    expect(old.headers.get('Location')).toBe('/app/sign-in');
  });

  it('need the signature: the token alone, as the database has it, signs nobody in', async () => {
    const app = new TestApp();
    await new TestBrowser(app).signIn('signed@example.com');
    const query = 'SELECT token FROM sign_in_sessions ORDER BY rowid DESC LIMIT 1';
    const token = await DB.prepare(query).first<string>('token');
    const response = await new TestBrowser(app).get('/app', { Cookie: `__Host-softsolz.session_token=${token}` });
    expect(response.headers.get('Location')).toBe('/app/sign-in');
  });

  it('lead from the page that signs in to the app', async () => {
    const browser = new TestBrowser(new TestApp());
    await browser.signIn('in@example.com');
    expect((await browser.get('/app/sign-in')).headers.get('Location')).toBe('/app');
    expect((await browser.get('/')).headers.get('Location')).toBe('/app');
  });
});

describe('a form of another site', () => {
  it.each([
    ['of another origin', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['of a neighbour host', { Origin: 'https://shop.example.com', 'Sec-Fetch-Site': 'same-site' }],
    ['that hides its origin', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
    ['that lies about its origin', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s changes nothing', async (_what, headers) => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.signIn('victim@example.com');
    const before = await sessionsOf('victim@example.com');
    expect((await browser.post('/app/sign-out', {}, headers)).status).toBe(403);
    expect((await browser.post(`/app/sessions/${before[0]}/end`, {}, headers)).status).toBe(403);
    expect((await browser.post('/app/sign-in', { email: 'x@example.com' }, headers)).status).toBe(403);
    expect(await sessionsOf('victim@example.com')).toEqual(before);
    expect(app.mails).toHaveLength(1);
  });
});

describe('every answer', () => {
  it.each(['/app/sign-in', '/app', '/app/nothing', '/'])(
    'of %s has the security headers, and no cache keeps it',
    async (path) => {
      const { headers } = await new TestBrowser(new TestApp()).get(path);
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
      expect(headers.get('Referrer-Policy')).toBe('same-origin');
    },
  );

  it('says that nothing is here, also where better-auth has routes of its own', async () => {
    const browser = new TestBrowser(new TestApp());
    for (const path of ['/app/nothing', '/api/auth/ok', '/api/auth/get-session']) {
      expect((await browser.get(path)).status).toBe(404);
    }
    expect((await browser.post('/api/auth/email-otp/send-verification-otp', { email: 'a@example.com' })).status).toBe(
      404,
    );
  });

  it.each([
    ['APP_URL', 'http://app.example.com'],
    ['APP_URL', 'https://app.example.com/app'],
    ['AUTH_SECRET', 'short'],
    ['MAIL_FROM', 'nobody'],
    ['SIGN_UP', 'closed'],
  ])('is 503 while %s is %s', async (name, value) => {
    const app = new TestApp({ [name]: value });
    const response = await new TestBrowser(app).get('/app');
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain(value);
  });
});
