import { firstRowId } from '../../core/ids.ts';
import {
  findPaymentByIntent,
  findPaymentByOperation,
  type Payment,
  type ToldRefund,
  upsertRefunds,
} from '../../db/payments.ts';
import { REFUND_STATUSES } from '../../db/schema.ts';
import { type StripeCharge, StripeFailure, type StripeRefund } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { readClaim } from './metadata.ts';
import type { SettleResult } from './settle-payment.ts';

/** Takes over Stripe's word on one refund. `foreign` where its payment is none of ours, or not told to us yet. */
export async function recordRefund(context: Context, refund: StripeRefund): Promise<SettleResult> {
  const { paymentIntentId } = refund;
  if (paymentIntentId === null) return { kind: 'foreign' };
  const payment = await findPaymentByIntent(context.database, context.workspace.id, paymentIntentId);
  if (!payment) return { kind: 'foreign' };
  return await record(context, payment, paymentIntentId, [refund]);
}

/**
 * A charge of ours was refunded, here or in Stripe's dashboard: reads all its refunds from Stripe. Matches by our metadata
 * where the refund is told before the payment itself, and by the payment intent where the metadata is gone: a merchant can
 * edit it. `foreign` only with neither. Throws StripeFailure while Stripe cannot be asked.
 */
export async function recordRefundsOfCharge(context: Context, charge: StripeCharge): Promise<SettleResult> {
  const { paymentIntentId } = charge;
  const { operationId, workspaceId } = readClaim(charge.metadata);
  if (operationId !== null && workspaceId !== context.workspace.id) {
    return { kind: 'refused', reason: 'other_workspace' };
  }
  if (paymentIntentId === null) {
    return operationId === null ? { kind: 'foreign' } : { kind: 'refused', reason: 'no_payment_intent' };
  }
  const payment =
    operationId === null
      ? await findPaymentByIntent(context.database, context.workspace.id, paymentIntentId)
      : await findPaymentByOperation(context.database, context.workspace.id, operationId);
  if (!payment) {
    return operationId === null ? { kind: 'foreign' } : { kind: 'refused', reason: 'unknown_operation' };
  }
  if (payment.stripePaymentIntentId !== null && payment.stripePaymentIntentId !== paymentIntentId) {
    return { kind: 'refused', reason: 'payment_intent_of_another_session' };
  }
  const refunds = await readRefunds(context, paymentIntentId);
  if (!refunds) return { kind: 'refused', reason: 'refunds_unreadable' };
  return await record(context, payment, paymentIntentId, refunds);
}

/**
 * Stripe's refunds of a payment intent; null where Stripe will never tell: it does not know the intent, or no longer lets us
 * see the account. Throws StripeFailure for every other cause.
 */
export async function readRefunds(context: Context, paymentIntentId: string): Promise<StripeRefund[] | null> {
  if (!context.account) return null;
  try {
    return await context.stripe.listRefunds(context.account.stripeAccountId, paymentIntentId);
  } catch (error) {
    if (error instanceof StripeFailure && (error.kind === 'not_found' || error.kind === 'account_lost')) return null;
    throw error;
  }
}

/** Stripe's refunds as rows; one of no amount gives nothing back and is left out. */
export function toRefundRows(context: Context, refunds: readonly StripeRefund[]): ToldRefund[] {
  return refunds
    .filter((refund) => refund.amountMinor >= 1)
    .map((refund) => ({
      operationId: null,
      stripeRefundId: refund.id,
      status: REFUND_STATUSES.find((status) => status === refund.status) ?? 'pending',
      amountMinor: refund.amountMinor,
      currency: refund.currency,
      reason: refund.reason,
      createdAt: refund.createdAt,
      updatedAt: context.now(),
    }));
}

async function record(
  context: Context,
  payment: Payment,
  paymentIntentId: string,
  refunds: readonly StripeRefund[],
): Promise<SettleResult> {
  const rows = toRefundRows(context, refunds);
  await upsertRefunds(
    context.database,
    payment,
    { paymentIntentId, refunds: rows },
    firstRowId(context.shard),
    auditOf(context, 'payment.refunded', String(payment.id)),
  );
  return rows.length === refunds.length ? { kind: 'applied' } : { kind: 'refused', reason: 'refund_without_amount' };
}
