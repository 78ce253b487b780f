import { env } from 'cloudflare:workers';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { failingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { settledSession } from '../support/merchant-events.ts';
import { openSession, quarantined, readSession, stripePost } from '../support/payments.ts';
import { accountRow, cron, DAY, MINUTE, poll, pollUntil, setAccount } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  freezeTime();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Stripe answers so to what is asked of this account's events, or of the account itself. */
function refusing(shop: TestWorkspace, refused: (url: URL) => Response | null): void {
  stripeOf(async (request, real) => {
    const url = new URL(request.url);
    const ofAccount =
      request.headers.get('Stripe-Account') === shop.account || url.pathname.endsWith(`${shop.account}`);
    return (ofAccount ? refused(url) : null) ?? (await real(request));
  });
}

async function withPaidSession(): Promise<{ shop: TestWorkspace; id: number }> {
  const shop = await newWorkspace();
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  return { shop, id: session.id };
}

describe('An account whose events cannot be read', () => {
  it.each([429, 500])('because Stripe answers %i is put off, and does not hold up the others', async (status) => {
    const [failing, other] = [await withPaidSession(), await withPaidSession()];
    passTime(MINUTE);
    refusing(failing.shop, (url) => (url.pathname === '/v1/events' ? stripeErrorAnswer({ status }) : null));
    await cron();
    expect(await readSession(other.shop, other.id)).toMatchObject({ status: 'succeeded' });
    expect(await readSession(failing.shop, failing.id)).toMatchObject({ status: 'created' });
    expect(await accountRow(failing.shop)).toMatchObject({
      stripe_events_read_to: null,
      next_stripe_events_read_at: Date.now() + 5 * MINUTE,
      disconnected_at: null,
    });
    vi.restoreAllMocks();
    passTime(5 * MINUTE);
    await cron();
    expect(await readSession(failing.shop, failing.id)).toMatchObject({ status: 'succeeded' });
  });

  it('does not include one that may not charge and that the key may not read', async () => {
    const { shop, id } = await withPaidSession();
    await setAccount(shop, { charges_enabled: 0 });
    passTime(MINUTE);
    refusing(shop, (url) => (url.pathname.startsWith('/v1/accounts/') ? stripeErrorAnswer({ status: 403 }) : null));
    await poll();
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0, disconnected_at: null });
  });

  it('because an event of it cannot be written is read again from that event on', async () => {
    const { shop, id } = await withPaidSession();
    passTime(MINUTE);
    // The first round trip claims the account; the second belongs to its event.
    await poll(failingD1(env, 2), shop.shard);
    expect(await readSession(shop, id)).toMatchObject({ status: 'created' });
    passTime(5 * MINUTE);
    await cron();
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
  });

  it('while the database is down leaves everything as it was', async () => {
    const { shop, id } = await withPaidSession();
    passTime(MINUTE);
    await cron(failingD1(env, 'every'));
    expect(await accountRow(shop)).toMatchObject({ stripe_events_read_to: null, next_stripe_events_read_at: 0 });
    await cron();
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('An event that can never be applied', () => {
  /** A payment settled and refunded at Stripe, and a later one whose event is not sent yet. */
  async function refundedThenPaid() {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '100' });
    passTime(MINUTE);
    const later = await openSession(shop);
    await pay(later.stripe_session_id, 'paid');
    return { shop, later };
  }

  const onRefunds = (answer: () => Response) => (url: URL) => (url.pathname === '/v1/refunds' ? answer() : null);
  const FORBIDDEN = { status: 403, message: 'The provided key does not have the required permissions for this.' };

  it('because the key may not list refunds is quarantined, and those after it are applied', async () => {
    const { shop, later } = await refundedThenPaid();
    passTime(10 * MINUTE);
    refusing(
      shop,
      onRefunds(() => stripeErrorAnswer(FORBIDDEN)),
    );
    await poll();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([
      { type: 'charge.refunded', reason: 'stripe_misconfigured', released_at: null },
    ]);
    expect(await readSession(shop, later.id)).toMatchObject({ status: 'succeeded' });
    expect(await accountRow(shop)).toMatchObject({ stripe_events_read_to: secondsAgo(5 * 60), disconnected_at: null });

    vi.restoreAllMocks();
    await shop.binding.prepare('DELETE FROM refunds WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await shop.binding
      .prepare('UPDATE quarantined_stripe_events SET released_at = 1 WHERE stripe_account_id = ?')
      .bind(accountOf(shop.account))
      .run();
    await cron();
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ amount_minor: 100 }]);
  });

  it.each([429, 500, 409])('is not one that Stripe answers %i to for now: it is read again', async (status) => {
    const { shop, later } = await refundedThenPaid();
    passTime(10 * MINUTE);
    refusing(
      shop,
      onRefunds(() => stripeErrorAnswer({ status })),
    );
    await poll();
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    expect(await readSession(shop, later.id)).toMatchObject({ status: 'created' });
    vi.restoreAllMocks();
    passTime(5 * MINUTE);
    await poll();
    expect(await readSession(shop, later.id)).toMatchObject({ status: 'succeeded' });
  });
});

/** So many events at even intervals up to now, which no session of ours belongs to but which claim to be ours. */
function strangers(shop: TestWorkspace, count: number, seconds: number) {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, index) => ({
    id: `evt_${shop.account}_${String(count - index).padStart(5, '0')}`,
    object: 'event',
    api_version: Stripe.API_VERSION,
    type: 'charge.refunded',
    livemode: false,
    created: now - Math.floor((index * seconds) / count),
    data: {
      object: { id: 'ch_1', payment_intent: null, metadata: { softsolz_operation: 'op', softsolz_workspace: 'x' } },
    },
  }));
}

/** Stripe's list of events, newest first, of which it gives 100 at once. Answers the windows asked for. */
function listing(shop: TestWorkspace, events: ReturnType<typeof strangers>, eachCall: () => void = () => undefined) {
  const asked: { from: number; to: number }[] = [];
  refusing(shop, (url) => {
    if (url.pathname !== '/v1/events') return null;
    eachCall();
    const [from, to] = ['gte', 'lte'].map((end) => Number(url.searchParams.get(`created[${end}]`)));
    const within = events.filter((event) => event.created >= (from ?? 0) && event.created <= (to ?? 0));
    const start = within.findIndex((event) => event.id === url.searchParams.get('starting_after')) + 1;
    if (start === 0) asked.push({ from: from ?? 0, to: to ?? 0 });
    const data = within.slice(start, start + 100);
    return Response.json({ object: 'list', url: '/v1/events', data, has_more: start + 100 < within.length });
  });
  return asked;
}

describe('A busy account', () => {
  it('that was not read for 48 hours is read in windows that fit, oldest first, and nothing is left out', async () => {
    const shop = await newWorkspace();
    const events = strangers(shop, 1100, 48 * 60 * 60);
    await setAccount(shop, { stripe_events_read_to: Date.now() - 2 * DAY });
    const asked = listing(shop, events);
    await pollUntil(async () => (await accountRow(shop)).stripe_events_read_to === secondsAgo(5 * 60));
    const ids = (await quarantined(accountOf(shop.account))).map((row) => String(row.id));
    expect(new Set(ids)).toEqual(new Set(events.map((event) => event.id)));
    const perWindow = asked.map(({ from, to }) => events.filter((e) => e.created >= from && e.created <= to).length);
    // Only the first window of a run may be too long: it is given up after ten pages.
    expect(perWindow.filter((count) => count > 1000).length).toBeLessThanOrEqual(1);
    expect(ids).toEqual(ids.toSorted());
    expect(await accountRow(shop)).toMatchObject({ stripe_events_read_to: secondsAgo(5 * 60) });
  });

  it('gets further with every run, however slow Stripe is', async () => {
    const shop = await newWorkspace();
    const start = Date.now();
    await setAccount(shop, { stripe_events_read_to: start - 2 * DAY });
    listing(shop, strangers(shop, 1100, 48 * 60 * 60), () => passTime(10_000));
    const marks = [start - 2 * DAY];
    while ((marks.at(-1) ?? 0) < start - 5 * MINUTE && marks.length < 10) {
      await cron();
      const { stripe_events_read_to: mark } = await accountRow(shop);
      expect(mark).toBeGreaterThan(marks.at(-1) ?? 0);
      marks.push(Number(mark));
      passTime(5 * MINUTE);
    }
    expect(marks.length).toBeGreaterThan(2);
    expect(await quarantined(accountOf(shop.account))).toHaveLength(1100);
  });
});

describe('An event of the other mode', () => {
  it('is counted and dropped, as in the route for Stripe events', async () => {
    const shop = await newWorkspace({ mode: 'live' });
    await inEveryDatabase('DELETE FROM dropped_stripe_events');
    listing(shop, strangers(shop, 2, 60));
    await cron();
    const { results } = await shop.binding.prepare('SELECT reason, count FROM dropped_stripe_events').all();
    expect(results).toEqual([{ reason: 'test_event_on_live', count: 2 }]);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });
});

function secondsAgo(seconds: number): number {
  return (Math.floor(Date.now() / 1000) - seconds) * 1000;
}
