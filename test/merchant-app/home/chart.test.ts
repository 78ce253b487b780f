import { describe, expect, it } from 'vitest';
import { totalsKey } from '../../../src/merchant-app/home/kept-totals.ts';
import { lastDays } from '../../../src/merchant-app/local-time.ts';
import { countingD1 } from '../../worker/support/counting.ts';
import { APP_URL, DB, DB_1, TestApp } from '../support/app.ts';
import { type AtWork, atWork, pageOf, textOf } from '../support/screens.ts';
import { addAccount, addPayment, DAY_MS } from './support.ts';

const app = new TestApp();

async function homeOf(at: AtWork, query = ''): Promise<string> {
  return await pageOf(await at.browser.get(`${at.path('home')}${query}`));
}

/** The key under which the totals of a reader in this time zone are kept today. */
const keyOf = ({ workspaceId }: AtWork, timeZone = 'UTC') =>
  totalsKey(APP_URL, workspaceId, { timeZone, now: Date.now() });

/** The heights of the bars, from the oldest day to today. */
const heightsIn = (page: string) =>
  [...page.matchAll(/<rect[^>]* height="([\d.]+)"/g)].map(([, height]) => Number(height));

describe('The chart', () => {
  it('has a bar for each of 30 days, as high as what came in, and says so in words', async () => {
    const at = await atWork(app);
    await addPayment(at, { amountMinor: 40_000 });
    await addPayment(at, { amountMinor: 10_000, createdAt: Date.now() - 29 * DAY_MS });
    const page = await homeOf(at);
    const heights = heightsIn(page);
    expect(heights).toHaveLength(30);
    expect([heights[0], heights[29]]).toEqual([35, 140]);
    expect(heights.slice(1, 29).every((height) => height === 0)).toBe(true);
    expect(page).toMatch(
      /<svg class="chart"[^>]* role="img" aria-label="[^"]*The most on one day: £400\.00\. Today: £400\.00\./,
    );
  });

  it('says on which day a payment counts', async () => {
    const at = await atWork(app);
    await addPayment(at);
    expect(textOf(await homeOf(at))).toContain('A payment counts on the day on which the buyer began to pay.');
    const german = await pageOf(await at.browser.get(at.path('home'), { 'Accept-Language': 'de' }));
    expect(textOf(german)).toContain('an dem Tag, an dem der Käufer zu bezahlen begann.');
  });

  it('has the same numbers in a table, the newest day first', async () => {
    const at = await atWork(app);
    await addPayment(at, { amountMinor: 1234 });
    const [, table = ''] = /<details><summary>The same as a table(.*?)<\/details>/s.exec(await homeOf(at)) ?? [];
    const rows = table.split('<tr').slice(2);
    expect(rows).toHaveLength(30);
    expect(textOf(rows[0] ?? '')).toMatch(/ 1 £0\.00 £12\.34 /);
  });

  it('shows one currency at a time: the one with the most payments, or the one that is chosen', async () => {
    const at = await atWork(app);
    await addPayment(at, { amountMinor: 5000 });
    await addPayment(at, { amountMinor: 5000 });
    await addPayment(at, { amountMinor: 8000, currency: 'JPY' });
    expect(await homeOf(at)).toMatch(/currency=GBP" aria-current="true"/);
    const yen = await homeOf(at, '?currency=jpy');
    expect(yen).toMatch(/currency=JPY" aria-current="true"/);
    expect(yen).toMatch(/Today: (JP)?¥8,000\./);
    expect(heightsIn(yen)[29]).toBe(140);
    expect(await homeOf(at, '?currency=<b>')).toMatch(/currency=GBP" aria-current="true"/);
  });
});

describe('The totals', () => {
  it('are kept for a minute, and the first payment is seen at once', async () => {
    const at = await atWork(app);
    expect(await homeOf(at)).toContain('0 of 4 done');
    await addPayment(at, { amountMinor: 1000 });
    expect(textOf(await homeOf(at))).toContain('£10.00 Today, 1 payment');
    await addPayment(at, { amountMinor: 2000 });
    expect(textOf(await homeOf(at))).toContain('£10.00 Today, 1 payment');

    const key = keyOf(at);
    const kept = await caches.default.match(key);
    expect(kept?.headers.get('Cache-Control')).toBe('max-age=60');
    await kept?.arrayBuffer();
    await caches.default.delete(key);
    expect(textOf(await homeOf(at))).toContain('£30.00 Today, 2 payments');
  });

  it('are read again where what is kept makes no sense', async () => {
    const at = await atWork(app);
    await addPayment(at);
    const headers = { 'Cache-Control': 'max-age=60' };
    await caches.default.put(keyOf(at), new Response('[{}]', { headers }));
    expect(textOf(await homeOf(at))).toContain('£50.00 Today, 1 payment');
  });

  it('are of the days of the time zone in which the reader is, and kept for each', async () => {
    const at = await atWork(app);
    at.browser.timeZone = 'Asia/Kolkata';
    const yesterday = lastDays(Date.now(), 'Asia/Kolkata')[28];
    // Its id may have a time that is a second later.
    await addPayment(at, { amountMinor: 40_000, createdAt: (yesterday?.until ?? 0) - 2000 });
    expect(heightsIn(await homeOf(at)).slice(28)).toEqual([140, 0]);
    expect(await caches.default.match(keyOf(at))).toBeUndefined();
    const key = keyOf(at, 'Asia/Kolkata');
    expect((await caches.default.match(key))?.status).toBe(200);
    expect((await at.browser.get(new URL(key).pathname)).status).toBe(404);
  });

  it('are of one workspace, and nobody reads them at their address', async () => {
    const [one, other] = [await atWork(app), await atWork(app)];
    await addPayment(one);
    await homeOf(one);
    expect(await homeOf(other)).toContain('0 of 4 done');
    const { pathname } = new URL(keyOf(one));
    expect((await one.browser.get(pathname)).status).toBe(404);
  });
});

describe('Home', () => {
  it('takes three round trips, and two while the totals are kept', async () => {
    const { bindings, counts } = countingD1({ DB, DB_1 });
    const counted = new TestApp({}, bindings);
    const at = await atWork(counted);
    await addAccount(at);
    await addPayment(at);
    const countOf = async (screen: string) => {
      const before = counts.roundTrips;
      await pageOf(await at.browser.get(at.path(screen)));
      return counts.roundTrips - before;
    };
    // It reads nothing itself: only the session, the memberships and the workspace.
    const before = await countOf('settings/stripe');
    const roundTrips = async () => (await countOf('home')) - before;
    expect(await roundTrips()).toBe(3);
    expect(await roundTrips()).toBe(2);
  });
});
