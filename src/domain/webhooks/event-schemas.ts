import * as z from 'zod';

/** `data` of `payments.payment.succeeded`: a buyer completed a Checkout session or paid a payment link. */
export const paymentSucceededData = z
  .object({
    payment_id: z.int().meta({ description: 'The id of the checkout session and payment.' }),
    amount_cents: z.int().meta({ description: 'Minor units.' }),
    currency: z.string(),
    reference: z.string().nullable(),
    customer_email: z
      .string()
      .nullable()
      .meta({ description: 'The one given at Stripe, else the one of the request.' }),
    stripe_session_id: z.string(),
    stripe_payment_intent_id: z.string().nullable(),
    payment_link_id: z.string().nullable().meta({ description: 'Token of the payment link paid, or null.' }),
  })
  .meta({ title: 'PaymentSucceededData' });

export type PaymentSucceededData = z.output<typeof paymentSucceededData>;

/** Every event type with the schema of its `data`. */
export const EVENT_DATA = {
  'payments.payment.succeeded': paymentSucceededData,
} as const;

export type EventType = keyof typeof EVENT_DATA;
