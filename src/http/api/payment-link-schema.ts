import * as z from 'zod';
import { MAX_AMOUNT_MINOR } from '../../core/money.ts';
import { returnUrlFault } from '../../core/urls.ts';
import { hasVisibleText, textFault } from './text-rules.ts';

const MAX_PAYMENTS = 100_000;
export const MAX_SUGGESTED_AMOUNTS = 6;

const text = (field: string, max: number) =>
  z
    .string(`${field} must be text of at most ${max} characters.`)
    .superRefine((value, context) => {
      const fault = textFault(value, { max, lineBreaks: true });
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    })
    .meta({ maxLength: max });

const colour = (field: string) =>
  z
    .string(`${field} must be a hex colour, for example "#1d4ed8".`)
    .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, `${field} must be a hex colour: #rgb or #rrggbb, for example "#1d4ed8".`)
    .transform((value) => value.toLowerCase());

const flag = (field: string) => z.boolean(`${field} must be true or false.`);

// Money is judged by core/money.ts, which knows the currency's rules: here it only gets its place in the document.
const minor = (description: string) =>
  z.unknown().meta({ type: ['integer', 'null'], minimum: 1, maximum: MAX_AMOUNT_MINOR, description });
const major = (description: string) =>
  z.unknown().meta({ type: ['number', 'null'], exclusiveMinimum: 0, deprecated: true, description });

const title = z
  .string('title is required: 1 to 250 characters.')
  .superRefine((value, context) => {
    const fault = hasVisibleText(value)
      ? textFault(value, { max: 250, lineBreaks: false })
      : 'must have visible characters.';
    if (fault) context.addIssue({ code: 'custom', message: `title ${fault}` });
  })
  .meta({ minLength: 1, maxLength: 250, description: 'Shown to the buyer, and the line item at Stripe.' });

const successUrl = z.string('success_url must be an absolute http or https URL.').superRefine((value, context) => {
  const fault = returnUrlFault(value);
  if (fault) context.addIssue({ code: 'custom', message: `success_url ${fault}` });
});

const currency = z
  .unknown()
  .meta({ type: 'string', pattern: '^[A-Za-z]{3}$', description: 'ISO 4217 code. Stored upper-case.' });
const kind = z.unknown().meta({ type: 'string', description: '"link", anything else is "button".' });

/** The members that a create and an update share, by their canonical names. */
const optional = {
  kind: kind.optional(),
  amount_cents: minor('Fixed price in minor units. Wins over amount.').optional(),
  amount: major('Fixed price in major units. Deprecated alias of amount_cents.').optional(),
  amount_editable: flag('amount_editable').nullish().meta({ description: 'true lets the buyer enter the amount.' }),
  min_amount_cents: minor('Least amount in minor units, where the buyer enters it.').optional(),
  min_amount: major('Least amount in major units. Deprecated alias of min_amount_cents; also minAmount.').optional(),
  description: text('description', 2000).nullish(),
  active: flag('active').nullish(),
  show_business_name: flag('show_business_name').nullish().meta({ description: 'Also showBusinessName.' }),
  button_color: colour('button_color').nullish().meta({ description: 'Also buttonColor.' }),
  button_text_color: colour('button_text_color').nullish().meta({ description: 'Also buttonTextColor.' }),
  expires_at: z.iso
    .datetime({ offset: true, error: 'expires_at must be an RFC 3339 time, for example 2026-12-31T23:59:59Z.' })
    .nullish()
    .meta({ description: 'From then on the link takes no new payments.' }),
  max_payments: z
    .int(`max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`)
    .min(1, `max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`)
    .max(MAX_PAYMENTS, `max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`)
    .nullish()
    .meta({ description: 'How many payments the link takes in all. Every open session holds a place.' }),
  success_url: successUrl
    .nullish()
    .meta({ format: 'uri', description: 'Where the buyer goes on to, with a signed result.' }),
  inactive_message: text('inactive_message', 500)
    .nullish()
    .meta({ description: 'Shown to a buyer who comes too late.' }),
  suggested_amounts_cents: z
    .array(
      z.unknown(),
      `suggested_amounts_cents must be a list of at most ${MAX_SUGGESTED_AMOUNTS} amounts in minor units.`,
    )
    .max(MAX_SUGGESTED_AMOUNTS, `suggested_amounts_cents must have at most ${MAX_SUGGESTED_AMOUNTS} amounts.`)
    .nullish()
    .meta({
      items: { type: 'integer', minimum: 1 },
      description: 'One-tap choices, where the buyer enters the amount.',
    }),
};

/** The body of `POST /payment-links`. */
export const newLinkSchema = z.object({ title, currency, ...optional });

/** The body of `PATCH /payment-links/:id`: only what is to change. null clears what may be empty. */
export const linkChangeSchema = z.object({
  title: title.optional(),
  currency: currency.optional().meta({ description: 'Only its present value: a currency cannot change.' }),
  ...optional,
});

/** A payment link in answers. */
export const paymentLinkSchema = z
  .object({
    id: z.string().meta({ description: 'The token: lnk_…' }),
    title: z.string(),
    description: z.string().nullable(),
    kind: z.enum(['link', 'button']),
    amount_cents: z.int().nullable().meta({ description: 'null: the buyer enters the amount.' }),
    min_amount_cents: z.int().nullable(),
    suggested_amounts_cents: z.array(z.int()),
    currency: z.string(),
    amount_editable: z.boolean(),
    active: z.boolean(),
    show_business_name: z.boolean(),
    button_color: z.string().nullable(),
    button_text_color: z.string().nullable(),
    expires_at: z.iso.datetime().nullable(),
    max_payments: z.int().nullable(),
    success_url: z.string().nullable(),
    inactive_message: z.string().nullable(),
    url: z.url().meta({ description: 'Share it, or wrap it in a plain anchor.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ title: 'PaymentLink' });

export type PaymentLinkAnswer = z.output<typeof paymentLinkSchema>;
