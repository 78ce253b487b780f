import * as z from 'zod/mini';
import { documented } from '../../core/documented.ts';

/** `data` of `payments.payment.succeeded`: a buyer completed a Checkout session or paid a payment link. */
export const paymentSucceededData = documented(
  z.object({
    payment_id: documented(z.int(), { description: 'The id of the checkout session and payment.' }),
    amount_cents: documented(z.int(), { description: 'Minor units.' }),
    currency: z.string(),
    reference: z.nullable(z.string()),
    customer_email: documented(z.nullable(z.string()), {
      description: 'The one given at Stripe, else the one of the request.',
    }),
    stripe_session_id: z.string(),
    stripe_payment_intent_id: z.nullable(z.string()),
    payment_link_id: documented(z.nullable(z.string()), { description: 'Token of the payment link paid, or null.' }),
  }),
  { title: 'PaymentSucceededData' },
);

export type PaymentSucceededData = z.output<typeof paymentSucceededData>;

/** Every event type with the schema of its `data`. */
export const EVENT_DATA = {
  'payments.payment.succeeded': paymentSucceededData,
} as const;

export type EventType = keyof typeof EVENT_DATA;
