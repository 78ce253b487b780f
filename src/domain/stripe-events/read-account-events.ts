import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { claimAccountsToRead, recordStripeEventsRead } from '../../db/account-polling.ts';
import { type ConnectedAccount, findWorkspaceByAccount } from '../../db/workspaces.ts';
import { type Page, type StripeEventWithBody, StripeFailure, type StripeGateway } from '../../stripe/gateway.ts';
import { disconnectAccount, syncAccount } from '../accounts/sync-account.ts';
import { inWorkspace, type PlatformContext } from '../context.ts';
import { dropOtherMode, quarantine, takeStripeEvent } from './take-event.ts';

/** The last five minutes are read again in the next read, because Stripe may list a new event late. */
const OVERLAP_SECONDS = 5 * 60;
const DAY_SECONDS = 24 * 60 * 60;
/** How long Stripe lists an event. */
const KEPT_SECONDS = 30 * DAY_SECONDS;
/** A span of time with more pages of events than this is halved before its events are handled. */
const MAX_PAGES = 10;
/** An account without a payment for this long is idle: its events are read every hour, for a late refund or dispute. */
const IDLE_AFTER_MS = 35 * DAY_SECONDS * 1000;
const IDLE_PAUSE_MS = 60 * 60_000;
/** How often (ms) an account's Stripe events are read; those of an idle account are read less often. */
const PAUSE_MS = 5 * 60_000;
/** How many due accounts are claimed at once, and how many are read at the same time. */
const AT_ONCE = 30;
const IN_FLIGHT = 6;
/** A run ends when nothing is due, or after this time (ms), shortly before the next one begins. */
const RUN_MS = 45_000;

/** Reads the Stripe events of the accounts that are due. An account that fails does not delay the others. */
export async function readDueAccounts(context: PlatformContext): Promise<void> {
  const endsAt = context.now() + RUN_MS;
  const readOne = (account: ConnectedAccount) =>
    readAccountEvents(context, { account, endsAt }).catch((error) =>
      logLine('error', 'stripe events not read', { account: account.stripeAccountId, error: describeError(error) }),
    );
  let due: readonly ConnectedAccount[];
  do {
    const now = context.now();
    due = await claimAccountsToRead(context.database, { now, until: now + PAUSE_MS, limit: AT_ONCE });
    await pMap(due, readOne, { concurrency: IN_FLIGHT });
  } while (due.length === AT_ONCE && context.now() < endsAt);
}

/**
 * Reads a connected account's new Stripe events and handles them like webhooks, oldest first. This finds events whose
 * webhook was lost, and refunds, disputes and account changes made at Stripe. An account that we have no access to any
 * more is disconnected. `endsAt` (unix ms): no further span of time is read after it, but each call reads at least one.
 * Throws StripeFailure or the database's error; the next call continues after the events that were handled.
 */
async function readAccountEvents(
  context: PlatformContext,
  { account, endsAt }: { readonly account: ConnectedAccount; readonly endsAt: number },
): Promise<void> {
  const stripe = context.stripeOf(account.livemode ? 'live' : 'sandbox');
  const reading = { context, stripe, account, endsAt };
  try {
    await readStateOfNew(reading);
    await readToNow(reading);
  } catch (error) {
    if (!isLost(error) || !(await isGone(reading))) throw error;
    await disconnect(reading);
  }
}

interface Reading {
  readonly context: PlatformContext;
  /** The gateway to Stripe in the account's mode. */
  readonly stripe: StripeGateway;
  readonly account: ConnectedAccount;
  readonly endsAt: number;
}

/** A span of time. `from`, `to`: unix seconds, both included. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** An account can be attached while Stripe does not answer: then its state is read before its first events. */
async function readStateOfNew({ context, account }: Reading): Promise<void> {
  if (account.stripeEventsReadTo !== null || account.chargesEnabled) return;
  const owner = await findWorkspaceByAccount(context.database, account.stripeAccountId, account.livemode);
  if (owner) await syncAccount(inWorkspace(context, owner), account.stripeAccountId);
}

async function readToNow(reading: Reading): Promise<void> {
  const { context, account, endsAt } = reading;
  const now = toSeconds(context.now());
  const since = account.stripeEventsReadTo ?? account.createdAt - OVERLAP_SECONDS * 1000;
  const start = Math.min(now, Math.max(toSeconds(since), now - KEPT_SECONDS));
  let from = start;
  let span = now - from;
  do {
    const window = { from, to: Math.min(now, from + span) };
    const listed = await listWindow(reading, window);
    if (listed) {
      await takeWindow(reading, listed, { window, now });
      from = window.to + 1;
      span = 2 * span + 1;
    } else {
      span = Math.floor((window.to - from) / 2);
    }
    // However slow Stripe is, one window is handled: otherwise a busy account would never make progress.
  } while (from <= now && (from === start || context.now() < endsAt));
}

/** The Stripe events of a window, oldest first. null: over MAX_PAGES pages. A window of one second is read whole. */
async function listWindow({ stripe, account }: Reading, { from, to }: Window): Promise<StripeEventWithBody[] | null> {
  const listed: StripeEventWithBody[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < MAX_PAGES || from === to; pages++) {
    const page: Page<StripeEventWithBody> = await stripe.listEvents(account.stripeAccountId, {
      from: from * 1000,
      to: to * 1000,
      after,
    });
    listed.push(...page.items);
    if (page.next === null) return listed.reverse();
    after = page.next;
  }
  return null;
}

/** Handles the events of a window. Records up to which time they were handled, also if one of them fails. */
async function takeWindow(
  { context, account }: Reading,
  listed: readonly StripeEventWithBody[],
  { window, now }: { readonly window: Window; readonly now: number },
): Promise<void> {
  let readTo = window.from;
  try {
    for (const one of listed) {
      readTo = toSeconds(one.event.createdAt);
      if (!(await dropOtherMode(context, one.event, account.livemode))) await takeListed(context, one);
    }
    readTo = window.to + 1;
  } finally {
    const settled = Math.min(readTo, now - OVERLAP_SECONDS) * 1000;
    await recordStripeEventsRead(context.database, account, settled, readTo > now ? ifIdle(account, now * 1000) : null);
  }
  if (listed.length > 0) {
    logLine('info', 'stripe events read', { account: account.stripeAccountId, count: listed.length });
  }
}

/** Kinds of failures that any event of the account would meet now: its events wait for the next read. */
const WAITING: readonly StripeFailure['kind'][] = ['unavailable', 'in_progress', 'account_lost'];

/** Handles one event. If Stripe refuses a call for this event alone, the event is quarantined and delays no other. */
async function takeListed(context: PlatformContext, input: StripeEventWithBody): Promise<void> {
  try {
    await takeStripeEvent(context, input);
  } catch (error) {
    if (!(error instanceof StripeFailure) || WAITING.includes(error.kind)) throw error;
    const { account, id, type } = input.event;
    logLine('error', 'stripe event quarantined', { account, stripe_event: id, type, error: describeError(error) });
    await quarantine(context, { ...input, reason: `stripe_${error.kind}` });
  }
}

/** An account without a payment after `since` is read next at `readAt`. null: the account is too new for that. */
function ifIdle(account: ConnectedAccount, now: number): { since: number; readAt: number } | null {
  const since = now - IDLE_AFTER_MS;
  return account.createdAt >= since ? null : { since, readAt: now + IDLE_PAUSE_MS };
}

function isLost(error: unknown): boolean {
  return error instanceof StripeFailure && error.kind === 'account_lost';
}

/** True if we have no access to the account. Reads it, because Stripe may refuse its events for another reason. */
async function isGone({ stripe, account }: Reading): Promise<boolean> {
  try {
    await stripe.retrieveAccount(account.stripeAccountId);
    return false;
  } catch (error) {
    if (!isLost(error)) throw error;
    return true;
  }
}

/** Disconnects the account. Without access to it, the Stripe event about the lost access cannot be listed. */
async function disconnect({ context, account }: Reading): Promise<void> {
  const owner = await findWorkspaceByAccount(context.database, account.stripeAccountId, account.livemode);
  if (!owner) return;
  const asOf = toSeconds(context.now()) * 1000;
  await disconnectAccount(inWorkspace(context, owner), { id: account.stripeAccountId, asOf });
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
