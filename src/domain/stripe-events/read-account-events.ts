import { canCharge, factsOf } from '../../core/account-state.ts';
import type { Mode } from '../../core/api-keys.ts';
import { describeError, logLine } from '../../core/log.ts';
import { type AccountReading, recordReadings } from '../../db/account-polling.ts';
import { type ConnectedAccount, findWorkspaceByAccount } from '../../db/workspaces.ts';
import { type Page, type StripeEventWithBody, StripeFailure } from '../../stripe/gateway.ts';
import { storeReading } from '../accounts/sync-account.ts';
import { inWorkspace, type JobContext } from '../context.ts';
import { takeListedEvents } from './take-listed-events.ts';

/** The last five minutes are read again in the next read, because Stripe may list a new event late. */
const OVERLAP_SECONDS = 5 * 60;
const DAY_SECONDS = 24 * 60 * 60;
/** How long Stripe lists an event. */
const KEPT_SECONDS = 30 * DAY_SECONDS;
/** A span of time with more pages of events than this is shortened before its events are handled. */
const MAX_PAGES = 10;
/** An account without a payment for this long is idle: its events are read every hour, for a late refund or dispute. */
const IDLE_AFTER_MS = 35 * DAY_SECONDS * 1000;
const IDLE_PAUSE_MS = 60 * 60_000;
/** How many events are handled between two records of the progress. */
const RECORDED_AFTER = 100;
/** However slow Stripe lists a span of time, its events are handled for so long (ms): each run makes progress. */
const HANDLED_AT_LEAST_MS = 5_000;

/** The mode of an account's workspace. */
export function modeOf({ livemode }: Pick<ConnectedAccount, 'livemode'>): Mode {
  return livemode ? 'live' : 'sandbox';
}

/**
 * Reads a connected account's new Stripe events and handles them like webhooks, oldest first. This finds events whose
 * webhook was lost, and refunds, disputes and account changes made at Stripe. Records the progress after every 100
 * events. Returns how far the events were read, which the caller records; the account is due at once if the budget ended
 * before all were handled. Throws StripeFailure or the database's error; the next call continues after the events that
 * were handled.
 */
export async function readAccountEvents(context: JobContext, account: ConnectedAccount): Promise<AccountReading> {
  const now = toSeconds(context.now());
  const since = toSeconds(account.stripeEventsReadTo ?? account.createdAt - OVERLAP_SECONDS * 1000);
  const from = Math.min(now, Math.max(since, now - KEPT_SECONDS));
  const reading: Reading = {
    context,
    account,
    now,
    reached: { second: from, id: from === since ? account.stripeEventsReadId : null },
  };
  await readStateOfNotReady(context, account);
  const isComplete = await readToNow(reading, from);
  return {
    account,
    read: settledOf(reading),
    nextReadAt: isComplete ? null : context.now(),
    ifIdle: isComplete ? ifIdle(account, now * 1000) : null,
  };
}

/**
 * Asks Stripe for an account that may not charge as far as we know, or that was not read yet. It can have been attached
 * while Stripe did not answer, or closed by one refused session, and then no event says that it may charge. A failure
 * does not delay its events.
 */
async function readStateOfNotReady(context: JobContext, account: ConnectedAccount): Promise<void> {
  const { stripeAccountId, livemode } = account;
  if (canCharge(account) && account.payoutsEnabled !== null) return;
  try {
    const asOf = context.now();
    const current = await context.stripeOf(modeOf(account)).retrieveAccount(stripeAccountId);
    // Most accounts that are not ready stay so for weeks: they cost no query.
    if (JSON.stringify(factsOf(current)) === JSON.stringify(factsOf(account))) return;
    const owner = await findWorkspaceByAccount(context.database, stripeAccountId, livemode);
    if (owner) await storeReading(inWorkspace(context, owner), current, asOf);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    logLine('error', 'account not read', { account: stripeAccountId, error: describeError(error) });
  }
}

interface Reading {
  readonly context: JobContext;
  readonly account: ConnectedAccount;
  /** When the reading began, in unix seconds. */
  readonly now: number;
  /** Up to this second and this event of it, everything is handled. `id` null: no event of the second is. */
  reached: { readonly second: number; readonly id: string | null };
}

/** A span of time. `from`, `to`: unix seconds, both included. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** Returns false if the budget ends before all events are handled. */
async function readToNow(reading: Reading, start: number): Promise<boolean> {
  const { budget } = reading.context;
  const { now } = reading;
  let from = start;
  let span = now - from;
  do {
    const window = { from, to: Math.min(now, from + span) };
    const listed = await listWindow(reading, window);
    if (!listed) return false;
    if (listed.isComplete) {
      if (!(await takeWindow(reading, listed.events))) return false;
      from = window.to + 1;
      reading.reached = { second: from, id: null };
      span = 2 * span + 1;
    } else {
      span = shorterSpan(window, listed.events);
    }
    // However slow Stripe is, one window is handled: otherwise a busy account would never make progress.
  } while (from <= now && (from === start || !budget.isOver));
  return from > now;
}

/** At most half of the window, and no longer than the time whose events did fit. `listed`: newest first. */
function shorterSpan({ from, to }: Window, listed: readonly StripeEventWithBody[]): number {
  const oldest = listed.at(-1);
  const fitted = oldest ? to - toSeconds(oldest.event.createdAt) : Number.POSITIVE_INFINITY;
  return Math.min(Math.floor((to - from) / 2), fitted);
}

interface Listed {
  /** Newest first. */
  readonly events: readonly StripeEventWithBody[];
  /** False: there are more than MAX_PAGES pages. A window of one second is read whole. */
  readonly isComplete: boolean;
}

/** The Stripe events of a window. null: the budget ends before all pages are read. */
async function listWindow({ context, account }: Reading, { from, to }: Window): Promise<Listed | null> {
  const stripe = context.stripeOf(modeOf(account));
  const events: StripeEventWithBody[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < MAX_PAGES || from === to; pages++) {
    const end = context.budget.begin({ queries: 0, stripeCalls: 1 });
    if (!end) return null;
    end();
    const span = { from: from * 1000, to: to * 1000 };
    const page: Page<StripeEventWithBody> = await stripe.listEvents(account.stripeAccountId, { ...span, after });
    events.push(...page.items);
    if (page.next === null) return { events, isComplete: true };
    after = page.next;
  }
  return { events, isComplete: false };
}

/** Handles the events of a window, oldest first. Returns false if the budget ends before all are handled. */
async function takeWindow(reading: Reading, newestFirst: readonly StripeEventWithBody[]): Promise<boolean> {
  const { context } = reading;
  const endsAt = Math.max(context.budget.endsAt, context.now() + HANDLED_AT_LEAST_MS);
  const listed = newestFirst.toReversed();
  const handled = listed.findIndex(({ event }) => event.id === reading.reached.id) + 1;
  for (let start = handled; start < listed.length; start += RECORDED_AFTER) {
    const events = listed.slice(start, start + RECORDED_AFTER);
    if (!(await takePart(reading, events, endsAt))) return false;
  }
  return true;
}

/** Handles events and records up to which one they were handled, also if one of them fails. */
async function takePart(reading: Reading, events: readonly StripeEventWithBody[], endsAt: number): Promise<boolean> {
  const { context, account } = reading;
  try {
    return await takeListedEvents(context, { account, events, endsAt }, ({ event }) => {
      reading.reached = { second: toSeconds(event.createdAt), id: event.id };
    });
  } finally {
    await recordReadings(context.database, [{ account, read: settledOf(reading), nextReadAt: null, ifIdle: null }]);
  }
}

/** What is to be recorded as read: nothing of the last five minutes. */
function settledOf({ now, reached }: Reading): NonNullable<AccountReading['read']> {
  const settled = now - OVERLAP_SECONDS;
  return reached.second <= settled ? { to: reached.second * 1000, id: reached.id } : { to: settled * 1000, id: null };
}

/** An account without a payment after `since` is read next at `readAt`. null: the account is too new for that. */
function ifIdle(account: ConnectedAccount, now: number): AccountReading['ifIdle'] {
  const since = now - IDLE_AFTER_MS;
  return account.createdAt >= since ? null : { since, readAt: now + IDLE_PAUSE_MS };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
