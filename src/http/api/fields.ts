import * as z from 'zod/mini';
import { readEmail } from '../../core/email.ts';
import { LARGEST_AMOUNT_MINOR } from '../../core/money/currencies.ts';
import { parseCurrency } from '../../core/money/money.ts';
import { NOT_MAJOR_UNITS, NOT_MINOR_UNITS, type RequestedAmount } from '../../core/money/requested-amount.ts';
import { parseRfc3339 } from '../../core/rfc3339.ts';
import { parseRowId } from '../../core/row-ids.ts';
import { nameFault, textFault } from '../../core/text.ts';
import { returnUrlFault, webUrlFault, withAsciiHost } from '../../core/urls.ts';
import { jsonBody, validParam } from '../middleware/validate.ts';

/** Reads `:id` of a path as a row id. An impossible id becomes 0, which no row has, so the use case answers 404. */
export const rowId = validParam(z.object({ id: z.pipe(z.string(), z.transform(parseRowId)) }));

/** The schema of a row id in answers: an integer below 2^53, which needs 64 bits outside of JavaScript. */
export const rowIdSchema = () => documented(z.int(), { format: 'int64' });

/** Reads `:id` of a path as text, for example as the token of a payment link. */
export const textId = validParam(z.object({ id: z.string() }));

/** Validates the body of a route that needs no body: it may be left out, or be any JSON object. */
export const noBody = jsonBody(z.object({}), { optional: true });

/**
 * A schema for text in which `faultOf` finds no fault. `faultOf` returns a sentence without its subject, or null.
 * `field`: the name of the member. `expected`: the message for a value that is no text.
 */
export const judgedText = (field: string, expected: string, faultOf: (value: string) => string | null) =>
  z.string(expected).check(
    z.superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    }),
  );

/**
 * A schema for text of at most `max` characters. It refuses text direction characters and control characters, but
 * takes line breaks unless `lineBreaks` is false. `field`: the member's name, for the message.
 */
export const text = (field: string, max: number, { lineBreaks = true } = {}) => {
  const expected = `${field} must be text of at most ${max} characters.`;
  const faultOf = (value: string) => textFault(value, { max, lineBreaks });
  return documented(judgedText(field, expected, faultOf), { maxLength: max });
};

/** A schema for one line of 1 to `max` characters, with at least one visible character. */
export const visibleText = (field: string, max: number, expected: string) => {
  const faultOf = (value: string) => nameFault(value, max);
  return documented(judgedText(field, expected, faultOf), { minLength: 1, maxLength: max });
};

/** A schema for an absolute http or https URL to which a buyer is sent. The result has no international host. */
export const returnUrl = (field: string, expected: string) => httpUrl(judgedText(field, expected, returnUrlFault));

/** A schema for the absolute http or https URL of a page that anybody may open. The result has no international host. */
export const webUrl = (field: string) =>
  httpUrl(judgedText(field, `${field} must be a URL as text, for example https://www.example.com/terms.`, webUrlFault));

const httpUrl = (schema: z.core.$ZodType<string, string>) =>
  z.pipe(documented(schema, { pattern: '^https?://', maxLength: 2048 }), z.transform(withAsciiHost));

/**
 * A schema for an e-mail address of at most 254 characters. The result has an international domain in punycode.
 * `written`: changes the text before it is read.
 */
export const email = (field: string, written: (text: string) => string = (text) => text) => {
  const expected = `${field} must be an e-mail address of at most 254 characters, for example buyer@example.com.`;
  const address = z.string(expected).check(z.refine((text) => readEmail(written(text)) !== null, expected));
  return z.pipe(
    documented(address, { format: 'idn-email', maxLength: 254 }),
    z.transform((text: string) => readEmail(written(text)) ?? text),
  );
};

/** A schema for a colour, `#rgb` or `#rrggbb`. The result is in lower case. */
export const colour = (field: string) => {
  const expected = `${field} must be a hex colour: #rgb or #rrggbb, for example "#1d4ed8".`;
  const schema = z.string(`${field} must be a hex colour, for example "#1d4ed8".`);
  const hex = schema.check(z.regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, expected));
  return z.pipe(
    hex,
    z.transform((value: string) => value.toLowerCase()),
  );
};

/** A schema for true or false. */
export const flag = (field: string) => z.boolean(`${field} must be true or false.`);

/** A schema for an RFC 3339 time with any offset, which stays text. */
export const time = (field: string) => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z.`;
  return z.string(expected).check(z.refine((value) => parseRfc3339(value) !== null, expected));
};

/** Makes the message about an item of a list: its path, then the problem, for example `events.1 must be …`. */
export const messageAt =
  (problemOf: (issue: z.core.$ZodRawIssue) => string) =>
  (issue: z.core.$ZodRawIssue): string =>
    `${issue.path?.join('.') ?? ''} ${problemOf(issue)}`;

/** The message about the member at fault, also in a list (`suggested_amounts_cents.2`). No later checks run. */
const aboutMember = (problem: string) => ({ error: messageAt(() => problem), abort: true });

/** A schema for an amount in minor units. The rules of its currency are checked with the whole request. */
export const amountMinor = () =>
  z
    .int(aboutMember(NOT_MINOR_UNITS))
    .check(
      z.minimum(1, aboutMember(NOT_MINOR_UNITS)),
      z.maximum(LARGEST_AMOUNT_MINOR, aboutMember(`must be at most ${LARGEST_AMOUNT_MINOR}.`)),
    );

/** A schema for a deprecated member with an amount in major units. null is the same as not sent. */
export const amountMajor = (description: string) => {
  const amount = z.number(aboutMember(NOT_MAJOR_UNITS)).check(z.positive(aboutMember(NOT_MAJOR_UNITS)));
  return documented(z.nullish(amount), { deprecated: true, description });
};

const CURRENCY_EXPECTED = 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".';

/** A schema for the code of a currency that Stripe takes, in any case. The result is in upper case. */
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
 * Finds the amount in a body: the value of the first of `fields` that was sent and is not null. The first name in
 * `fields` is a member in minor units, the others are its aliases in major units. Returns null if none was sent.
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

/** Removes the members that `ignored` names before a body is validated, because others count instead of them. */
export const without = (ignored: (body: Readonly<Record<string, unknown>>) => readonly string[]) =>
  z.transform((body: Record<string, unknown>) => {
    const names = ignored(body);
    return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
  });

/**
 * A schema for a list of 1 to `max` items. A list that is too long has one fault, not one for each item. `expected` and
 * `tooMany`: the messages for any other value and for a list that is too long.
 */
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
 * A schema for `metadata`: a flat map of at most 40 keys of 40 characters, with text values of 500. `keyFault` and
 * `textFault` check every key and value. They return a sentence without its subject, or null if there is no fault.
 */
// Not z.record, because that stops at the first fault and hides the key `__proto__`.
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
      propertyNames: { type: 'string', minLength: 1, maxLength: MAX_KEY },
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
 * Adds to a schema what the OpenAPI document says about it: a description, or keywords of JSON Schema. Keywords that
 * were added before stay. Returns the same schema. What it accepts does not change.
 *
 * @example
 * documented(z.int(), 'Minor units.')
 * documented(z.object({}), { title: 'Payment' })
 */
// The schemas of answers are functions, because the Worker needs only their types: esbuild leaves out what is never
// called.
export function documented<Schema extends z.core.$ZodType>(schema: Schema, about: string | z.core.GlobalMeta): Schema {
  const keywords = typeof about === 'string' ? { description: about } : about;
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...keywords });
  return schema;
}
