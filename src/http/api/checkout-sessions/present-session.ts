import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { PaymentView } from '../../../db/payments.ts';
import { shownStatus } from '../../../domain/payments/shown-status.ts';
import type { CheckoutSessionAnswer } from './answer.ts';

/** A checkout session as every answer shows it. `url` only while it can be paid. */
export function presentSession(payment: PaymentView): CheckoutSessionAnswer {
  return {
    id: payment.id,
    url: payment.status === 'created' ? payment.checkoutUrl : null,
    stripe_session_id: payment.stripeSessionId,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    status: shownStatus(payment),
    payment_link_id: payment.paymentLinkId,
    payment_link_token: payment.paymentLinkToken,
    reference: payment.reference,
    expires_at: toRfc3339(payment.expiresAt),
    created_at: toRfc3339(payment.createdAt),
  };
}
