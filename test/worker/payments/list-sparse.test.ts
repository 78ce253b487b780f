import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { callWith } from '../support/api.ts';
import { seedPayments, seedRefund } from '../support/payment-rows.ts';
import { expectPayments, type PaymentList } from '../support/refunds.ts';
import { notingD1 } from '../support/rows-read.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** How many entries of indexes a page of several filters looks at. D1 counts two rows read for each. */
const LOOKED_AT = 5_000;
const AT = Date.UTC(2026, 4, 1);

async function readPage(shop: TestWorkspace, query: string): Promise<{ page: PaymentList; rows: number }> {
  const noting = notingD1(env);
  const page = await expectPayments(await callWith(noting.bindings, shop.key, 'GET', `/payments${query}`));
  return { page, rows: await noting.rowsRead() };
}

it('filters that hardly any payment passes give pages that are short or empty, and cursors that lead to all of them', async () => {
  const shop = await newWorkspace({ webhook: false });
  const link = await shop.link();
  const oldest = await seedPayments(shop, 1, { createdAt: AT, paymentLinkId: link.id, status: 'failed' });
  // In turn a payment of the link and one that failed: no index has the few that are both.
  await seedPayments(shop, 4000, { createdAt: AT + 10_000, paymentLinkId: link.id });
  await seedPayments(shop, 4000, { createdAt: AT + 10_000, status: 'failed' });
  const newest = await seedPayments(shop, 1, { createdAt: AT + 20_000, paymentLinkId: link.id, status: 'failed' });
  const found: number[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 4; pages++) {
    const query = `?payment_link=${link.token}&status=failed${cursor && `&cursor=${cursor}`}`;
    const { page, rows }: Awaited<ReturnType<typeof readPage>> = await readPage(shop, query);
    expect(rows).toBeLessThanOrEqual(2 * LOOKED_AT + 20);
    expect(page.meta.has_more).toBe(page.meta.next_cursor !== null);
    if (pages === 0) expect(page.meta.has_more).toBe(true);
    found.push(...page.data.map(({ id }) => id));
    cursor = page.meta.next_cursor;
  }
  expect(cursor).toBeNull();
  expect(found).toEqual([...newest, ...oldest]);
  const { page } = await readPage(shop, `?payment_link=${link.token}&status=failed&offset=1`);
  expect(page.data.map(({ id }) => id)).toEqual(oldest);
  expect(page.meta.has_more).toBe(false);
});

it('a payment with very many refunds is looked at once', async () => {
  const shop = await newWorkspace({ webhook: false });
  const [refunded = 0, partial = 0] = await seedPayments(shop, 2, { createdAt: AT });
  await seedRefund(shop, refunded, 4999);
  for (let refunds = 0; refunds < 200; refunds++) await seedRefund(shop, partial, 1);
  const { page, rows } = await readPage(shop, '?status=refunded');
  expect(page.data.map(({ id }) => id)).toEqual([refunded]);
  // The sum of its refunds: each one and its index entry.
  expect(rows).toBeLessThanOrEqual(200 * 2 + 20);
});

it('pages by offset do not end before payments that are older than very many unpaid sessions', async () => {
  const shop = await newWorkspace({ webhook: false });
  const email = 'kiosk@example.com';
  const paid = await seedPayments(shop, 4, { createdAt: AT, email });
  await seedPayments(shop, 105_000, { createdAt: AT + 10_000, status: 'expired', email });
  for (const offset of [0, 1, 5]) {
    const query = `?customer_email=${email}&limit=5`;
    const { page } = await readPage(shop, `${query}&offset=${offset}`);
    expect([offset, page.data, page.meta.has_more]).toEqual([offset, [], true]);
    const found: number[] = [];
    let cursor = page.meta.next_cursor;
    while (cursor !== null) {
      const next: PaymentList = (await readPage(shop, `${query}&cursor=${cursor}`)).page;
      found.push(...next.data.map(({ id }) => id));
      cursor = next.meta.next_cursor;
    }
    expect(found).toEqual(paid.toReversed());
  }
});
