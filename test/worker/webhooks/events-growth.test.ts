import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../src/domain/webhooks/event-types.ts';
import { callWith } from '../support/api.ts';
import { envelope, expectPage, seedEvents } from '../support/events.ts';
import { FIRST_PAYMENT_AT, PAYMENT_EVERY_MS, seedMerchant } from '../support/merchant-rows.ts';
import { notingD1 } from '../support/rows-read.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const SMALL = 1_000;
const LARGE = 10_000;
const LIMIT = 20;
/** The rows of a page: each event and the one that follows, with its index entry; and the key. */
const PAGE_ROWS = (LIMIT + 1) * 2 + 8;
const COMMONEST = 'payments.payment.succeeded';

const timeOf = (number: number) => new Date(FIRST_PAYMENT_AT + number * PAYMENT_EVERY_MS).toISOString();

async function readPage(shop: TestWorkspace, query: string) {
  const noting = notingD1(env);
  const answer = await callWith(noting.bindings, shop.key, 'GET', `/events?limit=${LIMIT}${query}`);
  return { page: await expectPage(envelope, answer), rows: await noting.rowsRead() };
}

async function costs(shop: TestWorkspace, payments: number): Promise<Map<string, number>> {
  const ranges: Readonly<Record<string, string>> = {
    any: '',
    lately: `&created_after=${timeOf(payments - 400)}`,
    'long ago': `&created_after=${timeOf(100)}&created_before=${timeOf(500)}`,
    'until long ago': `&created_before=${timeOf(500)}`,
  };
  const found = new Map<string, number>();
  for (const type of ['', ...EVENT_TYPES.map((name) => `&type=${name}`)]) {
    for (const [time, range] of Object.entries(ranges)) {
      found.set(`${type} ${time}`, (await readPage(shop, type + range)).rows);
    }
  }
  return found;
}

it('a page of events reads as many rows of 10,000 payments as of 1,000, whatever the type and the time', async () => {
  const shop = await newWorkspace({ webhook: false });
  const merchant = { shop, link: await shop.link() };
  await seedMerchant(merchant, 0, SMALL);
  const small = await costs(shop, SMALL);
  await seedMerchant(merchant, SMALL, LARGE);
  for (const [query, rows] of await costs(shop, LARGE)) {
    expect(rows, query).toBeLessThanOrEqual(Number(small.get(query)) * 1.1);
    expect(rows, query).toBeLessThanOrEqual(2 * PAGE_ROWS);
  }
});

it('very few payments among very many other events give short pages, and cursors that lead to all of them', async () => {
  const shop = await newWorkspace({ webhook: false });
  const merchant = { shop, link: await shop.link() };
  const at = FIRST_PAYMENT_AT + PAYMENT_EVERY_MS;
  const [oldest] = await seedEvents(shop, 1, { at, type: COMMONEST });
  await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 6000)
     INSERT INTO events (id, workspace_id, type, body, created_at)
     SELECT ?1 || n, ?2, 'payments.checkout.expired', '{}', ?3 + n FROM numbers`,
    )
    .bind(`evt_${shop.shard}few${merchant.link.id}x`, shop.workspace.id, at)
    .run();
  const [newest] = await seedEvents(shop, 1, { at: at + 10_000, type: COMMONEST });
  const first = await readPage(shop, `&type=${COMMONEST}`);
  expect(first.page.data.map(({ id }) => id)).toEqual([newest?.id]);
  expect(first.page.meta.has_more).toBe(true);
  expect(first.rows).toBeLessThanOrEqual(2 * 5_000 + PAGE_ROWS);
  const second = await readPage(shop, `&type=${COMMONEST}&cursor=${first.page.meta.next_cursor}`);
  expect(second.page.data.map(({ id }) => id)).toEqual([oldest?.id]);
  expect(second.page.meta).toMatchObject({ has_more: false, next_cursor: null });
  const { page } = await readPage(shop, `&type=${COMMONEST}&offset=1`);
  expect(page.data.map(({ id }) => id)).toEqual([oldest?.id]);
});
