import { ApiError, inputError, unavailable } from '../../core/errors.ts';
import { amountInWords, stepProblem } from '../../core/money/requested-amount.ts';
import type { PaymentView } from '../../db/payments.ts';
import { findRefund, type Refund, type RefundState, readRefundState } from '../../db/refunds.ts';
import type { Operation } from '../../objects/idempotency-store.ts';
import { type CreateRefund, STRIPE_REFUND_REASONS, type StripeRefund } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { isSpent, type RunningOperation, renew, stripeIdempotencyKey } from '../operations.ts';
import { askingStripe } from '../stripe-errors.ts';
import { readClaim, refundMetadata } from './metadata.ts';
import { paymentNotFound } from './queries.ts';
import { recordRefunds, toRefundRows } from './record-refunds.ts';

export interface RefundWanted {
  /** Integer minor units; null: all that is left. */
  readonly amountMinor: number | null;
  /** One of Stripe's reasons, or the merchant's own text. */
  readonly reason: string | null;
}

/**
 * Gives back a payment or a part of it. One operation makes one refund, however often it is resumed: what it has made, here
 * or at Stripe, is found before anything is asked for again. Stripe decides what is left, so that refunds at
 * once never give back more. Throws `not_found`, `payment_not_refundable` (also for a session that is open or expired),
 * `invalid_amount`, `CONNECT_ACCOUNT_NOT_READY`, `stripe_error`, `service_unavailable`.
 */
export async function refundPayment(
  context: Context,
  running: RunningOperation,
  paymentId: number | null,
  wanted: RefundWanted,
): Promise<Refund> {
  const { operation } = running;
  const { database, workspace } = context;
  const state = paymentId === null ? null : await readRefundState(database, workspace.id, { id: paymentId });
  const written = state?.stored.find(({ operationId }) => operationId === operation.id);
  if (written) return written;
  if (!state) throw paymentNotFound();

  const { payment } = state;
  refuseDisconnected(context, payment);
  const request = requestOf(context, operation.id, payment, wanted);
  // What is left may be less by this operation's own earlier try: then only Stripe, under the same key, knows.
  if (!operation.resumed) judgeAmount(payment, wanted.amountMinor);
  return await sayingWhereUnknown(running, async () => {
    const made = await askingStripe(() => findOrMake(context, running, request));
    return await record(context, state, request.paymentIntentId, made);
  });
}

async function findOrMake(
  context: Context,
  running: RunningOperation,
  request: StripeRefundRequest,
): Promise<StripeRefund> {
  const { id, resumed } = running.operation;
  const earlier = resumed ? await findStripeRefund(context, request, id) : null;
  return earlier ?? (await makeStripeRefund(context, running, request));
}

/** Without an Idempotency-Key a request that is sent again is another refund: then its caller must look first. */
async function sayingWhereUnknown<T>({ scope }: RunningOperation, refund: () => Promise<T>): Promise<T> {
  try {
    return await refund();
  } catch (error) {
    if (scope !== null || (error instanceof ApiError && !error.outcomeUnknown)) throw error;
    throw unavailable(
      'The refund may have been made. Read the payment before you ask for it again; with an Idempotency-Key the same request could be sent again safely.',
      error,
    );
  }
}

/** Refunds need access to the account, not that it may charge. Of a replaced account, only Stripe knows whether we still have it. */
function refuseDisconnected({ account }: Context, payment: PaymentView): void {
  const isSame = account?.stripeAccountId === payment.stripeAccountId;
  if (account && !(isSame && account.disconnectedAt !== null)) return;
  throw new ApiError(
    'CONNECT_ACCOUNT_NOT_READY',
    'The Stripe account that took this payment is no longer connected. Reconnect it, or refund at Stripe.',
  );
}

function requestOf(
  context: Context,
  operationId: string,
  payment: PaymentView,
  { amountMinor, reason }: RefundWanted,
): StripeRefundRequest {
  const { status, stripePaymentIntentId: paymentIntentId } = payment;
  if (status !== 'succeeded' || paymentIntentId === null) {
    const stands = status === 'created' ? 'not paid yet' : status;
    throw new ApiError('payment_not_refundable', `This payment is ${stands}: only one that succeeded can be refunded.`);
  }
  const ofStripe = STRIPE_REFUND_REASONS.find((word) => word === reason) ?? null;
  return {
    account: payment.stripeAccountId,
    paymentIntentId,
    // All that is left goes without an amount, so that the request stays the same whatever is left when it is repeated.
    amountMinor,
    reason: ofStripe,
    metadata: refundMetadata(context, operationId, ofStripe === null ? reason : null),
  };
}

/** Pending refunds count as given back. */
function judgeAmount({ amountMinor: paid, refundedMinor, currency }: PaymentView, wanted: number | null): void {
  const left = Math.max(0, paid - refundedMinor);
  if (wanted === null) {
    if (left > 0) return;
    throw new ApiError('payment_not_refundable', 'Nothing is left of this payment: all of it was given back already.');
  }
  const most = amountInWords({ amountMinor: left, currency }, 'minor');
  const tooMuch = `must be at most ${most}: more is not left of this payment.`;
  // The whole rest may be given back, whatever is left.
  const problem = wanted > left ? tooMuch : wanted === left ? null : stepProblem(wanted, currency, 'minor');
  if (problem !== null) throw inputError([{ field: 'amountMinor', code: 'invalid_amount', problem }]);
}

async function record(
  context: Context,
  state: RefundState,
  paymentIntentId: string,
  made: StripeRefund,
): Promise<Refund> {
  await recordRefunds(context, state, paymentIntentId, toRefundRows(context, [made]));
  const refund = await findRefund(context.database, context.workspace.id, made.id);
  if (!refund) throw new Error(`The refund ${made.id} was not written`);
  return refund;
}

export type StripeRefundRequest = Omit<CreateRefund, 'idempotencyKey'>;

/**
 * The one Stripe refund of an operation, however often the operation is resumed. The same request goes under the same Stripe
 * idempotency key while Stripe can still take it: that is judged by Stripe, so never more than what is left is given back.
 * A key that is spent on a failure may have had its effect all the same: looks for it first, and only then asks again under
 * a new key. Throws StripeFailure.
 */
export async function makeStripeRefund(
  context: Context,
  { operation, scope }: RunningOperation,
  request: StripeRefundRequest,
): Promise<StripeRefund> {
  try {
    return await create(context, operation, request);
  } catch (error) {
    if (scope === null || !isSpent(error)) throw error;
  }
  const made = await findStripeRefund(context, request, operation.id);
  if (made) return made;
  return await create(context, await renew(context, scope, operation), request);
}

/** The refund of this payment intent that carries our operation, or null where Stripe has none. Throws StripeFailure. */
export async function findStripeRefund(
  context: Context,
  payment: Pick<CreateRefund, 'account' | 'paymentIntentId'>,
  operationId: string,
): Promise<StripeRefund | null> {
  const refunds = await context.stripe.listRefunds(payment.account, payment.paymentIntentId);
  return refunds.find(({ metadata }) => readClaim(metadata).operationId === operationId) ?? null;
}

function create(context: Context, operation: Operation, request: StripeRefundRequest): Promise<StripeRefund> {
  return context.stripe.createRefund({ ...request, idempotencyKey: stripeIdempotencyKey(operation) });
}
