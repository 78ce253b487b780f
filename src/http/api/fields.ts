import * as z from 'zod/mini';
import { MAX_AMOUNT_MINOR, parseCurrency } from '../../core/money/money.ts';
import { NOT_MAJOR_UNITS, NOT_MINOR_UNITS, type RequestedAmount } from '../../core/money/requested-amount.ts';
import { EMAIL, hasVisibleText, textFault } from '../../core/text.ts';
import { returnUrlFault } from '../../core/urls.ts';

/** A body of which nothing is used: none is needed. */
export const noBody = z.object({});

// Members that several requests have, each with the message for its field.

/** Text without the fault that `faultOf` finds; a fault is a sentence without its subject. */
export const judgedText = (field: string, expected: string, faultOf: (value: string) => string | null) =>
  z.string(expected).check(
    z.superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault) context.addIssue({ code: 'custom', message: `${field} ${fault}` });
    }),
  );

/** Text of at most `max` characters, without control and text direction characters. */
export const text = (field: string, max: number, { lineBreaks = true } = {}) =>
  documented(
    judgedText(field, `${field} must be text of at most ${max} characters.`, (value) =>
      textFault(value, { max, lineBreaks }),
    ),
    { maxLength: max },
  );

/** One line of 1 to `max` characters, of which a reader sees at least one. */
export const visibleText = (field: string, max: number, expected: string) =>
  documented(
    judgedText(field, expected, (value) =>
      hasVisibleText(value) ? textFault(value, { max, lineBreaks: false }) : 'must have visible characters.',
    ),
    { minLength: 1, maxLength: max },
  );

/** An absolute http or https URL that a buyer is sent to. */
export const returnUrl = (field: string, expected: string) =>
  documented(judgedText(field, expected, returnUrlFault), { format: 'uri', maxLength: 2048 });

/** An e-mail address of at most 254 characters. */
export const email = (field: string) =>
  z
    .email({ pattern: EMAIL, error: `${field} must be an e-mail address, for example buyer@example.com.` })
    .check(z.maxLength(254, `${field} must have at most 254 characters.`));

export const flag = (field: string) => z.boolean(`${field} must be true or false.`);

/** A fault's sentence with the place of the faulty entry in front: `events.1 must be …`. */
export const messageAt =
  (problemOf: (issue: z.core.$ZodRawIssue) => string) =>
  (issue: z.core.$ZodRawIssue): string =>
    `${issue.path?.join('.') ?? ''} ${problemOf(issue)}`;

/** A message about the member that is judged, wherever it stands (`suggested_amounts_cents.2`); the checks after it are skipped. */
const aboutMember = (problem: string) => ({ error: messageAt(() => problem), abort: true });

/** An amount in minor units. The rules of its currency are judged with the whole request. */
export const amountMinor = () =>
  z
    .int(aboutMember(NOT_MINOR_UNITS))
    .check(
      z.minimum(1, aboutMember(NOT_MINOR_UNITS)),
      z.maximum(MAX_AMOUNT_MINOR, aboutMember(`must be at most ${MAX_AMOUNT_MINOR}.`)),
    );

/** An amount in major units: the deprecated way. */
export const amountMajor = () => z.number(aboutMember(NOT_MAJOR_UNITS)).check(z.positive(aboutMember(NOT_MAJOR_UNITS)));

const CURRENCY_EXPECTED = 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".';

/** A currency that Stripe takes, in any case; read as upper case. */
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

/** The amount that a body names by the first of its members that is not null: minor units first, then their aliases. */
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

/** A body without the members that another one of it makes irrelevant: whatever they hold, they are not judged. */
export const without = (ignored: (body: Readonly<Record<string, unknown>>) => readonly string[]) =>
  z.transform((body: unknown) => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
    const sent = new Map<string, unknown>(Object.entries(body));
    for (const name of ignored(Object.fromEntries(sent))) sent.delete(name);
    return Object.fromEntries(sent);
  });

/** A list of 1 to `max` entries. One that is longer gets one fault, not one for each entry. */
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

/**
 * A flat map of text values: at most 40 keys of 40 characters, values of 500. All faults at once: zod's record stops at the
 * first, and hides `__proto__`. `textFault`: why a key or value is refused, without its subject; `keyFault`: what else a key
 * must not be.
 */
export const metadata = (rules: {
  readonly textFault: (text: string, max: number) => string | null;
  readonly keyFault?: (key: string, max: number) => string | null;
  readonly description: string;
}) =>
  documented(
    z.custom<Record<string, string>>(isMap, 'metadata must be a flat object of text values.').check(
      z.superRefine((map, context) => {
        const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
        const entries: [string, unknown][] = Object.entries(map);
        if (entries.length > MAX_KEYS) refuse([], `metadata must have at most ${MAX_KEYS} keys.`);
        for (const [key, value] of entries) {
          const keyFault = reservedFault(key) ?? rules.keyFault?.(key, MAX_KEY) ?? rules.textFault(key, MAX_KEY);
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

const NOT_TEXT = `must be text of at most ${MAX_VALUE} characters.`;

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function reservedFault(key: string): string | null {
  if (key === '') return 'must have at least 1 character.';
  return key === '__proto__' ? 'must not be __proto__: choose another.' : null;
}

const ROW_ID = /^[1-9]\d{0,15}$/;

/** A row id as text, or null for what can be none. */
export function parseRowId(text: string): number | null {
  const id = ROW_ID.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}

/** `:id` of a path that names a row: null for what names none, so that the use case answers 404 as for an unknown one. */
export const rowIdParam = z.object({ id: z.pipe(z.string(), z.transform(parseRowId)) });

/** `:id` of a path that names a thing by its text id. */
export const textIdParam = z.object({ id: z.string() });

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
