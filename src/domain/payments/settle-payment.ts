import { nextSessionCheck } from '../../core/check-schedule.ts';
import { outboxIfChangedStatements, outboxStatements } from '../../db/events.ts';
import { changeStatusStatements, mayBecome, type PaymentView, postponeCheckStatement } from '../../db/payments.ts';
import { refundsOfPaymentStatement } from '../../db/refunds.ts';
import { readSessionState, type SessionState } from '../../db/session-state.ts';
import type { WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { tellPlace } from '../links/places.ts';
import { composeSoldOut } from '../links/sell-out.ts';
import { type ComposedEvent, deliveryIdsOf } from '../webhooks/compose-event.ts';
import { adoptSession } from './adopt-session.ts';
import { type Claim, readClaim } from './metadata.ts';
import { composePaymentEvent, type SettledStatus } from './payment-event.ts';
import { composeRefunds } from './refund-event.ts';
import type { SettleResult } from './settle-result.ts';

export interface SettleInput {
  /** Stripe's word, from an event or read again. */
  readonly session: StripeCheckoutSession;
  readonly asyncPaymentFailed: boolean;
}

/**
 * Takes over Stripe's word on a session: payment status (only forwards), event, and one delivery per subscribed endpoint,
 * in one atomic batch under unique ids. However often and in whatever order it is told: one payment, one event of each
 * status it takes, one delivery per endpoint. `known`: read already, with the workspace. Then one wake-up call per delivery.
 */
export async function settlePayment(context: Context, input: SettleInput, known?: SessionState): Promise<SettleResult> {
  const claim = readClaim(input.session.metadata);
  const target = statusFrom(input);
  const state = known ?? (await readSessionState(context.database, context.workspace.id, input.session.id));
  const { endpoints } = state;
  const { operationId } = claim;
  let { payment } = state;
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
  const change = { payment, target, endpoints, session: input.session };
  if (mayBecome(payment.status, target)) {
    await apply(context, change);
    return { kind: 'applied' };
  }
  if (isLookedAtAfterItsEnd(payment) && payment.status === target) await tellMissedPlace(context, change);
  return { kind: 'unchanged' };
}

/** Completed counts as paid only with `payment_status: paid`: a delayed method completes first and pays later. */
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
  readonly endpoints: readonly WebhookEndpoint[];
  readonly session: StripeCheckoutSession;
}

/**
 * The place of the link first: when it is the last one paid, the link's end is told in the same batch as the payment, and a
 * run that dies in between is repeated as a whole.
 */
async function apply(context: Context, change: Change): Promise<void> {
  const { database } = context;
  const { payment, target, endpoints, session } = change;
  const settled: PaymentView = {
    ...payment,
    stripePaymentIntentId: session.paymentIntentId ?? payment.stripePaymentIntentId,
    customerEmail: session.customerEmail ?? payment.customerEmail,
  };
  const place = await tellPlace(context, placeOf(payment), target);
  const told = await composePaymentEvent(context, endpoints, settled, target);
  const refunded = target === 'succeeded' ? await composeKnownRefunds(context, settled, endpoints) : [];
  const soldOut = place === 'last' ? await composeSoldOut(context, payment, endpoints) : null;
  await database.batch([
    ...statusStatements(context, settled, target, place === 'missed'),
    ...outboxIfChangedStatements(database, told.event, told.deliveries),
    ...refunded.flatMap((refund) => outboxStatements(database, refund.event, refund.deliveries)),
    ...(soldOut?.statements ?? []),
  ]);
  await context.wake(deliveryIdsOf([told, ...refunded, ...(soldOut ? [soldOut.told] : [])]));
}

/** `placeMissed`: the gate of its link could not be told, so that the cron has to come back to it. */
function statusStatements(context: Context, settled: PaymentView, target: SettledStatus, placeMissed: boolean) {
  const now = context.now();
  const comesBack = target === 'processing' || placeMissed;
  return changeStatusStatements(
    context.database,
    settled,
    {
      status: target,
      stripePaymentIntentId: settled.stripePaymentIntentId,
      customerEmail: settled.customerEmail,
      nextCheckAt: comesBack ? nextSessionCheck({ ...settled, checks: 0, createdAt: now }, now) : null,
      updatedAt: now,
    },
    auditOf(context, `payment.${target}`, String(settled.id)),
  );
}

/** Of refunds that were written with the row of a session taken over: their payment had no id before. */
async function composeKnownRefunds(
  context: Context,
  payment: PaymentView,
  endpoints: readonly WebhookEndpoint[],
): Promise<ComposedEvent[]> {
  if (payment.refundedMinor === 0) return [];
  const known = await refundsOfPaymentStatement(context.database, payment);
  const told = await composeRefunds(context, { payment, endpoints, stored: [] }, known);
  return told.flatMap(({ event }) => (event ? [event] : []));
}

/** True where the gate of its link has missed what became of it: nothing else keeps a payment due that has its end. */
function isLookedAtAfterItsEnd({ status, nextCheckAt }: PaymentView): boolean {
  return nextCheckAt !== null && status !== 'created' && status !== 'processing';
}

/** The gate of the link is told again, until it hears. */
async function tellMissedPlace(
  context: Context,
  { payment, target, endpoints }: Omit<Change, 'session'>,
): Promise<void> {
  const place = await tellPlace(context, placeOf(payment), target);
  if (place === 'missed') return;
  const soldOut = place === 'last' ? await composeSoldOut(context, payment, endpoints) : null;
  await context.database.batch([
    postponeCheckStatement(context.database, payment, null),
    ...(soldOut?.statements ?? []),
  ]);
  if (soldOut) await context.wake(deliveryIdsOf([soldOut.told]));
}

function placeOf(payment: PaymentView) {
  return {
    token: payment.paymentLinkToken,
    maxPayments: payment.maxPayments,
    operationId: payment.operationId,
  };
}
