import { beforeAll, describe, expect, it } from 'vitest';
import { DB, TestApp, TestBrowser } from './support/app.ts';
import { newMember, newPerson } from './support/team.ts';
import {
  breakable,
  expectOne,
  fill,
  idIn,
  invite,
  invited,
  madeBy,
  openForm,
  type When,
} from './support/workspaces.ts';

describe('a database that fails while a workspace is made', () => {
  const { databases, during } = breakable();
  const app = new TestApp({}, databases);
  // All pairs are made in the second database.
  beforeAll(async () => {
    for (let n = 0; n < 8; n++) await fill(DB);
  });

  /** Sends a new form while round trips fail, which are counted from 1. */
  async function crash(isLost: (trip: number) => boolean, when: When) {
    const person = await newPerson(app);
    const form = await openForm(person.browser);
    const send = () => person.browser.post('/app/workspaces', { form, name: 'Crashed' });
    return { ...person, form, send, ...(await during(isLost, when, send)) };
  }

  it('is asked seven times', async () => {
    // The session, the count of tries, the sizes of both databases, the organisation, the pair.
    const { trips, answer, id } = await crash(() => false, 'before');
    expect([trips, answer.status]).toEqual([7, 303]);
    expect((await expectOne(id, 'Crashed')).shard).toBe('1');
  });
  const cases = [1, 2, 3, 4, 5, 6, 7].flatMap((trip) =>
    (['before', 'after'] as const).flatMap((when) => [
      { trip, when, and: 'alone', isLost: (n: number) => n === trip },
      { trip, when, and: 'with all that follow', isLost: (n: number) => n >= trip },
    ]),
  );

  it.each(cases)(
    '($when round trip $trip is done, $and) loses nothing, and the same form completes it',
    async (lost) => {
      const { id, send, answer } = await crash(lost.isLost, lost.when);
      const isSizeAlone = lost.and === 'alone' && (lost.trip === 4 || lost.trip === 5);
      if (isSizeAlone) expect(answer.status).toBe(303);
      else {
        expect(answer.status).toBe(503);
        expect(await answer.text()).toContain('Something went wrong');
      }
      const [left] = await madeBy(id);
      const again = idIn(await send());
      const { id: made } = await expectOne(id, 'Crashed');
      expect([again, left?.organisation.id ?? made]).toEqual([made, made]);
      expect(idIn(await send())).toBe(made);
      await expectOne(id, 'Crashed');
    },
  );

  it.each([
    { trip: 6, when: 'after' },
    { trip: 7, when: 'before' },
    { trip: 7, when: 'after' },
  ] as const)(
    '($when round trip $trip is done) leaves a workspace that one button completes',
    async ({ trip, when }) => {
      const { id, browser } = await crash((n) => n >= trip, when);
      const home = (await browser.get('/app')).headers.get('Location') ?? '';
      const page = await browser.get(home);
      if (trip === 7 && when === 'after') {
        expect(page.status).toBe(200);
        await expectOne(id, 'Crashed');
        return;
      }
      expect([page.status, page.headers.getSetCookie()]).toEqual([409, []]);
      const [, finish = ''] = /action="([^"]+\/finish)"/.exec(await page.text()) ?? [];
      for (const answer of await Promise.all([browser.post(finish), browser.post(finish)])) {
        expect(answer.headers.get('Location')).toBe(home);
      }
      expect((await browser.get(home)).status).toBe(200);
      await expectOne(id, 'Crashed');
    },
  );

  it('can also fail while the button is pressed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (const trip of [1, 2, 3, 4, 5]) {
        const { id, browser } = await crash((n) => n >= 7, 'before');
        const [left] = await madeBy(id);
        const finish = `/app/test/${left?.organisation.id}/finish`;
        const { answer } = await during(
          (n) => n === trip,
          when,
          () => browser.post(finish),
        );
        expect(answer.status).toBe(503);
        expect(idIn(await browser.post(finish))).toBe(left?.organisation.id);
        await expectOne(id, 'Crashed');
      }
    }
  });

  it('leaves a workspace that its owners can complete, and nobody else', async () => {
    const { id } = await crash((n) => n >= 7, 'before');
    const [left] = await madeBy(id);
    if (!left) throw new Error('Nothing is left');
    const admin = await newMember(app, left.organisation, 'admin');
    const owner = await newMember(app, left.organisation, 'owner');
    const stranger = await newPerson(app);
    const finish = `/app/test/${left.organisation.id}/finish`;
    expect((await stranger.browser.post(finish)).status).toBe(404);
    expect((await admin.browser.post(finish)).status).toBe(403);
    const page = await (await admin.browser.get(`/app/test/${left.organisation.id}/home`)).text();
    expect(page).toContain('Ask an owner');
    expect(page).not.toContain('<form');
    expect(await madeBy(id)).toEqual([{ ...left, pair: [], audit: [] }]);
    expect(idIn(await owner.browser.post(finish))).toBe(left.organisation.id);
    const [made] = await madeBy(id);
    expect(made?.pair).toHaveLength(2);
    expect(made?.audit.map(({ actor }) => actor)).toEqual([`person:${owner.id}`, `person:${owner.id}`]);
    expect(made?.organisation).toEqual(left.organisation);
  });

  it('costs nobody their invitation', async () => {
    const byInvitation = new TestApp({ SIGN_UP: 'invitation' }, databases);
    for (const when of ['before', 'after'] as const) {
      const { id, email } = await newPerson(app);
      const browser = new TestBrowser(byInvitation);
      await browser.signIn(email);
      await invite(email);
      const form = await openForm(browser);
      const send = () => browser.post('/app/workspaces', { form, name: 'Invited' });
      for (const trip of [6, 7]) {
        const { answer } = await during((n) => n === trip, when, send);
        expect(answer.status).toBe(503);
      }
      idIn(await send());
      await expectOne(id, 'Invited');
      expect(await invited(email)).toBe(0);
    }
  });
});
