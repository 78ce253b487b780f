import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { losingQueue, runCron } from '../support/direct.ts';
import { quarantined } from '../support/payments.ts';
import { inEveryDatabase } from '../support/shards.ts';

const DAY = 24 * 60 * 60_000;
const ACCOUNT = 'acct_prune';

beforeEach(async () => {
  freezeTime();
  await inEveryDatabase('DELETE FROM quarantined_stripe_events');
});

afterEach(() => {
  vi.useRealTimers();
});

/** Stripe events quarantined now. */
async function quarantineNow(...ids: string[]): Promise<void> {
  const insert = env.DB.prepare(
    `INSERT INTO quarantined_stripe_events (id, stripe_account_id, livemode, type, reason, body, received_at)
      VALUES (?, ?, 0, 'checkout.session.completed', 'amount_differs', '{}', ?)`,
  );
  await env.DB.batch(ids.map((id) => insert.bind(id, ACCOUNT, Date.now())));
}

const kept = async () => (await quarantined(ACCOUNT)).map((row) => row.id);
const cron = () => runCron({ DELIVERIES: losingQueue(), RETRIES: losingQueue() });

describe('A quarantined Stripe event', () => {
  it('is kept for 30 days and deleted after them', async () => {
    await quarantineNow('evt_first');
    passTime(DAY);
    await quarantineNow('evt_second');
    passTime(29 * DAY);
    await cron();
    expect(await kept()).toEqual(['evt_first', 'evt_second']);
    passTime(1);
    await cron();
    expect(await kept()).toEqual(['evt_second']);
    passTime(DAY);
    await cron();
    expect(await kept()).toEqual([]);
  });

  it('is deleted with all others in one run, in bounded batches', async () => {
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `evt_${from + index}`);
    await quarantineNow(...names(0, 1100));
    passTime(DAY);
    await quarantineNow(...names(1100, 1200));
    passTime(29 * DAY + 1);
    const counted = countingD1(env);
    await runCron({ ...counted.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    expect(await kept()).toEqual(names(1100, 1200));
    expect(counted.counts.changes).toBe(1100);
  });

  it('costs one row read while nothing is to be deleted, however much is kept', async () => {
    const idle = countingD1(env);
    await runCron({ ...idle.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    await quarantineNow(...Array.from({ length: 3000 }, (_, index) => `evt_${index}`));
    const full = countingD1(env);
    await runCron({ ...full.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    expect(full.counts.roundTrips).toBe(idle.counts.roundTrips);
    expect(full.counts.rowsWritten).toBe(0);
    expect(full.counts.rowsRead - idle.counts.rowsRead).toBeLessThanOrEqual(2);
  });
});
