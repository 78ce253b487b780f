import { firstRowId } from '../../core/ids.ts';
import { upsertDispute } from '../../db/disputes.ts';
import { findPaymentByIntent } from '../../db/payments.ts';
import type { StripeDispute } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import type { SettleResult } from './settle-payment.ts';

/** Stripe's ends of a dispute (docs.stripe.com/api/disputes/object#dispute_object-status). */
const CLOSED = new Set(['won', 'lost', 'warning_closed', 'prevented']);

/**
 * Takes over Stripe's word on a dispute as of `asOf` (unix ms, the Stripe event's own time): an older word never beats a
 * newer one. `foreign` where the disputed payment is none of ours.
 */
export async function recordDispute(context: Context, dispute: StripeDispute, asOf: number): Promise<SettleResult> {
  const payment =
    dispute.paymentIntentId === null
      ? null
      : await findPaymentByIntent(context.database, context.workspace.id, dispute.paymentIntentId);
  if (!payment) return { kind: 'foreign' };
  const now = context.now();
  await upsertDispute(
    context.database,
    {
      workspaceId: context.workspace.id,
      paymentId: payment.id,
      stripeDisputeId: dispute.id,
      status: dispute.status,
      amountMinor: dispute.amountMinor,
      currency: dispute.currency,
      reason: dispute.reason,
      closedAt: CLOSED.has(dispute.status) ? now : null,
      createdAt: dispute.createdAt,
      updatedAt: now,
      stateAsOf: asOf,
    },
    firstRowId(context.shard),
    auditOf(context, `payment.dispute.${dispute.status}`, String(payment.id)),
  );
  return { kind: 'applied' };
}
