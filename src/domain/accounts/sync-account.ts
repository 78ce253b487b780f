import { countGivenUp } from '../../db/account-directory.ts';
import { type AccountChange, type AccountChanges, findAccount, updateAccountState } from '../../db/account-states.ts';
import type { Event } from '../../db/outbox.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { type StripeAccount, StripeFailure } from '../../stripe/gateway.ts';
import { definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletsOfKeys } from '../keys/register-wallet-domains.ts';
import { accountData, composeEvent } from '../webhooks/event-data.ts';
import { canCharge, factsOf } from './account-state.ts';

const HOUR_MS = 60 * 60_000;
/** How long after an account was disconnected Stripe is first asked whether we have access again. */
export const ASKED_AGAIN_MS = 24 * HOUR_MS;
/** How many accounts of one mode are given up in an hour at most: more at once have a cause of our own. */
const GIVEN_UP_MOST = 3;

/**
 * Reads the connected account from Stripe and stores its state, with an event if the state changes. The state in a
 * Stripe event is not used, because two Stripe events of the same second have no order. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<void> {
  await sync(context, stripeAccountId, 'connected');
}

/**
 * Asks Stripe for a disconnected account, and connects it again if Stripe answers for it, with an event. Does nothing
 * where Stripe still refuses access. Throws StripeFailure.
 */
export async function askForDisconnected(context: Context, stripeAccountId: string): Promise<void> {
  await sync(context, stripeAccountId, 'disconnected');
}

async function sync(context: Context, stripeAccountId: string, change: AccountChange): Promise<void> {
  const asOf = context.now();
  const account = await retrieveAccount(context, stripeAccountId);
  if (!account) return;
  const state = {
    ...factsOf(account),
    disconnectedAt: null,
    accessRefusedAt: null,
    stateAsOf: toWholeSeconds(asOf),
    // An account that comes back has events to be read.
    ...(change === 'disconnected' && { nextStripeEventsReadAt: asOf }),
  };
  const action = change === 'disconnected' ? 'account.reconnected' : 'account.updated';
  const { isReady } = await changeState(context, stripeAccountId, { state, change, action });
  if (isReady) await registerWalletsOfKeys(context);
}

/** The account as Stripe has it. null: we have no access to it. */
async function retrieveAccount(context: Context, stripeAccountId: string): Promise<StripeAccount | null> {
  try {
    return await context.stripe.retrieveAccount(stripeAccountId);
  } catch (error) {
    if (error instanceof StripeFailure && error.kind === 'account_lost') return null;
    throw error;
  }
}

/**
 * Stores that the account may not charge, because Stripe has just refused a session for that reason. So the next
 * session is refused before any call to Stripe. Its state is read again by the next Stripe event about the account, and by
 * the cron each time it reads the account's events.
 */
export async function recordLostCharges(context: Context, stripeAccountId: string): Promise<void> {
  const state = {
    chargesEnabled: false,
    disconnectedAt: null,
    stateAsOf: toWholeSeconds(context.now()),
  };
  await changeState(context, stripeAccountId, { state, change: 'connected', action: 'account.charges_lost' });
}

/**
 * Disconnects an account, because a Stripe event of `asOf` (unix ms) says that our access was revoked. The account takes
 * no more payments, and the cron asks Stripe for it daily. If the stored state is newer, Stripe is asked now, because the
 * account may have been connected again. Throws StripeFailure.
 */
export async function recordDeauthorization(
  context: Context,
  { id, asOf }: { readonly id: string; readonly asOf: number },
): Promise<void> {
  const revoked = { ...disconnectedState(context), accessRefusedAt: null };
  const revoke = { change: 'connected', action: 'account.disconnected' } as const;
  const { isOlder } = await changeState(context, id, { state: { ...revoked, stateAsOf: asOf }, ...revoke });
  if (isOlder && !(await retrieveAccount(context, id))) {
    await changeState(context, id, { state: revoked, ...revoke });
  }
}

/**
 * Disconnects an account because the merchant or an operator says so. The cron does not ask Stripe for it: only they
 * connect it again.
 */
export async function recordDisconnection(context: Context, stripeAccountId: string): Promise<void> {
  const state = { ...disconnectedState(context), accessRefusedAt: null, nextStripeEventsReadAt: null };
  await changeState(context, stripeAccountId, { state, change: 'connected', action: 'account.disconnected' });
}

/**
 * Disconnects an account only because Stripe refuses access to it. False where it is not disconnected, because three
 * accounts of its mode, in all shards together, were given up like this in the last hour.
 */
export async function giveUpAccount(context: Context, account: ConnectedAccount): Promise<boolean> {
  const now = context.now();
  const { stripeAccountId, livemode, workspaceId, createdAt } = account;
  const entry = { stripeAccountId, livemode, workspaceId, shard: context.shard, claimedAt: createdAt, givenUpAt: now };
  const limits = { since: now - HOUR_MS, most: GIVEN_UP_MOST };
  if (!(await countGivenUp(context.directory, { entry, ...limits }))) return false;
  const state = { ...disconnectedState(context), accessRefusedAt: now };
  const action = 'account.given_up';
  const { isChange } = await changeState(context, stripeAccountId, { state, change: 'connected', action });
  return isChange;
}

function disconnectedState(context: Context) {
  const now = context.now();
  return {
    chargesEnabled: false,
    payoutsEnabled: false,
    detailsSubmitted: false,
    requirements: [],
    disconnectedAt: now,
    stateAsOf: toWholeSeconds(now),
    nextStripeEventsReadAt: now + ASKED_AGAIN_MS,
  };
}

/** Rounds unix ms down to a second, because the time is compared with the times of Stripe events. */
function toWholeSeconds(ms: number): number {
  return ms - (ms % 1000);
}

interface Changed {
  /** The state was written. */
  readonly isChange: boolean;
  /** The account can take payments now and could not before. */
  readonly isReady: boolean;
  /** The account is connected, and its stored state is newer, so nothing was written. */
  readonly isOlder: boolean;
}

/** The event about a change of an account. null: the event would say what was true before. */
async function eventAbout(context: Context, before: ConnectedAccount, after: ConnectedAccount): Promise<Event | null> {
  const data = accountData(after);
  if (JSON.stringify(data) === JSON.stringify(accountData(before))) return null;
  return await composeEvent(context, { type: 'payments.account.updated', subject: null, paymentId: null, data });
}

/**
 * Writes the account's state and the event `payments.account.updated` in one batch. Writes nothing if the state is the
 * same, a newer one is stored, or `change` does not allow it.
 */
async function changeState(
  context: Context,
  stripeAccountId: string,
  {
    state,
    change,
    action,
  }: { readonly state: AccountChanges; readonly change: AccountChange; readonly action: string },
): Promise<Changed> {
  const { database, workspace } = context;
  const stored = await findAccount(database, workspace.id);
  if (!stored) return { isChange: false, isReady: false, isOlder: false };
  const changed = { ...stored, stripeAccountId, ...definedOf(state) };
  const event = await eventAbout(context, stored, changed);
  const account = { workspaceId: workspace.id, stripeAccountId };
  const audit = auditOf(context, action, stripeAccountId);
  const { isChange, queued } = await updateAccountState(database, account, { state, change }, audit, event);
  if (isChange) await context.wake(queued);
  const isSame = stored.stripeAccountId === stripeAccountId;
  return {
    isChange,
    isReady: isChange && canCharge(changed) && !(isSame && canCharge(stored)),
    isOlder: isSame && stored.disconnectedAt === null && stored.stateAsOf > state.stateAsOf,
  };
}
