import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { describeError, print } from '../../../scripts/admin/run.ts';
import { prepareDemo } from '../../../scripts/dev/prepare-demo.ts';
import { applyMigrations } from '../../../scripts/local/apply-migrations.ts';
import { type OpenedDatabases, openLocalDatabases, openShards } from '../../../scripts/local/open-database.ts';
import { openLocal } from '../../../scripts/local/open-files.ts';
import { openSqliteFile } from '../../../scripts/local/sqlite-d1.ts';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import { auditLog, payments } from '../../../src/db/schema.ts';
import { quarantineStatement } from '../../../src/db/stripe-events.ts';
import { findWorkspace } from '../../../src/db/workspaces.ts';
import { runWords } from './support/run-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
const closing: (() => void)[] = [];

/** A new database without tables, in a file of its own. */
function newFile(name: string): { database: Database; close(): void } {
  const opened = openSqliteFile(join(folder, `${name}.sqlite`));
  if (!opened) throw new Error('This Node cannot open SQLite files.');
  closing.push(opened.close);
  return { database: openDatabase(opened.binding), close: opened.close };
}

/** The same database, which never answers. */
function hanging(target: D1Database): D1Database {
  const never = () => new Promise<never>(() => undefined);
  const isStep = (name: string | symbol) => name === 'prepare' || name === 'bind';
  return new Proxy(target, { get: (_, name) => (isStep(name) ? () => hanging(target) : never) });
}

async function newDatabase(name: string): Promise<Database> {
  const { database } = newFile(name);
  await applyMigrations(database);
  return database;
}

let first: Database;
let second: Database;
let now = Date.UTC(2026, 4, 19);

beforeAll(async () => {
  [first, second] = [await newDatabase('first'), await newDatabase('second')];
});
afterAll(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const workspaceSchema = z.object({ id: z.string(), shard: z.string(), name: z.string() });
const pairSchema = z.object({
  pair_id: z.string(),
  shard: z.string(),
  live: z.object({ id: z.string() }),
  sandbox: z.object({ id: z.string() }),
});
const listSchema = z.object({
  data: z.array(workspaceSchema),
  meta: z.object({ next_cursor: z.nullable(z.string()) }),
});

const run = (...words: string[]) => runWords(words, [first, second], { now: () => now });

/** A pair made a second after the one before. */
async function newPair(...options: string[]) {
  now += 1000;
  return pairSchema.parse((await run('workspace', 'create', '--name', 'Northlight', ...options)).json);
}

describe('with several databases, npm run admin', () => {
  it('makes a workspace in the database that is named, else in the smallest one', async () => {
    const named = await newPair('--shard', '1');
    expect(named.shard).toBe('1');
    expect(await findWorkspace(second, named.live.id)).not.toBeNull();
    expect(await findWorkspace(first, named.live.id)).toBeNull();
    await second.run(sql`CREATE TABLE filler AS SELECT randomblob(500000) AS bytes`);
    expect(await newPair()).toMatchObject({ shard: '0' });
    await first.run(sql`CREATE TABLE filler AS SELECT randomblob(900000) AS bytes`);
    const { shard, live } = await newPair();
    expect(shard).toBe('1');
    const rows = await second.select().from(auditLog);
    expect(rows.find(({ object }) => object === live.id)?.id).toBeGreaterThan(2 ** 47);
    await expect(newPair('--shard', '2')).rejects.toMatchObject({ code: 'usage', message: /0 \(DB\), 1 \(DB_1\)/ });
  });

  it('finds the database of a workspace, and of a key by its shard character', async () => {
    const { live, sandbox, pair_id: pairId } = await newPair('--shard', '1');
    expect((await run('workspace', 'show', live.id)).json).toMatchObject({ id: live.id, shard: '1' });
    const issued = z.object({ id: z.string(), key: z.string() }).parse((await run('key', 'issue', sandbox.id)).json);
    expect(issued).toMatchObject({ id: expect.stringMatching(/^key_1/), key: expect.stringMatching(/^sk_test_1/) });
    expect((await run('key', 'list', sandbox.id)).json).toMatchObject([{ id: issued.id, revoked_at: null }]);
    expect((await run('key', 'revoke', issued.id)).json).toMatchObject({ was_active: true });
    expect((await run('key', 'revoke', issued.id)).json).toMatchObject({ was_active: false });
    expect((await run('workspace', 'rename', pairId, '--name', 'Harbour')).json).toMatchObject([
      { name: 'Harbour' },
      { name: 'Harbour' },
    ]);
    expect((await run('workspace', 'suspend', sandbox.id)).json).toMatchObject([
      { status: 'suspended' },
      { status: 'suspended' },
    ]);
    await expect(run('key', 'revoke', 'key_7abcdef')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('shard 7'),
    });
    await expect(run('workspace', 'show', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('erases a buyer, and lists payments, in the database of the workspace', async () => {
    const { sandbox } = await newPair('--shard', '1');
    await second.insert(payments).values({
      ...{ id: 7001, workspaceId: sandbox.id, operationId: 'op_1a', stripeAccountId: 'acct_1', status: 'succeeded' },
      ...{ stripeSessionId: 'cs_test_1', history: [], amountMinor: 4999, currency: 'GBP', metadata: {}, checks: 0 },
      ...{ customerEmail: 'ann@example.com', expiresAt: now, createdAt: now, updatedAt: now },
    });
    expect((await run('payment', 'list', sandbox.id)).json).toMatchObject({ data: [{ id: 7001 }] });
    expect((await run('buyer', 'erase', sandbox.id, 'ann@example.com')).json).toMatchObject({ payments_erased: 1 });
  });

  it('lists all workspaces as one list with their shards, in pages', async () => {
    const [own, other] = [await newDatabase('own'), await newDatabase('other')];
    const list = async (...words: string[]) =>
      await runWords(['workspace', 'list', ...words], [own, other], { now: () => now });
    expect(listSchema.parse((await list()).json).data).toEqual([]);
    const made: string[] = [];
    for (const shard of ['0', '1', '1', '0', '1']) {
      now += 1000;
      const words = ['workspace', 'create', '--name', `Pair ${made.length}`, '--shard', shard];
      made.push(pairSchema.parse((await runWords(words, [own, other], { now: () => now })).json).live.id);
    }
    const seen: z.output<typeof workspaceSchema>[] = [];
    let cursor: string[] = [];
    do {
      const page = listSchema.parse((await list('--limit', '3', ...cursor)).json);
      seen.push(...page.data);
      cursor = page.meta.next_cursor === null ? [] : ['--cursor', page.meta.next_cursor];
    } while (cursor.length > 0);
    expect(seen).toHaveLength(10);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(10);
    expect(seen.map(({ shard }) => shard).join('')).toBe('0011110011');
    expect(seen.filter((_, index) => index % 2 === 0).map(({ id }) => id)).toEqual(made);
    const { text } = await list('--limit', '4');
    expect(text).toMatch(/^Pair 0 \(shard 0\)\n {2}live/);
    expect(text).toMatch(/More: add --cursor w\w+-?\S+$/);
    await expect(list('--cursor', 'w1_x_live')).rejects.toMatchObject({ code: 'usage', message: /--cursor/ });
  });

  it('lists, shows and releases what is quarantined in any of them', async () => {
    const quarantined = (database: Database, id: string, receivedAt: number) =>
      quarantineStatement(database, {
        ...{ id, stripeAccountId: 'acct_1', livemode: true, type: 'charge.refunded', reason: 'amount_differs' },
        ...{ body: '{}', receivedAt, releasedAt: null },
      });
    await quarantined(first, 'evt_1', now);
    await quarantined(second, 'evt_2', now + 1000);
    const { json, text } = await run('quarantine', 'list');
    expect(json).toMatchObject([
      { id: 'evt_2', shard: '1' },
      { id: 'evt_1', shard: '0' },
    ]);
    expect(text).toMatch(/^shard 1 {2}evt_2 /);
    expect((await run('quarantine', 'show', 'evt_2')).json).toMatchObject({ id: 'evt_2', shard: '1' });
    expect((await run('quarantine', 'release', 'evt_2')).json).toMatchObject({ id: 'evt_2' });
    await expect(run('quarantine', 'show', 'evt_3')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('shows the size of each database and its share of the limit', async () => {
    const { json, text } = await run('database', 'list');
    expect(json).toMatchObject([
      { shard: '0', binding: 'DB', bytes: expect.any(Number), percent_of_limit: 0 },
      { shard: '1', binding: 'DB_1', workspaces: expect.any(Number) },
    ]);
    expect(text).toMatch(/^shard +binding +size +of 10 GB +workspaces\n0 +DB +1\.\d MB +0 % +2\n1 +DB_1 /);
  });
});

describe('where one of several databases does not answer, npm run admin', () => {
  it('shows the rows of the others, and names the database and what to do', async () => {
    const { live, sandbox } = await newPair('--shard', '0');
    const empty = newFile('empty').database;
    const withEmpty = (...words: string[]) => runWords(words, [first, empty], { now: () => now });
    const { json, failures } = await withEmpty('workspace', 'list');
    expect(listSchema.parse(json).data.map(({ id }) => id)).toContain(live.id);
    expect(failures).toEqual(['The database DB_1 (shard 1) lacks tables. Run `migrate DB_1`.']);
    expect((await withEmpty('key', 'list', sandbox.id)).json).toEqual([]);
    for (const words of [
      ['workspace', 'show', 'nobody'],
      ['workspace', 'create', '--name', 'x'],
    ]) {
      await expect(withEmpty(...words)).rejects.toMatchObject({
        code: 'no_database',
        message: expect.stringContaining('DB_1 (shard 1) lacks tables'),
      });
    }
    expect((await withEmpty('workspace', 'create', '--name', 'x', '--shard', '0')).json).toMatchObject({ shard: '0' });
  });

  it('shows no cursor of a page, because going on with it would leave out the workspaces of that database', async () => {
    await newPair('--shard', '0');
    const empty = newFile('empty too').database;
    const { json, text, failures } = await runWords(['workspace', 'list', '--limit', '1'], [first, empty]);
    expect(json).toMatchObject({ data: [{ shard: '0' }], meta: { has_more: false, next_cursor: null } });
    expect(text).not.toContain('--cursor');
    expect(failures).toEqual([expect.stringContaining('DB_1'), expect.stringMatching(/no further page.*skip/)]);
  });

  it('waits for it no longer than a limit of time, and works in the others', async () => {
    const { live } = await newPair('--shard', '0');
    const own = openSqliteFile(join(folder, 'first.sqlite'));
    if (!own) throw new Error('This Node cannot open SQLite files.');
    closing.push(own.close);
    const databases = openShards({ DB: own.binding, DB_1: hanging(own.binding) }, 20).map(({ database }) => database);
    const runHere = (...words: string[]) => runWords(words, databases, { now: () => now });
    expect((await runHere('workspace', 'show', live.id)).json).toMatchObject({ id: live.id });
    const { json, failures } = await runHere('database', 'list');
    expect(json).toMatchObject([{ binding: 'DB' }]);
    expect(failures).toEqual(['The database DB_1 (shard 1) does not answer: D1_ERROR: No answer within 20 ms']);
    const error = await runHere('workspace', 'create', '--name', 'x', '--shard', '1').catch((thrown) => thrown);
    expect(describeError(error)).toEqual({
      code: 'no_database',
      message: expect.stringMatching(/does not answer: D1_ERROR: No answer within 20 ms\..* before you repeat it\.$/),
    });
  });

  it('prints the rows on stdout, the error on stderr, and ends with 1', () => {
    const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
    for (const spied of [out, err]) spied.mockImplementation(() => {});
    const answer = { json: { data: [] }, text: 'rows', failures: ['DB_1 is down', 'DB_2 is down'] };
    expect(print(answer, false)).toBe(1);
    expect([out.mock.lastCall, err.mock.lastCall]).toEqual([['rows'], [expect.stringMatching(/DB_1.*\nDB_2/)]]);
    expect(print(answer, true)).toBe(1);
    expect(out.mock.lastCall).toEqual(['{"data":[]}']);
    expect(JSON.parse(String(err.mock.lastCall?.[0]))).toEqual({
      error: { code: 'no_database', message: 'DB_1 is down\nDB_2 is down' },
    });
    expect(print({ json: 1, text: 'all' }, false)).toBe(0);
  });

  it('repeats what the database says', async () => {
    const { database, close } = newFile('closed');
    close();
    closing.pop();
    const { failures } = await runWords(['quarantine', 'list'], [first, database]);
    expect(failures).toEqual([expect.stringMatching(/^The database DB_1 \(shard 1\) does not answer: .*not open/)]);
    await expect(runWords(['secrets', 'status'], database)).rejects.toMatchObject({
      message: expect.stringMatching(/^The database DB \(shard 0\) does not answer/),
    });
  });
});

describe('local databases', () => {
  it('all get the tables when npm start prepares them, and the first one gets the demo workspaces', async () => {
    const [one, two] = [newFile('one').database, newFile('two').database];
    const shards: OpenedDatabases['shards'] = [
      { shard: '0', binding: 'DB', database: one },
      { shard: '1', binding: 'DB_1', database: two },
    ];
    const urls = { baseUrl: 'http://localhost:1', shopUrl: 'http://localhost:2', sinkUrl: 'http://localhost:3' };
    await prepareDemo({ shards }, { stateDir: folder, urls, ownAccount: null });
    const { json } = await runWords(['database', 'list'], [one, two]);
    expect(json).toMatchObject([{ workspaces: 10 }, { workspaces: 0 }]);
    const counted = await runWords(['secrets', 'status'], [one, two, one]);
    expect(counted.json).toEqual([{ version: 'v1', secrets: 20, more: false }]);
  });

  it('are all opened, each with its shard: by the local runtime, and by their files', async () => {
    const stateDir = join(folder, 'state');
    const configFile = join(folder, 'wrangler.toml');
    const bound = (binding: string, id: number) =>
      `[[d1_databases]]\nbinding = "${binding}"\ndatabase_name = "x${id}"\ndatabase_id = "00000000-0000-0000-0000-00000000000${id}"\n`;
    const names = bound('DB_2', 2) + bound('DB', 0) + bound('DB_1', 1);
    writeFileSync(configFile, `name = "x"\ncompatibility_date = "2026-10-01"\n${names}`);
    const runtime = await openLocalDatabases(stateDir, configFile);
    expect(runtime.shards.map(({ shard, binding }) => [shard, binding])).toEqual([
      ['0', 'DB'],
      ['1', 'DB_1'],
      ['2', 'DB_2'],
    ]);
    for (const { database, shard } of runtime.shards) {
      await database.run(sql.raw(`CREATE TABLE made_in AS SELECT '${shard}' AS shard`));
    }
    const files = await openLocal(stateDir, configFile);
    expect(files.shards).toHaveLength(3);
    for (const { database, shard } of files.shards) {
      expect(await database.all(sql`SELECT shard FROM made_in`)).toEqual([{ shard }]);
    }
    await files.close();
    await runtime.close();
  });
});
