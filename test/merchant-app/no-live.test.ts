import { describe, expect, it } from 'vitest';
import { TestApp, TestBrowser } from './support/app.ts';
import { newMember, newOrganisation, newPerson } from './support/team.ts';

describe('an installation without the keys of live payments', () => {
  const app = new TestApp({ STRIPE_SECRET_KEY_LIVE: undefined, STRIPE_WEBHOOK_SECRET_LIVE: undefined });

  it.each([
    ['en', 'This installation takes no live payments yet'],
    ['de', 'Diese Installation nimmt noch keine Live-Zahlungen an'],
  ])('says so in %s on each live page, and leads to the sandbox', async (language, title) => {
    const { id, ...rest } = await newOrganisation();
    const { browser } = await newMember(app, { id, ...rest }, 'owner');
    for (const path of ['home', 'team', 'close']) {
      const answer = await browser.get(`/app/live/${id}/${path}`, { 'Accept-Language': language });
      expect(answer.status).toBe(409);
      const page = await answer.text();
      expect(page).toContain(title);
      expect(page).toContain(`href="/app/test/${id}/home"`);
    }
    expect((await browser.get(`/app/test/${id}/home`)).status).toBe(200);
  });

  it('says no more than any other one to somebody who is in another workspace, or not signed in', async () => {
    const { id } = await newOrganisation();
    const { browser } = await newPerson(app);
    expect((await browser.get(`/app/live/${id}/home`)).status).toBe(404);
    expect((await new TestBrowser(app).get(`/app/live/${id}/home`)).status).toBe(303);
  });
});
