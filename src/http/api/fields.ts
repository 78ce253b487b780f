import * as z from 'zod/mini';
import { MAX_AMOUNT_MINOR, parseCurrency } from '../../core/money/money.ts';
import { NOT_MAJOR_UNITS, NOT_MINOR_UNITS, type RequestedAmount } from '../../core/money/requested-amount.ts';
import { parseRfc3339 } from '../../core/rfc3339.ts';
import { EMAIL, hasVisibleText, textFault } from '../../core/text.ts';
import { returnUrlFault } from '../../core/urls.ts';
import { jsonBody, validParam } from '../middleware/validate.ts';

const ROW_ID = /^[1-9]\d{0,15}$/;

/** Reads a row id from text. Returns 0, which no row has, for text that cannot be one. */
export function parseRowId(text: string): number {
  const id = ROW_ID.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) ? id : 0;
}

/** Validates `:id` of a path as a row id. An impossible one becomes 0, and the use case answers 404 as for an unknown id. */
export const rowId = validParam(z.object({ id: z.pipe(z.string(), z.transform(parseRowId)) }));

/** Validates `:id` of a path as a text id, for example the token of a payment link. */
export const textId = validParam(z.object({ id: z.string() }));

/** Validates the body of a route that uses none: it may be left out, or be any JSON object. */
export const noBody = jsonBody(z.object({}), { optional: true });

/** Text in which `faultOf` finds no fault. A fault is a sentence without its subject. `expected`: the message for other types. */
export const judgedText = (field: string, expected: string, faultOf: (value: string) => string | null) =>
  z.string(expected).check(
    z.superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    }),
  );

/** Text of at most `max` characters, without control and text direction characters. */
export const text = (field: string, max: number, { lineBreaks = true } = {}) => {
  const expected = `${field} must be text of at most ${max} characters.`;
  const faultOf = (value: string) => textFault(value, { max, lineBreaks });
  return documented(judgedText(field, expected, faultOf), { maxLength: max });
};

/** One line of 1 to `max` characters. At least one of them must be visible. */
export const visibleText = (field: string, max: number, expected: string) => {
  const faultOf = (value: string) =>
    hasVisibleText(value) ? textFault(value, { max, lineBreaks: false }) : 'must have visible characters.';
  return documented(judgedText(field, expected, faultOf), { minLength: 1, maxLength: max });
};

/** An absolute http or https URL to which a buyer is sent. */
export const returnUrl = (field: string, expected: string) =>
  documented(judgedText(field, expected, returnUrlFault), { format: 'uri', maxLength: 2048 });

/** An e-mail address of at most 254 characters. */
export const email = (field: string) =>
  z
    .email({ pattern: EMAIL, error: `${field} must be an e-mail address, for example buyer@example.com.` })
    .check(z.maxLength(254, `${field} must have at most 254 characters.`));

/** True or false. */
export const flag = (field: string) => z.boolean(`${field} must be true or false.`);

/** An RFC 3339 time with any offset, kept as text. `hint`: one more sentence for the message. */
export const time = (field: string, hint = '') => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z.${hint}`;
  return z.string(expected).check(z.refine((value) => parseRfc3339(value) !== null, expected));
};

/** Makes the message about a member of a list: its place, then the problem, for example `events.1 must be …`. */
export const messageAt =
  (problemOf: (issue: z.core.$ZodRawIssue) => string) =>
  (issue: z.core.$ZodRawIssue): string =>
    `${issue.path?.join('.') ?? ''} ${problemOf(issue)}`;

/** The message about the member that is judged, also in a list (`suggested_amounts_cents.2`). Later checks are skipped. */
const aboutMember = (problem: string) => ({ error: messageAt(() => problem), abort: true });

/** An amount in minor units. Whether it fits its currency is judged with the whole request. */
export const amountMinor = () =>
  z
    .int(aboutMember(NOT_MINOR_UNITS))
    .check(
      z.minimum(1, aboutMember(NOT_MINOR_UNITS)),
      z.maximum(MAX_AMOUNT_MINOR, aboutMember(`must be at most ${MAX_AMOUNT_MINOR}.`)),
    );

/** A deprecated member with an amount in major units. null is the same as not sent. */
export const amountMajor = (description: string) => {
  const amount = z.number(aboutMember(NOT_MAJOR_UNITS)).check(z.positive(aboutMember(NOT_MAJOR_UNITS)));
  return documented(z.nullish(amount), { deprecated: true, description });
};

const CURRENCY_EXPECTED = 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".';

/** A currency that Stripe takes, in upper or lower case. The result is upper case. */
export const currency = documented(
  z.pipe(
    z.string(CURRENCY_EXPECTED).check(
      z.regex(/^[A-Za-z]{3}$/, CURRENCY_EXPECTED),
      z.refine((code) => parseCurrency(code) !== null, CURRENCY_EXPECTED),
    ),
    z.transform((code: string) => code.toUpperCase()),
  ),
  'ISO 4217 code of a currency that Stripe takes, in any case.',
);

/**
 * The amount of a body: that of the first of `fields` which is sent and not null. The first field is in minor units, the others
 * are its aliases in major units. Returns null where none of them is sent.
 */
export function requestedAmount(
  body: Readonly<Record<string, unknown>>,
  fields: readonly [minor: string, ...major: string[]],
): RequestedAmount | null {
  const field = fields.find((name) => body[name] !== undefined && body[name] !== null);
  if (field === undefined) return null;
  const value = body[field];
  const unit = field === fields[0] ? 'minor' : 'major';
  return { field, unit, value: typeof value === 'number' ? value : Number.NaN };
}

/** Drops the members that `ignored` names before a body is validated: they may hold anything, because others count instead. */
export const without = (ignored: (body: Readonly<Record<string, unknown>>) => readonly string[]) =>
  z.transform((body: Record<string, unknown>) => {
    const names = ignored(body);
    return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
  });

/** A list of 1 to `max` entries. A longer list has one fault, not one for each entry. */
export const list = <Entry extends z.core.$ZodType>(entry: Entry, max: number, expected: string, tooMany = expected) =>
  z.array(entry, expected).check(
    z.minLength(1, expected),
    z.maxLength(max, tooMany),
    z.check(
      ({ issues }) => {
        const ofList = issues.find(({ code, path = [] }) => code === 'too_big' && path.length === 0);
        if (ofList) issues.splice(0, issues.length, ofList);
      },
      { when: () => true },
    ),
  );

const MAX_KEYS = 40;
const MAX_KEY = 40;
const MAX_VALUE = 500;
const NOT_TEXT = `must be text of at most ${MAX_VALUE} characters.`;

/**
 * A flat map of text values: at most 40 keys of 40 characters, with values of 500. `textFault` and `keyFault` judge every
 * value and every key: they return a sentence without its subject, or null.
 */
// Not z.record: it stops at the first fault, and hides `__proto__`.
export const metadata = (rules: {
  readonly textFault: (text: string, max: number) => string | null;
  readonly keyFault: (key: string, max: number) => string | null;
  readonly description: string;
}) =>
  documented(
    z.custom<Record<string, string>>(isMap, 'metadata must be a flat object of text values.').check(
      z.superRefine((map, context) => {
        const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
        const entries: [string, unknown][] = Object.entries(map);
        if (entries.length > MAX_KEYS) refuse([], `metadata must have at most ${MAX_KEYS} keys.`);
        for (const [key, value] of entries) {
          const keyFault = reservedFault(key) ?? rules.keyFault(key, MAX_KEY);
          const valueFault = typeof value === 'string' ? rules.textFault(value, MAX_VALUE) : NOT_TEXT;
          if (keyFault) refuse([key], `A metadata key ${keyFault}`);
          else if (valueFault) refuse([key], `metadata.${key} ${valueFault}`);
        }
      }),
    ),
    {
      type: 'object',
      maxProperties: MAX_KEYS,
      propertyNames: { minLength: 1, maxLength: MAX_KEY },
      additionalProperties: { type: 'string', maxLength: MAX_VALUE },
      description: rules.description,
    },
  );

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function reservedFault(key: string): string | null {
  if (key === '') return 'must have at least 1 character.';
  return key === '__proto__' ? 'must not be __proto__: choose another.' : null;
}

/**
 * Adds to a schema what the OpenAPI document says about it: a description, or any keywords of JSON Schema. Keywords that were
 * added before stay. Returns the same schema, and changes nothing about what is valid.
 *
 * @example
 * documented(z.int(), 'Minor units.')
 * documented(z.object({}), { title: 'Payment' })
 */
// The schemas of answers are functions: the Worker needs their types alone, and esbuild leaves out what is never called.
export function documented<Schema extends z.core.$ZodType>(schema: Schema, about: string | z.core.GlobalMeta): Schema {
  const keywords = typeof about === 'string' ? { description: about } : about;
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...keywords });
  return schema;
}
