import { ApiError, inputError } from '../../core/errors.ts';
import { amountInWords, stepProblem } from '../../core/money/requested-amount.ts';
import { auditOnceStatement } from '../../db/audit-log.ts';
import type { PaymentView } from '../../db/payments.ts';
import { findRefund, type Refund, type RefundState, readRefundState } from '../../db/refunds.ts';
import type { Operation } from '../../objects/idempotency-store.ts';
import { type CreateRefund, STRIPE_REFUND_REASONS, StripeFailure, type StripeRefund } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { findDespiteLag, isSpent, type RunningOperation, renew, stripeIdempotencyKey } from '../operations.ts';
import { stripeErrorOf } from '../stripe-errors.ts';
import { readClaim, refundMetadata } from './metadata.ts';
import { paymentNotFound } from './queries.ts';
import { recordRefunds, toRefundRows } from './record-refunds.ts';
import { isAccountGone, leftOf } from './refundable.ts';

/** The refund that a request asks for. */
export interface RefundWanted {
  /** Integer minor units; null: all that is not refunded yet. */
  readonly amountMinor: number | null;
  /** One of Stripe's reasons, or the merchant's own text. */
  readonly reason: string | null;
}

/** By how much (ms) Stripe's clock may be ahead of ours. */
const CLOCKS_DIFFER_MS = 60_000;

type StripeRefundRequest = Omit<CreateRefund, 'idempotencyKey'>;

/**
 * Refunds a payment in full or in part, and stores the refund. A resumed operation returns the refund that it made
 * before, from the database or from Stripe. Stripe checks how much is left, so several refunds at once never exceed the
 * payment. Throws `not_found`, `payment_not_refundable` (also for a session that is open or expired), `invalid_amount`,
 * `CONNECT_ACCOUNT_NOT_READY`, `stripe_error`, `service_unavailable`.
 */
export async function refundPayment(
  context: Context,
  input: RefundWanted & RunningOperation & { readonly id: number },
): Promise<Refund> {
  const { operation, id } = input;
  const { database, workspace } = context;
  const state = await readRefundState(database, workspace.id, { id });
  const written = state?.stored.find(({ operationId }) => operationId === operation.id);
  if (written) {
    await auditStatementOf(context, { id: written.stripeRefundId, createdAt: written.createdAt });
    return written;
  }
  if (!state) throw paymentNotFound();

  const { payment } = state;
  refuseDisconnected(context, payment);
  const request = requestOf(context, operation.id, payment, input);
  // An earlier try of a resumed operation may have made the refund, so only Stripe, with the same key, can decide.
  if (!operation.resumed) refuseAmount(payment, input.amountMinor);
  return await orSayUnknown(input, async () => {
    const made = await findOrMake(context, input, request);
    return await record(context, state, request.paymentIntentId, made);
  });
}

/**
 * Runs `refund`. Throws a StripeFailure as the API error for the caller. If the outcome is unknown and the caller cannot
 * repeat the operation, the error says not to repeat the request. It has no `Retry-After`, because clients repeat by
 * themselves when they get one.
 */
async function orSayUnknown<T>({ heldKey, isOfForm = false }: RunningOperation, refund: () => Promise<T>): Promise<T> {
  try {
    return await refund();
  } catch (error) {
    const hadNoEffect = error instanceof StripeFailure && !error.mayHaveHappened;
    const known = stripeErrorOf(error) ?? error;
    if (heldKey !== null || isOfForm || hadNoEffect || (known instanceof ApiError && !known.outcomeUnknown))
      throw known;
    throw new ApiError(
      'service_unavailable',
      'The refund may have been made. Read the payment before you ask for it again; with an Idempotency-Key the same request could be sent again safely.',
      { cause: error },
    );
  }
}

/** Throws if Stripe has taken the access to the payment's account away. */
function refuseDisconnected(context: Context, payment: PaymentView): void {
  if (!isAccountGone(context, payment)) return;
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
    const state = status === 'created' ? 'not paid yet' : status;
    throw new ApiError('payment_not_refundable', `This payment is ${state}: only one that succeeded can be refunded.`);
  }
  const stripeReason = STRIPE_REFUND_REASONS.find((one) => one === reason) ?? null;
  return {
    account: payment.stripeAccountId,
    paymentIntentId,
    // null asks Stripe for all that is left: a repeated request stays the same, although less is left by then.
    amountMinor,
    reason: stripeReason,
    metadata: refundMetadata(context, operationId, stripeReason === null ? reason : null),
  };
}

/** Throws if nothing is left, or `wanted` exceeds what is left or is no multiple of the step. Pending refunds count as made. */
function refuseAmount(payment: PaymentView, wanted: number | null): void {
  const { currency } = payment;
  const left = leftOf(payment);
  if (left === 0) {
    throw new ApiError('payment_not_refundable', 'Nothing is left of this payment: all of it was given back already.');
  }
  if (wanted === null) return;
  const most = amountInWords({ amountMinor: left, currency }, 'minor');
  const tooMuch = `must be at most ${most}: more is not left of this payment.`;
  // The whole amount that is left may be refunded, even if it is not a multiple of the step.
  const problem = wanted > left ? tooMuch : wanted === left ? null : stepProblem(wanted, currency, 'minor');
  if (problem !== null) throw inputError([{ field: 'amountMinor', code: 'invalid_amount', problem }]);
}

/**
 * The audit entry of the request, once for each refund. A Stripe event can store the refund before, so the refund's row
 * does not say whether there is an entry.
 */
function auditStatementOf(context: Context, refund: Pick<StripeRefund, 'id' | 'createdAt'>) {
  const since = refund.createdAt - CLOCKS_DIFFER_MS;
  return auditOnceStatement(context.database, auditOf(context, 'refund.create', refund.id), since);
}

async function record(
  context: Context,
  state: RefundState,
  paymentIntentId: string,
  made: StripeRefund,
): Promise<Refund> {
  const audit = auditStatementOf(context, made);
  await recordRefunds(context, state, paymentIntentId, toRefundRows(context, [made]), [audit]);
  const refund = await findRefund(context.database, context.workspace.id, made.id);
  if (!refund) throw new Error(`The refund ${made.id} was not written`);
  return refund;
}

/**
 * Makes the one Stripe refund of an operation. A resumed operation first looks for its refund at Stripe. A repeated
 * request has the same Stripe idempotency key, so Stripe makes no second refund. If that key is used up, the refund is
 * looked for once more before a new key is used; a form uses no new key. Throws StripeFailure.
 */
async function findOrMake(
  context: Context,
  { operation, heldKey, isOfForm = false }: RunningOperation,
  request: StripeRefundRequest,
): Promise<StripeRefund> {
  const earlier = operation.resumed ? await findStripeRefund(context, request, operation.id) : null;
  if (earlier) return earlier;
  try {
    return await create(context, operation, request);
  } catch (error) {
    if (!isSpent(error) || (heldKey === null && !isOfForm)) throw error;
    const made = await findDespiteLag(() => findStripeRefund(context, request, operation.id));
    if (made) return made;
    if (heldKey === null) throw error;
    return await create(context, await renew(context, heldKey, operation), request);
  }
}

/** The payment intent's refund whose metadata has the operation id; null if there is none. Throws StripeFailure. */
async function findStripeRefund(
  context: Context,
  { account, paymentIntentId }: StripeRefundRequest,
  operationId: string,
): Promise<StripeRefund | null> {
  const refunds = await context.stripe.listRefunds(account, paymentIntentId);
  return refunds.find(({ metadata }) => readClaim(metadata).operationId === operationId) ?? null;
}

function create(context: Context, operation: Operation, request: StripeRefundRequest): Promise<StripeRefund> {
  return context.stripe.createRefund({ ...request, idempotencyKey: stripeIdempotencyKey(operation) });
}
