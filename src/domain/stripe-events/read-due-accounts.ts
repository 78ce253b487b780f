import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { type AccountReading, claimDueAccounts, recordReadings, releaseAccounts } from '../../db/account-polling.ts';
import { recordRefusedAccess } from '../../db/account-states.ts';
import { type ConnectedAccount, findWorkspaceByAccount } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import { type PlatformKeys, platformKeys } from '../accounts/platform-key.ts';
import { ASKED_AGAIN_MS, askForDisconnected, giveUpAccount } from '../accounts/sync-account.ts';
import { inFlightOf, inWorkspace, type JobContext } from '../context.ts';
import { modeOf, readAccountEvents } from './read-account-events.ts';

/** How often (ms) an account's Stripe events are read; those of an idle account are read less often. */
const PAUSE_MS = 5 * 60_000;
/** How many due accounts are claimed at once. */
const AT_ONCE = 30;
/** The statements that claim, record and release the accounts of a round. */
const ROUND_COST = { queries: 3, stripeCalls: 0 };
/** What reading an account costs without its events and without further pages. */
const ACCOUNT_COST = { queries: 17, stripeCalls: 4 };

/**
 * Reads the Stripe events of the accounts that are due. Asks Stripe for disconnected accounts daily. An account that
 * fails does not delay the others. What does not fit into the run's budget is due at once in the next run.
 */
export async function readDueAccounts(context: JobContext): Promise<void> {
  const keys = platformKeys(context);
  let isComplete: boolean;
  do isComplete = await readRound(context, keys);
  while (isComplete && !context.budget.isOver);
}

/** Reads a number of due accounts. False: no more are due, or the budget is spent. */
async function readRound(context: JobContext, keys: PlatformKeys): Promise<boolean> {
  const { budget, database } = context;
  const end = budget.begin(ROUND_COST);
  if (!end) return false;
  const now = context.now();
  const times = { now, until: now + PAUSE_MS, disconnectedUntil: now + ASKED_AGAIN_MS };
  const due = await claimDueAccounts(database, { ...times, limit: AT_ONCE });
  const readings: AccountReading[] = [];
  const left: ConnectedAccount[] = [];
  const readOne = async (account: ConnectedAccount) => {
    const endAccount = budget.isOver ? null : budget.begin(ACCOUNT_COST);
    if (!endAccount) return void left.push(account);
    const reading = await readAccount(context, keys, account);
    if (reading) readings.push(reading);
    endAccount();
  };
  await pMap(due, readOne, { concurrency: inFlightOf(context) });
  await recordReadings(database, readings);
  if (left.length > 0) await releaseAccounts(database, left, now);
  end();
  return due.length === AT_ONCE && left.length === 0 && readings.every(({ nextReadAt }) => nextReadAt === null);
}

/** Reads one account, or asks for it if it is disconnected. null: there is nothing to record. Never throws. */
async function readAccount(
  context: JobContext,
  keys: PlatformKeys,
  account: ConnectedAccount,
): Promise<AccountReading | null> {
  try {
    if (account.disconnectedAt !== null) {
      await askAgain(context, account);
      return null;
    }
    const reading = await readAccountEvents(context, account);
    await keys.recordAccount(modeOf(account));
    return reading;
  } catch (error) {
    await handleFailure(context, keys, account, error).catch((failure) =>
      logLine('error', 'stripe events not read', {
        account: account.stripeAccountId,
        error: describeError(failure),
      }),
    );
    return null;
  }
}

async function askAgain(context: JobContext, { stripeAccountId, livemode }: ConnectedAccount): Promise<void> {
  const owner = await findWorkspaceByAccount(context.database, stripeAccountId, livemode);
  if (owner) await askForDisconnected(inWorkspace(context, owner), stripeAccountId);
}

/** Handles Stripe's refusal of access to an account. Throws every other error again. */
async function handleFailure(
  context: JobContext,
  keys: PlatformKeys,
  account: ConnectedAccount,
  error: unknown,
): Promise<void> {
  if (!isLost(error) || !(await isGone(context, account))) throw error;
  if ((await keys.isProved(modeOf(account))) && (await giveUp(context, account))) return;
  logLine('error', 'access to account refused', { account: account.stripeAccountId, livemode: account.livemode });
  await recordRefusedAccess(context.database, account, context.now());
}

function isLost(error: unknown): boolean {
  return error instanceof StripeFailure && error.kind === 'account_lost';
}

/** True if we have no access to the account. Reads it, because Stripe may refuse its events for another reason. */
async function isGone(context: JobContext, account: ConnectedAccount): Promise<boolean> {
  try {
    await context.stripeOf(modeOf(account)).retrieveAccount(account.stripeAccountId);
    return false;
  } catch (error) {
    if (!isLost(error)) throw error;
    return true;
  }
}

/**
 * Disconnects an account without a Stripe event about it: without access to the account, that event cannot be listed.
 * False: too many accounts of this mode were given up in the last hour.
 */
async function giveUp(context: JobContext, account: ConnectedAccount): Promise<boolean> {
  const owner = await findWorkspaceByAccount(context.database, account.stripeAccountId, account.livemode);
  return owner !== null && (await giveUpAccount(inWorkspace(context, owner), account));
}
