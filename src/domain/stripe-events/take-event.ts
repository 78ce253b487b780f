import type { Database } from '../../db/client.ts';
import { findSessionOfAccount, type PaymentView } from '../../db/payments.ts';
import { countDropped, quarantineStatement } from '../../db/stripe-events.ts';
import {
  type AccountOwner,
  findWorkspaceByAccount,
  findWorkspaceByPayment,
  type StripeNames,
} from '../../db/workspaces.ts';
import type { StripeEvent, StripeEventWithBody } from '../../stripe/gateway.ts';
import { inWorkspace, type PlatformContext } from '../context.ts';
import { refusingViolations } from '../payments/settle-result.ts';
import { applyStripeEvent, claimsToBeOurs } from './apply.ts';

/** What was done with a Stripe event. `detail`: the same in words for the log, with the reason. */
interface Taken {
  /** The workspace that the event belongs to. null: none is known, or the event is not of a type that we act on. */
  readonly workspaceId: string | null;
  readonly kind: 'applied' | 'unchanged' | 'ignored' | 'quarantined';
  readonly detail: string;
}

/**
 * Handles a verified Stripe event from a webhook, from the account's list of events, or from the quarantine. An event
 * that seems to be ours, but does not fit what is stored, is quarantined. `body`: the event's JSON as Stripe wrote it.
 * Repeatable. Throws StripeFailure or the database's error if the event must be tried again.
 */
export async function takeStripeEvent(context: PlatformContext, input: StripeEventWithBody): Promise<Taken> {
  const { event } = input;
  if (event.fact.kind === 'other' || event.account === null) {
    return { workspaceId: null, kind: 'ignored', detail: 'ignored: not a type we act on' };
  }
  const found = await findOwner(context.database, event, event.account);
  if (!found) {
    if (claimsToBeOurs(event)) return await quarantine(context, { ...input, reason: 'unknown_account' });
    return { workspaceId: null, kind: 'ignored', detail: 'ignored: unknown account' };
  }
  const { owner, payment } = found;
  const result = await refusingViolations(() => applyStripeEvent(inWorkspace(context, owner), { event, payment }));
  const workspaceId = owner.workspace.id;
  if (result.kind === 'refused') {
    return { ...(await quarantine(context, { ...input, reason: result.reason })), workspaceId };
  }
  return { workspaceId, kind: result.kind === 'foreign' ? 'ignored' : result.kind, detail: result.kind };
}

/**
 * True if an event has another mode than the endpoint or account that it came from (`livemode`). Then the event is
 * counted, and the caller must drop it. Stripe sends test events to live endpoints too.
 */
export async function dropOtherMode(context: PlatformContext, event: StripeEvent, livemode: boolean): Promise<boolean> {
  if (event.livemode === livemode) return false;
  const day = new Date(context.now()).toISOString().slice(0, 10);
  await countDropped(context.database, day, livemode ? 'test_event_on_live' : 'live_event_on_test');
  return true;
}

/** Quarantines an event: it is not applied until an operator releases it. `body`: the event's JSON. Repeatable. */
export async function quarantine(
  context: PlatformContext,
  { event, body, reason }: StripeEventWithBody & { readonly reason: string },
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
  return { workspaceId: null, kind: 'quarantined', detail: `quarantined: ${reason}` };
}

interface Found {
  readonly owner: AccountOwner;
  /** The payment of the event's session. null: none is stored. undefined: it was not read, or there is no session. */
  readonly payment: PaymentView | null | undefined;
}

/** The workspace of an event, and the payment of its session. null: no workspace is found. One or two round trips. */
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

/** The Stripe ids by which the payment of an event is found. null: the event is about the account itself. */
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
