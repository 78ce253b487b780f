import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { countingD1 } from '../../worker/support/counting.ts';
import { meteredDatabases } from '../../worker/support/metered-d1.ts';
import { TestApp } from '../support/app.ts';
import { newMember, newOrganisation } from '../support/team.ts';
import { addLink, filledForm } from './support.ts';

const databases = z.custom<DatabaseBindings>().parse(env);

/** A shop whose screens are asked of an app with these databases. */
async function shopWith(bindings: DatabaseBindings) {
  const organisation = await newOrganisation();
  const { browser } = await newMember(new TestApp({}, bindings), organisation, 'developer');
  const test = `/app/test/${organisation.id}`;
  return { organisation, browser, test, live: `/app/live/${organisation.id}` };
}

describe('a screen of links', () => {
  it('asks the databases at most three times more than any screen does', async () => {
    const { bindings, counts } = countingD1(databases);
    const shop = await shopWith(bindings);
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

  it('reads the same rows of many links as of few', async () => {
    const metered = meteredDatabases();
    const shop = await shopWith(metered.bindings);
    const rowsOf = async (path: string) => {
      const before = metered.rowsRead();
      await shop.browser.get(`${shop.test}/${path}`);
      return metered.rowsRead() - before;
    };
    const add = async (count: number) => {
      for (let number = 0; number < count; number += 1) await addLink(shop, { title: `Class ${number}` });
    };
    await add(30);
    const paths = ['links', 'links?q=class', 'links?q=nothing'];
    const few: number[] = [];
    for (const path of paths) few.push(await rowsOf(path));
    await add(120);
    const many: number[] = [];
    for (const path of paths) many.push(await rowsOf(path));
    expect(many).toEqual(few);
    expect(Math.max(...few)).toBeLessThan(60);
  });
});
