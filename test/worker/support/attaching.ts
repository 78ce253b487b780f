import { env } from 'cloudflare:workers';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { type Context, inWorkspace } from '../../../src/domain/context.ts';
import { makeContext } from '../../../src/make-context.ts';
import { rowsOf } from './api.ts';
import { type BindingChanges, configFor } from './direct.ts';
import { control } from './simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from './workspace.ts';

/** An account that no workspace has. */
export async function newAccount(): Promise<string> {
  const id = `acct_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await control('POST', '/accounts', { id, livemode: false, charges_enabled: true });
  return id;
}

/** The context of a workspace whose databases are these. */
async function contextWith(shop: TestWorkspace, changes: BindingChanges): Promise<Context> {
  const bindings = { ...env, ...changes };
  const { workspace, account } = await contextOf(shop.workspace);
  const operator = { shard: shop.shard, actor: { kind: 'operator' }, requestId: null } as const;
  return inWorkspace(makeContext(bindings, configFor(bindings), operator), { workspace, account });
}

/** Connects an account to a workspace. */
export async function attach(shop: TestWorkspace, id: string, changes: BindingChanges = {}): Promise<void> {
  await attachAccount(await contextWith(shop, changes), plainAccount(id, true));
}

/** The entry of an account in the directory. */
export async function entryOf(account: string): Promise<Record<string, unknown> | null> {
  return await env.DB.prepare('SELECT workspace_id, shard FROM account_directory WHERE stripe_account_id = ?')
    .bind(account)
    .first();
}

/** Lets all claims be older, by the clock of the database. */
export async function ageClaims(ms: number): Promise<void> {
  await env.DB.prepare('UPDATE account_directory SET claimed_at = claimed_at - ?').bind(ms).run();
}

/** The entry of an account of this workspace. */
export const entryFor = (shop: TestWorkspace) => ({ workspace_id: shop.workspace.id, shard: shop.shard });
/** The accounts that are connected to a workspace: one, or none. */
export const accountsOf = async (shop: TestWorkspace) =>
  (await rowsOf('connected_accounts', shop.workspace.id)).map((row) => row.stripe_account_id);
/** A workspace without an account. */
export const without = (shard: string) => newWorkspace({ shard, account: 'none' });

/** A shard, and another one. */
export const BOTH_WAYS = [
  ['0', '1'],
  ['1', '0'],
] as const;
