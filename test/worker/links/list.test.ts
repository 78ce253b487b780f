import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { callWith, expectError } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { newLink, patchLink, readLink } from '../support/links.ts';
import { notingD1 } from '../support/rows-read.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const listAnswer = z.strictObject({
  data: z.array(z.looseObject({ id: z.string(), title: z.string(), created_at: z.string() })),
  meta: z.strictObject({
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});

async function expectList(response: Response) {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return listAnswer.parse(JSON.parse(text));
}

async function list(shop: TestWorkspace, query = '') {
  return await expectList(await call(shop.key, 'GET', `/payment-links${query}`));
}

const titlesOf = ({ data }: { data: { title: string }[] }) => data.map(({ title }) => title);
const titles = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `Link ${from - index}`);

/** Links "Link 1" to "Link <count>" in one workspace, written at once: all of the same millisecond. */
async function fill({ workspace, shard, binding }: TestWorkspace, count: number): Promise<void> {
  const insert = binding.prepare(
    `INSERT INTO payment_links (id, token, workspace_id, kind, title, currency, amount_minor, active, show_business_name, created_at, updated_at)
     VALUES ((SELECT coalesce(max(id), 0) + 1 FROM payment_links), ?, ?, 'link', ?, 'GBP', 5000, 1, 0, 1747131240000, 1747131240000)`,
  );
  for (let made = 0; made < count; made += 500) {
    const batch = Array.from({ length: Math.min(500, count - made) }, (_, index) =>
      insert.bind(newPaymentLinkToken(shard), workspace.id, `Link ${made + index + 1}`),
    );
    await binding.batch(batch);
  }
}

describe('the list of payment links', () => {
  it('is empty at first', async () => {
    expect(await list(await newWorkspace())).toEqual({
      data: [],
      meta: { limit: 50, offset: 0, has_more: false, next_cursor: null },
    });
  });

  it('has the links as they are read alone, newest first', async () => {
    const shop = await newWorkspace();
    const made = [];
    for (const title of ['First', 'Second', 'Third']) {
      made.unshift(await newLink(shop, { title, currency: 'gbp', amount: 50 }));
    }
    const page = await list(shop, '?limit=50&offset=0');
    expect(page.data).toEqual(made);
    expect(page.meta).toEqual({ limit: 50, offset: 0, has_more: false, next_cursor: null });
    expect(page.data[0]).toEqual(await readLink(shop, made[0]?.id ?? ''));
  });

  it('keeps its order when a link changes', async () => {
    const shop = await newWorkspace();
    const first = await newLink(shop, { title: 'First', currency: 'gbp', amount: 50 });
    await newLink(shop, { title: 'Second', currency: 'gbp', amount: 50 });
    await patchLink(shop, first.id, { title: 'First, changed', active: false });
    expect(titlesOf(await list(shop))).toEqual(['Second', 'First, changed']);
  });

  it('shows nothing of another workspace or of the other mode', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const stranger = await newWorkspace({ mode: 'live' });
    for (const [shop, title] of [
      [live, 'Live'],
      [sandbox, 'Sandbox'],
      [stranger, 'Stranger'],
    ] as const) {
      await newLink(shop, { title, currency: 'gbp', amount: 50 });
      await newLink(shop, { title, currency: 'gbp', amount: 50 });
    }
    expect(titlesOf(await list(live))).toEqual(['Live', 'Live']);
    expect(titlesOf(await list(sandbox))).toEqual(['Sandbox', 'Sandbox']);
    const { next_cursor } = (await list(stranger, '?limit=1')).meta;
    expect(titlesOf(await list(live, `?cursor=${next_cursor}`))).toEqual(['Live', 'Live']);
    expect(titlesOf(await list(sandbox, '?offset=1'))).toEqual(['Sandbox']);
  });
});

describe('a page', () => {
  let shop: TestWorkspace;
  beforeAll(async () => {
    shop = await newWorkspace();
    await fill(shop, 25);
  });

  it('by offset says whether there is more', async () => {
    const pages: [string, string[], boolean][] = [
      ['?limit=10', titles(25, 16), true],
      ['?limit=10&offset=10', titles(15, 6), true],
      ['?limit=10&offset=15', titles(10, 1), false],
      ['?limit=10&offset=14', titles(11, 2), true],
      ['?limit=10&offset=20', titles(5, 1), false],
      ['?limit=25', titles(25, 1), false],
      ['?limit=24', titles(25, 2), true],
      ['?offset=25', [], false],
      ['?offset=100000', [], false],
      ['?limit=1&offset=24', ['Link 1'], false],
    ];
    for (const [query, expected, more] of pages) {
      const page = await list(shop, query);
      expect([query, titlesOf(page), page.meta.has_more]).toEqual([query, expected, more]);
      expect(page.meta.next_cursor === null).toBe(!more);
    }
    expect((await list(shop, '?limit=7&offset=3')).meta).toMatchObject({ limit: 7, offset: 3 });
  });

  it.each([1, 7, 24, 25, 26])(
    'of %i leads by cursor to every link once, of the same millisecond too',
    async (limit) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: z.output<typeof listAnswer> = await list(shop, `?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(page.meta.has_more).toBe(page.meta.next_cursor !== null);
        expect(page.meta.offset).toBe(0);
        expect(page.data.length).toBeGreaterThan(0);
        seen.push(...titlesOf(page));
        cursor = page.meta.next_cursor;
      }
      expect(seen).toEqual(titles(25, 1));
    },
  );

  it('by cursor neither repeats nor skips a link while new ones are made', async () => {
    const own = await newWorkspace();
    await fill(own, 4);
    const first = await list(own, '?limit=2');
    await fill(own, 3);
    expect(titlesOf(await list(own, `?limit=2&cursor=${first.meta.next_cursor}`))).toEqual(titles(2, 1));
  });

  it('is refused where limit, offset or cursor is wrong, all at once', async () => {
    const { next_cursor } = (await list(shop, '?limit=1')).meta;
    const cursor = String(next_cursor);
    const altered = cursor.slice(0, -1) + (cursor.endsWith('a') ? 'b' : 'a');
    const wrong: [string, string[]][] = [
      ...['', '0', '-1', '101', '1.5', '1e1', 'ten', '%201', '1%00', '%D9%A5'].map((limit): [string, string[]] => [
        `?limit=${limit}`,
        ['limit'],
      ]),
      ...['', '-1', '-0', '1.5', 'x', '100001', '9999999999999999'].map((offset): [string, string[]] => [
        `?offset=${offset}`,
        ['offset'],
      ]),
      ...['', 'x', '1', 'c', 'c1', altered, `${cursor}0`, cursor.slice(1), cursor.toUpperCase(), `${cursor}%00`].map(
        (forged): [string, string[]] => [`?cursor=${forged}`, ['cursor']],
      ),
      [`?cursor=${cursor}&offset=0`, ['cursor']],
      [`?cursor=${cursor}&offset=1`, ['cursor']],
      ['?limit=0&offset=-1&cursor=x', ['limit', 'offset', 'cursor', 'cursor']],
    ];
    for (const [query, paths] of wrong) {
      const response = await call(shop.key, 'GET', `/payment-links${query}`);
      const { details } = await expectError(response, 400, 'validation_failed');
      expect([query, details?.map(({ path }) => path)]).toEqual([query, paths]);
      expect(details?.every(({ path, message }) => message.includes(path))).toBe(true);
    }
  });
});

describe('a page costs', () => {
  /** What one page cost: round trips, rows read, calls to the gate. */
  async function costOf(shop: TestWorkspace, query: string) {
    const noting = notingD1(env);
    const database = countingD1(noting.bindings);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const bindings = { ...database.bindings, WORKSPACE_GATE: gate };
    const page = await expectList(await callWith(bindings, shop.key, 'GET', `/payment-links${query}`));
    const { roundTrips, rowsWritten } = database.counts;
    return { page, cost: { roundTrips, rowsWritten, rowsRead: await noting.rowsRead(), gate: gate.calls } };
  }

  it('two round trips and one call to the gate, and by cursor as many rows on page 1 as on page 30', async () => {
    const [shop, neighbour] = [await newWorkspace(), await newWorkspace()];
    await fill(neighbour, 1000);
    await fill(shop, 3000);
    await fill(neighbour, 1000);
    const costs = [];
    let cursor: string | null = '';
    for (let number = 1; number <= 30; number++) {
      const { page, cost } = await costOf(shop, `?limit=100${cursor && `&cursor=${cursor}`}`);
      expect(page.data).toHaveLength(100);
      costs.push(cost);
      cursor = page.meta.next_cursor;
    }
    expect(cursor).toBeNull();
    expect(costs[0]).toMatchObject({ roundTrips: 2, rowsWritten: 0, gate: ['admit'] });
    expect(costs[0]?.rowsRead).toBeGreaterThanOrEqual(101);
    expect(costs[0]?.rowsRead).toBeLessThanOrEqual(101 + 101 + 5);
    // The last page has no row beyond it to look at.
    for (const cost of costs.slice(1, -1)) expect(cost).toEqual(costs[0]);
    expect(costs.at(-1)?.rowsRead).toBeLessThanOrEqual(costs[0]?.rowsRead ?? 0);
  });
});
