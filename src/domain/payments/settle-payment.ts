import { nextSessionCheck } from '../../core/schedules.ts';
import { auditOnceStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { type Event, outboxIfChangedStatements, outboxStatements, queuedIn } from '../../db/outbox.ts';
import { paidCountIn, paidCountStatement } from '../../db/payment-links.ts';
import {
  changeStatusStatement,
  findPaymentBySession,
  mayBecome,
  type PaymentView,
  postponeCheckStatement,
} from '../../db/payments.ts';
import { refundsOfPaymentStatement } from '../../db/refunds.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { markPlacePaid, updatePlace } from '../links/places.ts';
import { composeSoldOut } from '../links/sell-out.ts';
import { adoptSession } from './adopt-session.ts';
import { type Claim, readClaim } from './metadata.ts';
import { composePaymentEvent, composeRefunds, type SettledStatus } from './payment-events.ts';
import type { SettleResult } from './settle-result.ts';

/** A Stripe session whose state is to be stored. */
interface SettleInput {
  /** The session as Stripe has it, from a Stripe event or read by us. */
  readonly session: StripeCheckoutSession;
  /** True: the session is complete, and its delayed payment has failed. */
  readonly asyncPaymentFailed: boolean;
  /** The session's payment. null: none is stored. undefined: the caller has not read it. */
  readonly payment?: PaymentView | null | undefined;
}

/**
 * Stores the state of a Stripe session: the payment's new status, the event about it, and one delivery for each
 * subscribed endpoint, in one batch. Then queues the deliveries. A status never goes back. A repeated or
 * older report changes nothing: a session has one payment, and at most one event for each status.
 */
export async function settlePayment(context: Context, input: SettleInput): Promise<SettleResult> {
  const claim = readClaim(input.session.metadata);
  const target = statusFrom(input);
  const { operationId } = claim;
  let payment =
    input.payment === undefined ? await findPaymentBySession(context.database, input.session.id) : input.payment;
  if (!payment) {
    if (operationId === null) return { kind: 'foreign' };
    if (claim.workspaceId !== context.workspace.id) return { kind: 'refused', reason: 'other_workspace' };
    if (target !== 'succeeded' && target !== 'processing') return { kind: 'unchanged' };
    const adoption = await adoptSession(context, input.session, { ...claim, operationId });
    if (adoption.kind === 'refused') return adoption;
    payment = adoption.payment;
  }
  const refusal = refusalOf(context, payment, input.session, claim);
  if (refusal) return { kind: 'refused', reason: refusal };
  if (target === null) return { kind: 'unchanged' };
  const change = { payment, target, session: input.session };
  if (mayBecome(payment.status, target)) {
    await apply(context, change);
    return { kind: 'applied' };
  }
  if (hasMissedPlace(payment) && payment.status === target) await updateMissedPlace(context, change);
  return { kind: 'unchanged' };
}

/** The payment's status; null: the session is open. With a delayed payment method a complete session may be unpaid. */
function statusFrom({ session, asyncPaymentFailed }: SettleInput): SettledStatus | null {
  if (session.status === 'expired') return 'expired';
  if (session.status === 'open') return null;
  if (session.paid) return 'succeeded';
  return asyncPaymentFailed ? 'failed' : 'processing';
}

function refusalOf(
  context: Context,
  payment: PaymentView,
  session: StripeCheckoutSession,
  claim: Claim,
): string | null {
  if (payment.workspaceId !== context.workspace.id) return 'other_workspace';
  if (claim.workspaceId !== null && claim.workspaceId !== context.workspace.id) return 'other_workspace';
  if (session.amountMinor !== payment.amountMinor || session.currency !== payment.currency) return 'amount_differs';
  return null;
}

interface Change {
  readonly payment: PaymentView;
  readonly target: SettledStatus;
  readonly session: StripeCheckoutSession;
}

/**
 * Stores a payment's new status. The place at the link's gate is updated before, so that a repetition after a crash does
 * everything again. Only a succeeded payment is stored first: the gate needs the number of payments that includes it.
 */
async function apply(context: Context, change: Change): Promise<void> {
  const { database } = context;
  const { payment, target, session } = change;
  const settled: PaymentView = {
    ...payment,
    stripePaymentIntentId: session.paymentIntentId ?? payment.stripePaymentIntentId,
    customerEmail: session.customerEmail ?? payment.customerEmail,
  };
  const isPaid = target === 'succeeded';
  const isPlaceUpdated = isPaid || (await updatePlace(context, placeOf(payment), target));
  const event = await composePaymentEvent(context, settled, target);
  const refunded = isPaid ? await composeStoredRefunds(context, settled) : [];
  const results = await database.batch([
    statusStatement(context, change, settled, !isPlaceUpdated),
    ...outboxIfChangedStatements(database, event),
    ...refunded.flatMap((refund) => outboxStatements(database, refund)),
    ...(isPaid ? await linkStatements(context, payment) : []),
    ...(target === 'expired' ? auditStatements(context, payment) : []),
  ]);
  await context.wake(queuedIn(results));
  const paidCount = paidCountIn(results);
  if (paidCount !== null) await markPlacePaid(context, placeOf(payment), paidCount);
}

/** Statements about the link of a payment, for the batch that stores the payment, after the payment's own. */
async function linkStatements(context: Context, payment: PaymentView): Promise<readonly Statement[]> {
  if (payment.paymentLinkId === null) return [];
  return [...(await composeSoldOut(context, payment)), paidCountStatement(context.database, payment.paymentLinkId)];
}

/**
 * Says which key has ended the session, also where Stripe's event about it was settled first. No entry: no key has. Only
 * requests of the same minute can have written the entry before.
 */
function auditStatements(context: Context, { stripeSessionId }: PaymentView): readonly Statement[] {
  if (context.actor.kind !== 'key') return [];
  const audit = auditOf(context, 'checkout_session.expire', stripeSessionId);
  return [auditOnceStatement(context.database, audit, audit.at - 60_000)];
}

/** `placeMissed`: the link's gate was not reached, so the cron must check the session again. */
function statusStatement(context: Context, { payment, target }: Change, settled: PaymentView, placeMissed: boolean) {
  const { stripePaymentIntentId, customerEmail } = settled;
  const now = context.now();
  const isCheckedAgain = target === 'processing' || placeMissed;
  const nextCheckAt = isCheckedAgain ? nextSessionCheck({ ...settled, checks: 0, createdAt: now }, now) : null;
  return changeStatusStatement(context.database, payment, {
    status: target,
    nextCheckAt,
    updatedAt: now,
    stripePaymentIntentId,
    customerEmail,
  });
}

/** The events about refunds that `adoptSession` stored with the payment, when the payment had no id for events yet. */
async function composeStoredRefunds(context: Context, payment: PaymentView): Promise<Event[]> {
  if (!payment.hasRefunds) return [];
  const stored = await refundsOfPaymentStatement(context.database, payment);
  const refunds = await composeRefunds(context, { payment, stored: [] }, stored);
  return refunds.flatMap(({ event }) => (event ? [event] : []));
}

/** True if the link's gate was not reached: no other payment with a final status has a next check. */
function hasMissedPlace({ status, nextCheckAt }: PaymentView): boolean {
  return nextCheckAt !== null && status !== 'created' && status !== 'processing';
}

/** Tries again to update the payment's place at the link's gate. */
async function updateMissedPlace(context: Context, { payment, target }: Omit<Change, 'session'>): Promise<void> {
  const place = placeOf(payment);
  const isUpdated =
    target === 'succeeded' && payment.paidCount !== null
      ? await markPlacePaid(context, place, payment.paidCount)
      : await updatePlace(context, place, target);
  if (isUpdated) await postponeCheckStatement(context.database, payment, null);
}

function placeOf(payment: PaymentView) {
  const { paymentLinkToken: token, maxPayments, operationId } = payment;
  return { token, maxPayments, operationId };
}
