import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readAccountsInTurn } from '../../../src/db/account-directory.ts';
import { disconnectAccount } from '../../../src/domain/accounts/disconnect-account.ts';
import { restoreEntries } from '../../../src/domain/accounts/restore-entries.ts';
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
import { range } from '../support/crashing.ts';
import { freezeTime } from '../support/deliveries.ts';
import { contextOfJob } from '../support/direct.ts';
import { settledSession } from '../support/merchant-events.ts';
import { MINUTE } from '../support/polling.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(freezeTime);

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets the entry of an account name this workspace, as after a restore of the directory. */
async function nameInEntry(account: string, { workspace, shard }: TestWorkspace): Promise<void> {
  const change = 'UPDATE account_directory SET workspace_id = ?, shard = ? WHERE stripe_account_id = ?';
  await env.DB.prepare(change).bind(workspace.id, shard, account).run();
}

describe.each(BOTH_WAYS)(
  'After one database was restored, an account of a workspace in the shard %s',
  (shard, other) => {
    const errors = () => vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const loseEntries = () => env.DB.prepare("DELETE FROM account_directory WHERE shard <> '0'").run();

    it('is refused to a workspace that the entry names, and that has not the account', async () => {
      const [owner, stale] = [await newWorkspace({ shard }), await without(other)];
      const account = accountOf(owner.account);
      await nameInEntry(account, stale);
      await expect(attach(stale, account)).rejects.toMatchObject({
        code: 'validation_failed',
        message: expect.stringContaining(owner.workspace.id),
      });
      expect(await accountsOf(stale)).toEqual([]);
      expect(await entryOf(account)).toEqual(entryFor(owner));
    });

    it('is logged by the cron while its entry names another workspace', async () => {
      const [owner, stale] = [await newWorkspace({ shard }), await without(other)];
      const account = accountOf(owner.account);
      await nameInEntry(account, stale);
      const logged = errors();
      await restoreEntries(contextOfJob('restore-entries', {}, shard));
      const names = `two workspaces.*${account}.*${owner.workspace.id}.*${stale.workspace.id}`;
      expect(logged.mock.calls.flat()).toContainEqual(expect.stringMatching(new RegExp(names)));
      // Its workspace gets the entry back by the command that connects it.
      await ageClaims(15 * MINUTE);
      await attach(owner, account);
      expect(await entryOf(account)).toEqual(entryFor(owner));
      logged.mockClear();
      await restoreEntries(contextOfJob('restore-entries', {}, shard));
      expect(logged).not.toHaveBeenCalled();
    });

    it('is connected to no other workspace while a shard does not answer', async () => {
      const shop = await without('0');
      const account = await newAccount();
      await expect(attach(shop, account, withoutShard('1'))).rejects.toMatchObject({ code: 'service_unavailable' });
      expect(await accountsOf(shop)).toEqual([]);
    });

    it('is entered again by the cron, also if it was replaced or disconnected, and no taken one', async () => {
      const [replaced, detached, lost] = [
        await newWorkspace({ shard }),
        await newWorkspace({ shard }),
        await newWorkspace({ shard }),
      ];
      await settledSession(replaced);
      await attach(replaced, await newAccount());
      await disconnectAccount(await contextOf(detached.workspace));
      await attach(lost, await newAccount());
      await ageClaims(15 * MINUTE);
      const rival = await without(other);
      await attach(rival, accountOf(lost.account));
      await loseEntries();
      const logged = errors();
      await restoreEntries(contextOfJob('restore-entries', {}, shard));
      await restoreEntries(contextOfJob('restore-entries', {}, other));
      for (const owner of [replaced, detached]) {
        expect(await entryOf(accountOf(owner.account))).toEqual(entryFor(owner));
      }
      expect(await entryOf(accountOf(lost.account))).toEqual(entryFor(rival));
      expect(logged).not.toHaveBeenCalled();
    });
  },
);

describe('The cron, which restores entries', () => {
  it('goes through all accounts of a shard, some at a time, again and again', async () => {
    const shop = await newWorkspace({ shard: '1' });
    for (let made = 0; made < 4; made++) await attach(shop, await newAccount());
    const table = await shop.binding.prepare('SELECT stripe_account_id AS id FROM account_directory').all();
    const last = await shop.binding.prepare('SELECT max(rowid) AS rowid FROM account_directory').first<number>('rowid');
    const turns = range(1, Math.ceil(Number(last) / 2));
    const pages = await Promise.all(
      turns.map((turn) => readAccountsInTurn(shop.database, { shard: '1', turn: turn + 7000, limit: 2 })),
    );
    const found = new Set(pages.flat().map(({ stripeAccountId }) => stripeAccountId));
    expect([...found].toSorted()).toEqual(table.results.map(({ id }) => String(id)).toSorted());
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(4);
  });
});
