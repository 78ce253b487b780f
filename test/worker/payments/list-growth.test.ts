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

const PAYMENTS = 2_000;
const LIMIT = 5;
/** The rows of a page: each payment, and the one that follows, with its index entry, its link and its refund; and the key. */
const PAGE_ROWS = (LIMIT + 1) * 6 + 8;

let merchant: Merchant;

const timeOf = (number: number) => new Date(FIRST_PAYMENT_AT + number * PAYMENT_EVERY_MS).toISOString();

async function readPage(query: string) {
  const noting = notingD1(env);
  const answer = await callWith(noting.bindings, merchant.shop.key, 'GET', `/payments?limit=${LIMIT}${query}`);
  return { page: await expectPayments(answer), rows: await noting.rowsRead() };
}

beforeAll(async () => {
  const [shop, neighbour] = [await newWorkspace({ webhook: false }), await newWorkspace({ webhook: false })];
  merchant = { shop, link: await shop.link() };
  await seedMerchant({ shop: neighbour, link: await neighbour.link() }, 0, PAYMENTS);
  await seedMerchant(merchant, 0, PAYMENTS);
});

it('a full page with one filter or none, of any time, reads the rows of two pages at most', async () => {
  const statuses = ['processing', 'succeeded', 'failed', 'refunded', 'partially_refunded'];
  const others = [`payment_link=${merchant.link.token}`, `reference=${BUSY_REFERENCE}`];
  const email = `&customer_email=${BUSY_EMAIL.toLowerCase()}`;
  const filters = ['', ...statuses.map((status) => `&status=${status}`), ...others.map((other) => `&${other}`), email];
  const times = [
    '',
    `&created_after=${timeOf(PAYMENTS - 400)}`,
    `&created_after=${timeOf(100)}&created_before=${timeOf(500)}`,
    `&created_before=${timeOf(500)}`,
  ];
  for (const query of filters.flatMap((filter) => times.map((time) => filter + time))) {
    const { page, rows } = await readPage(query);
    // The sessions that a buyer has not paid are passed over.
    const pages = query.startsWith(email) ? 4 : 2;
    const isFull = page.data.length === LIMIT && page.meta.has_more;
    expect([query, isFull, rows <= pages * PAGE_ROWS]).toEqual([query, true, true]);
  }
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
