import { describeError, logLine } from '../../core/log.ts';
import { findSessionsOfAccount, type SessionsOfAccount } from '../../db/account-sessions.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { type StripeEventWithBody, StripeFailure } from '../../stripe/gateway.ts';
import type { JobContext, PlatformContext } from '../context.ts';
import { type Found, sessionIdOf } from './find-owner.ts';
import { dropOtherMode, quarantine, takeStripeEvent } from './take-event.ts';

/** What one event costs at most, apart from very many refunds, which are stored in parts. */
const EVENT_COST = { queries: 30, stripeCalls: 4 };

/** Kinds of failures that any event of the account would meet now: its events wait for the next read. */
const WAITING: readonly StripeFailure['kind'][] = ['unavailable', 'rate_limited', 'in_progress', 'account_lost'];

interface ListedEvents {
  readonly account: ConnectedAccount;
  /** Oldest first. */
  readonly events: readonly StripeEventWithBody[];
  /** No event is begun after this time (unix ms). */
  readonly endsAt: number;
}

/**
 * Handles a part of an account's listed Stripe events like webhooks. Calls `handled` after each. The workspace and the
 * payments of all sessions in this part are read at once. Returns false if the time or the budget ends before all are
 * handled. Throws StripeFailure or the database's error if an event must be tried again.
 */
export async function takeListedEvents(
  context: JobContext,
  { account, events, endsAt }: ListedEvents,
  handled: (event: StripeEventWithBody) => void,
): Promise<boolean> {
  const { database, budget } = context;
  const sessionIds = events.flatMap(({ event }) => sessionIdOf(event) ?? []);
  const named = { account: account.stripeAccountId, livemode: account.livemode };
  const known = await findSessionsOfAccount(database, named, [...new Set(sessionIds)]);
  for (const one of events) {
    const end = context.now() < endsAt ? budget.begin(EVENT_COST) : null;
    if (!end) return false;
    const isOfOtherMode = await dropOtherMode(context, one.event, account.livemode);
    if (!isOfOtherMode) await takeListed(context, one, known && foundIn(context, known, one));
    handled(one);
    end();
  }
  logLine('info', 'stripe events read', { account: account.stripeAccountId, count: events.length });
  return true;
}

/** What is known about an event's session is used once: handling the event changes it. */
function foundIn(
  platform: PlatformContext,
  { owner, payments }: SessionsOfAccount,
  { event }: StripeEventWithBody,
): Found {
  const sessionId = sessionIdOf(event) ?? '';
  const payment = payments.get(sessionId);
  payments.delete(sessionId);
  return { platform, owner, payment };
}

/** Handles one event. If Stripe refuses a call for this event alone, the event is quarantined and delays no other. */
async function takeListed(context: JobContext, input: StripeEventWithBody, found: Found | null): Promise<void> {
  try {
    await takeStripeEvent(context, input, found ?? undefined);
  } catch (error) {
    if (!(error instanceof StripeFailure) || WAITING.includes(error.kind)) throw error;
    const { account, id, type } = input.event;
    logLine('error', 'stripe event quarantined', { account, stripe_event: id, type, error: describeError(error) });
    await quarantine(context, { ...input, reason: `stripe_${error.kind}` });
  }
}
