import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandAnswer } from '../../../scripts/admin/command.ts';
import { applyMigrations } from '../../../scripts/local/apply-migrations.ts';
import { type OpenedDatabases, openLocalDatabases } from '../../../scripts/local/open-database.ts';
import { findQuarantined, quarantineStatement } from '../../../src/db/stripe-events.ts';
import { runWords } from './support/run-words.ts';

const NOW = Date.UTC(2026, 4, 19, 18, 4, 11);
const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
const BODY = { id: 'evt_1', object: 'event', data: { object: { amount_total: 4999 } } };

let opened: OpenedDatabases;

beforeAll(async () => {
  opened = await openLocalDatabases(stateDir);
  await applyMigrations(opened.shards[0].database);
}, 120_000);

afterAll(async () => {
  await opened?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

function run(...words: string[]): Promise<CommandAnswer> {
  return runWords(words, opened.shards[0].database, { now: () => NOW });
}

describe('npm run admin -- quarantine', () => {
  it('lists nothing, then the quarantined events without their bodies', async () => {
    expect(await run('quarantine', 'list')).toMatchObject({ json: [], text: expect.stringContaining('Nothing') });
    await quarantineStatement(opened.shards[0].database, {
      id: 'evt_1',
      stripeAccountId: 'acct_1',
      livemode: true,
      type: 'checkout.session.completed',
      reason: 'amount_differs',
      body: JSON.stringify(BODY),
      receivedAt: NOW,
      releasedAt: null,
    });
    const { json, text } = await run('quarantine', 'list');
    expect(json).toEqual([
      {
        id: 'evt_1',
        account: 'acct_1',
        livemode: true,
        type: 'checkout.session.completed',
        reason: 'amount_differs',
        received_at: '2026-05-19T18:04:11Z',
        released_at: null,
        shard: '0',
      },
    ]);
    expect(text).toBe('evt_1  amount_differs  acct_1  checkout.session.completed  2026-05-19T18:04:11Z');
  });

  it('shows one as Stripe wrote it', async () => {
    const { json, text } = await run('quarantine', 'show', 'evt_1');
    expect(json).toMatchObject({ id: 'evt_1', body: BODY });
    expect(JSON.parse(text)).toEqual(json);
  });

  it('releases one', async () => {
    const { json, text } = await run('quarantine', 'release', 'evt_1');
    expect(json).toMatchObject({ id: 'evt_1', reason: 'amount_differs' });
    expect(text).toContain('evt_1');
    expect((await findQuarantined(opened.shards[0].database, 'evt_1'))?.releasedAt).toBe(NOW);
    expect((await run('quarantine', 'list')).text).toContain('(released)');
  });

  it('knows nothing of an id that is none', async () => {
    for (const word of ['show', 'release']) {
      await expect(run('quarantine', word, 'evt_2')).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
