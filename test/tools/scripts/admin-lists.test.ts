import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { CommandAnswer } from '../../../scripts/admin/command.ts';
import { loadLocalSecrets, type Seeded } from '../../../scripts/dev/local-secrets.ts';
import { prepareDemo } from '../../../scripts/dev/prepare-demo.ts';
import { type OpenedDatabases, openLocalDatabases } from '../../../scripts/local/open-database.ts';
import { auditLog, businessProfiles, deliveries, events, payments, refunds } from '../../../src/db/schema.ts';
import { findPair } from '../../../src/db/workspaces.ts';
import { runWords } from './support/run-words.ts';

const NOW = Date.UTC(2026, 4, 19, 18, 4, 11);
const TIME = '2026-05-19T18:04:11Z';
const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
const urls = {
  baseUrl: 'http://localhost:9001',
  shopUrl: 'http://localhost:9002',
  sinkUrl: 'http://localhost:9101/sink',
};

let opened: OpenedDatabases;
let own: Seeded['main']['sandbox'];
let other: Seeded['main']['sandbox'];

async function addRows(): Promise<void> {
  const [{ database }] = opened.shards;
  const payment = (id: number) => ({
    id,
    workspaceId: own.workspaceId,
    operationId: `op_0${id}`,
    stripeAccountId: own.account ?? '',
    stripeSessionId: `cs_test_${id}`,
    apiKeyId: 'key_0made_it',
    status: 'succeeded' as const,
    history: [],
    amountMinor: 4999,
    currency: 'GBP',
    reference: `order ${id}`,
    customerEmail: 'ann@example.com',
    metadata: {},
    expiresAt: NOW,
    checks: 0,
    createdAt: NOW,
    updatedAt: NOW,
  });
  const refund = (id: number, status: 'succeeded' | 'failed') => ({
    ...{ id, workspaceId: own.workspaceId, paymentId: 7001, stripeRefundId: `re_${id}`, status },
    ...{ amountMinor: 500, currency: 'GBP', createdAt: NOW, updatedAt: NOW },
  });
  const body = JSON.stringify({
    id: 'evt_0a',
    type: 'payments.payment.succeeded',
    created_at: TIME,
    data: { customer_email: 'ann@example.com' },
  });
  const times = { createdAt: NOW, updatedAt: NOW };
  const delivery = { id: 'dlv_0a1', workspaceId: own.workspaceId, eventId: 'evt_0a', endpointId: own.endpoint.id };
  await database.batch([
    database.insert(payments).values([payment(7001), payment(7002), payment(7003)]),
    database.insert(payments).values([
      { ...payment(7004), status: 'created' },
      { ...payment(7005), status: 'expired', history: [{ status: 'expired', at: NOW }], apiKeyId: null },
    ]),
    database.insert(refunds).values([refund(8001, 'succeeded'), refund(8002, 'failed')]),
    database.insert(events).values({
      id: 'evt_0a',
      workspaceId: own.workspaceId,
      type: 'payments.payment.succeeded',
      paymentId: 7001,
      body,
      createdAt: NOW,
    }),
    database
      .insert(deliveries)
      .values({ ...delivery, ...times, status: 'pending', attemptCount: 0, attemptsBefore: 0 }),
  ]);
}

beforeAll(async () => {
  opened = await openLocalDatabases(stateDir);
  await prepareDemo(opened, { stateDir, urls, ownAccount: null });
  const { seeded } = loadLocalSecrets(stateDir);
  if (!seeded) throw new Error('Nothing is seeded.');
  own = seeded.main.sandbox;
  other = seeded.other.sandbox;
  await addRows();
}, 120_000);

afterAll(async () => {
  await opened?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const run = (...words: string[]): Promise<CommandAnswer> =>
  runWords(words, opened.shards[0].database, { now: () => NOW });

const listSchema = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  meta: z.object({ next_cursor: z.string().nullable() }),
});

async function listed(...words: string[]): Promise<Record<string, unknown>[]> {
  const { json, text } = await run(...words);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  return listSchema.parse(json).data;
}

describe('the lists of npm run admin', () => {
  it('show payments as the API does, newest first, and page by cursor', async () => {
    const first = await run('payment', 'list', own.workspaceId, '--limit', '2');
    expect(first.json).toMatchObject({
      data: [{ id: 7003, amount_cents: 4999, currency: 'GBP', reference: 'order 7003' }, { id: 7002 }],
      meta: { limit: 2, has_more: true, next_cursor: expect.any(String) },
    });
    expect(first.text).toMatch(
      /^id +created +status +amount +reference\n7003 +2026-05-19T18:04:11Z +succeeded +49\.99 GBP +order 7003\n/,
    );
    const cursor = /--cursor (\S+)/.exec(first.text)?.[1] ?? '';
    expect(await listed('payment', 'list', own.workspaceId, '--cursor', cursor)).toMatchObject([{ id: 7001 }]);
  });

  it('filter like the API', async () => {
    const ids = async (...options: string[]) =>
      (await listed('payment', 'list', own.workspaceId, ...options)).map((payment) => payment.id);
    expect(await ids('--reference', 'order 7002')).toEqual([7002]);
    expect(await ids('--status', 'partially_refunded')).toEqual([7001]);
    expect(await ids('--customer-email', 'ANN@example.com', '--created-after', '2026-01-01T00:00:00Z')).toHaveLength(3);
    expect(await ids('--created-before', TIME)).toEqual([]);
    expect(await listed('refund', 'list', own.workspaceId)).toMatchObject([{ id: 8002 }, { id: 8001 }]);
    expect(await listed('refund', 'list', own.workspaceId, '--status', 'failed', '--payment-id', '7001')).toMatchObject(
      [{ id: 8002, payment_id: 7001 }],
    );
    expect(await listed('refund', 'list', own.workspaceId, '--payment-id', '7002')).toEqual([]);
    expect(await listed('event', 'list', own.workspaceId, '--payment-id', '7001')).toMatchObject([{ id: 'evt_0a' }]);
    expect(await listed('delivery', 'list', own.workspaceId, own.endpoint.id)).toMatchObject([
      { id: 'dlv_0a1', status: 'pending' },
    ]);
  });

  it('show whole the ids that other commands take', async () => {
    const { text: log } = await run('audit', 'list', own.workspaceId, '--object', own.endpoint.id);
    expect(log).toMatch(
      new RegExp(`^at +action +actor\\n\\S+ +webhook_endpoint\\.create +system\\n  ${own.endpoint.id}$`),
    );
    const { text: sent } = await run('delivery', 'list', own.workspaceId, own.endpoint.id);
    expect(sent).toMatch(/\n\S+ +pending +payments\.payment\.succeeded +0\n {2}dlv_0a1$/);
    const { text: endpoints } = await run('endpoint', 'list', own.workspaceId);
    expect(endpoints).toMatch(new RegExp(`\\n${own.endpoint.id} .*\\n  http`));
  });

  it.each([
    [['payment', 'list', 'w', '--status', 'paid'], /--status must be one of processing, succeeded/],
    [['payment', 'list', 'w', '--limit', '101'], /--limit must be a whole number from 1 to 100/],
    [['payment', 'list', 'w', '--created-after', 'today'], /--created-after must/],
    [['event', 'list', 'w', '--type', 'payment'], /--type must be one of/],
    [['refund', 'list', 'w', '--payment-id', 'x'], /--payment-id must be the integer id/],
    [['link', 'list', 'w', '--cursor', 'x'], /--cursor must be/],
  ])('refuse %j and name the option', async (words, reason) => {
    await expect(run(...words)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(reason) });
  });

  it('show links, endpoints and the audit log of the workspace alone', async () => {
    const links = await listed('link', 'list', own.workspaceId);
    expect(links.map((link) => link.id).toSorted()).toEqual([own.links.fixed, own.links.open].toSorted());
    expect(links[0]).toMatchObject({ url: expect.stringContaining('https://pay.example/pay/link/lnk_') });
    const endpoints = await listed('endpoint', 'list', own.workspaceId);
    expect(endpoints).toMatchObject([{ id: own.endpoint.id }]);
    expect(JSON.stringify(endpoints)).not.toContain('whsec_');
    const actions = (await listed('audit', 'list', own.workspaceId)).map((entry) => entry.action);
    expect(actions.at(-1)).toBe('workspace.create');
    expect(await listed('audit', 'list', own.workspaceId, '--object', own.endpoint.id)).toMatchObject([
      { actor: 'system', action: 'webhook_endpoint.create', object: own.endpoint.id },
    ]);
    expect(await listed('audit', 'list', other.workspaceId, '--object', own.endpoint.id)).toEqual([]);
    for (const noun of ['payment', 'refund', 'event'])
      expect(await listed(noun, 'list', other.workspaceId)).toEqual([]);
  });

  it('say which workspace or endpoint does not exist', async () => {
    await expect(run('payment', 'list', 'nobody')).rejects.toMatchObject({ code: 'not_found', message: /nobody/ });
    await expect(run('delivery', 'list', other.workspaceId, own.endpoint.id)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('page through an audit log of many entries by cursor', async () => {
    const rows = Array.from({ length: 7 }, (_, index) => ({
      ...{ workspaceId: own.workspaceId, at: NOW, actor: 'operator', action: 'test', object: `paged ${index % 2}` },
      requestId: null,
    }));
    await opened.shards[0].database.insert(auditLog).values(rows);
    const seen: unknown[] = [];
    let cursor: string[] = [];
    do {
      const { json } = await run('audit', 'list', own.workspaceId, '--object', 'paged 0', '--limit', '3', ...cursor);
      const { data, meta } = listSchema.parse(json);
      seen.push(...data.map(({ id }) => id));
      cursor = meta.next_cursor === null ? [] : ['--cursor', meta.next_cursor];
    } while (cursor.length > 0);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });
});

describe('the show commands of npm run admin', () => {
  it.each([
    [
      'payment',
      '7001',
      {
        ...{ id: 7001, status: 'partially_refunded', refunds: [{ id: 8001 }, { id: 8002 }], disputes: [] },
        api_key_id: 'key_0made_it',
      },
    ],
    ['event', 'evt_0a', { id: 'evt_0a', type: 'payments.payment.succeeded' }],
    ['delivery', 'dlv_0a1', { id: 'dlv_0a1', attempts: [] }],
  ])('show a %s as the API does, and not one of another workspace', async (noun, id, expected) => {
    const { json, text } = await run(noun, 'show', own.workspaceId, id);
    expect(json).toMatchObject(expected);
    expect(JSON.parse(text)).toEqual(json);
    const foreign = run(noun, 'show', other.workspaceId, id);
    await expect(foreign).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(`${noun} list`),
    });
  });

  it.each([
    ['7004', { status: 'created', history: [], api_key_id: 'key_0made_it' }],
    ['7005', { status: 'expired', history: [{ type: 'expired', at: TIME }], api_key_id: null }],
  ])('show a session that is no payment, and who made it: %s', async (id, expected) => {
    const { json } = await run('payment', 'show', own.workspaceId, id);
    expect(json).toMatchObject({ id: Number(id), stripe_session_id: `cs_test_${id}`, expires_at: TIME, ...expected });
    expect(json).not.toHaveProperty('url');
    await expect(run('payment', 'show', other.workspaceId, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('show a link and an endpoint', async () => {
    expect((await run('link', 'show', own.workspaceId, own.links.fixed)).json).toMatchObject({ id: own.links.fixed });
    expect((await run('endpoint', 'show', own.workspaceId, own.endpoint.id)).json).toMatchObject({
      id: own.endpoint.id,
    });
    await expect(run('payment', 'show', own.workspaceId, 'x')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('npm run admin', () => {
  it('says how much of a buyer was erased', async () => {
    const erased = await run('buyer', 'erase', own.workspaceId, 'Ann@example.com');
    expect(erased).toMatchObject({
      json: { payments_erased: 5, events_erased: 1, deliveries_erased: 0, quarantined_events_deleted: 0 },
      text: expect.stringContaining('5 payments, 1 event and 0 deliveries'),
    });
    const again = await run('buyer', 'erase', own.workspaceId, 'ann@example.com');
    expect(again.text).toContain('Nothing of ann@example.com');
  });

  it('renames a workspace with its sandbox, by the rules of visible text', async () => {
    const { json } = await run('workspace', 'rename', own.workspaceId, '--name', ' Harbour Photography ');
    expect(json).toMatchObject([{ name: 'Harbour Photography' }, { name: 'Harbour Photography' }]);
    for (const name of ['\u200b', ' ', 'a\u202eb', 'two\nlines', 'x'.repeat(251)]) {
      await expect(run('workspace', 'rename', own.workspaceId, '--name', name)).rejects.toMatchObject({
        code: 'usage',
      });
      await expect(run('workspace', 'create', '--name', name)).rejects.toMatchObject({ code: 'usage' });
    }
    await expect(run('workspace', 'rename', 'nobody', '--name', 'x')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('counts the stored secrets by the version of their key', async () => {
    expect(await run('secrets', 'status')).toMatchObject({
      json: [{ version: 'v1', secrets: 10, more: false }],
      text: expect.stringContaining('All secrets are encrypted under one version'),
    });
  });
});

describe('the profile commands of npm run admin', () => {
  it('show a profile as the API does, copy that of the sandbox to live, and clear one', async () => {
    const [{ database }] = opened.shards;
    const pair = await findPair(database, other.workspaceId);
    const live = pair.find(({ mode }) => mode === 'live')?.id ?? '';
    await expect(run('profile', 'copy', live)).rejects.toThrow('no profile to copy');
    const profile = { displayName: 'Harbour Studio', logoHash: 'a'.repeat(64), logoType: 'image/png' as const };
    await database.insert(businessProfiles).values({ workspaceId: other.workspaceId, ...profile, updatedAt: NOW });
    const shown = {
      display_name: 'Harbour Studio',
      logo_url: `https://pay.example/logo/0${'a'.repeat(64)}`,
      website: null,
      updated_at: TIME,
    };
    expect((await run('profile', 'show', other.workspaceId)).json).toMatchObject(shown);
    const { json, text } = await run('profile', 'copy', other.workspaceId);
    expect(json).toMatchObject({ workspace_id: live, profile: shown });
    expect(text).toContain(`Harbour Studio is now the live profile, of workspace ${live}`);
    expect((await run('profile', 'show', live)).json).toMatchObject(shown);
    const cleared = { display_name: 'Orchard Bakery', logo_url: null };
    expect(await run('profile', 'clear', live)).toMatchObject({
      json: { workspace_id: live, profile: cleared },
      text: expect.stringContaining(`Cleared the profile of workspace ${live}`),
    });
    expect((await run('profile', 'show', live)).json).toMatchObject(cleared);
    expect((await run('profile', 'show', other.workspaceId)).json).toMatchObject(shown);
    const entries = await database.select().from(auditLog).where(eq(auditLog.action, 'profile.clear'));
    expect(entries).toMatchObject([{ workspaceId: live, actor: 'operator', object: live }]);
    await expect(run('profile', 'clear', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});
