import * as z from 'zod/mini';
import { EMAIL } from '../../../core/email.ts';
import { codePointLength } from '../../../core/json.ts';
import { MAX_AMOUNT_MINOR } from '../../../core/money/money.ts';
import { returnUrlFault } from '../../../core/urls.ts';
import { RESERVED_METADATA_PREFIX } from '../../../domain/payments/metadata.ts';
import { documented } from '../documented.ts';

// Control characters but for tab and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Text of at most `max` code points, without control characters. */
const text = (field: string, max: number) => {
  const expected = `${field} must be text of at most ${max} characters, without control characters.`;
  return documented(
    z.string(expected).check(z.refine((value) => codePointLength(value) <= max && !CONTROL.test(value), expected)),
    { maxLength: max },
  );
};

const returnUrl = (field: string, when: string) =>
  documented(
    z.string(`${field} is required: an absolute http or https URL.`).check(
      z.superRefine((value, context) => {
        const fault = returnUrlFault(value);
        if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
      }),
    ),
    {
      format: 'uri',
      maxLength: 2048,
      description: `Where Stripe sends the buyer ${when}. {CHECKOUT_SESSION_ID} in it is replaced by Stripe.`,
    },
  );

const metadataKey = z.string().check(
  z.refine(
    (key) => codePointLength(key) >= 1 && codePointLength(key) <= 40 && !/[[\]]/.test(key) && !CONTROL.test(key),
    'A metadata key must have 1 to 40 characters and no square brackets.',
  ),
  z.refine(
    (key) => !key.startsWith(RESERVED_METADATA_PREFIX) && key !== '__proto__',
    'This metadata key is reserved: choose one that does not begin with softsolz_.',
  ),
);

const metadata = documented(
  z.record(metadataKey, text('A metadata value', 500), 'metadata must be a flat object of text values.'),
  {
    description:
      'Flat string to string map, up to 40 keys of 40 and values of 500 characters. Kept on the Stripe session and payment intent.',
  },
);

const common = {
  success_url: returnUrl('success_url', 'after a successful payment'),
  cancel_url: returnUrl('cancel_url', 'who cancels'),
  description: documented(z.nullish(text('description', 250)), { description: 'The line item on the Checkout page.' }),
  reference: documented(z.nullish(text('reference', 500)), { description: 'Your order id: echoed on the webhook.' }),
  customer_email: documented(
    z.nullish(
      z
        .email({ pattern: EMAIL, error: 'customer_email must be an e-mail address, for example buyer@example.com.' })
        .check(z.maxLength(254, 'customer_email must have at most 254 characters.')),
    ),
    { description: "Pre-fills the buyer's e-mail." },
  ),
  metadata: z.nullish(metadata),
};

// Money is judged by core/money.ts, which knows the currency's rules: here it only gets its place in the document.
const amountCents = documented(z.unknown(), {
  type: ['integer', 'null'],
  minimum: 1,
  maximum: MAX_AMOUNT_MINOR,
  description: 'Amount in minor units (cents, pence). Wins over amount.',
});
const amount = documented(z.unknown(), {
  type: ['number', 'null'],
  exclusiveMinimum: 0,
  deprecated: true,
  description: 'Amount in major units (49.99). Deprecated alias of amount_cents, not scheduled for removal.',
});
const currency = documented(z.unknown(), {
  type: 'string',
  pattern: '^[A-Za-z]{3}$',
  description: 'ISO 4217 code of a currency that Stripe takes, in any case.',
});

/** A session whose price the request names. */
export const adHocSessionSchema = z.object({
  ...common,
  currency,
  amount_cents: z.optional(amountCents),
  amount: z.optional(amount),
  payment_link_token: z.optional(z.null()),
});

/** A session whose price a payment link names. */
export const linkSessionSchema = z.object({
  ...common,
  payment_link_token: documented(
    z.string('payment_link_token must be the id of a payment link, for example lnk_8f3c2a1b9d.'),
    { description: 'A payment link of this workspace: its currency and fixed amount are charged.' },
  ),
  currency: documented(z.optional(currency), { description: "Ignored: the link's currency is used." }),
  amount_cents: documented(z.optional(amountCents), {
    description: 'Only where the link leaves the amount open: at least its minimum.',
  }),
  amount: z.optional(amount),
});
