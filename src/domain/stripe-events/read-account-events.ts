import { describeError, logLine } from '../../core/log.ts';
import { recordStripeEventsRead } from '../../db/account-polling.ts';
import { type ConnectedAccount, findWorkspaceByAccount } from '../../db/workspaces.ts';
import { type Page, type StripeEventWithBody, StripeFailure, type StripeGateway } from '../../stripe/gateway.ts';
import { disconnectAccount } from '../accounts/sync-account.ts';
import { inWorkspace, type PlatformContext } from '../context.ts';
import { dropOtherMode, quarantine, takeStripeEvent } from './take-event.ts';

/** Stripe's list may lack an event for a moment: the last five minutes are read again. */
const OVERLAP_SECONDS = 5 * 60;
const DAY_SECONDS = 24 * 60 * 60;
/** Stripe lists no older events. */
const KEPT_SECONDS = 30 * DAY_SECONDS;
/** How many pages of one window are read before its events are handled; a window with more is halved. */
const MAX_PAGES = 10;
/** An account without a payment for so long is read every hour, because a refund or dispute may still come. */
const IDLE_AFTER_MS = 35 * DAY_SECONDS * 1000;
const IDLE_PAUSE_MS = 60 * 60_000;

/**
 * Reads a connected account's Stripe events since the last time and handles them by the same code as the webhook, oldest first:
 * refunds and disputes made in Stripe's dashboard, account changes, and events whose webhook was lost. However many there are,
 * each call handles some. An account that we no longer have access to is disconnected. `endsAt` (unix ms): no further window is
 * begun after it; the rest is read next time. Throws StripeFailure or the database's error; events handled before are not read
 * again.
 */
export async function readAccountEvents(
  context: PlatformContext,
  { account, endsAt }: { readonly account: ConnectedAccount; readonly endsAt: number },
): Promise<void> {
  const stripe = context.stripeOf(account.livemode ? 'live' : 'sandbox');
  const reading = { context, stripe, account, endsAt };
  try {
    await readToNow(reading);
  } catch (error) {
    if (!isLost(error) || !(await isGone(reading))) throw error;
    await disconnect(reading);
  }
}

interface Reading {
  readonly context: PlatformContext;
  /** Stripe in the account's mode. */
  readonly stripe: StripeGateway;
  readonly account: ConnectedAccount;
  readonly endsAt: number;
}

/** A span of time: unix seconds, both included. */
interface Window {
  readonly from: number;
  readonly to: number;
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

/** The window's events, oldest first. null: there are more than MAX_PAGES; a window of one second is always read whole. */
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

/** Handles a window's events and records how far it came, also where one fails. */
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

/** Failures that would meet every event of the account now: all events wait for the next read. */
const WAITING: readonly StripeFailure['kind'][] = ['unavailable', 'in_progress', 'account_lost'];

/** Handles one event. Where Stripe refuses a call for this event alone, it is quarantined, so that it stops no later one. */
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

/** When an idle account is read next. null: the account is new, and is read as often as a busy one. */
function ifIdle(account: ConnectedAccount, now: number): { since: number; readAt: number } | null {
  const since = now - IDLE_AFTER_MS;
  return account.createdAt >= since ? null : { since, readAt: now + IDLE_PAUSE_MS };
}

function isLost(error: unknown): boolean {
  return error instanceof StripeFailure && error.kind === 'account_lost';
}

/** Reads the account itself, because its events may be refused for another reason. */
async function isGone({ stripe, account }: Reading): Promise<boolean> {
  try {
    await stripe.retrieveAccount(account.stripeAccountId);
    return false;
  } catch (error) {
    if (!isLost(error)) throw error;
    return true;
  }
}

/** Without access to the account, the Stripe event about that cannot be listed either. */
async function disconnect({ context, account }: Reading): Promise<void> {
  const owner = await findWorkspaceByAccount(context.database, account.stripeAccountId, account.livemode);
  if (!owner) return;
  const asOf = toSeconds(context.now()) * 1000;
  await disconnectAccount(inWorkspace(context, owner), { id: account.stripeAccountId, asOf });
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
