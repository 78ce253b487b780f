import pMap from 'p-map';
import { describeError, logLine } from '../core/log.ts';
import { claimAccountsToRead } from '../db/account-polling.ts';
import type { ConnectedAccount } from '../db/workspaces.ts';
import type { PlatformContext } from '../domain/context.ts';
import { readAccountEvents } from '../domain/stripe-events/read-account-events.ts';

/** How often (ms) the Stripe events of an account are read. Those of an idle account are read less often. */
const PAUSE_MS = 5 * 60_000;
const AT_ONCE = 30;
/** A run ends when nothing is due, or after this time (ms), shortly before the next run begins. */
const RUN_MS = 45_000;
const IN_FLIGHT = 6;

/** Reads the Stripe events of the accounts whose next read is due. An account that fails does not delay the others. */
export async function pollStripeEvents(context: PlatformContext): Promise<void> {
  const endsAt = context.now() + RUN_MS;
  let due: readonly ConnectedAccount[];
  do {
    const now = context.now();
    due = await claimAccountsToRead(context.database, { now, until: now + PAUSE_MS, limit: AT_ONCE });
    await pMap(due, (account) => readAccount(context, account, endsAt), { concurrency: IN_FLIGHT });
  } while (due.length === AT_ONCE && context.now() < endsAt);
}

async function readAccount(context: PlatformContext, account: ConnectedAccount, endsAt: number): Promise<void> {
  try {
    await readAccountEvents(context, { account, endsAt });
  } catch (error) {
    logLine('error', 'stripe events not read', { account: account.stripeAccountId, error: describeError(error) });
  }
}
