import type { Statement } from '../../db/client.ts';
import { hasFailed, type RefundFacts, type RefundState, readRefundState, upsertRefunds } from '../../db/refunds.ts';
import { REFUND_STATUSES } from '../../db/schema.ts';
import { type StripeCharge, StripeFailure, type StripeRefund } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { readClaim, reasonIn } from './metadata.ts';
import { composeRefunds } from './payment-events.ts';
import type { SettleResult } from './settle-result.ts';

/**
 * Stores one refund that Stripe reported. Returns `foreign` if no stored payment has the refund's payment intent, and
 * `refused` if the refund's metadata names another workspace or the refund's amount is 0.
 */
export async function recordRefund(context: Context, refund: StripeRefund): Promise<SettleResult> {
  const { paymentIntentId } = refund;
  if (claimsOtherWorkspace(context, refund)) return { kind: 'refused', reason: 'other_workspace' };
  if (paymentIntentId === null) return { kind: 'foreign' };
  const state = await readRefundState(context.database, context.workspace.id, { paymentIntentId });
  if (!state) return { kind: 'foreign' };
  return await record(context, state, paymentIntentId, [refund]);
}

/**
 * Reads all refunds of a charge from Stripe and stores them, also those made in Stripe's dashboard. Finds the payment
 * by the operation id in the charge's metadata, or without one by the payment intent. Returns `foreign` if a charge
 * without operation id has no stored payment, and `refused` if the charge does not fit otherwise. Throws StripeFailure.
 */
export async function recordRefundsOfCharge(context: Context, charge: StripeCharge): Promise<SettleResult> {
  const { paymentIntentId } = charge;
  const { operationId } = readClaim(charge.metadata);
  if (claimsOtherWorkspace(context, charge)) return { kind: 'refused', reason: 'other_workspace' };
  if (paymentIntentId === null) {
    return operationId === null ? { kind: 'foreign' } : { kind: 'refused', reason: 'no_payment_intent' };
  }
  const selector = operationId === null ? { paymentIntentId } : { operationId };
  const state = await readRefundState(context.database, context.workspace.id, selector);
  if (!state) {
    return operationId === null ? { kind: 'foreign' } : { kind: 'refused', reason: 'unknown_operation' };
  }
  const { payment } = state;
  if (payment.stripePaymentIntentId !== null && payment.stripePaymentIntentId !== paymentIntentId) {
    return { kind: 'refused', reason: 'payment_intent_of_another_session' };
  }
  const refunds = await readRefunds(context, payment.stripeAccountId, paymentIntentId);
  if (!refunds) return { kind: 'refused', reason: 'refunds_unreadable' };
  return await record(context, state, paymentIntentId, refunds);
}

/**
 * The refunds of a payment intent at Stripe, oldest first. null: this account does not have the payment intent, or the
 * account is disconnected and we have no access to it. Throws StripeFailure for every other cause: Stripe also refuses
 * access to a connected account, while our key is the wrong one.
 */
export async function readRefunds(
  context: Context,
  stripeAccountId: string,
  paymentIntentId: string,
): Promise<StripeRefund[] | null> {
  try {
    // Stripe lists the newest first. The order of refunds of the same second is known only from this list.
    return (await context.stripe.listRefunds(stripeAccountId, paymentIntentId)).toReversed();
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    const isDisconnected = context.account?.disconnectedAt !== null;
    if (error.kind === 'not_found' || (error.kind === 'account_lost' && isDisconnected)) return null;
    throw error;
  }
}

/** Stripe's refunds as rows, without refunds of the amount 0. `operationId` null: not made through this API. */
export function toRefundRows(context: Context, refunds: readonly StripeRefund[]): RefundFacts[] {
  return refunds.filter((refund) => refund.amountMinor >= 1).map((refund) => toRefundRow(context, refund));
}

function toRefundRow(context: Context, refund: StripeRefund): RefundFacts {
  const now = context.now();
  // Stripe's clock can be ahead of ours: nothing is stored as later than the event about it.
  const createdAt = Math.min(refund.createdAt, now);
  const status = REFUND_STATUSES.find((one) => one === refund.status) ?? 'pending';
  return {
    operationId: ownOperationOf(context, refund),
    stripeRefundId: refund.id,
    status,
    history: [{ status, at: hasFailed({ status }) ? now : createdAt }],
    failureReason: refund.failureReason,
    amountMinor: refund.amountMinor,
    currency: refund.currency,
    reason: reasonIn(refund.metadata) ?? refund.reason,
    createdAt,
    updatedAt: now,
  };
}

function claimsOtherWorkspace(context: Context, { metadata }: Pick<StripeRefund, 'metadata'>): boolean {
  const { operationId, workspaceId } = readClaim(metadata);
  return operationId !== null && workspaceId !== context.workspace.id;
}

function ownOperationOf(context: Context, { metadata }: StripeRefund): string | null {
  const { operationId, workspaceId } = readClaim(metadata);
  return workspaceId === context.workspace.id ? operationId : null;
}

async function record(
  context: Context,
  state: RefundState,
  paymentIntentId: string,
  refunds: readonly StripeRefund[],
): Promise<SettleResult> {
  const rows = toRefundRows(context, refunds);
  await recordRefunds(context, state, paymentIntentId, rows);
  return rows.length === refunds.length ? { kind: 'applied' } : { kind: 'refused', reason: 'refund_without_amount' };
}

/** How many refunds are stored in one batch: a payment may have very many, and D1 limits the statements of a request. */
const STORED_AT_ONCE = 20;

/**
 * Stores the refunds that Stripe reported for a payment, 20 in one batch. A refund gets a row, one event
 * `payments.payment.refunded` once it has succeeded, and one event `payments.refund.failed` once it has failed or was
 * canceled. A repeated or older report adds nothing; a later status updates the row. `next`: further statements for the
 * first batch.
 */
export async function recordRefunds(
  context: Context,
  state: RefundState,
  paymentIntentId: string,
  reported: readonly RefundFacts[],
  next: readonly Statement[] = [],
): Promise<void> {
  const payment = { ...state.payment, stripePaymentIntentId: paymentIntentId };
  const refunds = await composeRefunds(context, { ...state, payment }, reported);
  if (refunds.length + next.length === 0 && state.payment.stripePaymentIntentId !== null) return;
  for (let start = 0; start === 0 || start < refunds.length; start += STORED_AT_ONCE) {
    const part = { paymentIntentId, refunds: refunds.slice(start, start + STORED_AT_ONCE) };
    const origin = { shard: context.shard, at: context.now() };
    await context.wake(await upsertRefunds(context.database, payment, part, origin, start === 0 ? next : []));
  }
}
