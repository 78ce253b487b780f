import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../support/api.ts';
import {
  accountsOf,
  ageClaims,
  attach,
  BOTH_WAYS,
  entryFor,
  entryOf,
  newAccount,
  without,
} from '../support/attaching.ts';
import { interruptedD1 } from '../support/counting.ts';
import { endAfter, range } from '../support/crashing.ts';
import { freezeTime } from '../support/deliveries.ts';
import { settledSession } from '../support/merchant-events.ts';
import { openSession } from '../support/payments.ts';
import { MINUTE, setAccount, setPayment } from '../support/polling.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { newWorkspace } from '../support/workspace.ts';

beforeEach(freezeTime);

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe.each(BOTH_WAYS)('An account of a workspace in the shard %s', (shard, other) => {
  it('is refused to a workspace in the other shard', async () => {
    const [owner, rival] = [await newWorkspace({ shard }), await without(other)];
    await ageClaims(60 * MINUTE);
    await expect(attach(rival, accountOf(owner.account))).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining(owner.workspace.id),
    });
    expect(await accountsOf(rival)).toEqual([]);
    expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
  });

  it('goes to a workspace in the other shard once it was replaced, unless it has payments or an open session', async () => {
    const owners = [];
    for (let made = 0; made < 4; made++) owners.push(await newWorkspace({ shard }));
    const [empty = fail(), paid = fail(), open = fail(), unchecked = fail()] = owners;
    await settledSession(paid);
    await openSession(open);
    // As if its check had found a contradiction: the cron does not read it any more, but a buyer may pay it.
    await setPayment((await openSession(unchecked)).id, 'next_check_at', null);
    for (const owner of owners) await attach(owner, await newAccount());
    await ageClaims(15 * MINUTE);
    const rival = await without(other);
    await attach(rival, accountOf(empty.account));
    expect(await entryOf(accountOf(empty.account))).toEqual(entryFor(rival));
    for (const owner of [paid, open, unchecked]) {
      await expect(attach(rival, accountOf(owner.account))).rejects.toMatchObject({ code: 'validation_failed' });
      expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
    }
    expect(await accountsOf(rival)).toEqual([empty.account]);
  });

  it('is refused to everyone while its own database is down', async () => {
    const [owner, rival] = [await newWorkspace({ shard }), await without(other)];
    await attach(owner, await newAccount());
    await ageClaims(60 * MINUTE);
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
    // The claim, a read in each shard, the row, and the claim again.
    for (const steps of range(1, 5)) {
      const account = await newAccount();
      begun.push(await endAfter(steps, (bindings) => attach(shop, account, bindings).catch(() => undefined)));
      await attach(shop, account);
      expect(await accountsOf(shop)).toEqual([account]);
      expect(await entryOf(account)).toEqual(entryFor(shop));
    }
    expect(begun).toEqual([1, 3, 3, 4, 5]);
  });

  it('gives way to another workspace 15 minutes later, and is then refused', async () => {
    const [shop, rival] = [await without(shard), await without(other)];
    const account = await newAccount();
    await endAfter(1, (bindings) => attach(shop, account, bindings).catch(() => undefined));
    expect(await entryOf(account)).toEqual(entryFor(shop));
    expect(await accountsOf(shop)).toEqual([]);
    await ageClaims(14 * MINUTE);
    await expect(attach(rival, account)).rejects.toMatchObject({ code: 'service_unavailable' });
    await ageClaims(MINUTE);
    await attach(rival, account);
    expect([await accountsOf(rival), await entryOf(account)]).toEqual([[account], entryFor(rival)]);
    await ageClaims(60 * MINUTE);
    await expect(attach(shop, account)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await accountsOf(shop)).toEqual([]);
  });

  it('in the middle of taking an account over is finished when it is repeated, wherever it ended', async () => {
    const rival = await without(other);
    const begun: number[] = [];
    // The claim, a read in each shard, the payments, the copy of the entry, the change of hands, the row, the claim again.
    for (const steps of range(1, 8)) {
      const owner = await newWorkspace({ shard });
      await attach(owner, await newAccount());
      await ageClaims(15 * MINUTE);
      const account = accountOf(owner.account);
      begun.push(await endAfter(steps, (bindings) => attach(rival, account, bindings).catch(() => undefined)));
      await attach(rival, account);
      expect(await accountsOf(rival)).toEqual([account]);
      expect(await entryOf(account)).toEqual(entryFor(rival));
      expect(await accountsOf(owner)).not.toContain(account);
    }
    expect(begun).toEqual([1, 3, 3, 4, 5, 6, 7, 8]);
  });
});

describe('Two workspaces in two shards that take the same free account over at the same time', () => {
  it('never both get it', async () => {
    const owner = await newWorkspace({ shard: '0' });
    await attach(owner, await newAccount());
    await ageClaims(15 * MINUTE);
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

describe.each(BOTH_WAYS)('An attach in the shard %s that pauses for 16 minutes', (shard, other) => {
  it.each([
    ['before it writes its row', 4],
    ['before it renews its claim', 5],
  ])('%s, gives way to a workspace that took the account over', async (_when, step) => {
    const [shop, rival] = [await without(shard), await without(other)];
    const account = await newAccount();
    const paused = interruptedD1(env, step, async () => {
      // A Worker whose row was not there yet when the rival looked.
      await env.DB.prepare('UPDATE account_directory SET workspace_id = ?, shard = ? WHERE stripe_account_id = ?')
        .bind(rival.workspace.id, other, account)
        .run();
    });
    await expect(attach(shop, account, paused)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await accountsOf(shop)).toEqual([]);
    await attach(rival, account);
    expect([await accountsOf(rival), await entryOf(account)]).toEqual([[account], entryFor(rival)]);
  });

  it('and is done just before another takes the account over keeps it', async () => {
    const [shop, rival] = [await without(shard), await without(other)];
    const account = await newAccount();
    await endAfter(1, (bindings) => attach(shop, account, bindings).catch(() => undefined));
    await ageClaims(16 * MINUTE);
    const taking = interruptedD1(env, 6, () => attach(shop, account));
    await expect(attach(rival, account, taking)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect([await accountsOf(shop), await accountsOf(rival)]).toEqual([[account], []]);
    expect(await entryOf(account)).toEqual(entryFor(shop));
  });

  it('is safe for 15 minutes, however wrong the clocks of the callers are', async () => {
    const [shop, rival] = [await without(shard), await without(other)];
    const account = await newAccount();
    vi.setSystemTime(Date.now() - 20 * MINUTE);
    await endAfter(1, (bindings) => attach(shop, account, bindings).catch(() => undefined));
    vi.setSystemTime(Date.now() + 40 * MINUTE);
    await expect(attach(rival, account)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await accountsOf(rival)).toEqual([]);
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
