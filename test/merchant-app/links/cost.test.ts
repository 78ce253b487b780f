import { describe, expect, it } from 'vitest';
import { countingD1 } from '../../worker/support/counting.ts';
import { bindings, TestApp } from '../support/app.ts';
import { newMember, newOrganisation } from '../support/team.ts';
import { addLink, filledForm } from './support.ts';

describe('a screen of links', () => {
  it('asks the databases at most three times more than any screen does', async () => {
    const { bindings: counting, counts } = countingD1(bindings);
    const organisation = await newOrganisation();
    const { browser } = await newMember(new TestApp({}, counting), organisation, 'developer');
    const shop = { organisation, browser, test: `/app/test/${organisation.id}`, live: `/app/live/${organisation.id}` };
    const { token } = await addLink(shop);
    const tripsOf = async (send: () => Promise<Response>) => {
      counts.roundTrips = 0;
      expect((await send()).status).toBeLessThan(400);
      return counts.roundTrips;
    };
    // The form of a new link reads nothing of its own.
    const least = await tripsOf(() => shop.browser.get(`${shop.test}/links/new`));
    const paths = ['links', 'links?q=studio', `links?q=${token}`, `links/${token}`, `links/${token}/edit`];
    const more = ['links/preview', `links/preview?link=${token}`, `links/${token}/poster`, `links/${token}/qr.png`];
    for (const path of [...paths, ...more]) {
      const trips = await tripsOf(() => shop.browser.get(`${shop.test}/${path}`));
      expect([path, trips - least]).toEqual([path, expect.toSatisfy((own) => own <= 3)]);
    }
    const preview = await tripsOf(() => shop.browser.post(`${shop.test}/links/preview`, filledForm()));
    expect(preview - least).toBe(1);
    const live = await tripsOf(() => shop.browser.get(`${shop.live}/links/${token}/from-sandbox`));
    expect(live - least).toBe(1);
  });
});
