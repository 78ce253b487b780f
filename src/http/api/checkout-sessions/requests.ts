import * as z from 'zod/mini';
import { codePointLength, type JsonObject } from '../../../core/json.ts';
import { judgeAmount } from '../../../core/money/requested-amount.ts';
import type { CreateSession } from '../../../domain/checkout/create-session.ts';
import { RESERVED_METADATA_PREFIX } from '../../../domain/payments/metadata.ts';
import type { FieldCodes } from '../../middleware/validate.ts';
import {
  amountMajor,
  amountMinor,
  currency,
  documented,
  email,
  judgedText,
  metadata,
  requestedAmount,
  returnUrl,
  without,
} from '../fields.ts';

/** Whose faults have another code than `validation_failed`. */
export const CREATE_SESSION_CODES: FieldCodes = {
  amount_cents: 'invalid_amount',
  amount: 'invalid_amount',
  currency: 'invalid_currency',
  success_url: 'invalid_url',
  cancel_url: 'invalid_url',
};

// Control characters but for tab and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;

function textFault(value: string, max: number): string | null {
  if (codePointLength(value) <= max && !CONTROL.test(value)) return null;
  return `must be text of at most ${max} characters, without control characters.`;
}

const text = (field: string, max: number) =>
  documented(
    judgedText(field, `${field} must be text of at most ${max} characters, without control characters.`, (value) =>
      textFault(value, max),
    ),
    { maxLength: max },
  );

function metadataKeyFault(key: string): string | null {
  if (/[[\]]/.test(key)) return 'must not have square brackets.';
  const isReserved = key.startsWith(RESERVED_METADATA_PREFIX);
  return isReserved ? `must not begin with ${RESERVED_METADATA_PREFIX}: that is reserved.` : null;
}

const common = {
  success_url: documented(
    returnUrl('success_url', 'success_url is required: an absolute http or https URL.'),
    'Where Stripe sends the buyer after a successful payment. {CHECKOUT_SESSION_ID} in it is replaced by Stripe.',
  ),
  cancel_url: documented(
    returnUrl('cancel_url', 'cancel_url is required: an absolute http or https URL.'),
    'Where Stripe sends the buyer who cancels. {CHECKOUT_SESSION_ID} in it is replaced by Stripe.',
  ),
  description: documented(z.nullish(text('description', 250)), 'The line item on the Checkout page.'),
  reference: documented(z.nullish(text('reference', 500)), 'Your order id: echoed on the webhook.'),
  customer_email: documented(z.nullish(email('customer_email')), "Pre-fills the buyer's e-mail."),
  metadata: z.nullish(
    metadata({
      textFault,
      keyFault: metadataKeyFault,
      description:
        'Flat string to string map, up to 40 keys of 40 and values of 500 characters. Kept on the Stripe session and payment intent.',
    }),
  ),
};

/** A session whose price the request names. */
export const adHocSession = z
  .object({
    ...common,
    currency,
    amount_cents: documented(z.nullish(amountMinor()), 'Amount in minor units (cents, pence). Wins over amount.'),
    amount: documented(z.nullish(amountMajor()), {
      deprecated: true,
      description: 'Amount in major units (49.99). Deprecated alias of amount_cents, not scheduled for removal.',
    }),
    payment_link_token: z.optional(z.null()),
  })
  .check(z.check(judgePrice, { when: () => true }));

/** A session whose price a payment link names. Its amount is judged once the link is known. */
export const linkSession = z.object({
  ...common,
  payment_link_token: documented(
    z.string('payment_link_token must be the id of a payment link, for example lnk_8f3c2a1b9d.'),
    'A payment link of this workspace: its currency and fixed amount are charged.',
  ),
  currency: documented(z.optional(z.unknown()), "Ignored: the link's currency is used."),
  amount_cents: documented(
    z.optional(z.unknown()),
    'Integer, minor units: only where the link leaves the amount open, and then at least its minimum. Ignored for a fixed price.',
  ),
  amount: documented(z.optional(z.unknown()), {
    deprecated: true,
    description: 'Number, major units: deprecated alias of amount_cents.',
  }),
});

type AdHocSession = z.output<typeof adHocSession>;

/** Judges the amount by the rules of the currency, where both are what they should be. */
function judgePrice({ value, issues }: z.core.ParsePayload<AdHocSession>): void {
  const isFaulty = (name: string) => issues.some((issue) => issue.path?.[0] === name);
  const amount = requestedAmount(value, ['amount_cents', 'amount']);
  const refuse = (path: string, message: string) =>
    issues.push({ code: 'custom', path: [path], message, input: value });
  if (amount === null) {
    refuse('amount_cents', 'amount_cents is required: a positive integer in minor units, for example 4999.');
    return;
  }
  if (isFaulty(amount.field)) return;
  const judged = judgeAmount(amount, isFaulty('currency') ? null : value.currency);
  if (!judged.ok) refuse(amount.field, `${amount.field} ${judged.problem}`);
}

function toInput(body: AdHocSession | z.output<typeof linkSession>): Omit<CreateSession, 'price'> {
  return {
    description: body.description ?? null,
    reference: body.reference ?? null,
    customerEmail: body.customer_email ?? null,
    ui: { kind: 'hosted', successUrl: body.success_url, cancelUrl: body.cancel_url, language: null },
    metadata: body.metadata ?? {},
  };
}

const adHocInput = z.pipe(
  // Minor units win over their alias, whatever that holds.
  without((body) => (body.amount_cents === undefined || body.amount_cents === null ? [] : ['amount'])),
  z.pipe(
    adHocSession,
    z.transform((body: AdHocSession): CreateSession => {
      const amount = requestedAmount(body, ['amount_cents', 'amount']);
      const judged = amount && judgeAmount(amount, body.currency);
      if (!judged?.ok || judged.amountMinor === null) throw new TypeError('A valid body has an amount');
      const price = { amountMinor: judged.amountMinor, currency: body.currency };
      return { ...toInput(body), price: { kind: 'ad_hoc', price } };
    }),
  ),
);

const linkInput = z.pipe(
  linkSession,
  z.transform((body: z.output<typeof linkSession>): CreateSession => {
    const amount = requestedAmount(body, ['amount_cents', 'amount']);
    return { ...toInput(body), price: { kind: 'link', token: body.payment_link_token, amount } };
  }),
);

/** The body of `POST /checkout-sessions`: with a `payment_link_token` the price is the link's, else the request's. */
export function createSessionBody({ payment_link_token: token }: JsonObject) {
  return token === undefined || token === null ? adHocInput : linkInput;
}
