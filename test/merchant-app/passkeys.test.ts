import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { passkeys, signInSessions } from '../../src/db/sign-in-schema.ts';
import { PROOF_MS } from '../../src/domain/members/authorise.ts';
import { TestApp, TestBrowser } from './support/app.ts';
import { addPasskey, challengeAt, type Deviation, signInWith, TestPasskey } from './support/passkey.ts';
import { directory, newMember, newOrganisation, newPerson } from './support/team.ts';

const ONE_PASSWORD = 'bada5566-a7aa-401f-bd96-45619a55120d';
const WRONG = 'This passkey cannot sign in here';

const app = new TestApp();

const passkeysOf = async (personId: string) =>
  await directory.select().from(passkeys).where(eq(passkeys.userId, personId));
const sessionsOf = async (personId: string) =>
  await directory.select().from(signInSessions).where(eq(signInSessions.userId, personId));

/** Somebody new with a passkey, and the path of a page that lists it. */
async function personWithPasskey(aaguid?: string) {
  const organisation = await newOrganisation();
  const person = await newMember(app, organisation, 'viewer');
  return {
    ...person,
    home: `/app/test/${organisation.id}/settings/you`,
    passkey: await addPasskey(person.browser, aaguid),
  };
}

async function makeProofStale(personId: string): Promise<void> {
  const createdAt = new Date(Date.now() - PROOF_MS - 1_000);
  await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, personId));
}

describe('a passkey', () => {
  it('is added, is listed, and signs its person in where nobody types an address', async () => {
    const { id, email, home, passkey, browser } = await personWithPasskey(ONE_PASSWORD);
    const page = await (await browser.get(home)).text();
    expect(page).toContain('Remove the passkey of Firefox on Linux');
    expect(page).toContain('kept by 1Password');
    expect(await passkeysOf(id)).toMatchObject([{ credentialID: passkey.id, name: 'Firefox, Linux' }]);

    const other = new TestBrowser(app);
    expect(await (await other.get(`/app/sign-in?to=${encodeURIComponent(home)}`)).text()).toMatch(
      new RegExp(`action="/app/sign-in/passkey"[^]*name="to" value="${home}"`),
    );
    expect((await signInWith(other, passkey)).headers.get('Location')).toBe('/app');
    for (const [to, leads] of [
      [home, home],
      ['//evil.example', '/app'],
    ] as const) {
      const elsewhere = new TestBrowser(app);
      const credential = await passkey.get(await challengeAt(elsewhere, '/app/sign-in/passkey'));
      const entered = await elsewhere.post('/app/sign-in/passkey', { credential, to });
      expect(entered.headers.get('Location')).toBe(leads);
      await elsewhere.post('/app/sign-out');
    }
    expect(await (await other.get(home)).text()).toContain(email);
    expect(await sessionsOf(id)).toHaveLength(2);
  });

  it('is one of several', async () => {
    const { id, passkey, browser } = await personWithPasskey();
    const second = await addPasskey(browser);
    expect(await passkeysOf(id)).toHaveLength(2);
    for (const one of [passkey, second, passkey]) {
      expect((await signInWith(new TestBrowser(app), one)).status).toBe(303);
    }
  });

  it('has to be kept by a device that finds it by itself and checks a fingerprint, a face or a PIN', async () => {
    const { browser } = await newPerson(app);
    const selection = { residentKey: 'required', userVerification: 'required' };
    const toAdd = await (await browser.post('/app/passkeys/options')).json();
    expect(toAdd).toMatchObject({ rp: { id: 'app.example.com' }, authenticatorSelection: selection });
    const toSignIn = await (await new TestBrowser(app).post('/app/sign-in/passkey/options')).json();
    expect(toSignIn).toMatchObject({ rpId: 'app.example.com', userVerification: 'required' });
    expect(toSignIn).not.toHaveProperty('allowCredentials');
  });

  it('leaves cookies that only this host gets, only by https, and no script reads', async () => {
    const { browser, passkey } = await personWithPasskey();
    const other = new TestBrowser(app);
    await signInWith(other, passkey);
    const lines = [...browser.setCookies, ...other.setCookies];
    const names = new Set(lines.map((line) => line.split('=')[0]));
    expect(names).toContain('__Host-softsolz.passkey_challenge');
    expect(names).toContain('__Host-softsolz.session_token');
    for (const line of lines) {
      expect(line).toMatch(/^__Host-/);
      for (const attribute of [/; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) {
        expect(line).toMatch(attribute);
      }
      expect(line).not.toMatch(/domain=/i);
    }
  });

  it('works no more once it is removed', async () => {
    const { id, home, browser, passkey } = await personWithPasskey();
    const kept = await addPasskey(browser);
    const page = await (await browser.get(home)).text();
    const [, row] = /action="\/app\/passkeys\/([^/]+)\/remove"/.exec(page) ?? [];
    const from = { Referer: `https://app.example.com${home}` };
    const removed = await browser.post(`/app/passkeys/${row}/remove`, {}, from);
    expect([removed.status, removed.headers.get('Location')]).toEqual([303, home]);
    expect(await passkeysOf(id)).toMatchObject([{ credentialID: kept.id }]);
    expect(await refusal(await signInWith(new TestBrowser(app), passkey))).toContain(WRONG);
    expect((await signInWith(new TestBrowser(app), kept)).status).toBe(303);
  });

  it('of another person cannot be removed', async () => {
    const { id } = await personWithPasskey();
    const [row] = await passkeysOf(id);
    const { browser } = await newPerson(app);
    expect((await browser.post(`/app/passkeys/${row?.id}/remove`)).status).toBe(303);
    expect(await passkeysOf(id)).toHaveLength(1);
  });

  it('of another person cannot be added again', async () => {
    const { passkey } = await personWithPasskey();
    const { id, browser } = await newPerson(app);
    const credential = await passkey.create(await challengeAt(browser, '/app/passkeys'));
    expect((await browser.post('/app/passkeys', { credential })).status).toBe(422);
    expect(await passkeysOf(id)).toEqual([]);
  });
});

/** The text of a page that refuses. */
async function refusal(response: Response): Promise<string> {
  expect(response.status).toBe(422);
  expect(response.headers.getSetCookie().join()).not.toContain('session_token');
  return await response.text();
}

const DEVIATIONS: [string, Deviation][] = [
  ['on a page of another origin', { origin: 'https://app.example.com.evil.example' }],
  ['on another port', { origin: 'https://app.example.com:8443' }],
  ['for another host', { rpId: 'example.com' }],
  ['for another challenge', { challenge: 'bm90IHRoZSBvbmUgdGhhdCB3YXMgZ2l2ZW4' }],
  ['without fingerprint, face or PIN', { isVerified: false }],
  ['for something else', { type: 'payment.get' }],
];

describe('signing in with a passkey', () => {
  it.each(DEVIATIONS)('is refused where it was used %s', async (_what, deviation) => {
    const { id, passkey } = await personWithPasskey();
    expect(await refusal(await signInWith(new TestBrowser(app), passkey, deviation))).toContain(WRONG);
    expect(await sessionsOf(id)).toHaveLength(1);
    expect((await signInWith(new TestBrowser(app), passkey)).status).toBe(303);
  });

  it('answers alike whether the passkey is known or not', async () => {
    const { passkey } = await personWithPasskey();
    const [known, unknown] = [new TestBrowser(app), new TestBrowser(app)];
    const ofKnown = await refusal(await signInWith(known, passkey, { isVerified: false }));
    expect(await refusal(await signInWith(unknown, await TestPasskey.make()))).toBe(ofKnown);
    expect(unknown.setCookies.length).toBe(known.setCookies.length);
  });

  it('takes no signature of another key under the id of a passkey', async () => {
    const { passkey } = await personWithPasskey();
    const browser = new TestBrowser(app);
    const forged = await (await TestPasskey.make()).get(await challengeAt(browser, '/app/sign-in/passkey'));
    const credential = JSON.stringify({ ...JSON.parse(forged), id: passkey.id, rawId: passkey.id });
    expect(await refusal(await browser.post('/app/sign-in/passkey', { credential }))).toContain(WRONG);
  });

  it('takes each challenge once', async () => {
    const { id, passkey } = await personWithPasskey();
    const browser = new TestBrowser(app);
    const challenge = await challengeAt(browser, '/app/sign-in/passkey');
    const credential = await passkey.get(challenge);
    expect((await browser.post('/app/sign-in/passkey', { credential })).status).toBe(303);
    expect(await refusal(await browser.post('/app/sign-in/passkey', { credential }))).toContain(WRONG);
    const again = await passkey.get(challenge);
    expect(await refusal(await browser.post('/app/sign-in/passkey', { credential: again }))).toContain(WRONG);
    expect(await sessionsOf(id)).toHaveLength(2);
  });

  it('takes no challenge that another browser got, or that was for adding a passkey', async () => {
    const { passkey, browser } = await personWithPasskey();
    const stranger = new TestBrowser(app);
    const credential = await passkey.get(await challengeAt(stranger, '/app/sign-in/passkey'));
    expect(await refusal(await new TestBrowser(app).post('/app/sign-in/passkey', { credential }))).toContain(WRONG);
    const toAdd = await passkey.get(await challengeAt(browser, '/app/passkeys'));
    expect(await refusal(await browser.post('/app/sign-in/passkey', { credential: toAdd }))).toContain(WRONG);
  });

  it.each(['', 'null', '[]', '{}', '{"id":{"$ne":""}}', 'x'.repeat(9_000)])('refuses %j', async (credential) => {
    const browser = new TestBrowser(app);
    await challengeAt(browser, '/app/sign-in/passkey');
    expect(await refusal(await browser.post('/app/sign-in/passkey', { credential }))).toContain(WRONG);
  });

  it('is begun at most 60 times in an hour by one visitor', async () => {
    const begin = () => new TestBrowser(app, '198.51.100.60').post('/app/sign-in/passkey/options');
    for (let n = 0; n < 60; n++) expect((await begin()).status).toBe(200);
    const refused = await begin();
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([429, []]);
    expect((await new TestBrowser(app).post('/app/sign-in/passkey/options')).status).toBe(200);
  });

  it('has no routes of better-auth', async () => {
    const browser = new TestBrowser(app);
    expect((await browser.get('/api/auth/passkey/generate-authenticate-options')).status).toBe(404);
    expect((await browser.post('/api/auth/passkey/verify-authentication')).status).toBe(404);
  });
});

describe('adding a passkey', () => {
  it.each(DEVIATIONS)('is refused where it was made %s', async (_what, deviation) => {
    const { id, browser } = await newPerson(app);
    const passkey = await TestPasskey.make();
    const credential = await passkey.create(await challengeAt(browser, '/app/passkeys'), deviation);
    const response = await browser.post('/app/passkeys', { credential });
    expect(await refusal(response)).toContain('The passkey was not added');
    expect(await passkeysOf(id)).toEqual([]);
  });

  it('takes each challenge once, and none of another person', async () => {
    const { id, browser } = await newPerson(app);
    const challenge = await challengeAt(browser, '/app/passkeys');
    const first = await (await TestPasskey.make()).create(challenge);
    const second = await (await TestPasskey.make()).create(challenge);
    expect((await browser.post('/app/passkeys', { credential: first })).status).toBe(303);
    expect((await browser.post('/app/passkeys', { credential: second })).status).toBe(422);
    expect(await passkeysOf(id)).toHaveLength(1);
    const { id: otherId, browser: other } = await newPerson(app);
    const theirs = await (await TestPasskey.make()).create(await challengeAt(browser, '/app/passkeys'));
    await challengeAt(other, '/app/passkeys');
    expect((await other.post('/app/passkeys', { credential: theirs })).status).toBe(422);
    expect(await passkeysOf(otherId)).toEqual([]);
  });

  it('and removing one need a fresh proof, and a stale one changes nothing', async () => {
    const { id, home, browser } = await personWithPasskey();
    const [row] = await passkeysOf(id);
    const credential = await (await TestPasskey.make()).create(await challengeAt(browser, '/app/passkeys'));
    await makeProofStale(id);
    const from = { Referer: `https://app.example.com${home}` };
    const answers = [
      await browser.post('/app/passkeys/options', {}, from),
      await browser.post('/app/passkeys', { credential }, from),
      await browser.post(`/app/passkeys/${row?.id}/remove`, {}, from),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain(`href="/app/confirm?to=${encodeURIComponent(home)}"`);
    }
    expect(await passkeysOf(id)).toEqual([row]);
  });
});
