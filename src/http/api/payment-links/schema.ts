import * as z from 'zod/mini';
import { MAX_AMOUNT_MINOR } from '../../../core/money/money.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import { hasVisibleText, textFault } from '../../../core/text.ts';
import { returnUrlFault } from '../../../core/urls.ts';
import { documented } from '../documented.ts';

const MAX_PAYMENTS = 100_000;
const MAX_PAYMENTS_EXPECTED = `max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`;
export const MAX_SUGGESTED_AMOUNTS = 6;
const EXPIRES_AT_EXPECTED = 'expires_at must be an RFC 3339 time, for example 2026-12-31T23:59:59Z.';

/** Text without the fault that `faultOf` finds; a fault is a sentence without its subject. */
const judgedText = (field: string, expected: string, faultOf: (value: string) => string | null) =>
  z.string(expected).check(
    z.superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    }),
  );

const text = (field: string, max: number) =>
  documented(
    judgedText(field, `${field} must be text of at most ${max} characters.`, (value) =>
      textFault(value, { max, lineBreaks: true }),
    ),
    { maxLength: max },
  );

const colour = (field: string) =>
  z.pipe(
    z
      .string(`${field} must be a hex colour, for example "#1d4ed8".`)
      .check(
        z.regex(
          /^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/,
          `${field} must be a hex colour: #rgb or #rrggbb, for example "#1d4ed8".`,
        ),
      ),
    z.transform((value: string) => value.toLowerCase()),
  );

const flag = (field: string) => z.boolean(`${field} must be true or false.`);

// Money is judged by core/money.ts, which knows the currency's rules: here it only gets its place in the document.
const minor = (description: string) =>
  documented(z.unknown(), { type: ['integer', 'null'], minimum: 1, maximum: MAX_AMOUNT_MINOR, description });
const major = (description: string) =>
  documented(z.unknown(), { type: ['number', 'null'], exclusiveMinimum: 0, deprecated: true, description });

const title = documented(
  judgedText('title', 'title is required: 1 to 250 characters.', (value) =>
    hasVisibleText(value) ? textFault(value, { max: 250, lineBreaks: false }) : 'must have visible characters.',
  ),
  { minLength: 1, maxLength: 250, description: 'Shown to the buyer, and the line item at Stripe.' },
);

const successUrl = judgedText('success_url', 'success_url must be an absolute http or https URL.', returnUrlFault);

const currency = documented(z.unknown(), {
  type: 'string',
  pattern: '^[A-Za-z]{3}$',
  description: 'ISO 4217 code. Stored upper-case.',
});
const kind = documented(z.unknown(), { type: 'string', description: '"link", anything else is "button".' });

/** The members that a create and an update share, by their canonical names. */
const optional = {
  kind: z.optional(kind),
  amount_cents: z.optional(minor('Fixed price in minor units. Wins over amount.')),
  amount: z.optional(major('Fixed price in major units. Deprecated alias of amount_cents.')),
  amount_editable: documented(z.nullish(flag('amount_editable')), {
    description: 'true lets the buyer enter the amount.',
  }),
  min_amount_cents: z.optional(minor('Least amount in minor units, where the buyer enters it.')),
  min_amount: z.optional(major('Least amount in major units. Deprecated alias of min_amount_cents; also minAmount.')),
  description: z.nullish(text('description', 2000)),
  active: documented(z.nullish(flag('active')), {
    description: 'false: no new payments. Sessions that are open can still be paid until they end, within 31 minutes.',
  }),
  show_business_name: documented(z.nullish(flag('show_business_name')), { description: 'Also showBusinessName.' }),
  button_color: documented(z.nullish(colour('button_color')), { description: 'Also buttonColor.' }),
  button_text_color: documented(z.nullish(colour('button_text_color')), { description: 'Also buttonTextColor.' }),
  expires_at: documented(
    z.nullish(
      z.string(EXPIRES_AT_EXPECTED).check(z.refine((value) => parseRfc3339(value) !== null, EXPIRES_AT_EXPECTED)),
    ),
    { format: 'date-time', description: 'From then on the link takes no new payments.' },
  ),
  max_payments: documented(
    z.nullish(
      z
        .int(MAX_PAYMENTS_EXPECTED)
        .check(z.minimum(1, MAX_PAYMENTS_EXPECTED), z.maximum(MAX_PAYMENTS, MAX_PAYMENTS_EXPECTED)),
    ),
    {
      description:
        'How many payments the link takes in all. Every open session holds a place; those that are open when the limit is set or lowered can still be paid.',
    },
  ),
  success_url: documented(z.nullish(successUrl), {
    format: 'uri',
    description: 'Where the buyer goes on to, with a signed result.',
  }),
  inactive_message: documented(z.nullish(text('inactive_message', 500)), {
    description: 'Shown to a buyer who comes too late.',
  }),
  suggested_amounts_cents: documented(
    z.nullish(
      z
        .array(
          z.unknown(),
          `suggested_amounts_cents must be a list of at most ${MAX_SUGGESTED_AMOUNTS} amounts in minor units.`,
        )
        .check(
          z.maxLength(
            MAX_SUGGESTED_AMOUNTS,
            `suggested_amounts_cents must have at most ${MAX_SUGGESTED_AMOUNTS} amounts.`,
          ),
        ),
    ),
    { items: { type: 'integer', minimum: 1 }, description: 'One-tap choices, where the buyer enters the amount.' },
  ),
};

/** The body of `POST /payment-links`. */
export const newLinkSchema = z.object({ title, currency, ...optional });

/** The body of `PATCH /payment-links/:id`: only what is to change. null clears what may be empty. */
export const linkChangeSchema = z.object({
  title: z.optional(title),
  currency: documented(z.optional(currency), { description: 'Only its present value: a currency cannot change.' }),
  ...optional,
});
