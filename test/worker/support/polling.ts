import { reconcileDueSessions } from '../../../src/domain/checkout/reconcile-sessions.ts';
import { readDueAccounts } from '../../../src/domain/stripe-events/read-due-accounts.ts';
import { accountOf, rowsOf } from './api.ts';
import { type BindingChanges, contextOfJob, losingQueue, runCron } from './direct.ts';
import { inEveryDatabase, SHARDS } from './shards.ts';
import { stripeRequests } from './simulator.ts';
import { newWorkspace, type TestWorkspace, type WorkspaceOptions } from './workspace.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The cron with every wake-up call lost, so that nothing but the cron acts. */
export function cron(changes: BindingChanges = {}): Promise<void> {
  return runCron({ DELIVERIES: losingQueue(), RETRIES: losingQueue(), ...changes });
}

/** One job of the cron by itself, in these shards one after the other: the reading of accounts' events. */
export async function poll(changes: BindingChanges = {}, ...shards: readonly string[]): Promise<void> {
  for (const shard of shards.length > 0 ? shards : SHARDS) {
    await readDueAccounts(contextOfJob('poll-stripe-events', { DELIVERIES: losingQueue(), ...changes }, shard));
  }
}

/** Runs of this job, one after the other, until the end is reached. Throws after 60 runs. Answers how many it took. */
export async function pollUntil(isEnd: () => Promise<boolean>): Promise<number> {
  for (let runs = 1; runs <= 60; runs++) {
    await poll();
    if (await isEnd()) return runs;
  }
  throw new Error('The end was not reached in 60 runs');
}

/** One job of the cron by itself, in these shards one after the other: the reading of due sessions. */
export async function reconcileOnly(changes: BindingChanges = {}, ...shards: readonly string[]): Promise<void> {
  for (const shard of shards.length > 0 ? shards : SHARDS) {
    await reconcileDueSessions(contextOfJob('reconcile', { DELIVERIES: losingQueue(), ...changes }, shard));
  }
}

/** The workspace's connected account as it is stored. */
export async function accountRow(shop: TestWorkspace): Promise<Record<string, unknown>> {
  const [row] = await rowsOf('connected_accounts', shop.workspace.id);
  if (!row) throw new Error('This workspace has no account');
  return row;
}

/** Sets columns of the workspace's connected account. */
export async function setAccount(shop: TestWorkspace, columns: Record<string, unknown>): Promise<void> {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`);
  await shop.binding
    .prepare(`UPDATE connected_accounts SET ${assignments.join(', ')} WHERE workspace_id = ?`)
    .bind(...Object.values(columns), shop.workspace.id)
    .run();
}

/** A workspace of which the cron reads the sessions alone, not the account's events. */
export async function unpolledWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const shop = await newWorkspace(options);
  await setAccount(shop, { next_stripe_events_read_at: null });
  return shop;
}

/** The lists of this kind that our Worker has asked Stripe for, oldest first. */
export async function listsAsked(shop: TestWorkspace, path: '/v1/events' | '/v1/checkout/sessions') {
  const requests = await stripeRequests(accountOf(shop.account));
  return requests.filter((request) => request.method === 'GET' && request.path === path);
}

/** Sets one column of a payment to a value that no route would write. */
export async function setPayment(id: number, column: string, value: unknown): Promise<void> {
  await inEveryDatabase(`UPDATE payments SET ${column} = ? WHERE id = ?`, value, id);
}
