import { env } from 'cloudflare:workers';
import { eq, getTableColumns, getTableName, is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import { shardIndex } from '../../../src/core/ids.ts';
import { insertPaymentLink } from '../../../src/db/payment-links.ts';
import { insertPayment } from '../../../src/db/payments.ts';
import * as schema from '../../../src/db/schema.ts';
import { rowsOf } from '../support/api.ts';
import { attempt } from '../support/deliveries.ts';
import { heldEvents, openSession, paidQuietly, sendAll, stripePost } from '../support/payments.ts';
import { control } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const TABLES = Object.values(schema).filter((value) => is(value, SQLiteTable));

type Row = Record<string, unknown>;

/** Copies a row with some columns changed, past every check of the code. */
async function insertCopy(
  { binding }: TestWorkspace,
  table: string,
  row: Row | undefined,
  changes: Row,
): Promise<void> {
  const copy = { ...row, ...changes };
  const names = Object.keys(copy);
  await binding
    .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .bind(...Object.values(copy))
    .run();
}

/** A workspace with a row in every table that holds money. */
async function lived(): Promise<TestWorkspace> {
  const shop = await newWorkspace();
  await shop.link();
  const { deliveryIds } = await paidQuietly(shop);
  await attempt(deliveryIds);
  const [payment] = await rowsOf('payments', shop.workspace.id);
  const intent = String(payment?.stripe_payment_intent_id);
  await stripePost(String(shop.account), '/v1/refunds', { payment_intent: intent, amount: '100' });
  await control('POST', `/payment_intents/${intent}/dispute`, {});
  await sendAll(await heldEvents(shop));
  return shop;
}

const unique = () => crypto.randomUUID();
/** Columns that make a copy of a row a row of its own. */
const ANOTHER: Record<string, () => Row> = {
  payments: () => ({
    id: null,
    operation_id: unique(),
    stripe_session_id: unique(),
    stripe_payment_intent_id: null,
    payment_link_id: null,
  }),
  refunds: () => ({ id: null, stripe_refund_id: unique(), operation_id: null }),
  disputes: () => ({ id: null, stripe_dispute_id: unique() }),
  payment_links: () => ({ id: null, token: unique() }),
};

describe('A money column', () => {
  const COLUMNS = [
    ['payments', 'amount_minor'],
    ['refunds', 'amount_minor'],
    ['disputes', 'amount_minor'],
    ['payment_links', 'amount_minor'],
    ['payment_links', 'min_amount_minor'],
  ] as const;

  it.each(COLUMNS)('%s.%s takes integers and neither fractions nor text', async (table, column) => {
    const shop = await lived();
    const [row] = await rowsOf(table, shop.workspace.id);
    expect(row).toBeDefined();
    const another = (value: unknown) => insertCopy(shop, table, row, { ...ANOTHER[table]?.(), [column]: value });
    const before = (await rowsOf(table, shop.workspace.id)).length;
    for (const wrong of [49.99, 0.1, 1e300, 'many', '49.99', '', new Uint8Array([52])]) {
      await expect(another(wrong), String(wrong)).rejects.toThrow(/CHECK constraint failed/);
    }
    await another(4999);
    const rows = await rowsOf(table, shop.workspace.id);
    expect(rows).toHaveLength(before + 1);
    const type = shop.binding.prepare(`SELECT typeof(${column}) AS type FROM ${table} ORDER BY rowid DESC LIMIT 1`);
    expect(await type.first('type')).toBe('integer');
  });

  it.each(['payments', 'refunds'])('%s.amount_minor is more than nothing', async (table) => {
    const shop = await lived();
    const [row] = await rowsOf(table, shop.workspace.id);
    for (const wrong of [0, -1, null]) {
      const copy = insertCopy(shop, table, row, { ...ANOTHER[table]?.(), amount_minor: wrong });
      await expect(copy).rejects.toThrow(/constraint failed/);
    }
  });
});

describe('A fact is one row', () => {
  it.each([
    ['payments', 'operation_id'],
    ['payments', 'stripe_session_id'],
    ['payments', 'stripe_payment_intent_id'],
    ['refunds', 'stripe_refund_id'],
    ['disputes', 'stripe_dispute_id'],
    ['payment_links', 'token'],
  ])('by %s.%s', async (table, column) => {
    const shop = await lived();
    const [row] = await rowsOf(table, shop.workspace.id);
    expect(row?.[column]).toBeTruthy();
    const copy = insertCopy(shop, table, row, { ...ANOTHER[table]?.(), [column]: row?.[column] });
    await expect(copy).rejects.toThrow(/UNIQUE constraint failed/);
  });

  it.each(['events', 'deliveries', 'api_keys', 'webhook_endpoints'])('by the id of %s', async (table) => {
    const shop = await lived();
    const [row] = await rowsOf(table, shop.workspace.id);
    expect(row).toBeDefined();
    await expect(insertCopy(shop, table, row, {})).rejects.toThrow(/UNIQUE constraint failed/);
  });

  it('by account and mode: a Stripe account belongs to one workspace', async () => {
    const one = await newWorkspace();
    // An index is of one database.
    const other = await newWorkspace({ account: 'none', shard: one.shard });
    const [row] = await rowsOf('connected_accounts', one.workspace.id);
    const taken = insertCopy(one, 'connected_accounts', row, { workspace_id: other.workspace.id });
    await expect(taken).rejects.toThrow(/UNIQUE constraint failed/);
    await insertCopy(one, 'connected_accounts', row, { workspace_id: other.workspace.id, livemode: 1 });
  });
});

describe('Row ids', () => {
  it('rise with time, and those of another shard are in a range of their own', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const [stored] = await shop.database.select().from(schema.payments).where(eq(schema.payments.id, id));
    const { id: _, ...link } = await shop.link();
    if (!stored) throw new Error('There is no payment to copy');
    const audit = {
      ...{ workspaceId: shop.workspace.id, at: Date.now() },
      ...{ actor: 'operator', action: 'payment_link.create' as const, object: '', requestId: null, address: null },
    };
    for (const shard of ['0', '1', 'z']) {
      const begin = shardIndex(shard) * 2 ** 47;
      const free = { stripePaymentIntentId: null, paymentLinkId: null };
      const row = () => ({ ...stored, ...free, operationId: unique(), stripeSessionId: unique() });
      const first = await insertPayment(shop.database, row(), { ...audit, shard });
      const second = await insertPayment(shop.database, row(), { ...audit, shard });
      const another = await insertPaymentLink(shop.database, { ...link, token: unique() }, { ...audit, shard });
      expect(first?.id).toBeGreaterThan(Math.max(begin, shard === shop.shard ? id : 0));
      expect(second?.id).toBeGreaterThan(Number(first?.id));
      for (const made of [second?.id, another.id]) {
        expect(Number(made) - begin).toBeGreaterThan(0);
        expect(Number(made) - begin).toBeLessThan(2 ** 47);
      }
    }
  });
});

describe('The migrations', () => {
  it('make the tables that the schema describes, column by column', async () => {
    expect(TABLES.length).toBeGreaterThan(10);
    for (const table of TABLES) {
      const name = getTableName(table);
      const { results } = await env.DB.prepare(
        `SELECT name, type, "notnull" AS required, pk FROM pragma_table_info('${name}')`,
      ).all();
      const composite = getTableConfig(table).primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
      const described = Object.values(getTableColumns(table)).map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        required: Number(column.notNull),
        pk: column.primary ? 1 : composite.indexOf(column.name) + 1,
      }));
      // A column that a migration adds stands last in the table, wherever the schema names it.
      const byName = (columns: readonly Record<string, unknown>[]) =>
        columns.toSorted((left, right) => String(left.name).localeCompare(String(right.name)));
      const made = results.map((row) => ({ ...row, type: String(row.type).toLowerCase() }));
      expect(byName(made), name).toEqual(byName(described));
    }
  });

  it('make its indexes', async () => {
    for (const table of TABLES) {
      const { results } = await env.DB.prepare(
        `SELECT name FROM pragma_index_list('${getTableName(table)}') WHERE origin = 'c'`,
      ).all();
      const described = getTableConfig(table).indexes.map((index) => index.config.name);
      expect(results.map((row) => row.name).toSorted(), getTableName(table)).toEqual(described.toSorted());
    }
  });
});
