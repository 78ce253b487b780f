import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { searchKey } from '../../../src/core/text.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { listLinksByTitle } from '../../../src/db/payment-links.ts';
import { findLinks } from '../../../src/domain/links/find-links.ts';
import { patchLink } from '../support/links.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const FIRST = { limit: 50, offset: 0, before: null };

async function found(shop: TestWorkspace, typed: string): Promise<string[]> {
  const { items } = await findLinks(shop, typed, FIRST);
  return items.map(({ title }) => title);
}

async function withLinks(...titles: string[]): Promise<TestWorkspace> {
  const shop = await newWorkspace({ account: 'none', webhook: false });
  for (const title of titles) await shop.link({ title });
  return shop;
}

/** Links straight into the database, whose titles are `beginning` and a number of six digits. */
async function fill({ workspace, shard, binding }: TestWorkspace, beginning: string, count: number): Promise<void> {
  const titles = Array.from({ length: count }, (_, index) => `${beginning}${String(index).padStart(6, '0')}`);
  const rows = titles.map((title) => [newPaymentLinkToken(shard), title, searchKey(title)]);
  for (let from = 0; from < rows.length; from += 10_000) {
    await binding
      .prepare(
        `INSERT INTO payment_links (token, workspace_id, kind, title, search_title, currency, amount_minor, active,
          show_business_name, created_at, updated_at)
         SELECT value ->> 0, ?, 'link', value ->> 1, value ->> 2, 'GBP', 5000, 1, 0, 0, 0 FROM json_each(?)`,
      )
      .bind(workspace.id, JSON.stringify(rows.slice(from, from + 10_000)))
      .run();
  }
}

describe('Searching links', () => {
  it('finds those whose title begins with what was typed, in any case and script, in the order of titles', async () => {
    const titles = ['Ölwechsel groß', 'ölwechsel klein', 'Reifen', 'Весна 2027', 'ΟΔΟΣ', 'Straße', '100% Wolle', 'a_b'];
    const shop = await withLinks(...titles);
    const cases: [string, string[]][] = [
      ['ÖL', ['Ölwechsel groß', 'ölwechsel klein']],
      ['  ölwechsel G ', ['Ölwechsel groß']],
      // The same letter, written as two code points.
      ['O\u0308lwechsel k', ['ölwechsel klein']],
      ['вес', ['Весна 2027']],
      ['οδος', ['ΟΔΟΣ']],
      ['STRASSE', ['Straße']],
      ['stras', ['Straße']],
      ['100%', ['100% Wolle']],
      ['%', []],
      ['a_', ['a_b']],
      ['a%', []],
      ['wechsel', []],
      ["'; --", []],
    ];
    for (const [typed, expected] of cases) expect([typed, await found(shop, typed)]).toEqual([typed, expected]);
  });

  it('finds a link by its new title, and no longer by the old one', async () => {
    const shop = await newWorkspace({ account: 'none', webhook: false });
    const { token } = await shop.link({ title: 'Spring fair' });
    await patchLink(shop, token, { title: 'Äpfel' });
    expect(await found(shop, 'spring')).toEqual([]);
    expect(await found(shop, 'ä')).toEqual(['Äpfel']);
    await patchLink(shop, token, { active: false });
    expect(await found(shop, 'ä')).toEqual(['Äpfel']);
  });

  it('finds a link by its token or its address, and lists all where nothing was typed', async () => {
    const shop = await withLinks('First', 'Second');
    const { token } = await shop.link({ title: 'Third' });
    for (const typed of [token, ` ${token} `, `https://pay.example/pay/link/${token}`, `/pay/link/${token}?lang=de`]) {
      expect([typed, await found(shop, typed)]).toEqual([typed, ['Third']]);
    }
    expect(await found(shop, newPaymentLinkToken(shop.shard))).toEqual([]);
    expect(await found(shop, token.slice(0, -1))).toEqual([]);
    expect(await found(shop, ' ')).toEqual(['Third', 'Second', 'First']);
  });

  it('shows nothing of another workspace, by title, token or cursor', async () => {
    const stranger = await withLinks('Apples', 'Apricots');
    const [link] = (await findLinks(stranger, 'ap', FIRST)).items;
    const shop = await withLinks('Apple pie');
    expect(await found(shop, 'ap')).toEqual(['Apple pie']);
    expect(await found(shop, link?.token ?? '')).toEqual([]);
    expect((await findLinks(shop, 'ap', { ...FIRST, before: link?.id ?? 0 })).items).toEqual([]);
  });

  it('leads by cursor to every link once, also where titles are the same', async () => {
    const titles = ['Fee', 'fee', 'FEE', 'Fee 2', 'Feet', 'Fees', 'Fed', 'Zebra'];
    const shop = await withLinks(...titles);
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      let before: number | null = null;
      for (let pages = 0; pages < 10; pages++) {
        const page: Awaited<ReturnType<typeof findLinks>> = await findLinks(shop, 'fe', { limit, offset: 0, before });
        seen.push(...page.items.map(({ title }) => title));
        before = page.items.at(-1)?.id ?? null;
        if (page.nextCursor === null) break;
      }
      expect(seen).toEqual(['Fed', 'Fee', 'fee', 'FEE', 'Fee 2', 'Fees', 'Feet']);
    }
  });
});

describe('A page of found links', () => {
  async function readsOf(shop: TestWorkspace, beginning: string, before: number | null) {
    const noting = notingD1(env);
    const database = openDatabase(bindingOf(shop.shard, noting.bindings));
    const page = await listLinksByTitle(database, shop.workspace.id, beginning, { limit: 20, offset: 0, before });
    expect(page.items).toHaveLength(20);
    expect(await noting.plan()).toContainEqual(expect.stringContaining('payment_links_title'));
    expect(await noting.plan()).not.toContainEqual(expect.stringContaining('TEMP B-TREE'));
    return { rows: await noting.rowsRead(), last: page.items.at(-1)?.id ?? null };
  }

  it('reads as many rows among 100,000 links as among 100, from any page on', async () => {
    const reads: number[][] = [];
    for (const count of [100, 100_000]) {
      const shop = await newWorkspace({ account: 'none', webhook: false });
      await fill(shop, 'Übung ', count);
      await fill(shop, 'Zebra ', 50);
      const first = await readsOf(shop, 'üb', null);
      const second = await readsOf(shop, 'üb', first.last);
      const narrow = await readsOf(shop, 'zebra 0000', null);
      const late = await shop.binding
        .prepare('SELECT id FROM payment_links WHERE workspace_id = ? AND title = ?')
        .bind(shop.workspace.id, `Übung ${String(count - 50).padStart(6, '0')}`)
        .first<number>('id');
      const last = await readsOf(shop, 'üb', late);
      reads.push([first, second, last, narrow].map(({ rows }) => rows));
    }
    expect(reads[1]).toEqual(reads[0]);
    for (const rows of reads.flat()) expect(rows).toBeLessThanOrEqual(2 * 21 + 2);
  });
});
