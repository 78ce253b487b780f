import * as z from 'zod/mini';
import { codePointLength, type JsonObject } from '../../../core/json.ts';
import { judgeAmount } from '../../../core/money/requested-amount.ts';
import { visibleOrNull } from '../../../core/text.ts';
import type { CreateSession } from '../../../domain/checkout/create-session.ts';
import { RESERVED_METADATA_PREFIX } from '../../../domain/payments/metadata.ts';
import type { FieldCodes } from '../../middleware/validate.ts';
import {
  amountMajor,
  amountMinor,
  currency,
  documented,
  email,
  metadata,
  requestedAmount,
  returnUrl,
  text,
  without,
} from '../fields.ts';

/** The error codes for faults, by the name of the member. For all other members it is `validation_failed`. */
export const CREATE_SESSION_CODES: FieldCodes = {
  amount_cents: 'invalid_amount',
  amount: 'invalid_amount',
  currency: 'invalid_currency',
  success_url: 'invalid_url',
  cancel_url: 'invalid_url',
};

// Control characters, except tab and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Why a text that only programs read is refused, as a sentence without its subject. null: it is not refused. */
function metadataFault(value: string, max: number): string | null {
  const expected = `must be text of at most ${max} characters, without control characters.`;
  return codePointLength(value) <= max && !CONTROL.test(value) ? null : expected;
}

function metadataKeyFault(key: string, max: number): string | null {
  if (/[[\]]/.test(key)) return 'must not have square brackets.';
  if (!key.startsWith(RESERVED_METADATA_PREFIX)) return metadataFault(key, max);
  return `must not begin with ${RESERVED_METADATA_PREFIX}: that is reserved.`;
}

const common = {
  success_url: documented(
    returnUrl('success_url', 'success_url is required: an absolute http or https URL.'),
    'Where Stripe sends the buyer after a successful payment. Stripe replaces {CHECKOUT_SESSION_ID} in it.',
  ),
  cancel_url: documented(
    returnUrl('cancel_url', 'cancel_url is required: an absolute http or https URL.'),
    'Where Stripe sends the buyer who cancels. Stripe replaces {CHECKOUT_SESSION_ID} in it.',
  ),
  description: documented(
    z.nullish(text('description', 250)),
    'The line item on the Checkout page. With a payment link the line item is the title of the link. Text without a visible character counts as not sent.',
  ),
  reference: documented(
    z.nullish(text('reference', 500)),
    'Your order id. Webhooks send it back to you. Text without a visible character counts as not sent.',
  ),
  customer_email: documented(
    z.nullish(email('customer_email')),
    "Pre-fills the buyer's e-mail. An international domain is kept in punycode: `ann@münchen.de` is answered as `ann@xn--mnchen-3ya.de`.",
  ),
  metadata: z.nullish(
    metadata({
      textFault: metadataFault,
      keyFault: metadataKeyFault,
      description:
        'A flat map of text values: up to 40 keys of 40 characters, with values of 500. A key has no square brackets and does not begin with `softsolz_`. The map is kept on the Stripe session and the payment intent.',
    }),
  ),
};

/** The members that name the amount: minor units, and an alias in major units, which is ignored beside them. */
const AMOUNT = ['amount_cents', 'amount'] as const;

/** The body of `POST /checkout-sessions` that names the price itself. */
export const adHocSession = z
  .object({
    ...common,
    currency,
    amount_cents: documented(
      z.nullish(amountMinor()),
      'The amount in minor units (cents, pence). At most eight digits, or twelve in IDR. It counts before `amount`.',
    ),
    amount: amountMajor(
      'The amount in major units (49.99). A deprecated alias of `amount_cents`, and ignored beside it, whatever it is. Its removal is not planned.',
    ),
    payment_link_token: documented(z.optional(z.null()), 'null, or not sent: the body names the price itself.'),
  })
  // Only beside other faults: without one, the transform to the input judges the price.
  .check(
    z.check(
      ({ value, issues }) => {
        judgePrice(value, issues);
      },
      { when: ({ issues }) => issues.length > 0 },
    ),
  );

/** An amount that is judged once the link was read. A value that is not a number becomes NaN, which is no amount. */
const unjudged = (amount: z.ZodMiniType<number | null | undefined>) =>
  z.catch(amount, ({ value }) => (typeof value === 'number' ? value : Number.NaN));

/** The body of `POST /checkout-sessions` with a payment link. Its amount is checked once the link was read. */
export const linkSession = z.object({
  ...common,
  payment_link_token: documented(
    z.string('payment_link_token must be the id of a payment link, for example lnk_8f3c2a1b9d.'),
    'A payment link of your workspace. Its currency and its fixed amount are charged.',
  ),
  currency: documented(
    z.catch(z.optional(currency), undefined),
    'Ignored, whatever it is: the currency of the link is used.',
  ),
  amount_cents: documented(
    unjudged(z.nullish(amountMinor())),
    'The amount in minor units. It is used only if the buyer of the link may enter the amount, and must then be at least its minimum. For a fixed price it is ignored, whatever it is.',
  ),
  amount: unjudged(
    amountMajor(
      'The amount in major units. A deprecated alias of `amount_cents`, and ignored beside it and for a fixed price, whatever it is.',
    ),
  ),
});

type AdHocSession = z.output<typeof adHocSession>;
type LinkSession = z.output<typeof linkSession>;

const MISSING = { ok: false, problem: 'is required: a positive integer in minor units, for example 4999.' } as const;

/**
 * The amount in minor units. null: the amount has a fault, which is in `issues`, or the body has no valid currency to
 * judge the amount by.
 */
function judgePrice(value: AdHocSession, issues: z.core.$ZodRawIssue[]): number | null {
  const isFaulty = (name: string) => issues.some((issue) => issue.path?.[0] === name);
  const amount = requestedAmount(value, AMOUNT);
  const field = amount?.field ?? 'amount_cents';
  if (amount && isFaulty(field)) return null;
  const judged = amount ? judgeAmount(amount, isFaulty('currency') ? null : value.currency) : MISSING;
  if (judged.ok) return judged.amountMinor;
  issues.push({ code: 'custom', path: [field], message: `${field} ${judged.problem}`, input: value });
  return null;
}

function toInput(body: AdHocSession | LinkSession, price: CreateSession['price']): CreateSession {
  return {
    price,
    description: visibleOrNull(body.description ?? null),
    reference: visibleOrNull(body.reference ?? null),
    customerEmail: body.customer_email ?? null,
    ui: { kind: 'hosted', successUrl: body.success_url, cancelUrl: body.cancel_url, language: null },
    metadata: body.metadata ?? {},
  };
}

const adHocInput = z.pipe(
  without((body) => (body.amount_cents === undefined || body.amount_cents === null ? [] : ['amount'])),
  z.pipe(
    adHocSession,
    z.transform((body: AdHocSession, { issues }): CreateSession => {
      const amountMinor = judgePrice(body, issues);
      if (amountMinor === null) return z.NEVER;
      const field = requestedAmount(body, AMOUNT)?.field ?? 'amount_cents';
      return toInput(body, { kind: 'ad_hoc', price: { amountMinor, currency: body.currency }, field });
    }),
  ),
);

const linkInput = z.pipe(
  linkSession,
  z.transform((body: LinkSession) =>
    toInput(body, { kind: 'link', token: body.payment_link_token, amount: requestedAmount(body, AMOUNT) }),
  ),
);

/** The schema for a body of `POST /checkout-sessions`. If it names a payment link, the price is the link's. */
export function createSessionBody({ payment_link_token: token }: JsonObject) {
  return token === undefined || token === null ? adHocInput : linkInput;
}
