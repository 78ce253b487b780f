import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { callWith, expectError } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { envelope, expectPage, type SeededEvent, seedEvents } from '../support/events.ts';
import { notingD1 } from '../support/rows-read.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

type Envelope = z.output<typeof envelope>;

const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const newestFirst = (list: readonly SeededEvent[]) => idsOf([...list].reverse());
const NOON = Date.UTC(2026, 4, 19, 12);

async function list(shop: TestWorkspace, query = '') {
  return await expectPage(envelope, await call(shop.key, 'GET', `/events${query}`));
}

/** Every page from the first to the last, by cursor. */
async function walk(shop: TestWorkspace, query: string): Promise<Envelope[]> {
  const seen: Envelope[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof list>> = await list(shop, `${query}${cursor && `&cursor=${cursor}`}`);
    expect(page.meta.has_more).toBe(page.meta.next_cursor !== null);
    seen.push(...page.data);
    cursor = page.meta.next_cursor;
  }
  return seen;
}

describe('the list of events', () => {
  it('is empty at first', async () => {
    expect(await list(await newWorkspace())).toEqual({
      data: [],
      meta: { limit: 50, offset: 0, has_more: false, next_cursor: null },
    });
  });

  it('shows nothing of another workspace or of the other mode', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const stranger = await newWorkspace();
    const [own] = await seedEvents(live, 2, { paymentId: 71 });
    await seedEvents(sandbox, 3, { paymentId: 71 });
    await seedEvents(stranger, 4, { paymentId: 71 });
    expect((await list(live)).data).toHaveLength(2);
    expect((await list(live, '?payment_id=71')).data).toHaveLength(2);
    expect((await list(sandbox, '?type=payments.payment.succeeded')).data).toHaveLength(3);
    const { next_cursor } = (await list(stranger, '?limit=1')).meta;
    for (const event of (await list(live, `?cursor=${next_cursor}`)).data) {
      expect(event.tenant_id).toBe(live.workspace.id);
    }
    const own404 = await call(stranger.key, 'GET', `/events/${own?.id}`);
    await expectError(own404, 404, 'not_found');
  });
});

describe('a page of events', () => {
  let shop: TestWorkspace;
  let seeded: SeededEvent[];
  beforeAll(async () => {
    shop = await newWorkspace();
    seeded = await seedEvents(shop, 23, { at: NOON, stepMs: 0 });
  });

  it.each([1, 7, 22, 23, 24])(
    'of %i leads by cursor to every event once, of the same millisecond too',
    async (limit) => {
      const seen = idsOf(await walk(shop, `?limit=${limit}`));
      expect(seen).toEqual(idsOf(seeded).sort().reverse());
    },
  );

  it('by offset is the same list', async () => {
    const all = idsOf((await list(shop)).data);
    const page = await list(shop, '?limit=5&offset=20');
    expect(idsOf(page.data)).toEqual(all.slice(20));
    expect(page.meta).toEqual({ limit: 5, offset: 20, has_more: false, next_cursor: null });
  });

  it('by cursor neither repeats nor skips an event while new ones happen', async () => {
    const own = await newWorkspace();
    const old = await seedEvents(own, 4, { at: NOON });
    const first = await list(own, '?limit=2');
    await seedEvents(own, 3, { at: NOON + 10 });
    const second = await list(own, `?limit=2&cursor=${first.meta.next_cursor}`);
    expect(idsOf([...first.data, ...second.data])).toEqual(newestFirst(old));
  });
});

describe('a filter of events', () => {
  let shop: TestWorkspace;
  let paid: SeededEvent[];
  let refunded: SeededEvent[];
  beforeAll(async () => {
    shop = await newWorkspace();
    paid = await seedEvents(shop, 5, { at: NOON, stepMs: 1000, paymentId: 8123 });
    refunded = await seedEvents(shop, 3, {
      at: NOON + 500,
      stepMs: 1000,
      paymentId: 8124,
      type: 'payments.payment.refunded',
    });
  });

  it('by type', async () => {
    expect(idsOf((await list(shop, '?type=payments.payment.refunded')).data)).toEqual(newestFirst(refunded));
    expect((await list(shop, '?type=payments.dispute.opened')).data).toEqual([]);
  });

  it('by payment, with every other filter and page by page', async () => {
    expect(idsOf((await list(shop, '?payment_id=8123')).data)).toEqual(newestFirst(paid));
    expect(idsOf(await walk(shop, '?payment_id=8123&limit=2'))).toEqual(newestFirst(paid));
    expect((await list(shop, '?payment_id=8123&type=payments.payment.refunded')).data).toEqual([]);
    expect((await list(shop, '?payment_id=9007199254740991')).data).toEqual([]);
  });

  it('by time: after is that moment or later, before is earlier than it', async () => {
    const moment = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
    const all = [...paid, ...refunded].sort((left, right) => left.at - right.at);
    const cases: [string, SeededEvent[]][] = [
      [`?created_after=${moment(NOON + 1000)}`, all.filter(({ at }) => at >= NOON + 1000)],
      [`?created_before=${moment(NOON + 1000)}`, all.filter(({ at }) => at < NOON + 1000)],
      [`?created_after=${moment(NOON + 1000)}&created_before=${moment(NOON + 1001)}`, paid.slice(1, 2)],
      [`?created_after=${moment(NOON + 1000)}&created_before=${moment(NOON + 1000)}`, []],
      [`?created_after=${moment(NOON + 2000)}&created_before=${moment(NOON)}`, []],
    ];
    for (const [query, expected] of cases) {
      expect([query, idsOf((await list(shop, query)).data)]).toEqual([query, newestFirst(expected)]);
    }
    expect(idsOf(await walk(shop, `?limit=2&created_before=${moment(NOON + 3000)}`))).toEqual(
      newestFirst(all.filter(({ at }) => at < NOON + 3000)),
    );
  });

  it('takes a time with any offset, as an event shows it, and ignores what it does not know', async () => {
    const [first] = paid;
    expect(first).toBeDefined();
    const local = toRfc3339(NOON + 2 * 60 * 60 * 1000).replace('Z', '+02:00');
    expect((await list(shop, `?created_after=${encodeURIComponent(local)}`)).data).toHaveLength(8);
    expect((await list(shop, `?created_after=${local}`)).data).toHaveLength(8);
    expect((await list(shop, `?created_after=${toRfc3339(NOON)}&tenant_id=x&livemode=true&sort=id`)).data).toHaveLength(
      8,
    );
  });

  it.each([
    ['?type=payments.*', ['type']],
    ['?type=*', ['type']],
    ['?type=', ['type']],
    ['?type=toString', ['type']],
    ['?type=PAYMENTS.PAYMENT.SUCCEEDED', ['type']],
    ['?type=payments.payment.succeeded,webhook.ping', ['type']],
    ["?type=x' OR '1'='1", ['type']],
    ['?payment_id=', ['payment_id']],
    ['?payment_id=0', ['payment_id']],
    ['?payment_id=-1', ['payment_id']],
    ['?payment_id=1.0', ['payment_id']],
    ['?payment_id=0x10', ['payment_id']],
    ['?payment_id=lnk_x', ['payment_id']],
    ['?payment_id=9007199254740993', ['payment_id']],
    ['?created_after=', ['created_after']],
    ['?created_after=yesterday', ['created_after']],
    ['?created_after=1747677851', ['created_after']],
    ['?created_before=2026-02-30T00:00:00Z', ['created_before']],
    ['?created_before=2026-05-19+20:04:11Z', ['created_before']],
    ['?limit=100000', ['limit']],
    ['?cursor=c1abcd', ['cursor']],
    [
      '?type=x&payment_id=x&created_after=x&created_before=x&limit=0&offset=-1',
      ['type', 'payment_id', 'created_after', 'created_before', 'limit', 'offset'],
    ],
  ])('is refused as %s, all faults at once', async (query, paths) => {
    const { details } = await expectError(await call(shop.key, 'GET', `/events${query}`), 400, 'validation_failed');
    expect(details?.map(({ path }) => path)).toEqual(paths);
    expect(details?.every(({ path, message }) => message.includes(path))).toBe(true);
  });
});

describe('a page of events costs', () => {
  async function costOf(shop: TestWorkspace, query: string) {
    const noting = notingD1(env);
    const database = countingD1(noting.bindings);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const bindings = { ...database.bindings, WORKSPACE_GATE: gate };
    const page = await expectPage(envelope, await callWith(bindings, shop.key, 'GET', `/events${query}`));
    const { roundTrips, rowsWritten } = database.counts;
    return { page, cost: { roundTrips, rowsWritten, rowsRead: await noting.rowsRead(), gate: gate.calls } };
  }

  it.each([0, 1])(
    'two round trips, one call to the gate, and as many rows at any depth: events %i ms apart',
    async (stepMs) => {
      const [shop, neighbour] = [await newWorkspace(), await newWorkspace()];
      await seedEvents(neighbour, 400, { at: NOON, stepMs });
      await seedEvents(shop, 800, { at: NOON, stepMs });
      const costs = [];
      let cursor: string | null = '';
      for (let number = 1; number <= 100; number++) {
        const { page, cost } = await costOf(shop, `?limit=8${cursor && `&cursor=${cursor}`}`);
        expect(page.data).toHaveLength(8);
        costs.push(cost);
        cursor = page.meta.next_cursor;
      }
      expect(cursor).toBeNull();
      expect(costs[0]).toMatchObject({ roundTrips: 2, rowsWritten: 0, gate: ['admit'] });
      expect(costs[0]?.rowsRead).toBeGreaterThanOrEqual(9);
      expect(costs[0]?.rowsRead).toBeLessThanOrEqual(9 + 9 + 5);
      // A cursor costs one row: the one that it names.
      const later = { ...costs[0], rowsRead: (costs[0]?.rowsRead ?? 0) + 1 };
      for (const cost of costs.slice(1, -1)) expect(cost).toEqual(later);
    },
  );

  it('of a type no more than its own events, however many others there are', async () => {
    const shop = await newWorkspace();
    await seedEvents(shop, 3, { at: NOON - 1000, type: 'payments.dispute.opened' });
    await seedEvents(shop, 500, { at: NOON });
    const { page, cost } = await costOf(shop, '?type=payments.dispute.opened');
    expect(page.data).toHaveLength(3);
    expect(cost.rowsRead).toBeLessThanOrEqual(3 * 3 + 5);
    const none = await costOf(shop, '?type=payments.checkout.expired&created_after=2020-01-01T00:00:00Z');
    expect(none.page.data).toEqual([]);
    expect(none.cost.rowsRead).toBeLessThanOrEqual(5);
  });

  it('of a payment no more than its own events', async () => {
    const shop = await newWorkspace();
    await seedEvents(shop, 500, { at: NOON });
    await seedEvents(shop, 3, { at: NOON, paymentId: 880_123 });
    const { page, cost } = await costOf(shop, '?payment_id=880123');
    expect(page.data).toHaveLength(3);
    expect(cost.rowsRead).toBeLessThanOrEqual(3 * 3 + 5);
  });
});
