import { describe, expect, it } from 'vitest';
import { countingD1 } from '../../worker/support/counting.ts';
import { bindings, TestApp } from '../support/app.ts';
import { newMember, newOrganisation } from '../support/team.ts';
import { addLink, filledForm, newShop } from './support.ts';

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

  it('weighs at most 40 KB in an empty browser, its preview included', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop);
    const files = ['app/style.css', 'app/app.js'].map((path) =>
      bindings.ASSETS.fetch(`https://assets.invalid/${path}`),
    );
    const weights = await Promise.all(files.map(async (file) => await gzipBytes(await file)));
    const bytesOf = async (path: string) => await gzipBytes(await shop.browser.get(`${shop.test}${path}`));
    const ofFiles = weights.reduce((sum, bytes) => sum + bytes, 0);
    expect(weights.every((bytes) => bytes > 300)).toBe(true);
    const preview = await bytesOf('/preview');
    for (const bytes of [(await bytesOf('/new')) + preview, await bytesOf(`/${token}`), await bytesOf('')]) {
      expect(ofFiles + bytes).toBeLessThan(40 * 1024);
    }
  });
});

/** How many bytes an answer has when it is compressed. */
async function gzipBytes(response: Response): Promise<number> {
  expect(response.status).toBe(200);
  const compressed = (response.body ?? new Blob().stream()).pipeThrough(new CompressionStream('gzip'));
  return (await new Response(compressed).arrayBuffer()).byteLength;
}
