import type { Operation } from '../../objects/idempotency-store.ts';
import type { CreateRefund, StripeRefund } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { isSpent, type RunningOperation, renew, stripeIdempotencyKey } from '../operations.ts';
import { readClaim } from './metadata.ts';

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
