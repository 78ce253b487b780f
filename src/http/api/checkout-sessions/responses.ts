import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { PaymentView } from '../../../db/payments.ts';
import type { SessionWithUrl } from '../../../domain/checkout/open-session.ts';
import { shownStatus } from '../../../domain/payments/queries.ts';
import { documented, rowIdSchema } from '../fields.ts';

/** The schema of a checkout session in answers. */
export const checkoutSessionSchema = () =>
  documented(
    z.object({
      id: documented(rowIdSchema(), 'Also the payment_id of the webhook.'),
      url: documented(
        z.nullable(z.url()),
        'Stripe-hosted Checkout: redirect the buyer here. It is there while the session is open, then null.',
      ),
      stripe_session_id: z.string(),
      amount_cents: documented(z.int(), 'Minor units.'),
      currency: z.string(),
      status: documented(
        z.enum(['created', 'processing', 'succeeded', 'failed', 'expired', 'partially_refunded', 'refunded']),
        '`created`: open. `processing`: the money is on its way. `succeeded` can still follow `failed` and `expired`: the money counts, whenever it arrives.',
      ),
      payment_link_id: documented(z.nullable(rowIdSchema()), 'Row id of the payment link used, or null.'),
      payment_link_token: z.nullable(z.string()),
      reference: z.nullable(z.string()),
      expires_at: documented(z.iso.datetime(), 'From this time on it can no longer be paid.'),
      created_at: z.iso.datetime(),
    }),
    { title: 'CheckoutSession' },
  );

type CheckoutSessionAnswer = z.output<ReturnType<typeof checkoutSessionSchema>>;

/** A checkout session as answers show it. `url`: where the buyer pays; null once the session is not open. */
export function presentSession(payment: PaymentView, url: string | null): CheckoutSessionAnswer {
  return {
    id: payment.id,
    url,
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

/**
 * A checkout session in the answer to its creation: as open, whatever has happened to it since. So a request that is
 * sent again gets the same bytes. If Stripe gives no URL, the session had ended before its first answer, or Stripe does
 * not repeat that answer: then it has its own status.
 */
export function presentNewSession({ payment, url }: SessionWithUrl): CheckoutSessionAnswer {
  const status = url === null ? payment.status : 'created';
  return presentSession({ ...payment, status, refundedMinor: 0 }, url);
}
