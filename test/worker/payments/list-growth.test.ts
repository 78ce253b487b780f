import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { callWith } from '../support/api.ts';
import {
  BUSY_EMAIL,
  BUSY_REFERENCE,
  FIRST_PAYMENT_AT,
  type Merchant,
  PAYMENT_EVERY_MS,
  seedMerchant,
} from '../support/merchant-rows.ts';
import { expectPayments } from '../support/refunds.ts';
import { notingD1 } from '../support/rows-read.ts';
import { newWorkspace } from '../support/workspace.ts';

const SMALL = 1_000;
const LARGE = 10_000;
const LIMIT = 5;
/** The rows of a page: each payment, and the one that follows, with its index entry, its link and its refund; and the key. */
const PAGE_ROWS = (LIMIT + 1) * 6 + 8;
/** How many entries of indexes a page of several filters looks at, at most. D1 counts two rows read for each. */
const LOOKED_AT = 5_000;

const STATUSES = ['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded'];

let merchant: Merchant;
let payments = SMALL;

const timeOf = (number: number) => new Date(FIRST_PAYMENT_AT + number * PAYMENT_EVERY_MS).toISOString();

/** All combinations of filters by the names that a query gives them, and the times that go with each of them. */
function combinations(): readonly (readonly [query: string, filters: number])[] {
  const choices = [
    ['', ...STATUSES.map((status) => `&status=${status}`)],
    ['', `&payment_link=${merchant.link.token}`],
    ['', `&reference=${BUSY_REFERENCE}`],
    ['', `&customer_email=${BUSY_EMAIL.toLowerCase()}`],
  ];
  let found: (readonly [string, number])[] = [['', 0]];
  for (const options of choices) {
    found = found.flatMap(([query, filters]) =>
      options.map((option) => [query + option, filters + (option === '' ? 0 : 1)] as const),
    );
  }
  return found;
}

/** What is asked of the list: the newest payments, the latest of them since some time, and those of an old time. */
const times = (): Readonly<Record<string, string>> => ({
  any: '',
  lately: `&created_after=${timeOf(payments - 400)}`,
  'long ago': `&created_after=${timeOf(100)}&created_before=${timeOf(500)}`,
  'until long ago': `&created_before=${timeOf(500)}`,
});

interface Cost {
  readonly rows: number;
  readonly isFull: boolean;
  /** How many filters there are, without the time. */
  readonly filters: number;
}

async function readPage(query: string) {
  const noting = notingD1(env);
  const bindings = noting.bindings;
  const answer = await callWith(bindings, merchant.shop.key, 'GET', `/payments?limit=${LIMIT}${query}`);
  return { page: await expectPayments(answer), rows: await noting.rowsRead() };
}

async function costs(): Promise<Map<string, Cost>> {
  const found = new Map<string, Cost>();
  for (const [query, filters] of combinations()) {
    for (const [time, range] of Object.entries(times())) {
      const { page, rows } = await readPage(query + range);
      const isFull = page.data.length === LIMIT && page.meta.has_more;
      found.set(`${query} ${time}`, { rows, isFull, filters });
    }
  }
  return found;
}

beforeAll(async () => {
  const shop = await newWorkspace({ webhook: false });
  merchant = { shop, link: await shop.link() };
  const neighbour = await newWorkspace({ webhook: false });
  await seedMerchant({ shop: neighbour, link: await neighbour.link() }, 0, SMALL);
  await seedMerchant(merchant, 0, SMALL);
});

it('a page reads as many rows of 10,000 payments as of 1,000, whatever the filters and the time', async () => {
  const small = await costs();
  await seedMerchant(merchant, SMALL, LARGE);
  payments = LARGE;
  for (const [query, { rows, isFull, filters }] of await costs()) {
    const before = small.get(query);
    expect([query, rows]).toEqual([query, expect.any(Number)]);
    // The sessions that a buyer has not paid are passed over.
    const pages = query.includes('customer_email') ? 4 : 2;
    if (filters < 2) expect([query, isFull, rows <= pages * PAGE_ROWS]).toEqual([query, true, true]);
    // Where so few payments match that a page is not full, it looks further, but not for ever.
    if (before?.isFull) expect(rows, query).toBeLessThanOrEqual(before.rows * 1.1);
    else expect(rows, query).toBeLessThanOrEqual(2 * LOOKED_AT + 2 * PAGE_ROWS);
  }
  const full = [...small.values()].filter(({ isFull }) => isFull).length;
  expect(full).toBeGreaterThan(small.size * 0.6);
});

it('pages by cursor and pages by offset are the same list, with several filters too', async () => {
  for (const query of ['&status=refunded', `&status=failed&payment_link=${merchant.link.token}`]) {
    const { page: first } = await readPage(query);
    const { page: byCursor } = await readPage(`${query}&cursor=${first.meta.next_cursor}`);
    const { page: byOffset } = await readPage(`${query}&offset=${LIMIT}`);
    expect(byCursor.data).toHaveLength(LIMIT);
    expect(byOffset.data).toEqual(byCursor.data);
    expect(byOffset.meta.next_cursor).toBe(byCursor.meta.next_cursor);
  }
});
