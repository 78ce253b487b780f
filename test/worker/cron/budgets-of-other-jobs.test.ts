import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prune } from '../../../src/domain/prune.ts';
import { reapplyReleased } from '../../../src/domain/stripe-events/reapply.ts';
import { parseStripeEvent } from '../../../src/stripe/events.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { limitedD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob, fetchWith, limitedJob, losingQueue } from '../support/direct.ts';
import { heldEvents, openSession, quarantined, requestOf } from '../support/payments.ts';
import { MINUTE, poll } from '../support/polling.ts';
import { dashboardRefund, paidSession, refundRows } from '../support/refunds.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  freezeTime();
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('A payment with very many refunds', () => {
  it('has them recorded in parts, so that a request that ends half-way is taken up by the next', async () => {
    const shop = await newWorkspace();
    const session = await paidSession(shop);
    for (let index = 0; index < 60; index++) await dashboardRefund(shop, session, 1);
    await shop.binding.prepare('DELETE FROM refunds WHERE workspace_id = ?').bind(shop.workspace.id).run();
    const [event] = (await heldEvents(shop, 'charge.refunded')).slice(-1);
    if (!event) throw new Error('There is no event');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.useRealTimers();
    const counts: number[] = [];
    for (let request = 0; (counts.at(-1) ?? 0) < 60 && request < 5; request++) {
      await fetchWith({ ...limitedD1(env, 180).bindings, DELIVERIES: losingQueue() }, requestOf(event));
      counts.push((await refundRows(shop)).length);
    }
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.at(-1)).toBe(60);
  });
});

describe('The deletion of old events', () => {
  it('ends within its budget, and the next run deletes the rest', async () => {
    const shop = await newWorkspace();
    await shop.binding.batch(['deliveries', 'events'].map((table) => shop.binding.prepare(`DELETE FROM ${table}`)));
    await shop.binding
      .prepare(
        `WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 6000)
       INSERT INTO events SELECT 'evt_${shop.shard}old' || n, ?, 'webhook.ping', NULL, '{}', 0 FROM counted`,
      )
      .bind(shop.workspace.id)
      .run();
    const left = async () => (await rowsOf('events', shop.workspace.id)).length;
    await prune(contextOfJob('prune', limitedJob('prune'), shop.shard));
    expect(await left()).toBeGreaterThan(0);
    expect(await left()).toBeLessThan(6000);
    await prune(contextOfJob('prune', limitedJob('prune'), shop.shard));
    expect(await left()).toBe(0);
  });
});

describe('The handling of released events', () => {
  it('is not held up by events that fail every time', async () => {
    const shop = await newWorkspace({ webhook: false });
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await poll();
    const fits = { id: session.stripe_session_id, type: 'checkout.session', body: '{}' };
    const refund = { id: 're_unreadable', object: 'refund' };
    const fails = Array.from({ length: 12 }, (_, index) => ({
      id: `evt_fails${index}`,
      type: 'refund.created',
      body: JSON.stringify({
        ...{ object: 'event', id: `evt_fails${index}`, type: 'refund.created', livemode: false, created: 1 },
        data: { object: refund },
      }),
    }));
    const insert = shop.binding.prepare(
      `INSERT INTO quarantined_stripe_events (id, stripe_account_id, livemode, type, reason, body, received_at, released_at)
       VALUES (?, ?, 0, ?, 'x', ?, ?, ?)`,
    );
    await shop.binding.batch(
      [...fails, fits].map((event, index) =>
        insert.bind(event.id, shop.account, event.type, event.body, Date.now(), index + 1),
      ),
    );
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    stripeOf(async (request, real) =>
      new URL(request.url).pathname.startsWith('/v1/refunds')
        ? new Response('{}', { status: 500 })
        : await real(request),
    );
    for (let run = 0; run < 10; run++) {
      passTime(MINUTE);
      await reapplyReleased(
        contextOfJob('reapply-quarantined', limitedJob('reapply-quarantined'), shop.shard),
        parseStripeEvent,
      );
    }
    const ids = (await quarantined(accountOf(shop.account))).map((row) => row.id);
    expect(ids).not.toContain(fits.id);
    expect(ids).toHaveLength(12);
  });
});
