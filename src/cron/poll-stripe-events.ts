import pMap from 'p-map';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { claimAccountsToRead } from '../db/account-polling.ts';
import { openDatabase } from '../db/client.ts';
import type { ConnectedAccount } from '../db/workspaces.ts';
import { readAccountEvents } from '../domain/stripe-events/read-account-events.ts';
import type { Bindings, Config } from '../env.ts';
import { stripeEventIntake, stripeOf } from '../make-context.ts';

/** How often an account's events are read; an idle one's less often. */
const PAUSE_MS = 5 * 60_000;
const AT_ONCE = 30;
/** A run goes on until nothing is due, or the next minute's run is near. */
const RUN_MS = 45_000;
const IN_FLIGHT = 6;

/** Reads the Stripe events of the accounts that are due. An account that fails does not hold up the others. */
export async function pollStripeEvents(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const endsAt = Date.now() + RUN_MS;
  let due: readonly ConnectedAccount[];
  do {
    const now = Date.now();
    due = await claimAccountsToRead(database, { now, until: now + PAUSE_MS, limit: AT_ONCE });
    await pMap(due, (account) => readAccount(env, config, account, endsAt), { concurrency: IN_FLIGHT });
  } while (due.length === AT_ONCE && Date.now() < endsAt);
}

async function readAccount(env: Bindings, config: Config, account: ConnectedAccount, endsAt: number): Promise<void> {
  try {
    const by = { database: openDatabase(env.DB), shard: DEFAULT_SHARD, actor: 'cron', requestId: null };
    const stripe = stripeOf(config, account.livemode ? 'live' : 'sandbox');
    await readAccountEvents({ intake: stripeEventIntake(env, config, by), stripe, account, endsAt });
  } catch (error) {
    logLine('error', 'stripe events not read', { account: account.stripeAccountId, error: describeError(error) });
  }
}
