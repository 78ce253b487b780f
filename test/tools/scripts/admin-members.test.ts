import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { applyMigrations } from '../../../scripts/local/apply-migrations.ts';
import { openSqliteFile } from '../../../scripts/local/sqlite-d1.ts';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import { auditLog } from '../../../src/db/schema.ts';
import { people } from '../../../src/db/sign-in-schema.ts';
import { invitations, members, organisations } from '../../../src/db/team-schema.ts';
import { runWords } from './support/run-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
const closing: (() => void)[] = [];
const DAY_MS = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 30);

let first: Database;
let second: Database;

async function newDatabase(name: string): Promise<Database> {
  const opened = openSqliteFile(join(folder, `${name}.sqlite`));
  if (!opened) throw new Error('This Node cannot open SQLite files.');
  closing.push(opened.close);
  const database = openDatabase(opened.binding);
  await applyMigrations(database);
  return database;
}

beforeAll(async () => {
  [first, second] = [await newDatabase('first'), await newDatabase('second')];
});
afterAll(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true, force: true });
});

const variables = { APP_URL: 'https://app.example.com' };
const run = (...words: string[]) => runWords(words, [first, second], { now: () => now, variables });
const pairSchema = z.object({ live: z.object({ id: z.string() }), sandbox: z.object({ id: z.string() }) });
const newPair = async (shard = '1') =>
  pairSchema.parse((await run('workspace', 'create', '--name', 'Northlight', '--shard', shard)).json);

/** Makes a person with this address a member. */
async function addMember(organisationId: string, email: string, role: 'owner' | 'viewer'): Promise<void> {
  const id = crypto.randomUUID();
  const times = { createdAt: new Date(now), updatedAt: new Date(now) };
  await first.insert(people).values({ id, email, emailVerified: true, name: '', ...times });
  await first.insert(members).values({ organisationId, personId: id, role, createdAt: now });
}

const entriesOf = async (workspaceId: string) =>
  (await second.select().from(auditLog)).filter((entry) => entry.workspaceId === workspaceId);

describe('member invite', () => {
  it('without a workspace lets a person sign up and make one, and says what to tell them', async () => {
    const invited = await run('member', 'invite', '--email', ' Mara@Harbour.example ');
    expect(invited.json).toMatchObject({
      workspace_id: null,
      email: 'mara@harbour.example',
      role: 'owner',
      expires_at: '2026-12-07T00:00:00Z',
      app_url: 'https://app.example.com',
    });
    expect(invited.text).toContain('No mail was sent');
    expect(invited.text).toContain('Open https://app.example.com and sign in as mara@harbour.example');
    await run('member', 'invite', '--email', 'mara@harbour.example');
    const stored = (await first.select().from(invitations)).filter(({ email }) => email === 'mara@harbour.example');
    expect(stored).toMatchObject([
      { organisationId: null, role: 'owner', invitedBy: null, expiresAt: now + 7 * DAY_MS },
    ]);
    await expect(run('member', 'invite', '--email', 'a@b.example', '--role', 'viewer')).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it.each(['live', 'sandbox'] as const)(
    'takes the id of the %s workspace, and makes its team where there is none',
    async (mode) => {
      const pair = await newPair();
      const email = `${mode}@harbour.example`;
      for (const [role, words] of [
        ['owner', []],
        ['admin', ['--role', 'admin']],
      ] as const) {
        const invited = await run('member', 'invite', pair[mode].id, '--email', email, ...words);
        expect(invited.json).toMatchObject({ workspace_id: pair.live.id, email, role });
      }
      const own = (await first.select().from(organisations)).filter(({ id }) => id === pair.live.id);
      expect(own).toEqual([
        { id: pair.live.id, sandboxId: pair.sandbox.id, shard: '1', name: 'Northlight', createdAt: now },
      ]);
      expect((await first.select().from(invitations)).filter((one) => one.email === email)).toHaveLength(1);
      const entries = (await entriesOf(pair.live.id)).filter(({ action }) => action.startsWith('member.'));
      expect(entries).toMatchObject([
        { action: 'member.invite.owner', actor: 'operator', address: null },
        { action: 'member.invite.admin', actor: 'operator' },
      ]);
      expect(JSON.stringify(entries)).not.toContain('harbour.example');
    },
  );

  it('refuses what is no address, no role or no workspace, and who is in the team already', async () => {
    const { live } = await newPair();
    await expect(run('member', 'invite', live.id, '--email', 'nobody')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('member', 'invite', live.id, '--email', 'a@b.example', '--role', 'king')).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(run('member', 'invite', 'w', '--email', 'a@b.example')).rejects.toMatchObject({ code: 'not_found' });
    await run('member', 'invite', live.id, '--email', 'x@b.example');
    await addMember(live.id, 'in@b.example', 'viewer');
    await expect(run('member', 'invite', live.id, '--email', 'in@b.example')).rejects.toThrow('already, as viewer');
  });
});

describe('member list and member remove', () => {
  it('make no team where there is none', async () => {
    const { live } = await newPair();
    const removed = await run('member', 'remove', live.id, '--email', 'nobody@list.example');
    expect(removed.json).toMatchObject({ workspace_id: live.id, was_member: false, was_invited: false });
    expect(removed.text).toContain('nobody@list.example is not in Northlight');
    await run('member', 'list', live.id);
    expect((await first.select().from(organisations)).filter(({ id }) => id === live.id)).toEqual([]);
  });

  it('show and remove people and invitations, but for the last owner', async () => {
    const { live } = await newPair();
    expect((await run('member', 'list', live.id)).text).toContain('Nobody is in this workspace');
    await run('member', 'invite', live.id, '--email', 'invited@list.example');
    await addMember(live.id, 'owner@list.example', 'owner');
    await addMember(live.id, 'viewer@list.example', 'viewer');
    const listed = await run('member', 'list', '--workspace', live.id);
    expect(listed.json).toMatchObject({
      members: [{ email: 'owner@list.example', role: 'owner' }, { email: 'viewer@list.example' }],
      invitations: [{ email: 'invited@list.example', role: 'owner' }],
    });
    expect(listed.text).toMatch(/owner@list\.example +owner +member/);
    expect(listed.text).toMatch(/invited@list\.example +owner +invited/);

    const remove = (email: string) => run('member', 'remove', live.id, '--email', email);
    await expect(remove('owner@list.example')).rejects.toThrow(
      /the last owner of Northlight. Invite another one first/,
    );
    expect((await remove('VIEWER@list.example')).json).toMatchObject({ was_member: true, was_invited: false });
    expect((await remove('viewer@list.example')).json).toMatchObject({ was_member: false, was_invited: false });
    expect((await remove('invited@list.example')).text).toContain('is withdrawn');
    expect((await run('member', 'list', live.id)).json).toMatchObject({
      members: [{ role: 'owner' }],
      invitations: [],
    });
    const actions = (await entriesOf(live.id))
      .map(({ action }) => action)
      .filter((action) => action.startsWith('member.'));
    expect(actions).toEqual(['member.invite.owner', 'member.remove', 'member.revoke_invitation']);
  });

  it('say that the team was changed, where the invitation is still open after it was to be withdrawn', async () => {
    const { live } = await newPair();
    const email = 'renewed@remove.example';
    await run('member', 'invite', live.id, '--email', email);
    await first.run(sql`CREATE TRIGGER keeps BEFORE DELETE ON invitations WHEN OLD.email = 'renewed@remove.example'
      BEGIN SELECT RAISE(IGNORE); END`);
    try {
      await expect(run('member', 'remove', live.id, '--email', email)).rejects.toThrow('The team was changed');
    } finally {
      await first.run(sql`DROP TRIGGER keeps`);
    }
  });
});
