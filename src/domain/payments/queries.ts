import { ApiError } from '../../core/errors.ts';
import { findPaymentDetails, type PaymentDetails } from '../../db/payment-lists.ts';
import { findPayment, type PaymentStatus, type PaymentView } from '../../db/payments.ts';
import type { Context } from '../context.ts';

/** A checkout session of this workspace, paid or not. Throws `not_found`, also for another workspace's session. */
export async function readSession(context: Context, id: number): Promise<PaymentView> {
  const session = await findPayment(context.database, context.workspace.id, id);
  if (!session) throw new ApiError('not_found', 'No checkout session with this id in your workspace.');
  return session;
}

/**
 * A payment of this workspace with its refunds and disputes. Throws `not_found`, also for another workspace's payment,
 * and for a session that is open or expired.
 */
export async function readPayment(context: Context, id: number): Promise<PaymentDetails> {
  const details = await findPaymentDetails(context.database, context.workspace.id, id);
  if (!details) throw paymentNotFound();
  return details;
}

/** The error for an id that no payment of the workspace has. */
export function paymentNotFound(): ApiError {
  return new ApiError('not_found', 'No payment with this id in your workspace.');
}

/** The status of a payment for merchants and buyers: the status in the database, `refunded` or `partially_refunded`. */
export function shownStatus<S extends PaymentStatus>(
  payment: Pick<PaymentView, 'refundedMinor' | 'amountMinor'> & { readonly status: S },
): S | 'refunded' | 'partially_refunded' {
  if (payment.status !== 'succeeded' || payment.refundedMinor === 0) return payment.status;
  return payment.refundedMinor >= payment.amountMinor ? 'refunded' : 'partially_refunded';
}
