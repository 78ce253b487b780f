import * as z from 'zod';
import { StripeFailure } from './failures.ts';
import { type FormTree, type FormValue, isTree } from './form-encoding.ts';

/** Adds an issue that becomes a Stripe error with this code and message. */
function refuse(context: z.RefinementCtx, message: string, code?: string): never {
  context.addIssue({ code: 'custom', message, params: { code } });
  return z.NEVER;
}

/** Text of 1 to `max` characters. For Stripe an empty value is an attempt to unset the parameter. */
export function text(max = 5000) {
  return z.string().transform((value, context) => {
    if (value === '')
      return refuse(
        context,
        'You passed an empty string for a parameter that cannot be unset. Remove it or give it a value.',
        'parameter_invalid_empty',
      );
    if ([...value].length > max)
      return refuse(context, `Invalid string: must be at most ${max} characters`, 'parameter_invalid_string_length');
    return value;
  });
}

/** A whole number from `min` to `max`. */
export function integer(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  return z.string().transform((value, context) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number))
      return refuse(context, `Invalid integer: ${value}`, 'parameter_invalid_integer');
    if (number < min)
      return refuse(context, `This value must be greater than or equal to ${min}.`, 'parameter_invalid_integer');
    if (number > max)
      return refuse(context, `This value must be less than or equal to ${max}.`, 'parameter_invalid_integer');
    return number;
  });
}

export function boolean() {
  return z.string().transform((value, context) => {
    if (value !== 'true' && value !== 'false') return refuse(context, `Invalid boolean: ${value}`);
    return value === 'true';
  });
}

/** An absolute http or https URL. */
export function url() {
  return text(5000).transform((value, context) => {
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return refuse(context, 'Not a valid URL', 'url_invalid');
    return value;
  });
}

export function email() {
  return text(512).transform((value, context) => {
    if (!isEmail(value)) return refuse(context, `Invalid email address: ${value}`, 'email_invalid');
    return value;
  });
}

export function isEmail(value: string): boolean {
  return /^[^\s@<>(),;:"[\]\\]+@[^\s@.,;:]+(\.[^\s@.,;:]+)+$/.test(value);
}

/** A list: Stripe's `name[0]`, `name[1]`, … or `name[]`. */
export function list<S extends z.ZodType>(item: S) {
  return z.preprocess((value) => {
    if (!isTree(value)) return value;
    const keys = Object.keys(value);
    if (!keys.every((key) => /^\d+$/.test(key))) return value;
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => value[key]);
  }, z.array(item));
}

/** Metadata within Stripe's limits: 50 keys, 40 characters per key, 500 per value. An empty value removes its key. */
export function metadata() {
  return z
    .custom<FormValue>((value) => isTree(value) || value === '')
    .transform((value, context) => {
      const result: Record<string, string> = Object.create(null);
      const entries = isTree(value) ? Object.entries(value) : [];
      if (entries.length > 50)
        return refuse(context, `Metadata can have at most 50 keys, but ${entries.length} were given.`);
      for (const [key, item] of entries) {
        if (isTree(item)) return refuse(context, `Metadata values must be text, but the value of '${key}' is a hash.`);
        if (/[[\]]/.test(key)) return refuse(context, `Metadata keys must not contain square brackets: '${key}'.`);
        if ([...key].length > 40)
          return refuse(context, `Metadata keys can have up to 40 characters, but '${key}' has ${[...key].length}.`);
        if ([...item].length > 500)
          return refuse(
            context,
            `Metadata values can have up to 500 characters, but the value of '${key}' has ${[...item].length}.`,
          );
        if (item !== '') result[key] = item;
      }
      return result;
    });
}

/** Seconds since 1970, as one time or a range: the parameter `created` of Stripe's lists. */
export const createdRange = z.preprocess(
  (value) => (typeof value === 'string' ? { gte: value, lte: value } : value),
  z.strictObject({
    gt: integer().optional(),
    gte: integer().optional(),
    lt: integer().optional(),
    lte: integer().optional(),
  }),
);

/** The parameters of every list endpoint. */
export const pageShape = {
  limit: integer(1, 100).default(10),
  starting_after: text().optional(),
  ending_before: text().optional(),
};

/** The parameters of an endpoint: the named ones and `expand`, no others. */
export function parameters<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject({ ...shape, expand: list(text()).optional() });
}

/** Parses decoded parameters. Throws the StripeFailure that Stripe would answer for the first fault. */
export function parseParameters<S extends z.ZodType>(schema: S, tree: FormTree): z.output<S> {
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const issues = result.error.issues;
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') throw unknownParameters(unknown.path, unknown.keys);
  const missing = issues.find((issue) => valueAt(tree, issue.path) === undefined);
  if (missing) {
    const param = bracketed(missing.path);
    throw new StripeFailure(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  throw faultyParameter(issues[0]);
}

function unknownParameters(path: PropertyKey[], keys: string[]): StripeFailure {
  const names = keys.map((key) => bracketed([...path, key]));
  const label = names.length === 1 ? 'Received unknown parameter' : 'Received unknown parameters';
  return new StripeFailure(`${label}: ${names.join(', ')}`, { code: 'parameter_unknown', param: names[0] });
}

function faultyParameter(issue: z.core.$ZodIssue | undefined): StripeFailure {
  const param = bracketed(issue?.path ?? []);
  if (issue?.code === 'custom') {
    const code: unknown = issue.params?.code;
    return new StripeFailure(issue.message, { param, ...(typeof code === 'string' ? { code } : {}) });
  }
  if (issue?.code === 'invalid_value') {
    return new StripeFailure(`Invalid ${param}: must be one of ${issue.values.map(String).join(', ')}`, { param });
  }
  const expected = issue?.code === 'invalid_type' ? issue.expected : 'value';
  return new StripeFailure(`Invalid ${expected}`, { param });
}

function valueAt(tree: FormTree, path: PropertyKey[]): FormValue | undefined {
  let value: FormValue | undefined = tree;
  for (const key of path) value = isTree(value) ? value[String(key)] : undefined;
  return value;
}

/** The place of a parameter as Stripe writes it, such as `line_items[0][quantity]`. */
export function bracketed(path: PropertyKey[]): string {
  return path.map((key, index) => (index === 0 ? String(key) : `[${String(key)}]`)).join('');
}
