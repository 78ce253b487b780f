import { firstRowId } from '../../core/ids.ts';
import { type DisputeState, readDisputeState, upsertDispute } from '../../db/disputes.ts';
import type { Event } from '../../db/outbox.ts';
import type { StripeDispute } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent } from '../webhooks/compose-event.ts';
import type { DisputeData } from '../webhooks/event-schemas.ts';
import type { SettleResult } from './settle-result.ts';

/** Stripe's ends of a dispute (docs.stripe.com/api/disputes/object#dispute_object-status). */
const CLOSED = new Set(['won', 'lost', 'warning_closed', 'prevented']);

/**
 * Stores a dispute as Stripe has it at `asOf` (unix ms, the Stripe event's own time): an older state never replaces a newer
 * one. Sends one event when it is opened and one when it is closed, also where its end is the first that Stripe reports.
 * `foreign` where the disputed payment is none of ours.
 */
export async function recordDispute(context: Context, dispute: StripeDispute, asOf: number): Promise<SettleResult> {
  const { database, workspace } = context;
  const { paymentIntentId } = dispute;
  if (paymentIntentId === null) return { kind: 'foreign' };
  const state = await readDisputeState(database, workspace.id, { paymentIntentId, stripeDisputeId: dispute.id });
  if (!state) return { kind: 'foreign' };
  const now = context.now();
  const isClosed = CLOSED.has(dispute.status);
  const opened = state.stored ? null : await compose(context, state, dispute, 'payments.dispute.opened');
  const closes = isClosed && (state.stored?.closedAt ?? null) === null;
  const closed = closes ? await compose(context, state, dispute, 'payments.dispute.closed') : null;
  const queued = await upsertDispute(
    database,
    {
      workspaceId: workspace.id,
      paymentId: state.payment.id,
      stripeDisputeId: dispute.id,
      status: dispute.status,
      amountMinor: dispute.amountMinor,
      currency: dispute.currency,
      reason: dispute.reason,
      closedAt: isClosed ? now : null,
      createdAt: dispute.createdAt,
      updatedAt: now,
      stateAsOf: asOf,
    },
    firstRowId(context.shard),
    auditOf(context, `payment.dispute.${dispute.status}`, String(state.payment.id)),
    { opened, closed },
  );
  await context.wake(queued);
  return { kind: 'applied' };
}

async function compose(
  context: Context,
  { payment }: DisputeState,
  dispute: StripeDispute,
  type: 'payments.dispute.opened' | 'payments.dispute.closed',
): Promise<Event> {
  const data: DisputeData = {
    payment_id: payment.id,
    dispute_id: dispute.id,
    amount_cents: dispute.amountMinor,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    reference: payment.reference,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
  return await composeEvent(context, { type, subject: dispute.id, paymentId: payment.id, data });
}
