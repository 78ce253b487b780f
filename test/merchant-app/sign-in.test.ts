import { describe, expect, it } from 'vitest';
import { newFormId } from '../../src/core/ids.ts';
import { mayEnterCode } from '../../src/domain/sign-in/limits.ts';
import { DB, TestApp, TestBrowser } from './support/app.ts';
import { directory, newEmail } from './support/team.ts';
import { seen } from './support/traces.ts';
import { invite } from './support/workspaces.ts';

const countOf = async (table: string) => await DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n');

describe('signing in', () => {
  it('sends a code of six digits by e-mail, in text and HTML, and takes it once', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    const asked = await browser.post('/app/sign-in', { email: ' Mara@Harbour.example.com ' });
    expect(await seen(asked)).toMatchObject({ status: 303, location: '/app/sign-in/code' });
    expect(await (await browser.get('/app/sign-in/code')).text()).toContain('mara@harbour.example.com');
    const [mail] = app.mails;
    const code = app.codeFor('mara@harbour.example.com');
    expect(mail?.from).toEqual({ email: 'no-reply@example.com', name: 'SoftSolz Payments' });
    expect(mail?.subject).toBe(`${code} is your code for SoftSolz Payments`);
    expect(mail?.html).toContain(`>${code}<`);

    const entered = await browser.post('/app/sign-in/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
    expect(await seen(entered)).toMatchObject({ status: 303, location: '/app' });
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/workspaces/new');
    const page = await browser.get(`/app/workspaces/new?form=${newFormId()}`);
    expect(await page.text()).toContain('mara@harbour.example.com');

    const other = new TestBrowser(app);
    await other.post('/app/sign-in', { email: 'mara@harbour.example.com' });
    expect((await other.post('/app/sign-in/code', { code })).status).toBe(422);
  });

  it.each([
    ['a&b@shop.example.com', 'a&b@shop.example.com'],
    ['anna@bäckerei.рф', 'anna@xn--bckerei-5wa.xn--p1ai'],
  ])('takes the address %s, and an invited one too', async (typed, email) => {
    await invite(email);
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email: typed });
    const entered = await browser.post('/app/sign-in/code', { code: app.codeFor(email) });
    expect(await seen(entered)).toMatchObject({ status: 303, location: '/app' });
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/workspaces/new');
  });

  it('leads on to the page that was asked for, by a code', async () => {
    const app = new TestApp();
    const path = '/app/invitations/0f8e-unknown';
    const to = encodeURIComponent(path);
    const browser = new TestBrowser(app);
    expect((await browser.get(path)).headers.get('Location')).toBe(`/app/sign-in?to=${to}`);
    expect(await (await browser.get(`/app/sign-in?to=${to}`)).text()).toContain(`name="to" value="${path}"`);
    const faulty = await browser.post('/app/sign-in', { email: 'nobody', to: path });
    expect(await faulty.text()).toContain(`name="to" value="${path}"`);
    const asked = await browser.post('/app/sign-in', { email: 'leads@example.com', to: path });
    expect(asked.headers.get('Location')).toBe(`/app/sign-in/code?to=${to}`);
    const page = await (await browser.get(`/app/sign-in/code?to=${to}`)).text();
    expect(page).toContain(`name="to" value="${path}"`);
    expect(page).toContain(`href="/app/sign-in?to=${to}"`);
    const wrong = await browser.post('/app/sign-in/code', { code: 'wrong', to: path });
    expect(await wrong.text()).toContain(`name="to" value="${path}"`);
    const entered = await browser.post('/app/sign-in/code', { code: app.codeFor('leads@example.com'), to: path });
    expect(entered.headers.get('Location')).toBe(path);
    expect((await browser.get(`/app/sign-in?to=${to}`)).headers.get('Location')).toBe(path);
  });

  it('leads on where the page of a form or the page that confirms was waiting', async () => {
    const browser = new TestBrowser(new TestApp());
    const home = '/app/test/0f8e/home';
    const posted = await browser.post(`${home}/x`, {}, { Referer: `https://app.example.com${home}` });
    expect(posted.headers.get('Location')).toBe(`/app/sign-in?to=${encodeURIComponent(home)}`);
    const confirm = await browser.get(`/app/confirm?to=${encodeURIComponent(home)}`);
    expect(confirm.headers.get('Location')).toBe(`/app/sign-in?to=${encodeURIComponent(home)}`);
  });

  it('leads on to a page whose own query has a field named "to"', async () => {
    const payments = '/app/test/0f8e/payments';
    const asked = await new TestBrowser(new TestApp()).get(`${payments}?from=2026-11-01&to=2026-11-30`);
    expect(asked.headers.get('Location')).toBe(`/app/sign-in?to=${encodeURIComponent(payments)}`);
  });

  it.each(['//evil.example', 'https://evil.example/app', '/app//evil.example', '/\\evil.example', '/connect'])(
    'never leads to %s',
    async (to) => {
      const app = new TestApp();
      const browser = new TestBrowser(app);
      const page = await (await browser.get(`/app/sign-in?to=${encodeURIComponent(to)}`)).text();
      expect(page).toContain('name="to" value="/app"');
      const email = newEmail();
      expect((await browser.post('/app/sign-in', { email, to })).headers.get('Location')).toBe('/app/sign-in/code');
      const entered = await browser.post('/app/sign-in/code', { code: app.codeFor(email), to });
      expect(entered.headers.get('Location')).toBe('/app');
      const again = await browser.get(`/app/sign-in?to=${encodeURIComponent(to)}`);
      expect(again.headers.get('Location')).toBe('/app');
    },
  );

  it('writes the mail in German for a browser that prefers it', async () => {
    const app = new TestApp();
    const headers = { 'Accept-Language': 'fr;q=0.9, de-AT, en;q=0.8' };
    await new TestBrowser(app).post('/app/sign-in', { email: 'jana@hafen.example.com' }, headers);
    expect(app.mails[0]?.text).toContain('Geben Sie ihn auf der Seite ein');
    expect(app.mails[0]?.html).toContain('<html lang="de">');
  });

  it('sets a cookie that only this host gets, only by https, and no script reads', async () => {
    const browser = new TestBrowser(new TestApp());
    await browser.signIn('cookie@example.com');
    const line = browser.setCookies.find((one) => one.startsWith('__Host-softsolz.session_token='));
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) {
      expect(line?.toLowerCase()).toContain(attribute.toLowerCase());
    }
    expect(line).not.toMatch(/domain=/i);
  });

  it('keeps no code and no address of a visitor in plain text', async () => {
    const app = new TestApp();
    await new TestBrowser(app, '203.0.113.77').post('/app/sign-in', { email: 'plain@example.com' });
    const codes = await DB.prepare('SELECT value FROM sign_in_codes WHERE identifier LIKE ?').bind('%plain@%').all();
    expect(codes.results).toHaveLength(1);
    expect(JSON.stringify(codes.results)).not.toContain(app.codeFor('plain@example.com'));
    const limits = JSON.stringify((await DB.prepare('SELECT key FROM sign_in_limits').all()).results);
    expect(limits).not.toMatch(/plain@|203\.0\.113/);
  });

  it.each(['', 'nobody', 'a@b', 'two@example.com, three@example.com'])('refuses %j as an address', async (email) => {
    const app = new TestApp();
    const response = await new TestBrowser(app).post('/app/sign-in', { email });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('Enter an e-mail address');
    expect(app.mails).toEqual([]);
  });

  it('asks for the address again where the browser has asked for no code', async () => {
    const browser = new TestBrowser(new TestApp());
    expect((await browser.get('/app/sign-in/code')).headers.get('Location')).toBe('/app/sign-in');
    expect((await browser.post('/app/sign-in/code', { code: '123456' })).headers.get('Location')).toBe('/app/sign-in');
  });

  it('refuses a form that is longer than any of its own, and reads no other kind', async () => {
    const browser = new TestBrowser(new TestApp());
    const tooLarge = await browser.post('/app/sign-in', { email: 'x'.repeat(140_000) });
    expect(await seen(tooLarge)).toMatchObject({
      status: 413,
      text: expect.stringContaining('Go back and send less.'),
    });
    const kind = { 'Content-Type': 'multipart/form-data' };
    expect((await browser.post('/app/sign-in', { email: '' }, kind)).status).toBe(422);
  });

  it('answers the same when the mail cannot be sent', async () => {
    const app = new TestApp();
    app.mailFails = true;
    const response = await new TestBrowser(app).post('/app/sign-in', { email: 'unsent@example.com' });
    expect(await seen(response)).toMatchObject({ status: 303, location: '/app/sign-in/code' });
  });
});

describe('by invitation', () => {
  it('answers a known and an unknown address alike, and sends an unknown one no code', async () => {
    await new TestBrowser(new TestApp()).signIn('known@example.com');
    const app = new TestApp({ SIGN_UP: 'invitation' });
    const answers = await Promise.all(
      ['known@example.com', 'unknown@example.com'].map(async (email) => {
        const browser = new TestBrowser(app);
        const asked = await seen(await browser.post('/app/sign-in', { email }));
        const page = await seen(await browser.get('/app/sign-in/code'));
        const tries: unknown[] = [];
        for (let n = 0; n < 7; n++) tries.push(await seen(await browser.post('/app/sign-in/code', { code: 'wrong' })));
        return JSON.stringify([asked, page, tries]).replaceAll(email, '<address>');
      }),
    );
    expect(answers[1]).toBe(answers[0]);
    expect(app.mails.map(({ to }) => to)).toEqual(['known@example.com']);
  });

  it('is what holds where SIGN_UP says nothing', async () => {
    const app = new TestApp({ SIGN_UP: undefined });
    await new TestBrowser(app).post('/app/sign-in', { email: 'nobody@example.com' });
    expect(app.mails).toEqual([]);
  });
});

describe('guessing', () => {
  it('ends a code after five wrong tries, also for the right one', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email: 'guessed@example.com' });
    const code = app.codeFor('guessed@example.com');
    const wrong = code === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n++) expect((await browser.post('/app/sign-in/code', { code: wrong })).status).toBe(422);
    expect((await browser.post('/app/sign-in/code', { code })).status).toBe(422);
    expect((await browser.get('/app')).headers.get('Location')).toBe('/app/sign-in');
  });

  it('takes the right code after four wrong tries', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email: 'clumsy@example.com' });
    for (let n = 0; n < 4; n++) await browser.post('/app/sign-in/code', { code: 'wrong' });
    const entered = await browser.post('/app/sign-in/code', { code: app.codeFor('clumsy@example.com') });
    expect(entered.headers.get('Location')).toBe('/app');
  });

  it('signs in once where the right code arrives several times at once', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email: 'twice@example.com' });
    const code = app.codeFor('twice@example.com');
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.post('/app/sign-in/code', { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
  });

  it('takes only the newest code of an address', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.post('/app/sign-in', { email: 'newest@example.com' });
    const first = app.codeFor('newest@example.com');
    await browser.post('/app/sign-in', { email: 'newest@example.com' });
    const second = app.codeFor('newest@example.com');
    if (first !== second) expect((await browser.post('/app/sign-in/code', { code: first })).status).toBe(422);
    expect((await browser.post('/app/sign-in/code', { code: second })).status).toBe(303);
  });

  it('sends five codes in an hour to one address, whoever asks', async () => {
    const app = new TestApp();
    const ask = () => new TestBrowser(app).post('/app/sign-in', { email: 'flooded@example.com' });
    for (let n = 0; n < 5; n++) expect((await ask()).status).toBe(303);
    expect((await ask()).status).toBe(429);
    expect(app.mails).toHaveLength(5);
  });

  it('sends twenty codes in an hour for one visitor, whatever the addresses', async () => {
    const app = new TestApp();
    const ask = (n: number) =>
      new TestBrowser(app, '198.51.100.7').post('/app/sign-in', { email: `victim${n}@example.com` });
    for (let n = 0; n < 20; n++) expect((await ask(n)).status).toBe(303);
    expect((await ask(20)).status).toBe(429);
    expect(app.mails).toHaveLength(20);
  });

  it('does not count for an address what a visitor asks beyond their own limit', async () => {
    const app = new TestApp();
    const address = '198.51.100.17';
    const ask = (email: string) => new TestBrowser(app, address).post('/app/sign-in', { email });
    for (let n = 0; n < 20; n++) await ask(`other${n}@example.com`);
    for (let n = 0; n < 6; n++) expect((await ask('spared@example.com')).status).toBe(429);
    expect((await new TestBrowser(app).post('/app/sign-in', { email: 'spared@example.com' })).status).toBe(303);
  });

  it('takes a hundred codes in a day for one address, although each hour would take more', async () => {
    const begin = Date.now();
    const enter = (hour: number) => {
      const request = { email: 'guessed.slowly@example.com', visitor: `visitor of hour ${hour}` };
      return mayEnterCode(directory, request, begin + hour * 60 * 60_000);
    };
    let taken = 0;
    for (let hour = 0; hour < 7; hour++) {
      for (let n = 0; n < 20; n++) if (await enter(hour)) taken++;
    }
    expect(taken).toBe(100);
    expect(await enter(25)).toBe(true);
  });

  it('lets a visitor enter sixty codes in an hour', async () => {
    const app = new TestApp();
    const address = '198.51.100.8';
    for (let n = 0; n < 3; n++) {
      const browser = new TestBrowser(app, address);
      await browser.post('/app/sign-in', { email: `target${n}@example.com` });
      for (let tries = 0; tries < 20; tries++) await browser.post('/app/sign-in/code', { code: 'wrong' });
    }
    const browser = new TestBrowser(app, address);
    await browser.post('/app/sign-in', { email: 'target3@example.com' });
    const code = app.codeFor('target3@example.com');
    expect((await browser.post('/app/sign-in/code', { code })).status).toBe(429);
  });
});

describe('the cron', () => {
  it('deletes what has expired, and nothing else', async () => {
    const app = new TestApp();
    const browser = new TestBrowser(app);
    await browser.signIn('kept@example.com');
    await browser.post('/app/sign-in', { email: 'pending@example.com' });
    const expire = (table: string, column: string) =>
      DB.prepare(`UPDATE ${table} SET ${column} = 1000 WHERE rowid = (SELECT min(rowid) FROM ${table})`).run();
    await app.runCron();
    const tables = ['sign_in_sessions', 'sign_in_codes', 'sign_in_limits'];
    const before = await Promise.all(tables.map(countOf));
    await expire('sign_in_sessions', 'expires_at');
    await expire('sign_in_codes', 'expires_at');
    await expire('sign_in_limits', 'until');
    await app.runCron();
    expect(await Promise.all(tables.map(countOf))).toEqual(before.map((count) => (count ?? 0) - 1));
  });
});
