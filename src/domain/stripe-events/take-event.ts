import type { Database } from '../../db/client.ts';
import { findSessionOfAccount, type PaymentView } from '../../db/payments.ts';
import { countDropped, quarantineStatement } from '../../db/stripe-events.ts';
import {
  type AccountOwner,
  findWorkspaceByAccount,
  findWorkspaceByPayment,
  type StripeNames,
} from '../../db/workspaces.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { inWorkspace, type PlatformContext } from '../context.ts';
import { refusingViolations } from '../payments/settle-result.ts';
import { applyStripeEvent, claimsToBeOurs } from './apply.ts';

/** What was done with a Stripe event; `detail` is a word for the log. */
export interface Taken {
  readonly kind: 'applied' | 'unchanged' | 'ignored' | 'quarantined';
  readonly detail: string;
}

/**
 * Takes a Stripe event that is known to be Stripe's word, however it came: by webhook, read from the account's events, or
 * released by an operator. What claims to be ours and does not fit is set aside with `body`, the event as Stripe wrote it.
 * Repeatable. Throws StripeFailure or the database's error where it has to come again.
 */
export async function takeStripeEvent(context: PlatformContext, event: StripeEvent, body: string): Promise<Taken> {
  if (event.fact.kind === 'other' || event.account === null) {
    return { kind: 'ignored', detail: 'ignored: not a type we act on' };
  }
  const found = await findOwner(context.database, event, event.account);
  const quarantine = (reason: string) => setAside(context, event, body, reason);
  if (!found) {
    if (claimsToBeOurs(event)) return await quarantine('unknown_account');
    return { kind: 'ignored', detail: 'ignored: unknown account' };
  }
  const result = await refusingViolations(() =>
    applyStripeEvent(inWorkspace(context, found.owner), event, found.payment),
  );
  if (result.kind === 'refused') return await quarantine(result.reason);
  if (result.kind === 'foreign') return { kind: 'ignored', detail: result.kind };
  return { kind: result.kind, detail: result.kind };
}

/**
 * True where an event is of the other mode than the one it came by (`livemode`): it is counted and dropped. Stripe sends
 * test events to live endpoints too.
 */
export async function dropOtherMode(context: PlatformContext, event: StripeEvent, livemode: boolean): Promise<boolean> {
  if (event.livemode === livemode) return false;
  const day = new Date(context.now()).toISOString().slice(0, 10);
  await countDropped(context.database, day, livemode ? 'test_event_on_live' : 'live_event_on_test');
  return true;
}

/** Sets an event aside, as Stripe wrote it: nothing of it is applied until an operator releases it. Repeatable. */
export async function setAside(
  context: PlatformContext,
  event: StripeEvent,
  body: string,
  reason: string,
): Promise<Taken> {
  await quarantineStatement(context.database, {
    id: event.id,
    stripeAccountId: event.account ?? '',
    livemode: event.livemode,
    type: event.type,
    reason,
    body,
    receivedAt: context.now(),
    releasedAt: null,
  });
  return { kind: 'quarantined', detail: `quarantined: ${reason}` };
}

interface Found {
  readonly owner: AccountOwner;
  /** Of its session; null: none is written. undefined: not read, or the event is of no session. */
  readonly payment: PaymentView | null | undefined;
}

/** Whose event it is, and of a session what is known of it, in one round trip; one more for an account that is connected no more. */
async function findOwner(database: Database, event: StripeEvent, account: string): Promise<Found | null> {
  const connected = await findConnected(database, event, account);
  if (connected) return connected;
  const names = namesIn(event);
  const owner = names && (await findWorkspaceByPayment(database, { account, livemode: event.livemode, ...names }));
  return owner && { owner, payment: undefined };
}

async function findConnected(
  database: Database,
  { fact, livemode }: StripeEvent,
  account: string,
): Promise<Found | null> {
  if (fact.kind === 'session') {
    return await findSessionOfAccount(database, { account, livemode, stripeSessionId: fact.session.id });
  }
  const owner = await findWorkspaceByAccount(database, account, livemode);
  return owner && { owner, payment: undefined };
}

/** What of an event names a payment; null: an event of the account itself. */
function namesIn({ fact }: StripeEvent): StripeNames | null {
  switch (fact.kind) {
    case 'session':
      return { sessionId: fact.session.id, paymentIntentId: null };
    case 'charge_refunded':
      return { sessionId: null, paymentIntentId: fact.charge.paymentIntentId };
    case 'refund':
      return { sessionId: null, paymentIntentId: fact.refund.paymentIntentId };
    case 'dispute':
      return { sessionId: null, paymentIntentId: fact.dispute.paymentIntentId };
    case 'misshapen':
      return { sessionId: fact.traces.id, paymentIntentId: fact.traces.paymentIntentId };
    default:
      return null;
  }
}
