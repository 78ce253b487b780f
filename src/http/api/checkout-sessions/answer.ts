import * as z from 'zod/mini';
import { documented } from '../documented.ts';

/** A checkout session in answers. */
export const checkoutSessionSchema = documented(
  z.object({
    id: documented(z.int(), { description: 'Also the payment_id of the webhook.' }),
    url: documented(z.nullable(z.url()), {
      description: 'Stripe-hosted Checkout: redirect the buyer here. null once it is not open.',
    }),
    stripe_session_id: z.string(),
    amount_cents: documented(z.int(), { description: 'Minor units.' }),
    currency: z.string(),
    status: z.enum(['created', 'processing', 'succeeded', 'failed', 'expired', 'partially_refunded', 'refunded']),
    payment_link_id: documented(z.nullable(z.int()), { description: 'Row id of the payment link used, or null.' }),
    payment_link_token: z.nullable(z.string()),
    reference: z.nullable(z.string()),
    expires_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
  }),
  { title: 'CheckoutSession' },
);

export type CheckoutSessionAnswer = z.output<typeof checkoutSessionSchema>;
