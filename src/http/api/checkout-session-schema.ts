import * as z from 'zod';
import { codePointLength } from '../../core/json.ts';
import { MAX_AMOUNT_MINOR } from '../../core/money.ts';
import { returnUrlFault } from '../../core/urls.ts';
import { RESERVED_METADATA_PREFIX } from '../../domain/checkout/metadata.ts';

// Control characters but for tab and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Text of at most `max` code points, without control characters. */
const text = (field: string, max: number) => {
  const expected = `${field} must be text of at most ${max} characters, without control characters.`;
  return z
    .string(expected)
    .refine((value) => codePointLength(value) <= max && !CONTROL.test(value), expected)
    .meta({ maxLength: max });
};

const returnUrl = (field: string, when: string) =>
  z
    .string(`${field} is required: an absolute http or https URL.`)
    .superRefine((value, context) => {
      const fault = returnUrlFault(value);
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    })
    .meta({
      format: 'uri',
      maxLength: 2048,
      description: `Where Stripe sends the buyer ${when}. {CHECKOUT_SESSION_ID} in it is replaced by Stripe.`,
    });

const metadataKey = z
  .string()
  .refine(
    (key) => codePointLength(key) >= 1 && codePointLength(key) <= 40 && !/[[\]]/.test(key) && !CONTROL.test(key),
    'A metadata key must have 1 to 40 characters and no square brackets.',
  )
  .refine(
    (key) => !key.startsWith(RESERVED_METADATA_PREFIX) && key !== '__proto__',
    'This metadata key is reserved: choose one that does not begin with softsolz_.',
  );

const metadata = z
  .record(metadataKey, text('A metadata value', 500), 'metadata must be a flat object of text values.')
  .meta({
    description:
      'Flat string to string map, up to 40 keys of 40 and values of 500 characters. Kept on the Stripe session and payment intent.',
  });

const common = {
  success_url: returnUrl('success_url', 'after a successful payment'),
  cancel_url: returnUrl('cancel_url', 'who cancels'),
  description: text('description', 250).nullish().meta({ description: 'The line item on the Checkout page.' }),
  reference: text('reference', 500).nullish().meta({ description: 'Your order id: echoed on the webhook.' }),
  customer_email: z
    .email('customer_email must be an e-mail address, for example buyer@example.com.')
    .max(254, 'customer_email must have at most 254 characters.')
    .nullish()
    .meta({ description: "Pre-fills the buyer's e-mail." }),
  metadata: metadata.nullish(),
};

// Money is judged by core/money.ts, which knows the currency's rules: here it only gets its place in the document.
const amountCents = z.unknown().meta({
  type: ['integer', 'null'],
  minimum: 1,
  maximum: MAX_AMOUNT_MINOR,
  description: 'Amount in minor units (cents, pence). Wins over amount.',
});
const amount = z.unknown().meta({
  type: ['number', 'null'],
  exclusiveMinimum: 0,
  deprecated: true,
  description: 'Amount in major units (49.99). Deprecated alias of amount_cents, not scheduled for removal.',
});
const currency = z.unknown().meta({
  type: 'string',
  pattern: '^[A-Za-z]{3}$',
  description: 'ISO 4217 code of a currency that Stripe takes, in any case.',
});

/** A session whose price the request names. */
export const adHocSessionSchema = z.object({
  ...common,
  currency,
  amount_cents: amountCents.optional(),
  amount: amount.optional(),
  payment_link_token: z.null().optional(),
});

/** A session whose price a payment link names. */
export const linkSessionSchema = z.object({
  ...common,
  payment_link_token: z
    .string('payment_link_token must be the id of a payment link, for example lnk_8f3c2a1b9d.')
    .meta({ description: 'A payment link of this workspace: its currency and fixed amount are charged.' }),
  currency: currency.optional().meta({ description: "Ignored: the link's currency is used." }),
  amount_cents: amountCents
    .optional()
    .meta({ description: 'Only where the link leaves the amount open: at least its minimum.' }),
  amount: amount.optional(),
});

/** A checkout session in answers. */
export const checkoutSessionSchema = z
  .object({
    id: z.int().meta({ description: 'Also the payment_id of the webhook.' }),
    url: z
      .url()
      .nullable()
      .meta({ description: 'Stripe-hosted Checkout: redirect the buyer here. null once it is not open.' }),
    stripe_session_id: z.string(),
    amount_cents: z.int().meta({ description: 'Minor units.' }),
    currency: z.string(),
    status: z.enum(['created', 'processing', 'succeeded', 'failed', 'expired', 'partially_refunded', 'refunded']),
    payment_link_id: z.int().nullable().meta({ description: 'Row id of the payment link used, or null.' }),
    payment_link_token: z.string().nullable(),
    reference: z.string().nullable(),
    expires_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
  })
  .meta({ title: 'CheckoutSession' });

export type CheckoutSessionAnswer = z.output<typeof checkoutSessionSchema>;
