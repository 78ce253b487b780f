import { DISPUTE_ACTION } from '../../core/audit-actions.ts';
import { readDisputeState, upsertDispute } from '../../db/disputes.ts';
import type { StripeDispute } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent, disputeData } from '../webhooks/event-data.ts';
import type { SettleResult } from './settle-result.ts';

/** The statuses in which a dispute is closed (docs.stripe.com/api/disputes/object#dispute_object-status). */
const CLOSED = new Set(['won', 'lost', 'warning_closed', 'prevented']);

/**
 * Stores a dispute as Stripe had it at `asOf` (unix ms, the Stripe event's own time). An older state never replaces a
 * newer one. Queues one event about the opening and one about the end, both if Stripe first reports a closed dispute.
 * Returns `foreign` if the disputed payment is not ours.
 */
export async function recordDispute(
  context: Context,
  dispute: StripeDispute & { readonly asOf: number },
): Promise<SettleResult> {
  const { database, workspace } = context;
  const { paymentIntentId } = dispute;
  if (paymentIntentId === null) return { kind: 'foreign' };
  const state = await readDisputeState(database, workspace.id, { paymentIntentId, stripeDisputeId: dispute.id });
  if (!state) return { kind: 'foreign' };
  const now = context.now();
  const isClosed = CLOSED.has(dispute.status);
  const closes = isClosed && (state.stored?.closedAt ?? null) === null;
  const { payment } = state;
  const fact = { subject: dispute.id, paymentId: payment.id, data: disputeData(payment, dispute) };
  const opened = state.stored ? null : await composeEvent(context, { type: 'payments.dispute.opened', ...fact });
  const closed = closes ? await composeEvent(context, { type: 'payments.dispute.closed', ...fact }) : null;
  const queued = await upsertDispute(
    database,
    {
      workspaceId: workspace.id,
      paymentId: payment.id,
      stripeDisputeId: dispute.id,
      status: dispute.status,
      amountMinor: dispute.amountMinor,
      currency: dispute.currency,
      reason: dispute.reason,
      closedAt: isClosed ? now : null,
      // Stripe's clock can be ahead of ours: nothing is stored as later than the event about it.
      createdAt: Math.min(dispute.createdAt, now),
      updatedAt: now,
      stateAsOf: dispute.asOf,
    },
    auditOf(context, `${DISPUTE_ACTION}.${dispute.status}`, String(payment.id)),
    { opened, closed },
  );
  await context.wake(queued);
  return { kind: 'applied' };
}
