import { nextSessionCheck } from '../../core/check-schedule.ts';
import { describeError, logLine } from '../../core/log.ts';
import { type Delivery, type Event, outboxStatements } from '../../db/events.ts';
import {
  changeStatusStatements,
  mayBecome,
  type PaymentStatus,
  type PaymentView,
  paymentBySessionStatement,
  toPaymentView,
} from '../../db/payments.ts';
import { stripeEventSeenStatement, violatesConstraint } from '../../db/stripe-events.ts';
import { enabledEndpointsStatement, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { tellPlace } from '../links/places.ts';
import { composeEvent } from '../webhooks/compose-event.ts';
import type { PaymentSucceededData } from '../webhooks/event-schemas.ts';
import { adoptSession } from './adopt-session.ts';
import { type Claim, readClaim } from './metadata.ts';

export interface SettleInput {
  /** Stripe's word, from an event or read again. */
  readonly session: StripeCheckoutSession;
  readonly asyncPaymentFailed: boolean;
  /** The Stripe event that told, or null where we asked. */
  readonly stripeEvent: { readonly id: string; readonly type: string; readonly createdAt: number } | null;
}

/** `foreign`: none of ours. `refused`: claims to be ours and does not fit; nothing was applied. */
export type SettleResult =
  | { readonly kind: 'applied' | 'unchanged' | 'foreign' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Takes over Stripe's word on a session: payment status (only forwards), event, and one delivery per subscribed endpoint,
 * in one atomic batch under unique ids. However often and in whatever order it is told: one payment, one event, one
 * delivery per endpoint. Two round trips to the database, then one wake-up call per new delivery.
 */
export async function settlePayment(context: Context, input: SettleInput): Promise<SettleResult> {
  const claim = readClaim(input.session.metadata);
  const target = statusFrom(input);
  const known = await readState(context, input.session.id);
  const { endpoints } = known;
  const { operationId } = claim;
  let { payment } = known;
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
  if (target === null || !mayBecome(payment.status, target)) return { kind: 'unchanged' };
  await apply(context, { payment, target, endpoints, input });
  return { kind: 'applied' };
}

/**
 * What a rule of the tables refuses is refused for ever, however often Stripe tells it: a refusal like the others, with its
 * cause in the log. Every other failure is thrown on, so that Stripe or the cron comes again.
 */
export async function refusingViolations(take: () => Promise<SettleResult>): Promise<SettleResult> {
  try {
    return await take();
  } catch (error) {
    if (!violatesConstraint(error)) throw error;
    logLine('error', 'refused by the database', { error: describeError(error) });
    return { kind: 'refused', reason: 'constraint' };
  }
}

/** Completed counts as paid only with `payment_status: paid`: a delayed method completes first and pays later. */
function statusFrom({ session, asyncPaymentFailed }: SettleInput): PaymentStatus | null {
  if (session.status === 'expired') return 'expired';
  if (session.status === 'open') return null;
  if (session.paid) return 'succeeded';
  return asyncPaymentFailed ? 'failed' : 'processing';
}

async function readState(
  context: Context,
  stripeSessionId: string,
): Promise<{ payment: PaymentView | null; endpoints: WebhookEndpoint[] }> {
  const [rows, endpoints] = await context.database.batch([
    paymentBySessionStatement(context.database, stripeSessionId),
    enabledEndpointsStatement(context.database, context.workspace.id),
  ]);
  const [row] = rows;
  return { payment: row ? toPaymentView(row) : null, endpoints };
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
  readonly target: PaymentStatus;
  readonly endpoints: readonly WebhookEndpoint[];
  readonly input: SettleInput;
}

async function apply(context: Context, change: Change): Promise<void> {
  const { payment, target, input } = change;
  const now = context.now();
  const customerEmail = input.session.customerEmail ?? payment.customerEmail;
  const next = { ...payment, checks: 0, createdAt: now };
  const changed = changeStatusStatements(
    context.database,
    payment,
    {
      status: target,
      stripePaymentIntentId: input.session.paymentIntentId,
      customerEmail,
      nextCheckAt: target === 'processing' ? nextSessionCheck(next, now) : null,
      updatedAt: now,
    },
    auditOf(context, `payment.${target}`, String(payment.id)),
  );
  const seen = input.stripeEvent ? [seenStatement(context, input.stripeEvent)] : [];
  const told = target === 'succeeded' ? await succeededEvent(context, change, customerEmail) : null;
  const outbox = told ? outboxStatements(context.database, told.event, told.deliveries) : [];
  await context.database.batch([...changed, ...seen, ...outbox]);
  await tellPlace(context, placeOf(payment), target);
  if (told) await context.wake(told.deliveries.map((delivery) => delivery.id));
}

function placeOf(payment: PaymentView) {
  return {
    token: payment.paymentLinkToken,
    maxPayments: payment.maxPayments,
    operationId: payment.operationId,
  };
}

function seenStatement(context: Context, stripeEvent: NonNullable<SettleInput['stripeEvent']>) {
  return stripeEventSeenStatement(context.database, {
    id: stripeEvent.id,
    workspaceId: context.workspace.id,
    type: stripeEvent.type,
    stripeCreatedAt: stripeEvent.createdAt,
    receivedAt: context.now(),
  });
}

/** `payments.payment.succeeded`, its data as published: `payment_link_id` is the link's token. */
async function succeededEvent(
  context: Context,
  { payment, endpoints, input }: Change,
  customerEmail: string | null,
): Promise<{ event: Event; deliveries: Delivery[] }> {
  const data: PaymentSucceededData = {
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
    customer_email: customerEmail,
    stripe_session_id: payment.stripeSessionId,
    stripe_payment_intent_id: input.session.paymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
  return await composeEvent(context, endpoints, {
    type: 'payments.payment.succeeded',
    subject: String(payment.id),
    paymentId: payment.id,
    data,
  });
}
