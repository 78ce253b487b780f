import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import { askDrift, clearDrift, driftRequest, insertAll, overdue, quarantineNow, TOKEN } from '../support/drift.ts';
import { openSession } from '../support/payments.ts';
import { DAY, HOUR, MINUTE, setAccount } from '../support/polling.ts';
import { newWorkspace } from '../support/workspace.ts';

beforeEach(clearDrift);

afterEach(() => {
  vi.useRealTimers();
});

describe('Drift over its thresholds', () => {
  const overOf = async (changes: BindingChanges = {}) => {
    const { status, data } = await askDrift(changes);
    const figures = z.array(z.looseObject({ figure: z.string() })).parse(data.over);
    return { status, figures: figures.map(({ figure }) => figure) };
  };
  const quiet = { status: 200, figures: [] };
  const alarm = (figure: string) => ({ status: 503, figures: [figure] });

  it('is answered 503 with the figure, its threshold, the variable that sets it and what to do', async () => {
    freezeTime();
    await overdue(1, Date.now() - 601_000, 1);
    const { status, data } = await askDrift();
    expect(status).toBe(503);
    expect(data.over).toEqual([
      {
        figure: 'deliveries_overdue',
        value: 601,
        threshold: 600,
        threshold_variable: 'DRIFT_DELIVERY_SECONDS',
        what_to_do: expect.stringMatching(/^Deliveries are not attempted: .+/),
      },
    ]);
    expect(data).toMatchObject({ deliveries_overdue: { count: 1 } });
    expect((await fetchWith({}, driftRequest(`Bearer ${TOKEN}`, 'HEAD'))).status).toBe(503);
  });

  it('is measured for deliveries by the longest overdue one', async () => {
    freezeTime();
    await overdue(5, Date.now() - 600_000, 1);
    expect(await overOf()).toEqual(quiet);
    expect(await overOf({ DRIFT_DELIVERY_SECONDS: '599' })).toEqual(alarm('deliveries_overdue'));
    expect(await overOf({ DRIFT_DELIVERY_SECONDS: 600 })).toEqual(quiet);
  });

  it('is measured for the outbox by the oldest delivery that was never attempted', async () => {
    freezeTime();
    await overdue(1, Date.now() - 301_000, 0);
    expect(await overOf()).toEqual(alarm('outbox_age_seconds'));
    expect(await overOf({ DRIFT_OUTBOX_SECONDS: '301' })).toEqual(quiet);
  });

  it('is measured for sessions by the one that expired first', async () => {
    freezeTime();
    const shop = await newWorkspace();
    await openSession(shop);
    await setAccount(shop, { next_stripe_events_read_at: null });
    passTime(2 * HOUR);
    expect(await overOf()).toEqual(quiet);
    passTime(10 * MINUTE);
    expect(await overOf()).toEqual(alarm('open_sessions_past_expiry'));
    expect(await overOf({ DRIFT_SESSION_SECONDS: '86400' })).toEqual(quiet);
  });

  it('is measured for accounts by how many were not read', async () => {
    freezeTime();
    const read = { stripe_events_read_to: Date.now() - 2 * HOUR, next_stripe_events_read_at: Date.now() };
    await setAccount(await newWorkspace(), read);
    expect(await overOf()).toEqual(alarm('accounts_unread'));
    expect(await overOf({ DRIFT_ACCOUNTS_UNREAD: '1' })).toEqual(quiet);
    await setAccount(await newWorkspace(), read);
    expect(await overOf({ DRIFT_ACCOUNTS_UNREAD: '1' })).toEqual(alarm('accounts_unread'));
  });

  it('is measured for the quarantine by the last 24 hours, so that an old event is no alarm for 30 days', async () => {
    freezeTime();
    await quarantineNow(2);
    expect(await overOf()).toEqual(alarm('quarantine'));
    expect(await overOf({ DRIFT_QUARANTINED: '2' })).toEqual(quiet);
    passTime(DAY + 1);
    expect(await overOf()).toEqual(quiet);
    await quarantineNow(1, 'evt_new');
    expect(await askDrift()).toMatchObject({ status: 503, data: { over: [{ value: 1 }], quarantine: { count: 3 } } });
  });

  it('is measured for dropped events by today and yesterday, without test events at the live address', async () => {
    freezeTime();
    const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
    const columns = 'day, reason, count';
    await insertAll('dropped_stripe_events', columns, [
      [day(0), 'test_event_on_live', 300],
      [day(2), 'live_event_on_test', 5],
    ]);
    expect(await overOf()).toEqual(quiet);
    await insertAll('dropped_stripe_events', columns, [[day(1), 'live_event_on_test', 2]]);
    expect(await askDrift()).toMatchObject({
      status: 503,
      data: { over: [{ figure: 'dropped_stripe_events', value: 2 }], dropped_stripe_events: { live_event_on_test: 7 } },
    });
    expect(await overOf({ DRIFT_DROPPED: '2' })).toEqual(quiet);
  });
});
