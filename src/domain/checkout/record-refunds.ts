import { firstRowId } from '../../core/ids.ts';
import {
  findPaymentByIntent,
  findPaymentByOperation,
  linkPaymentIntent,
  type Payment,
  upsertRefunds,
} from '../../db/payments.ts';
import { REFUND_STATUSES } from '../../db/schema.ts';
import type { StripeCharge, StripeRefund } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { readClaim } from './metadata.ts';
import type { SettleResult } from './settle-payment.ts';

/** Takes over Stripe's word on one refund. `foreign` where its payment is none of ours, or not told to us yet. */
export async function recordRefund(context: Context, refund: StripeRefund): Promise<SettleResult> {
  const payment =
    refund.paymentIntentId === null
      ? null
      : await findPaymentByIntent(context.database, context.workspace.id, refund.paymentIntentId);
  if (!payment) return { kind: 'foreign' };
  await write(context, payment, [refund]);
  return { kind: 'applied' };
}

/**
 * A charge of ours was refunded, here or in Stripe's dashboard: reads all its refunds from Stripe. Matches by our metadata
 * where the refund is told before the payment itself.
 */
export async function recordRefundsOfCharge(context: Context, charge: StripeCharge): Promise<SettleResult> {
  const { paymentIntentId } = charge;
  const claim = readClaim(charge.metadata);
  if (claim.operationId === null || paymentIntentId === null) return { kind: 'foreign' };
  if (claim.workspaceId !== context.workspace.id) return { kind: 'refused', reason: 'other_workspace' };
  const payment = await findPaymentByOperation(context.database, context.workspace.id, claim.operationId);
  if (!payment || !context.account) return { kind: 'refused', reason: 'unknown_operation' };
  if (payment.stripePaymentIntentId === null) await linkPaymentIntent(context.database, payment, paymentIntentId);
  await write(context, payment, await context.stripe.listRefunds(context.account.stripeAccountId, paymentIntentId));
  return { kind: 'applied' };
}

async function write(context: Context, payment: Payment, told: readonly StripeRefund[]): Promise<void> {
  const now = context.now();
  await upsertRefunds(
    context.database,
    told.map((refund) => ({
      workspaceId: context.workspace.id,
      paymentId: payment.id,
      operationId: null,
      stripeRefundId: refund.id,
      status: REFUND_STATUSES.find((status) => status === refund.status) ?? 'pending',
      amountMinor: refund.amountMinor,
      currency: refund.currency,
      reason: refund.reason,
      createdAt: refund.createdAt,
      updatedAt: now,
    })),
    firstRowId(context.shard),
    auditOf(context, 'payment.refunded', String(payment.id)),
  );
}
