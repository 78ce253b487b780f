import type { PaymentStatus, PaymentView } from '../../db/payments.ts';

/** The status of a payment as merchants and buyers see it: the stored one, or `refunded` or `partially_refunded`. */
export function shownStatus<S extends PaymentStatus>(
  payment: Pick<PaymentView, 'refundedMinor' | 'amountMinor'> & { readonly status: S },
): S | 'refunded' | 'partially_refunded' {
  if (payment.status !== 'succeeded' || payment.refundedMinor === 0) return payment.status;
  return payment.refundedMinor >= payment.amountMinor ? 'refunded' : 'partially_refunded';
}
