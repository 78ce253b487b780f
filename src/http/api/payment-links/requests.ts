import * as z from 'zod/mini';
import type { RequestedAmount } from '../../../core/money/requested-amount.ts';
import { parseRowCursor } from '../../../core/paging.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import { visibleOrNull } from '../../../core/text.ts';
import { definedOf } from '../../../domain/changes.ts';
import type { CreateLink } from '../../../domain/links/create-link.ts';
import { decideLinkPrice, type LinkPrice, type LinkPriceInput } from '../../../domain/links/link-price.ts';
import type { LinkChange } from '../../../domain/links/update-link.ts';
import { toDetail } from '../../invalid-request.ts';
import {
  amountMajor,
  amountMinor,
  colour,
  currency,
  documented,
  flag,
  requestedAmount,
  returnUrl,
  text,
  time,
  visibleText,
  without,
} from '../fields.ts';
import { listQuery, pageRequestOf } from '../paging.ts';

// The members.

const MAX_PAYMENTS = 100_000;
const MAX_PAYMENTS_EXPECTED = `max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`;
const MAX_SUGGESTED = 6;

const suggestedAmounts = z
  .array(amountMinor(), `suggested_amounts_cents must be a list of at most ${MAX_SUGGESTED} amounts in minor units.`)
  .check(z.maxLength(MAX_SUGGESTED, `suggested_amounts_cents must have at most ${MAX_SUGGESTED} amounts.`));

const maxPayments = z
  .int(MAX_PAYMENTS_EXPECTED)
  .check(z.minimum(1, MAX_PAYMENTS_EXPECTED), z.maximum(MAX_PAYMENTS, MAX_PAYMENTS_EXPECTED));

const title = documented(
  visibleText('title', 250, 'title is required: 1 to 250 characters.'),
  'Shown to the buyer, and the line item at Stripe.',
);

const kind = z.enum(['link', 'button'], 'kind cannot be cleared: send a value.');
const KIND = 'Any other value, of any type, is read as "button".';

const aliasOf = (member: string) => `An alias of \`${member}\`, and ignored beside it, whatever it is.`;
const buttonColour = (field: string, description: string) => documented(z.nullish(colour(field)), description);

/** The members of both bodies. null clears a member in a PATCH, and is the same as not sent in a POST. */
const clearable = {
  amount_cents: documented(
    z.nullish(amountMinor()),
    'A fixed price in minor units. At most eight digits, or twelve in IDR. It counts before `amount`.',
  ),
  amount: amountMajor(
    'A fixed price in major units. A deprecated alias of `amount_cents`, and ignored beside it, whatever it is.',
  ),
  min_amount_cents: documented(
    z.nullish(amountMinor()),
    'The smallest amount in minor units, if the buyer enters the amount. Ignored beside a fixed price, whatever it is.',
  ),
  min_amount: amountMajor(
    'The smallest amount in major units. A deprecated alias of `min_amount_cents`, and ignored beside it, whatever it is.',
  ),
  minAmount: amountMajor('A deprecated alias of `min_amount`, and ignored beside it, whatever it is.'),
  suggested_amounts_cents: documented(
    z.nullish(suggestedAmounts),
    'Amounts in minor units that the buyer can choose with one tap, if the buyer enters the amount. A list of at most 6 items is ignored beside a fixed price.',
  ),
  description: documented(
    z.nullish(text('description', 2000)),
    'Supporting text on the pay page. Text without a visible character counts as null.',
  ),
  button_color: buttonColour(
    'button_color',
    'The colour of the Pay button: #rgb or #rrggbb. Without it the button has the `brand_color` of your profile, or is dark.',
  ),
  buttonColor: buttonColour('buttonColor', aliasOf('button_color')),
  button_text_color: buttonColour(
    'button_text_color',
    'The colour of the text on the Pay button: #rgb or #rrggbb. Without it, and where its contrast to the button is below 3:1, the text is black or white, whichever reads better. Answers have the colour that you set.',
  ),
  buttonTextColor: buttonColour('buttonTextColor', aliasOf('button_text_color')),
  expires_at: documented(z.nullish(time('expires_at')), {
    format: 'date-time',
    description: 'From this time on the link takes no new payments.',
  }),
  max_payments: documented(
    z.nullish(maxPayments),
    'How many payments the link takes in all. Every open session holds a place. When you set or lower the limit, sessions that are open can still be paid.',
  ),
  success_url: documented(
    z.nullish(returnUrl('success_url', 'success_url must be an absolute http or https URL.')),
    'Where the buyer is sent after the payment, with a signed result. The Stripe session id replaces {CHECKOUT_SESSION_ID} in it.',
  ),
  inactive_message: documented(
    z.nullish(text('inactive_message', 500)),
    'Shown to a buyer when the link no longer takes payments. Text without a visible character counts as null.',
  ),
};

const ACTIVE =
  'false: the link takes no new payments. Sessions that are open can still be paid, for 31 minutes at most.';
const EDITABLE = 'true: the buyer enters the amount.';
const SHOW_NAME = 'true: the button and the pay page show the `display_name` of your profile.';
const SHOW_NAME_ALIAS = aliasOf('show_business_name');

/** The schema for the body of `POST /payment-links`. null is the same as not sent. */
export const newLink = z
  .object({
    title,
    currency,
    kind: documented(z.nullish(kind), KIND),
    ...clearable,
    amount_editable: documented(z.nullish(flag('amount_editable')), EDITABLE),
    active: documented(z.nullish(flag('active')), ACTIVE),
    show_business_name: documented(z.nullish(flag('show_business_name')), SHOW_NAME),
    showBusinessName: documented(z.nullish(flag('showBusinessName')), SHOW_NAME_ALIAS),
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

/** The schema for `PATCH /payment-links/:id`: only what is to change. null clears an optional member. */
export const linkChange = z.object({
  title: z.optional(title),
  currency: documented(
    z.optional(z.string('currency must be its present value, a 3-letter code.')),
    'Only its present value: the currency cannot change.',
  ),
  kind: documented(z.optional(kind), `Only its present value. ${KIND}`),
  ...clearable,
  amount_editable: documented(z.optional(flag('amount_editable')), EDITABLE),
  active: documented(z.optional(flag('active')), ACTIVE),
  show_business_name: documented(z.optional(flag('show_business_name')), SHOW_NAME),
  showBusinessName: documented(z.optional(flag('showBusinessName')), SHOW_NAME_ALIAS),
});

type NewLink = z.output<typeof newLink>;
type ChangedLink = z.output<typeof linkChange>;

// Members that are ignored.

type Body = Readonly<Record<string, unknown>>;

/** The members for one amount: minor units, then aliases in major units. The first with a value counts. */
const FIXED = ['amount_cents', 'amount'] as const;
const MINIMUM = ['min_amount_cents', 'min_amount', 'minAmount'] as const;

/** Members that are no amounts, each with its alias. The alias counts if the member is null or not sent. */
const ALIASES = [
  ['show_business_name', 'showBusinessName'],
  ['button_color', 'buttonColor'],
  ['button_text_color', 'buttonTextColor'],
] as const;

/** The names of the members that are not validated, because other members of the body count instead. */
function ignoredMembers(body: Body): string[] {
  const isGiven = (name: string) => body[name] !== undefined && body[name] !== null;
  const allButFirstGiven = (names: readonly string[]) => {
    const first = names.find(isGiven);
    return first === undefined ? [] : names.filter((name) => name !== first);
  };
  const aliases = ALIASES.map(([name, alias]) => {
    // An alias that is null clears, if the member itself was not sent.
    const aliasCounts = isGiven(alias) ? !isGiven(name) : body[alias] === null && body[name] === undefined;
    return aliasCounts ? name : alias;
  });
  if (!FIXED.some(isGiven)) return [...aliases, ...allButFirstGiven(MINIMUM)];
  // A fixed price has no minimum and no suggestions.
  const { suggested_amounts_cents: suggested } = body;
  const isList = Array.isArray(suggested) && suggested.length <= MAX_SUGGESTED;
  return [...aliases, ...allButFirstGiven(FIXED), ...MINIMUM, ...(isList ? ['suggested_amounts_cents'] : [])];
}

// How the price is judged.

/** The amount that the members `fields` of a body name. undefined: none was sent. null: the amount is cleared. */
function amountOf(body: Body, fields: typeof FIXED | typeof MINIMUM): RequestedAmount | null | undefined {
  return requestedAmount(body, fields) ?? (fields.some((field) => body[field] === null) ? null : undefined);
}

/** What a body says about the price, as input of the domain. */
function priceOf(body: NewLink | ChangedLink): LinkPriceInput {
  const { suggested_amounts_cents: suggested, amount_editable: editable } = body;
  return {
    amount: amountOf(body, FIXED),
    editable,
    minimum: amountOf(body, MINIMUM),
    suggested:
      suggested === null
        ? null
        : suggested?.map((value, index) => ({ field: `suggested_amounts_cents.${index}`, unit: 'minor', value })),
  };
}

/** The price of a new link, as far as its members have the right types. null: it has a fault, which is in `issues`. */
function judgePrice(value: NewLink, issues: z.core.$ZodRawIssue[]): LinkPrice | null {
  const faulty = new Set(issues.map((issue) => (issue.path ?? []).join('.')));
  if (faulty.has('amount_editable') || faulty.has('suggested_amounts_cents')) return null;
  const decided = decideLinkPrice(priceOf(value), faulty.has('currency') ? null : value.currency, null);
  if (decided.ok) return decided.price;
  for (const { path, message } of decided.faults.map(toDetail)) {
    if (!faulty.has(path)) issues.push({ code: 'custom', path: path.split('.'), message, input: value });
  }
  return null;
}

// From a valid body to the input of the use cases.

/** The value of a member or of its alias: `ignoredMembers` has removed one of them. undefined: neither was sent. */
const either = <Value>(member: Value, alias: Value): Value => (member === undefined ? alias : member);

/** A text for buyers. undefined: not sent. */
const shownText = (text: string | null | undefined) => (text === undefined ? undefined : visibleOrNull(text));

/** The members that the bodies of POST and PATCH share, except for the price. undefined: not sent. */
const contentOf = (body: NewLink | ChangedLink) => ({
  description: shownText(body.description),
  active: body.active ?? undefined,
  showBusinessName: either(body.show_business_name, body.showBusinessName) ?? undefined,
  buttonColor: either(body.button_color, body.buttonColor),
  buttonTextColor: either(body.button_text_color, body.buttonTextColor),
  expiresAt: typeof body.expires_at === 'string' ? parseRfc3339(body.expires_at) : body.expires_at,
  maxPayments: body.max_payments,
  successUrl: body.success_url,
  inactiveMessage: shownText(body.inactive_message),
});

const toCreateLink = (body: NewLink, { issues }: z.core.ParsePayload): CreateLink => {
  const price = judgePrice(body, issues);
  if (price === null) return z.NEVER;
  const { title, currency, kind } = body;
  return { ...definedOf(contentOf(body)), ...price, kind: kind ?? 'button', title, currency };
};

const toLinkChange = (body: ChangedLink): LinkChange => ({
  currency: body.currency,
  kind: body.kind,
  price: priceOf(body),
  changes: { title: body.title, ...contentOf(body) },
});

/** A body without the ignored members. Its `kind` may be any value: all but "link" are read as "button". */
const readable = z.pipe(
  without(ignoredMembers),
  z.transform((body: Body) => ((body.kind ?? 'link') === 'link' ? body : { ...body, kind: 'button' })),
);

/** Validates the body of `POST /payment-links`, and turns it into the input of `createLink`. */
export const newLinkBody = z.pipe(readable, z.pipe(newLink, z.transform(toCreateLink)));

/** Validates the body of `PATCH /payment-links/:id`, and turns it into the input of `updateLink`. */
export const linkChangeBody = z.pipe(readable, z.pipe(linkChange, z.transform(toLinkChange)));

/** The query of `GET /payment-links`. */
export const listLinksQuery = z.pipe(listQuery(parseRowCursor, {}), z.transform(pageRequestOf<number>));
