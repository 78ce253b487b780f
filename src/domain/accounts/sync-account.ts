import { canCharge, factsOf } from '../../core/account-state.ts';
import type { AuditAction } from '../../core/audit-actions.ts';
import { countGivenUp } from '../../db/account-directory.ts';
import { type AccountChange, type AccountChanges, findAccount, updateAccountState } from '../../db/account-states.ts';
import type { Event } from '../../db/outbox.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { type StripeAccount, StripeFailure } from '../../stripe/gateway.ts';
import { definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletsOfKeys } from '../keys/register-wallet-domains.ts';
import { accountData, composeEvent } from '../webhooks/event-data.ts';

const HOUR_MS = 60 * 60_000;
/** How long after an account was disconnected Stripe is first asked whether we have access again. */
export const ASKED_AGAIN_MS = 24 * HOUR_MS;
/** How many accounts of one mode are given up in an hour at most: more at once have a cause of our own. */
const GIVEN_UP_MOST = 3;

/**
 * Reads the connected account from Stripe and stores its state, with an event if the state changes. The state in a
 * Stripe event is not used, because two Stripe events of the same second have no order. Returns false where Stripe
 * refuses access to the account. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<boolean> {
  const asOf = context.now();
  const account = await retrieveAccount(context, stripeAccountId);
  if (account) await storeReading(context, account, asOf);
  return account !== null;
}

/** Stores what Stripe has answered about the connected account. `asOf`: when Stripe was asked (unix ms). */
export async function storeReading(context: Context, account: StripeAccount, asOf: number): Promise<void> {
  await store(context, account, { asOf, change: 'connected' });
}

/**
 * Asks Stripe for a disconnected account, and connects it again if Stripe answers for it, with an event. Returns false
 * where Stripe still refuses access. Throws StripeFailure.
 */
export async function askForDisconnected(context: Context, stripeAccountId: string): Promise<boolean> {
  const asOf = context.now();
  const account = await retrieveAccount(context, stripeAccountId);
  if (account) await store(context, account, { asOf, change: 'disconnected' });
  return account !== null;
}

async function store(
  context: Context,
  account: StripeAccount,
  { asOf, change }: { readonly asOf: number; readonly change: AccountChange },
): Promise<void> {
  const state = {
    ...factsOf(account),
    disconnectedAt: null,
    accessRefusedAt: null,
    // To the millisecond: of two readings in one second, the one that began later counts.
    stateAsOf: asOf,
    // An account that comes back has events to be read.
    ...(change === 'disconnected' && { nextStripeEventsReadAt: asOf }),
  };
  const action = change === 'disconnected' ? 'account.reconnected' : 'account.updated';
  const { isReady } = await changeState(context, account.id, { state, change, action });
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
    stateAsOf: context.now(),
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
  // Also where another machine's clock was ahead: payments stop at once.
  const stateAsOf = Math.max(state.stateAsOf, context.account?.stateAsOf ?? 0);
  await changeState(context, stripeAccountId, {
    state: { ...state, stateAsOf },
    change: 'connected',
    action: 'account.disconnected',
  });
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
    stateAsOf: now,
    nextStripeEventsReadAt: now + ASKED_AGAIN_MS,
  };
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

interface StateChange {
  readonly state: AccountChanges;
  readonly change: AccountChange;
  readonly action: AuditAction;
}

const UNCHANGED: Changed = { isChange: false, isReady: false, isOlder: false };
/** How often a change is made anew because another one was written in between. */
const TRIES = 3;

/**
 * Writes the account's state and the event `payments.account.updated` in one batch. Writes nothing if the state is the
 * same, a newer one is stored, or `change` does not allow it. The event says what changed against the row, so the row must
 * still be as it was read: else it is read again.
 */
async function changeState(
  context: Context,
  stripeAccountId: string,
  wanted: StateChange,
  tries = TRIES,
): Promise<Changed> {
  const { database, workspace } = context;
  const { state, change, action } = wanted;
  const stored = await findAccount(database, workspace.id);
  if (stored?.stripeAccountId !== stripeAccountId) return UNCHANGED;
  const isOlder = stored.disconnectedAt === null && stored.stateAsOf > state.stateAsOf;
  const changed = { ...stored, ...definedOf(state) };
  if (isSameState(stored, changed)) return { ...UNCHANGED, isOlder };
  const event = await eventAbout(context, stored, changed);
  const audit = auditOf(context, action, stripeAccountId);
  const { isChange, queued } = await updateAccountState(database, stored, { state, change }, audit, event);
  if (isChange) await context.wake(queued);
  else if (tries > 1 && (await findAccount(database, workspace.id))?.updatedAt !== stored.updatedAt) {
    return await changeState(context, stripeAccountId, wanted, tries - 1);
  }
  return { isChange, isReady: isChange && canCharge(changed) && !canCharge(stored), isOlder };
}

function isSameState(before: ConnectedAccount, after: ConnectedAccount): boolean {
  const stateOf = (account: ConnectedAccount) => JSON.stringify([factsOf(account), account.disconnectedAt]);
  return stateOf(before) === stateOf(after);
}
