import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attachAccount } from '../../../src/domain/accounts/attach-account.ts';
import { type Context, inWorkspace } from '../../../src/domain/context.ts';
import { makeShardContext } from '../../../src/make-context.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { endAfter, range } from '../support/crashing.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { type BindingChanges, configFor } from '../support/direct.ts';
import { settledSession } from '../support/merchant-events.ts';
import { openSession } from '../support/payments.ts';
import { MINUTE, poll, setAccount } from '../support/polling.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { control } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(freezeTime);

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** An account that no workspace has. */
async function newAccount(): Promise<string> {
  const id = `acct_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await control('POST', '/accounts', { id, livemode: false, charges_enabled: true });
  return id;
}

/** The context of a workspace whose databases are these. */
async function contextWith(shop: TestWorkspace, changes: BindingChanges): Promise<Context> {
  const bindings = { ...env, ...changes };
  const { workspace, account } = await contextOf(shop.workspace);
  const operator = { shard: shop.shard, actor: { kind: 'operator' }, requestId: null } as const;
  return inWorkspace(makeShardContext(bindings, configFor(bindings), operator), { workspace, account });
}

async function attach(shop: TestWorkspace, id: string, changes: BindingChanges = {}): Promise<void> {
  await attachAccount(await contextWith(shop, changes), { id, chargesEnabled: true, detailsSubmitted: true });
}

async function entryOf(account: string): Promise<Record<string, unknown> | null> {
  return await env.DB.prepare('SELECT workspace_id, shard FROM account_directory WHERE stripe_account_id = ?')
    .bind(account)
    .first();
}

const entryFor = (shop: TestWorkspace) => ({ workspace_id: shop.workspace.id, shard: shop.shard });
const accountsOf = async (shop: TestWorkspace) =>
  (await rowsOf('connected_accounts', shop.workspace.id)).map((row) => row.stripe_account_id);
const without = (shard: string) => newWorkspace({ shard, account: 'none' });

const BOTH_WAYS = [
  ['0', '1'],
  ['1', '0'],
] as const;

describe.each(BOTH_WAYS)('An account of a workspace in the shard %s', (shard, other) => {
  it('is refused to a workspace in the other shard', async () => {
    const [owner, rival] = [await newWorkspace({ shard }), await without(other)];
    passTime(60 * MINUTE);
    await expect(attach(rival, accountOf(owner.account))).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining(owner.workspace.id),
    });
    expect(await accountsOf(rival)).toEqual([]);
    expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
  });

  it('goes to a workspace in the other shard once it was replaced, unless it has payments or an open session', async () => {
    const owners = [await newWorkspace({ shard }), await newWorkspace({ shard }), await newWorkspace({ shard })];
    const [empty = fail(), paid = fail(), open = fail()] = owners;
    await settledSession(paid);
    await openSession(open);
    for (const owner of owners) await attach(owner, await newAccount());
    passTime(15 * MINUTE);
    const rival = await without(other);
    await attach(rival, accountOf(empty.account));
    expect(await entryOf(accountOf(empty.account))).toEqual(entryFor(rival));
    for (const owner of [paid, open]) {
      await expect(attach(rival, accountOf(owner.account))).rejects.toMatchObject({ code: 'validation_failed' });
      expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
    }
    expect(await accountsOf(rival)).toEqual([empty.account]);
  });

  it('is refused to everyone while its own database is down', async () => {
    const [owner, rival] = [await newWorkspace({ shard }), await without(other)];
    await attach(owner, await newAccount());
    passTime(60 * MINUTE);
    await expect(attach(rival, accountOf(owner.account), withoutShard(shard))).rejects.toThrow();
    expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
    await attach(rival, accountOf(owner.account));
    expect(await accountsOf(rival)).toEqual([owner.account]);
  });
});

describe.each(BOTH_WAYS)('An attach in the shard %s that ended in the middle', (shard, other) => {
  it('is finished when it is repeated, wherever it ended', async () => {
    const shop = await without(shard);
    const begun: number[] = [];
    for (const steps of range(1, 3)) {
      const account = await newAccount();
      begun.push(await endAfter(steps, (bindings) => attach(shop, account, bindings).catch(() => undefined)));
      await attach(shop, account);
      expect(await accountsOf(shop)).toEqual([account]);
      expect(await entryOf(account)).toEqual(entryFor(shop));
    }
    expect(begun).toEqual([1, 2, 2]);
  });

  it('gives way to another workspace 15 minutes later, and is then refused', async () => {
    const [shop, rival] = [await without(shard), await without(other)];
    const account = await newAccount();
    await endAfter(1, (bindings) => attach(shop, account, bindings).catch(() => undefined));
    expect(await entryOf(account)).toEqual(entryFor(shop));
    expect(await accountsOf(shop)).toEqual([]);
    passTime(15 * MINUTE - 1);
    await expect(attach(rival, account)).rejects.toMatchObject({ code: 'service_unavailable' });
    passTime(1);
    await attach(rival, account);
    expect([await accountsOf(rival), await entryOf(account)]).toEqual([[account], entryFor(rival)]);
    passTime(60 * MINUTE);
    await expect(attach(shop, account)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await accountsOf(shop)).toEqual([]);
  });

  it('in the middle of taking an account over is finished when it is repeated, wherever it ended', async () => {
    const rival = await without(other);
    const begun: number[] = [];
    for (const steps of range(1, 5)) {
      const owner = await newWorkspace({ shard });
      await attach(owner, await newAccount());
      passTime(15 * MINUTE);
      const account = accountOf(owner.account);
      begun.push(await endAfter(steps, (bindings) => attach(rival, account, bindings).catch(() => undefined)));
      await attach(rival, account);
      expect(await accountsOf(rival)).toEqual([account]);
      expect(await entryOf(account)).toEqual(entryFor(rival));
      expect(await accountsOf(owner)).not.toContain(account);
    }
    expect(begun).toEqual([1, 2, 3, 4, 4]);
  });
});

describe('Two workspaces in two shards that take the same free account over at the same time', () => {
  it('never both get it', async () => {
    const owner = await newWorkspace({ shard: '0' });
    await attach(owner, await newAccount());
    passTime(15 * MINUTE);
    const account = accountOf(owner.account);
    const rivals = [await without('0'), await without('1')];
    const outcomes = await Promise.allSettled(rivals.map((rival) => attach(rival, account)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const held = await Promise.all(rivals.map(accountsOf));
    expect(held.flat()).toEqual([account]);
    const [holder = fail()] = rivals.filter((_, index) => held[index]?.length === 1);
    expect(await entryOf(account)).toEqual(entryFor(holder));
  });
});

describe('An account of a further shard that the directory lost, as after a restore of the first database', () => {
  it('is entered again when the cron next reads it', async () => {
    const shop = await newWorkspace({ shard: '1' });
    const account = accountOf(shop.account);
    await env.DB.prepare('DELETE FROM account_directory').run();
    await poll({}, '1');
    expect(await entryOf(account)).toEqual(entryFor(shop));
  });
});

describe('An account of the first shard without an entry', () => {
  it('gets its entry by the migration that made the directory', async () => {
    const [shop, left] = [await newWorkspace({ shard: '0' }), await newWorkspace({ shard: '0' })];
    await setAccount(left, { access_refused_at: 5, disconnected_at: 7 });
    await env.DB.prepare('DELETE FROM account_directory').run();
    const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes('account_directory'));
    await env.DB.prepare(migration?.queries.at(-1) ?? '').run();
    expect(await entryOf(accountOf(shop.account))).toEqual(entryFor(shop));
    const given = env.DB.prepare('SELECT given_up_at FROM account_directory WHERE workspace_id = ?');
    expect(await given.bind(shop.workspace.id).first('given_up_at')).toBeNull();
    expect(await given.bind(left.workspace.id).first('given_up_at')).toBe(7);
  });

  it('is refused to a workspace of another shard', async () => {
    const [owner, rival] = [await newWorkspace({ shard: '0' }), await without('1')];
    await env.DB.prepare('DELETE FROM account_directory').run();
    await expect(attach(rival, accountOf(owner.account))).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
  });
});

function fail(): never {
  throw new Error('There is none');
}
