import { env } from 'cloudflare:workers';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CRON_JOBS } from '../../../src/cron/jobs.ts';
import { rowsOf } from '../support/api.ts';
import { limitedD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { limitedJob } from '../support/direct.ts';
import { openSession } from '../support/payments.ts';
import {
  accountRow,
  cron,
  listsAsked,
  MINUTE,
  poll,
  pollUntil,
  reconcileOnly,
  setAccount,
} from '../support/polling.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
  freezeTime();
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Payments with their open sessions, copies of one that was made through the API. Answers the ids of the sessions. */
async function manySessions(shop: TestWorkspace, count: number): Promise<string[]> {
  const session = await openSession(shop);
  const columns = Object.keys((await rowsOf('payments', shop.workspace.id))[0] ?? {});
  const copied = columns.map((column) => {
    if (column === 'id') return '(SELECT max(id) FROM payments) + n';
    return ['operation_id', 'stripe_session_id'].includes(column) ? `${column} || 'x' || n` : column;
  });
  await shop.binding
    .prepare(
      `WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
     INSERT INTO payments SELECT ${copied.join(', ')} FROM payments, counted WHERE id = ?`,
    )
    .bind(count - 1, session.id)
    .run();
  return (await rowsOf('payments', shop.workspace.id)).map((row) => String(row.stripe_session_id));
}

/** Stripe's list of events for so many paid sessions, all of one second, newest first, 100 on a page. */
function listPaid(shop: TestWorkspace, sessions: readonly string[], created: number): void {
  const events = sessions
    .map((id, index) => ({
      id: `evt_${shop.account}_${String(index).padStart(5, '0')}`,
      object: 'event',
      api_version: Stripe.API_VERSION,
      type: 'checkout.session.completed',
      livemode: false,
      created,
      data: {
        object: {
          id,
          object: 'checkout.session',
          status: 'complete',
          payment_status: 'paid',
          payment_intent: `pi_${id}`,
          amount_total: 4999,
          currency: 'gbp',
          metadata: {},
          created,
          expires_at: created + 1800,
        },
      },
    }))
    .toReversed();
  stripeOf(async (request, real) => {
    const url = new URL(request.url);
    const isOurs = request.headers.get('Stripe-Account') === shop.account;
    if (!isOurs || url.pathname !== '/v1/events') return await real(request);
    const [from, to] = ['gte', 'lte'].map((end) => Number(url.searchParams.get(`created[${end}]`)));
    const within = events.filter((event) => event.created >= (from ?? 0) && event.created <= (to ?? 0));
    const start = within.findIndex((event) => event.id === url.searchParams.get('starting_after')) + 1;
    const data = within.slice(start, start + 100);
    return Response.json({ object: 'list', url: '/v1/events', data, has_more: start + 100 < within.length });
  });
}

async function paidOf(shop: TestWorkspace): Promise<number> {
  return (await rowsOf('payments', shop.workspace.id)).filter((row) => row.status === 'succeeded').length;
}

describe('The budgets of all jobs together', () => {
  it("stay below Cloudflare's limits of one invocation, and end within a minute", () => {
    const sum = (of: 'queries' | 'stripeCalls' | 'seconds') =>
      CRON_JOBS.reduce((total, job) => total + job.limits[of], 0);
    expect(sum('queries')).toBeLessThan(1000);
    // Each query is a subrequest too, and so are messages to queues and calls to Durable Objects.
    expect(sum('stripeCalls') + 3 * sum('queries')).toBeLessThan(10_000);
    expect(sum('seconds')).toBeLessThanOrEqual(60);
  });

  it('are kept in a run in which every job has more to do than fits', async () => {
    const polled = await newWorkspace({ webhook: false });
    // The limits are those of one invocation, which runs the jobs of one shard.
    const reconciled = await newWorkspace({ webhook: false, shard: polled.shard });
    await setAccount(reconciled, { next_stripe_events_read_at: null });
    const now = Math.floor(Date.now() / 1000);
    listPaid(polled, await manySessions(polled, 400), now - 600);
    await setAccount(polled, { stripe_events_read_to: (now - 700) * 1000 });
    for (let index = 0; index < 3; index++) await pay((await openSession(reconciled)).stripe_session_id, 'paid');
    await reconciled.binding
      .prepare('UPDATE payments SET next_check_at = 0 WHERE workspace_id = ?')
      .bind(reconciled.workspace.id)
      .run();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await cron(limitedD1(env, 999).bindings);
    expect(error.mock.calls).toEqual([]);
    expect(await paidOf(polled)).toBeGreaterThan(0);
    expect(await paidOf(polled)).toBeLessThan(400);
    expect(await paidOf(reconciled)).toBe(3);
  });
});

describe('The reading of Stripe events', () => {
  it('settles thousands of payments of one second run by run, and each once', async () => {
    const shop = await newWorkspace();
    const now = Math.floor(Date.now() / 1000);
    const sessions = await manySessions(shop, 1500);
    listPaid(shop, sessions, now - 600);
    await setAccount(shop, { stripe_events_read_to: (now - 700) * 1000 });
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let before = -1;
    while ((await paidOf(shop)) < 1500) {
      expect(await paidOf(shop)).toBeGreaterThan(before);
      before = await paidOf(shop);
      await poll(limitedJob('poll-stripe-events'), shop.shard);
      passTime(MINUTE);
    }
    expect(error.mock.calls).toEqual([]);
    const events = await rowsOf('events', shop.workspace.id);
    expect(new Set(events.map((event) => event.payment_id)).size).toBe(1500);
    expect(events).toHaveLength(1500);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1500);
  });

  it('goes on in the next run after the last event that was handled, and lists no other account late', async () => {
    const busy = await newWorkspace();
    // The budget is that of one shard.
    const quiet = await newWorkspace({ shard: busy.shard });
    const now = Math.floor(Date.now() / 1000);
    listPaid(busy, await manySessions(busy, 300), now - 600);
    await setAccount(busy, { stripe_events_read_to: (now - 700) * 1000, next_stripe_events_read_at: 0 });
    await setAccount(quiet, { next_stripe_events_read_at: 1 });
    await poll(limitedJob('poll-stripe-events'), busy.shard);
    const handled = await paidOf(busy);
    expect(handled).toBeLessThan(300);
    expect(await listsAsked(quiet, '/v1/events')).toHaveLength(1);
    const id = `evt_${busy.account}_${String(handled - 1).padStart(5, '0')}`;
    expect(await accountRow(busy)).toMatchObject({
      stripe_events_read_to: (now - 600) * 1000,
      stripe_events_read_id: id,
      next_stripe_events_read_at: Date.now(),
    });
    await pollUntil(async () => (await paidOf(busy)) === 300);
  });

  it('costs four queries for a hundred events that are known already', async () => {
    const shop = await newWorkspace({ webhook: false });
    const now = Math.floor(Date.now() / 1000);
    listPaid(shop, await manySessions(shop, 90), now - 100);
    await pollUntil(async () => (await paidOf(shop)) === 90);
    await setAccount(shop, { next_stripe_events_read_at: 0 });
    await inEveryDatabase('DELETE FROM platform_accounts');
    const counted = limitedD1(env, 1000);
    await poll(counted.bindings, shop.shard);
    // The claim, the workspace with all payments (two), the progress, the record; and the platform's account (two).
    expect(counted.queries()).toBeLessThanOrEqual(8);
  });
});

describe('The reading of sessions', () => {
  it('ends within its budget, and the sessions that were not begun keep their turn', async () => {
    const shop = await newWorkspace({ webhook: false });
    await setAccount(shop, { next_stripe_events_read_at: null });
    const ids = [];
    for (let index = 0; index < 90; index++) {
      const session = await openSession(shop);
      await pay(session.stripe_session_id, 'paid');
      ids.push(session.id);
    }
    await shop.binding
      .prepare('UPDATE payments SET next_check_at = 5 WHERE workspace_id = ?')
      .bind(shop.workspace.id)
      .run();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await reconcileOnly(limitedJob('reconcile'), shop.shard);
    const rows = await rowsOf('payments', shop.workspace.id);
    const open = rows.filter((row) => row.status === 'created');
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(90);
    expect(open.map((row) => [row.next_check_at, row.checks])).toEqual(open.map(() => [5, 0]));
    for (let run = 0; run < 3; run++) await reconcileOnly(limitedJob('reconcile'), shop.shard);
    expect(await paidOf(shop)).toBe(90);
    expect(error.mock.calls).toEqual([]);
  });
});
