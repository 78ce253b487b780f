import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { type DayTotals, readTotals } from '../../../src/domain/payments/totals.ts';
import { lastDays } from '../../../src/merchant-app/local-time.ts';
import { sendQuietly } from '../support/merchant-events.ts';
import { type SeededPayments, seedPayments } from '../support/payment-rows.ts';
import { heldEvents } from '../support/payments.ts';
import { DAY, HOUR, MINUTE } from '../support/polling.ts';
import { dashboardRefund, paidSession } from '../support/refunds.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** Half past ten in the evening, in UTC. */
const NOW = Date.UTC(2026, 8, 15, 22, 30);
const MIDNIGHT = Date.UTC(2026, 8, 15);

const totalsOf = (shop: TestWorkspace, timeZone = 'UTC', now = NOW) => readTotals(shop, lastDays(now, timeZone));

const newShop = () => newWorkspace({ webhook: false });

/** Writes payments of 49.99 that were made at this time, or within a few milliseconds after it. */
async function seedAt(shop: TestWorkspace, at: number, count = 1, as: SeededPayments = {}): Promise<number[]> {
  return await seedPayments(shop, count, { ...as, createdAt: at - 1 });
}

async function setAmount(shop: TestWorkspace, ids: readonly number[], amount: number, currency: string): Promise<void> {
  await shop.binding
    .prepare('UPDATE payments SET amount_minor = ?, currency = ? WHERE id IN (SELECT value FROM json_each(?))')
    .bind(amount, currency, JSON.stringify(ids))
    .run();
}

/** Writes a refund that was stored a minute after it was made. */
async function refundAt(shop: TestWorkspace, paymentId: number, at: number, amount: number, status = 'succeeded') {
  await shop.binding
    .prepare(
      `INSERT INTO refunds (id, workspace_id, payment_id, stripe_refund_id, status, amount_minor, currency, created_at, updated_at)
       SELECT id + (CAST(?1 AS INTEGER) + 60000 - created_at) * 128, workspace_id, id, ?2, ?3, ?4, currency, ?1, ?1
       FROM payments WHERE id = ?5`,
    )
    .bind(at, `re_${crypto.randomUUID()}`, status, amount, paymentId)
    .run();
}

/** The days with something in them, as [date, count, paid, refunded]. */
const busyDays = ({ days }: { days: readonly DayTotals[] }) =>
  days
    .filter(({ count, refundedMinor }) => count + refundedMinor > 0)
    .map(({ date, count, paidMinor, refundedMinor }) => [date, count, paidMinor, refundedMinor]);

describe('The totals of a workspace', () => {
  it('are none where nothing came in', async () => {
    const shop = await newShop();
    await seedAt(shop, NOW - HOUR, 2, { status: 'created' });
    await seedAt(shop, NOW - HOUR, 2, { status: 'failed' });
    await seedAt(shop, NOW - HOUR, 2, { status: 'processing' });
    await seedAt(shop, NOW - HOUR, 2, { status: 'expired' });
    await seedAt(shop, MIDNIGHT - 29 * DAY - 1);
    await seedAt(await newShop(), NOW - HOUR);
    expect(await totalsOf(shop)).toEqual([]);
  });

  it('have every day of thirty, the oldest first, with exact sums of each currency', async () => {
    const shop = await newShop();
    await seedAt(shop, MIDNIGHT - 29 * DAY);
    await seedAt(shop, MIDNIGHT - 2, 1);
    await seedAt(shop, MIDNIGHT, 2);
    const yen = await seedAt(shop, NOW - MINUTE, 5);
    await setAmount(shop, yen, 99_999_999, 'JPY');

    const [jpy, gbp, ...more] = await totalsOf(shop);
    expect(more).toEqual([]);
    expect(jpy).toMatchObject({
      currency: 'JPY',
      today: { date: '2026-09-15', count: 5, paidMinor: 499_999_995, refundedMinor: 0 },
      all: { count: 5, paidMinor: 499_999_995, refundedMinor: 0 },
    });
    if (!gbp) throw new Error('No pounds');
    expect(gbp.days).toHaveLength(30);
    expect([gbp.days[0]?.date, gbp.days[1]?.date, gbp.days[29]?.date]).toEqual([
      '2026-08-17',
      '2026-08-18',
      '2026-09-15',
    ]);
    expect(busyDays(gbp)).toEqual([
      ['2026-08-17', 1, 4999, 0],
      ['2026-09-14', 1, 4999, 0],
      ['2026-09-15', 2, 9998, 0],
    ]);
    expect(gbp.today).toEqual(gbp.days[29]);
    expect(gbp.all).toEqual({ count: 4, paidMinor: 4 * 4999, refundedMinor: 0 });
  });

  it('have the days of the time zone that was asked for', async () => {
    const shop = await newShop();
    await seedAt(shop, MIDNIGHT + HOUR);
    await seedAt(shop, MIDNIGHT + 22 * HOUR);
    const daysIn = async (timeZone: string, now?: number) => {
      const [gbp] = await totalsOf(shop, timeZone, now);
      return gbp && [gbp.today.date, ...busyDays(gbp).map(([date, count]) => `${date}: ${count}`)];
    };
    expect(await daysIn('UTC')).toEqual(['2026-09-15', '2026-09-15: 2']);
    // In Berlin it is half past midnight of the next day.
    expect(await daysIn('Europe/Berlin')).toEqual(['2026-09-16', '2026-09-15: 1', '2026-09-16: 1']);
    expect(await daysIn('America/New_York')).toEqual(['2026-09-15', '2026-09-14: 1', '2026-09-15: 1']);
    expect(await daysIn('Asia/Kathmandu')).toEqual(['2026-09-16', '2026-09-15: 1', '2026-09-16: 1']);
    // In a month the last of them has left.
    expect(await daysIn('UTC', NOW + 29 * DAY)).toEqual(['2026-10-14', '2026-09-15: 2']);
    expect(await daysIn('UTC', NOW + 30 * DAY)).toBeUndefined();
  });

  it('have the day that it was for the reader, also on the other side of a clock change', async () => {
    const shop = await newShop();
    const at = [
      // In Berlin 20 October 00:30, in summer time.
      Date.UTC(2026, 9, 19, 22, 30),
      // The last half hour of 25 October, which has 25 hours there.
      Date.UTC(2026, 9, 25, 22, 30),
      // 26 October 00:30, in winter time.
      Date.UTC(2026, 9, 25, 23, 30),
    ];
    for (const time of at) {
      const [id = 0] = await seedAt(shop, time);
      await refundAt(shop, id, time, 100);
    }
    const daysIn = async (timeZone: string) => {
      const [gbp] = await totalsOf(shop, timeZone, Date.UTC(2026, 10, 10, 12));
      return gbp && busyDays(gbp).map(([date, count, , refunded]) => `${date}: ${count}, ${refunded}`);
    };
    expect(await daysIn('Europe/Berlin')).toEqual(['2026-10-20: 1, 100', '2026-10-25: 1, 100', '2026-10-26: 1, 100']);
    expect(await daysIn('UTC')).toEqual(['2026-10-19: 1, 100', '2026-10-25: 2, 200']);
    expect(await daysIn('Asia/Kolkata')).toEqual(['2026-10-20: 1, 100', '2026-10-26: 2, 200']);
  });

  it('have each refund on its own day, also of an older payment, and none that failed', async () => {
    const shop = await newShop();
    const [old = 0] = await seedAt(shop, MIDNIGHT - 40 * DAY);
    const [recent = 0] = await seedAt(shop, MIDNIGHT - 3 * DAY);
    await refundAt(shop, old, MIDNIGHT - 2 * DAY, 4999);
    await refundAt(shop, recent, MIDNIGHT + HOUR, 1000);
    await refundAt(shop, recent, MIDNIGHT + 2 * HOUR, 500, 'pending');
    await refundAt(shop, recent, MIDNIGHT + 3 * HOUR, 700, 'failed');
    await refundAt(shop, recent, MIDNIGHT + 4 * HOUR, 700, 'canceled');
    // Made just before the first day, and stored in it.
    await refundAt(shop, old, MIDNIGHT - 29 * DAY - 1000, 11);
    const [gbp] = await totalsOf(shop);
    if (!gbp) throw new Error('No totals');
    expect(busyDays(gbp)).toEqual([
      ['2026-09-12', 1, 4999, 0],
      ['2026-09-13', 0, 0, 4999],
      ['2026-09-15', 0, 0, 1500],
    ]);
    expect(gbp.all).toEqual({ count: 1, paidMinor: 4999, refundedMinor: 6499 });
  });

  it('have what was just paid and refunded, now', async () => {
    const shop = await newWorkspace();
    const session = await paidSession(shop, { amount: 12.34, currency: 'eur' });
    await dashboardRefund(shop, session, 34);
    await sendQuietly(await heldEvents(shop));
    const [eur] = await totalsOf(shop, 'UTC', Date.now());
    expect(eur).toMatchObject({ currency: 'EUR', all: { count: 1, paidMinor: 1234, refundedMinor: 34 } });
  });
});

describe('Reading the totals', () => {
  async function costOf(shop: TestWorkspace) {
    const noting = notingD1(env);
    const database = openDatabase(bindingOf(shop.shard, noting.bindings));
    await totalsOf({ ...shop, database });
    return { rows: await noting.rowsRead(), plan: await noting.plan() };
  }

  it('reads an entry of an index for each payment and refund of the thirty days, sorts them, and reads no row of them', async () => {
    const shop = await newShop();
    await seedAt(shop, MIDNIGHT - 60 * DAY, 1000);
    const recent = await seedAt(shop, MIDNIGHT, 300);
    for (const [index, id] of recent.slice(0, 20).entries()) await refundAt(shop, id, MIDNIGHT + 5 * HOUR + index, 1);
    await seedAt(shop, MIDNIGHT, 500, { status: 'expired' });
    const { rows, plan } = await costOf(shop);
    expect(plan[0]).toBe('SEARCH payments USING COVERING INDEX payments_list (workspace_id=? AND id>? AND id<?)');
    expect(plan).toContain('SEARCH refunds USING COVERING INDEX refunds_workspace (workspace_id=? AND id>?)');
    expect(rows).toBeGreaterThanOrEqual(2 * 320);
    expect(rows).toBeLessThanOrEqual(2 * 320 + 10);
  });
});
