import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { getTableColumns, getTableName, type InferInsertModel } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import { rowIdSource } from '../../src/core/row-ids.ts';
import { type DeliveryAttempt, deliveries, events, payments } from '../../src/db/schema.ts';
import { newSession, newShop, reportOf, type Shop } from './storage-rows.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../drizzle');
const PAYMENTS = 20_000;
const WORKSPACES = 20;
/** How many sessions are open at a time: they end a while after they were made, in the order of their making. */
const OPEN = 50;

/** Bytes for each payment, by the name of a table or an index. */
type Sizes = ReadonlyMap<string, number>;

const sizeRow = z.object({ name: z.string(), bytes: z.int() });

/** How many bytes of the database a payment takes, by how long they are kept, and by table and index. */
export interface StoredBytes {
  readonly forEver: Sizes;
  /** Its event with a delivery, and half an event of a session that expired. */
  readonly thirtyDays: Sizes;
  /** Half a session more, which expires unpaid. */
  readonly ninetyDays: Sizes;
}

/**
 * Measures how many bytes of the database a payment takes. For each payment there are one and a half sessions, each with
 * an event, and one delivery. The rows are as long as in production.
 */
export async function measureStorage(): Promise<StoredBytes> {
  const paid = await fill({ everyThirdExpires: false });
  const withExpired = await fill({ everyThirdExpires: true });
  const rolling = [events, deliveries].map(getTableName);
  const isRolling = (name: string) => rolling.some((table) => name.includes(table));
  return {
    forEver: new Map([...paid].filter(([name]) => !isRolling(name))),
    thirtyDays: new Map([...withExpired].filter(([name]) => isRolling(name))),
    ninetyDays: new Map(
      [...withExpired]
        .filter(([name]) => !isRolling(name))
        .map(([name, bytes]) => [name, bytes - (paid.get(name) ?? 0)]),
    ),
  };
}

/** The sum over tables and indexes. */
export function totalOf(sizes: Sizes): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Prints what `measureStorage` measures. */
export async function benchStorage(): Promise<void> {
  const { forEver, thirtyDays, ninetyDays } = await measureStorage();
  print('For ever', forEver);
  print('For 30 days, events and deliveries', thirtyDays);
  print('For 90 days, half a session that expires unpaid', ninetyDays);
}

function print(what: string, sizes: Sizes): void {
  const rows = [...sizes].filter(([, bytes]) => bytes >= 0.5).sort(([, one], [, other]) => other - one);
  const total = totalOf(sizes);
  console.log(`\n${what}: ${total.toFixed(0)} bytes a payment, ${(total / 1000).toFixed(2)} GB a million`);
  for (const [name, bytes] of rows) console.log(`  ${name.padEnd(40)}${bytes.toFixed(0).padStart(5)}`);
}

async function fill({ everyThirdExpires }: { readonly everyThirdExpires: boolean }): Promise<Sizes> {
  const database = new DatabaseSync(':memory:');
  const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'));
  for (const name of migrations.toSorted()) database.exec(readFileSync(resolve(MIGRATIONS, name), 'utf8'));
  const empty = sizesOf(database);
  database.exec('PRAGMA foreign_keys = OFF; BEGIN');
  const shops = Array.from({ length: WORKSPACES }, newShop);
  const sessions = everyThirdExpires ? PAYMENTS * 1.5 : PAYMENTS;
  const end = ender(database);
  const insert = inserter(database, payments);
  const drawIds = rowIdSource();
  const ends: (() => Promise<void>)[] = [];
  for (let made = 0; made < sessions; made++) {
    const shop = shops[made % WORKSPACES] ?? newShop();
    const session = newSession(shop, made, drawIds);
    insert(session);
    ends.push(() => end(shop, session, everyThirdExpires && made % 3 === 2 ? 'expired' : 'succeeded'));
    if (made >= OPEN) await ends[made - OPEN]?.();
  }
  for (const late of ends.slice(-OPEN)) await late();
  database.exec('COMMIT');
  return new Map([...sizesOf(database)].map(([name, bytes]) => [name, (bytes - (empty.get(name) ?? 0)) / PAYMENTS]));
}

/** Ends a session: the row's new state, its event and, of a paid one, the event's delivery. */
function ender(database: DatabaseSync) {
  const update = database.prepare(`UPDATE payments SET status = ?, history = ?, next_check_at = NULL, updated_at = ?,
    customer_email = ?, stripe_payment_intent_id = ? WHERE id = ?`);
  const insertEvent = inserter(database, events);
  const insertDelivery = inserter(database, deliveries);
  const deliver = database.prepare(`UPDATE deliveries SET status = 'succeeded', next_attempt_at = NULL,
    attempt_count = 1, attempts = ? WHERE id = ?`);
  return async (shop: Shop, session: ReturnType<typeof newSession>, status: 'expired' | 'succeeded') => {
    const { payment, event, delivery, attempt } = await reportOf(shop, session, status);
    const { history, updatedAt, customerEmail, stripePaymentIntentId } = payment;
    update.run(status, JSON.stringify(history), updatedAt, customerEmail, stripePaymentIntentId, payment.id);
    insertEvent(event);
    if (status === 'expired') return;
    insertDelivery(delivery);
    const attempts: DeliveryAttempt[] = [attempt];
    deliver.run(JSON.stringify(attempts), delivery.id);
  };
}

/** A function that inserts a row, as Drizzle would write it. */
function inserter<T extends SQLiteTable>(database: DatabaseSync, table: T): (row: InferInsertModel<T>) => void {
  const columns = Object.entries(getTableColumns(table));
  const names = columns.map(([, column]) => column.name).join(', ');
  const places = columns.map(() => '?').join(', ');
  const statement = database.prepare(`INSERT INTO ${getTableName(table)} (${names}) VALUES (${places})`);
  return (row) => {
    const given = new Map<string, unknown>(Object.entries(row));
    const values = columns.map(([key, column]) => {
      const value = given.get(key) ?? column.default ?? null;
      return sqlValue(value === null ? null : column.mapToDriverValue(value));
    });
    statement.run(...values);
  };
}

function sqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError(`SQLite cannot store ${String(value)}`);
}

function sizesOf(database: DatabaseSync): Sizes {
  const rows = database.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all();
  return new Map(
    z
      .array(sizeRow)
      .parse(rows)
      .map(({ name, bytes }) => [name, bytes]),
  );
}
