import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { findPayments } from '../../../src/domain/payments/find-payments.ts';
import { type SeededPayments, seedPayments } from '../support/payment-rows.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const ALL = { status: null, paymentLink: null, after: null, before: null };
const FIRST = { limit: 50, offset: 0, before: null };

async function found(shop: TestWorkspace, typed: string, filter: Partial<Parameters<typeof findPayments>[2]> = {}) {
  const { items } = await findPayments(shop, typed, { ...ALL, ...filter }, FIRST);
  return items.map(({ id }) => id);
}

const newShop = () => newWorkspace({ account: 'ready', webhook: false });

async function seedOne(shop: TestWorkspace, as: SeededPayments): Promise<number> {
  const [id] = await seedPayments(shop, 1, as);
  if (id === undefined) throw new Error('Nothing was seeded');
  return id;
}

describe('Searching payments', () => {
  it('finds a payment by its whole id, its whole reference and its whole e-mail address', async () => {
    const shop = await newShop();
    const ann = await seedOne(shop, { reference: 'Order 1042', email: 'Ann@Example.com' });
    const bob = await seedOne(shop, { reference: 'Order 1043', email: 'bob@example.com' });
    expect(await found(shop, String(ann))).toEqual([ann]);
    expect(await found(shop, ' Order 1043 ')).toEqual([bob]);
    expect(await found(shop, 'ann@EXAMPLE.com')).toEqual([ann]);
    for (const part of ['Order', 'order 1042', String(ann).slice(1), 'example.com', 'ann@example.co', '%', "' OR 1"]) {
      expect([part, await found(shop, part)]).toEqual([part, []]);
    }
    expect(await found(shop, '')).toEqual([bob, ann]);
  });

  it('finds a reference that looks like an id or an address, where nothing has this id or address', async () => {
    const shop = await newShop();
    const byNumber = await seedOne(shop, { reference: '1042' });
    const byAddress = await seedOne(shop, { reference: 'ann@example.com' });
    expect(await found(shop, '1042')).toEqual([byNumber]);
    expect(await found(shop, 'ann@example.com')).toEqual([byAddress]);
    const hers = await seedOne(shop, { email: 'ann@example.com' });
    expect(await found(shop, 'ann@example.com')).toEqual([hers]);
  });

  it('says what the text was taken for, and takes it for a reference where it finds nothing', async () => {
    const shop = await newShop();
    const id = await seedOne(shop, { reference: '1042', email: 'ann@example.com' });
    const meant = async (typed: string) => (await findPayments(shop, typed, ALL, FIRST)).meant;
    expect(await meant(String(id))).toEqual({ id });
    expect(await meant('1042')).toEqual({ reference: '1042' });
    expect(await meant('Ann@Example.com')).toEqual({ customerEmail: 'Ann@Example.com' });
    expect(await meant('bob@example.com')).toEqual({ reference: 'bob@example.com' });
    expect(await meant(' ')).toBeNull();
  });

  it('finds only what the other filters let pass, and neither open sessions nor those of others', async () => {
    const [shop, stranger] = [await newShop(), await newShop()];
    const failed = await seedOne(shop, { status: 'failed', reference: 'A', email: 'ann@example.com' });
    const open = await seedOne(shop, { status: 'created', reference: 'A', email: 'ann@example.com' });
    const theirs = await seedOne(stranger, { reference: 'A', email: 'ann@example.com' });
    for (const typed of ['A', 'ann@example.com', String(failed)]) {
      expect([typed, await found(shop, typed)]).toEqual([typed, [failed]]);
      expect(await found(shop, typed, { status: 'failed' })).toEqual([failed]);
      expect(await found(shop, typed, { status: 'succeeded' })).toEqual([]);
      expect(await found(shop, typed, { after: Date.now() + 1000 })).toEqual([]);
    }
    for (const id of [open, theirs]) expect(await found(shop, String(id))).toEqual([]);
  });

  it('leads by cursor through all payments of a reference', async () => {
    const shop = await newShop();
    const ids = await seedPayments(shop, 5, { reference: '1042' });
    const seen: number[] = [];
    let before: number | null = null;
    for (const _ of [1, 2, 3]) {
      const page: Awaited<ReturnType<typeof findPayments>> = await findPayments(shop, '1042', ALL, {
        limit: 2,
        offset: 0,
        before,
      });
      seen.push(...page.items.map(({ id }) => id));
      before = page.items.at(-1)?.id ?? null;
      expect(page.nextCursor === null).toBe(seen.length === 5);
    }
    expect(seen).toEqual(ids.toReversed());
  });

  it('reads as many rows among 5,000 payments as among 50', async () => {
    const shop = await newShop();
    const wanted = await seedOne(shop, { reference: 'wanted', email: 'wanted@example.com' });
    const typed = [String(wanted), 'wanted', 'wanted@example.com', '1042', 'nobody@example.com'];
    const readsOf = async (text: string) => {
      const noting = notingD1(env);
      const database = openDatabase(bindingOf(shop.shard, noting.bindings));
      await findPayments({ ...shop, database }, text, ALL, FIRST);
      return await noting.rowsRead();
    };
    const reads: number[][] = [];
    for (const count of [50, 4950]) {
      await seedPayments(shop, count, { reference: 'other', email: 'other@example.com' });
      const rows = [];
      for (const text of typed) rows.push(await readsOf(text));
      reads.push(rows);
    }
    expect(reads[1]).toEqual(reads[0]);
    for (const rows of reads.flat()) expect(rows).toBeLessThanOrEqual(30);
  });
});
