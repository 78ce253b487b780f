import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import {
  askDrift,
  clearDrift,
  driftRequest,
  insertAll,
  overdue,
  quarantineNow,
  TOKEN,
  URL_OF_DRIFT,
} from '../support/drift.ts';
import { openSession, paidQuietly } from '../support/payments.ts';
import { DAY, HOUR, MINUTE, setAccount } from '../support/polling.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { newWorkspace } from '../support/workspace.ts';

beforeEach(clearDrift);

afterEach(() => {
  vi.useRealTimers();
});

const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const drift = async (changes: BindingChanges = {}) => (await askDrift(changes)).data;

describe('Whoever does not have the operators’ token', () => {
  const withToken = `Bearer ${TOKEN}`;
  it.each([
    ['no token', undefined, {}],
    ['another token', `Bearer ${TOKEN.slice(0, -1)}x`, {}],
    ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`, {}],
    ['more than it', `Bearer ${TOKEN}x`, {}],
    ['an empty one', 'Bearer ', {}],
    ['another scheme', `Basic ${TOKEN}`, {}],
    ['the token where none is set up', withToken, { OPERATOR_TOKEN: undefined }],
    ['an empty one where none is set up', 'Bearer ', { OPERATOR_TOKEN: '' }],
    ['the word null where none is set up', 'Bearer null', { OPERATOR_TOKEN: undefined }],
  ])('is answered as at an unknown path: %s', async (_what, authorization, changes) => {
    const [refused, unknown] = [
      await fetchWith(changes, driftRequest(authorization)),
      await fetchWith(changes, driftRequest(authorization, 'GET', URL_OF_DRIFT.replace('drift', 'nothing'))),
    ];
    expect(refused.status).toBe(404);
    expect(await refused.text()).toBe((await unknown.text()).replace('nothing', 'drift'));
    const headers = (response: Response) =>
      [...response.headers].filter(([name]) => name !== 'softsolz-request-id' && name !== 'content-length');
    expect(headers(refused)).toEqual(headers(unknown));
  });

  it('costs no database', async () => {
    const counted = countingD1(env);
    await fetchWith(counted.bindings, driftRequest(`Bearer ${TOKEN}x`));
    expect(counted.counts.roundTrips).toBe(0);
  });

  it('gets the same answer for every other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await exports.default.fetch(driftRequest(`Bearer ${TOKEN}`, method))).status).toBe(404);
    }
  });
});

describe('Drift', () => {
  it('is empty where nothing is behind, and is never cached', async () => {
    const response = await exports.default.fetch(driftRequest(`bearer ${TOKEN}`));
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toEqual({
      data: {
        over: [],
        open_sessions_past_expiry: { count: 0, oldest_expires_at: null },
        deliveries_overdue: { count: 0, oldest_due_at: null },
        outbox_age_seconds: 0,
        accounts_unread: { count: 0, oldest_read_to: null },
        accounts_refused: { count: 0, oldest_refused_at: null },
        quarantine: { count: 0, oldest_received_at: null, latest: [] },
        dropped_stripe_events: {},
        webhook_secrets: { to_reseal: { count: 0 }, unreadable: { count: 0 } },
        shards: [
          { shard: '0', answers: true },
          { shard: '1', answers: true },
        ],
      },
    });
  });

  it('shows sessions that are open although they have expired', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const first = await openSession(shop);
    await openSession(shop);
    expect(await drift()).toMatchObject({ open_sessions_past_expiry: { count: 0 } });
    passTime(32 * MINUTE);
    expect(await drift()).toMatchObject({
      open_sessions_past_expiry: { count: 2, oldest_expires_at: first.expires_at },
    });
  });

  it('shows deliveries that are overdue, and how old the outbox is', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const paidAt = Date.now();
    await paidQuietly(shop);
    passTime(30_000);
    expect(await drift()).toMatchObject({ deliveries_overdue: { count: 0 }, outbox_age_seconds: 30 });
    passTime(31_000);
    expect(await drift()).toMatchObject({
      deliveries_overdue: { count: 1, oldest_due_at: time(paidAt) },
      outbox_age_seconds: 61,
    });
    await shop.binding
      .prepare('UPDATE deliveries SET restarted_at = ?')
      .bind(Date.now() - 5_000)
      .run();
    expect(await drift()).toMatchObject({ outbox_age_seconds: 5 });
    await inEveryDatabase('UPDATE deliveries SET attempt_count = 1');
    expect(await drift()).toMatchObject({ deliveries_overdue: { count: 1 }, outbox_age_seconds: 0 });
  });

  it('shows accounts whose Stripe events have not been read for long, but not of disconnected ones', async () => {
    freezeTime();
    const [behind, fresh, left] = [await newWorkspace(), await newWorkspace(), await newWorkspace()];
    const readTo = Date.now() - 3 * HOUR;
    await setAccount(behind, { stripe_events_read_to: readTo, next_stripe_events_read_at: Date.now() + MINUTE });
    await setAccount(fresh, { next_stripe_events_read_at: 0 });
    const inADay = Date.now() + DAY;
    await setAccount(left, {
      stripe_events_read_to: readTo,
      next_stripe_events_read_at: inADay,
      disconnected_at: readTo,
    });
    expect(await drift()).toMatchObject({ accounts_unread: { count: 1, oldest_read_to: time(readTo) } });
    expect(accountOf(behind.account)).not.toBe(accountOf(fresh.account));
  });

  it('shows accounts to which Stripe refuses access, but not those that were given up', async () => {
    freezeTime();
    const [refused, givenUp] = [await newWorkspace(), await newWorkspace()];
    const since = Date.now() - HOUR;
    await setAccount(refused, { access_refused_at: since });
    await setAccount(givenUp, { access_refused_at: since - HOUR, disconnected_at: Date.now() });
    expect(await drift()).toMatchObject({ accounts_refused: { count: 1, oldest_refused_at: time(since) } });
    await setAccount(refused, { access_refused_at: null });
  });

  it('shows the latest 20 quarantined events, without any data of a buyer', async () => {
    freezeTime();
    const firstAt = Date.now();
    await quarantineNow(5, 'evt_old');
    passTime(MINUTE);
    await quarantineNow(20);
    const shown = await drift();
    expect(shown.quarantine).toEqual({
      count: 25,
      oldest_received_at: time(firstAt),
      latest: Array.from({ length: 20 }, (_, index) => ({
        id: `evt_aside_${String(19 - index).padStart(4, '0')}`,
        account: 'acct_drift',
        type: 'checkout.session.completed',
        reason: 'amount_differs',
        received_at: time(Date.now()),
      })),
    });
    expect(JSON.stringify(shown)).not.toContain('ann@example.com');
  });

  it('counts the Stripe events dropped in the last seven days, by reason', async () => {
    freezeTime();
    const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
    await insertAll('dropped_stripe_events', 'day, reason, count', [
      [day(0), 'test_event_on_live', 3],
      [day(6), 'test_event_on_live', 4],
      [day(6), 'live_event_on_test', 1],
      [day(7), 'test_event_on_live', 100],
    ]);
    expect(await drift()).toMatchObject({ dropped_stripe_events: { test_event_on_live: 7, live_event_on_test: 1 } });
  });

  it('stops counting at 1,000, and takes one round trip to each database by indexes', async () => {
    freezeTime();
    const dueAt = Date.now() - HOUR;
    await overdue(1000, dueAt, 1);
    expect(await drift()).toMatchObject({ deliveries_overdue: { count: 1000 } });
    await overdue(3000, dueAt, 0);
    await quarantineNow(3000);
    const counted = countingD1(env);
    const shown = await drift(counted.bindings);
    expect(shown.deliveries_overdue).toEqual({ count: 1000, more: true, oldest_due_at: time(dueAt) });
    expect(shown.quarantine).toMatchObject({ count: 1000, more: true });
    expect(shown.outbox_age_seconds).toBe(3600);
    expect(counted.counts.roundTrips).toBe(2);
    expect(counted.counts.rowsRead).toBeLessThan(15_000);
  });
});
