import * as z from 'zod/mini';
import type { RequestedAmount } from '../../../core/money/requested-amount.ts';
import { parseRowCursor } from '../../../core/paging.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import type { CreateLink } from '../../../domain/links/create-link.ts';
import { decideLinkPrice, type LinkPrice, type LinkPriceInput } from '../../../domain/links/link-price.ts';
import type { LinkChange } from '../../../domain/links/update-link.ts';
import { toDetail } from '../../invalid-request.ts';
import {
  amountMajor,
  amountMinor,
  currency,
  documented,
  flag,
  requestedAmount,
  returnUrl,
  text,
  visibleText,
  without,
} from '../fields.ts';
import { listQuery, pageRequestOf } from '../paging.ts';

const MAX_PAYMENTS = 100_000;
const MAX_PAYMENTS_EXPECTED = `max_payments must be a whole number from 1 to ${MAX_PAYMENTS}.`;
const MAX_SUGGESTED = 6;
const EXPIRES_AT_EXPECTED = 'expires_at must be an RFC 3339 time, for example 2026-12-31T23:59:59Z.';

/** The members for one amount: minor units first, then the deprecated aliases in major units. */
const FIXED = ['amount_cents', 'amount'] as const;
const MINIMUM = ['min_amount_cents', 'min_amount', 'minAmount'] as const;
/** Published aliases of members that are no amounts: each counts where the member itself is not sent, or null. */
const ALIASES = [
  ['show_business_name', 'showBusinessName'],
  ['button_color', 'buttonColor'],
  ['button_text_color', 'buttonTextColor'],
] as const;

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

const title = documented(
  visibleText('title', 250, 'title is required: 1 to 250 characters.'),
  'Shown to the buyer, and the line item at Stripe.',
);

const kind = documented(z.unknown(), '"link", anything else is "button".');

/** Members that null clears, or leaves as they are by default on a new link. */
const clearable = {
  amount_cents: documented(z.nullish(amountMinor()), 'Fixed price in minor units. Wins over amount.'),
  amount: documented(z.nullish(amountMajor()), {
    deprecated: true,
    description: 'Fixed price in major units. Deprecated alias of amount_cents.',
  }),
  min_amount_cents: documented(z.nullish(amountMinor()), 'Least amount in minor units, where the buyer enters it.'),
  min_amount: documented(z.nullish(amountMajor()), {
    deprecated: true,
    description: 'Least amount in major units. Deprecated alias of min_amount_cents.',
  }),
  minAmount: documented(z.nullish(amountMajor()), {
    deprecated: true,
    description: 'Deprecated alias of min_amount_cents, in major units.',
  }),
  suggested_amounts_cents: documented(
    z.nullish(
      z
        .array(
          amountMinor(),
          `suggested_amounts_cents must be a list of at most ${MAX_SUGGESTED} amounts in minor units.`,
        )
        .check(z.maxLength(MAX_SUGGESTED, `suggested_amounts_cents must have at most ${MAX_SUGGESTED} amounts.`)),
    ),
    'One-tap choices in minor units, where the buyer enters the amount.',
  ),
  description: z.nullish(text('description', 2000)),
  button_color: documented(
    z.nullish(colour('button_color')),
    'Hex colour of the Pay button (#rgb or #rrggbb). A dark button without it.',
  ),
  buttonColor: documented(z.nullish(colour('buttonColor')), 'Alias of button_color.'),
  button_text_color: documented(
    z.nullish(colour('button_text_color')),
    "Hex colour of the Pay button's text (#rgb or #rrggbb). White without it.",
  ),
  buttonTextColor: documented(z.nullish(colour('buttonTextColor')), 'Alias of button_text_color.'),
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
    'How many payments the link takes in all. Every open session holds a place; those that are open when the limit is set or lowered can still be paid.',
  ),
  success_url: documented(
    z.nullish(returnUrl('success_url', 'success_url must be an absolute http or https URL.')),
    'Where the buyer goes on to, with a signed result.',
  ),
  inactive_message: documented(z.nullish(text('inactive_message', 500)), 'Shown to a buyer who comes too late.'),
};

const ACTIVE = 'false: no new payments. Sessions that are open can still be paid until they end, within 31 minutes.';
const EDITABLE = 'true lets the buyer enter the amount.';
const SHOW_NAME = 'true shows the name of your workspace on the button and the pay page.';

/** The body of `POST /payment-links`; null is the same as not sent. */
export const newLink = z
  .object({
    title,
    currency,
    kind: z.optional(kind),
    ...clearable,
    amount_editable: documented(z.nullish(flag('amount_editable')), EDITABLE),
    active: documented(z.nullish(flag('active')), ACTIVE),
    show_business_name: documented(z.nullish(flag('show_business_name')), SHOW_NAME),
    showBusinessName: documented(z.nullish(flag('showBusinessName')), 'Alias of show_business_name.'),
  })
  .check(z.check(judgePrice, { when: () => true }));

/** The body of `PATCH /payment-links/:id`: only what is to change. null clears what may be empty. */
export const linkChange = z.object({
  title: z.optional(title),
  currency: documented(
    z.optional(z.string('currency must be its present value, a 3-letter code.')),
    'Only its present value: a currency cannot change.',
  ),
  kind: documented(
    z.optional(kind.check(z.refine((value) => value !== null, 'kind cannot be cleared: send a value.'))),
    'Only its present value. "link", anything else is "button".',
  ),
  ...clearable,
  amount_editable: documented(z.optional(flag('amount_editable')), EDITABLE),
  active: documented(z.optional(flag('active')), ACTIVE),
  show_business_name: documented(z.optional(flag('show_business_name')), SHOW_NAME),
  showBusinessName: documented(z.optional(flag('showBusinessName')), 'Alias of show_business_name.'),
});

type Body = Readonly<Record<string, unknown>>;
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** The members that others make irrelevant: they are not judged, whatever they hold. */
function ignoredMembers(body: Body): string[] {
  const firstGiven = (names: readonly string[]) => names.find((name) => isGiven(body[name]));
  const others = (names: readonly string[], counts: string | undefined) =>
    counts === undefined ? [] : names.filter((name) => name !== counts);
  const aliases = ALIASES.map(([name, alias]) => (isAliasUsed(body, name, alias) ? name : alias));
  const fixed = firstGiven(FIXED);
  if (fixed === undefined) return [...aliases, ...others(MINIMUM, firstGiven(MINIMUM))];
  const { suggested_amounts_cents: suggested } = body;
  const isList = Array.isArray(suggested) && suggested.length <= MAX_SUGGESTED;
  return [...aliases, ...others(FIXED, fixed), ...MINIMUM, ...(isList ? ['suggested_amounts_cents'] : [])];
}

/** null is as good as not sent, unless nothing else was: then it clears. */
function isAliasUsed(body: Body, name: string, alias: string): boolean {
  return body[alias] !== undefined && !isGiven(body[name]) && (body[name] === undefined || body[alias] !== null);
}

/** One amount of a body: undefined where none of its members was sent, null where it is cleared. */
function amountOf(body: Body, fields: typeof FIXED | typeof MINIMUM): RequestedAmount | null | undefined {
  const given = requestedAmount(body, fields);
  return given ?? (fields.some((field) => body[field] === null) ? null : undefined);
}

/** What a body says of the price, in the domain's words. */
function priceOf(body: z.output<typeof newLink> | z.output<typeof linkChange>): LinkPriceInput {
  const { suggested_amounts_cents: suggested } = body;
  return {
    amount: amountOf(body, FIXED),
    editable: body.amount_editable,
    minimum: amountOf(body, MINIMUM),
    suggested:
      suggested === null
        ? null
        : suggested?.map((value, index) => ({ field: `suggested_amounts_cents.${index}`, unit: 'minor', value })),
  };
}

/** Judges a new link's price, where its members are of the right types. */
function judgePrice({ value, issues }: z.core.ParsePayload<z.output<typeof newLink>>): void {
  const faulty = new Set(issues.map((issue) => (issue.path ?? []).join('.')));
  if (faulty.has('amount_editable') || faulty.has('suggested_amounts_cents')) return;
  const decided = decideLinkPrice(priceOf(value), faulty.has('currency') ? null : value.currency, null);
  for (const { path, message } of decided.ok ? [] : decided.faults.map(toDetail)) {
    if (!faulty.has(path)) issues.push({ code: 'custom', path: path.split('.'), message, input: value });
  }
}

/** The price of a body that has passed `judgePrice`. */
function decidedPrice(body: z.output<typeof newLink>): LinkPrice {
  const decided = decideLinkPrice(priceOf(body), body.currency, null);
  if (!decided.ok) throw new TypeError('A valid body has a price');
  return decided.price;
}

const kindOf = (value: unknown): 'link' | 'button' => (value === 'link' ? 'link' : 'button');
const timeOf = (value: string | null | undefined): number | null => (value ? parseRfc3339(value) : null);

/** The link that a valid body makes. */
export const newLinkBody = z.pipe(
  without(ignoredMembers),
  z.pipe(
    newLink,
    z.transform(
      (body: z.output<typeof newLink>): CreateLink => ({
        ...decidedPrice(body),
        kind: kindOf(body.kind),
        title: body.title,
        description: body.description ?? null,
        currency: body.currency,
        active: body.active ?? true,
        showBusinessName: body.show_business_name ?? body.showBusinessName ?? false,
        buttonColor: body.button_color ?? body.buttonColor ?? null,
        buttonTextColor: body.button_text_color ?? body.buttonTextColor ?? null,
        expiresAt: timeOf(body.expires_at),
        maxPayments: body.max_payments ?? null,
        successUrl: body.success_url ?? null,
        inactiveMessage: body.inactive_message ?? null,
      }),
    ),
  ),
);

/** What a valid body changes; undefined: stays as it is. */
export const linkChangeBody = z.pipe(
  without(ignoredMembers),
  z.pipe(
    linkChange,
    z.transform(
      (body: z.output<typeof linkChange>): LinkChange => ({
        currency: body.currency,
        kind: body.kind === undefined ? undefined : kindOf(body.kind),
        price: priceOf(body),
        changes: {
          title: body.title,
          description: body.description,
          active: body.active,
          showBusinessName: body.show_business_name ?? body.showBusinessName,
          buttonColor: body.button_color === undefined ? body.buttonColor : body.button_color,
          buttonTextColor: body.button_text_color === undefined ? body.buttonTextColor : body.button_text_color,
          expiresAt: body.expires_at === undefined ? undefined : timeOf(body.expires_at),
          maxPayments: body.max_payments,
          successUrl: body.success_url,
          inactiveMessage: body.inactive_message,
        },
      }),
    ),
  ),
);

const query = listQuery(parseRowCursor, {});

/** The query of `GET /payment-links`. */
export const listLinksQuery = z.pipe(query, z.transform(pageRequestOf<number>));
