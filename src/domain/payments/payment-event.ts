import type { Event } from '../../db/outbox.ts';
import type { PaymentStatus, PaymentView } from '../../db/payments.ts';
import type { Context } from '../context.ts';
import { composeEvent } from '../webhooks/compose-event.ts';
import type { PaymentData } from '../webhooks/event-schemas.ts';
import type { EventType } from '../webhooks/event-types.ts';

/** The statuses of a session that has ended, or that waits for its money. */
export type SettledStatus = Exclude<PaymentStatus, 'created'>;

const TYPE_OF: Readonly<Record<SettledStatus, EventType>> = {
  processing: 'payments.payment.processing',
  succeeded: 'payments.payment.succeeded',
  failed: 'payments.payment.failed',
  expired: 'payments.checkout.expired',
};

/** The event of a payment's new status, its data as published: `payment_link_id` is the link's token. `payment`: as it is then. */
export async function composePaymentEvent(
  context: Context,
  payment: PaymentView,
  status: SettledStatus,
): Promise<Event> {
  const data: PaymentData = {
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
    customer_email: payment.customerEmail,
    stripe_session_id: payment.stripeSessionId,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
  return await composeEvent(context, {
    type: TYPE_OF[status],
    subject: String(payment.id),
    paymentId: payment.id,
    data,
  });
}
