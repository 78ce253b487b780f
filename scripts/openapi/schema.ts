import * as z from 'zod';

/** A part of the document. */
export type Json = Record<string, unknown>;

/** True for an object, which a list is not. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Converts a schema to JSON Schema: of the value that is sent (`input`), or of the value that it is parsed to (`output`).
 * Objects stay open, because members may be added to answers, and unknown members of requests are ignored.
 */
export function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // A custom rule is documented by its type, and a member that takes anything by the schema of what to send. A transform must come
    // after the schema that is printed.
    unrepresentable: ({ zodSchema }) => (['custom', 'catch'].includes(zodSchema._zod.def.type) ? 'any' : 'throw'),
  });
  return tidyObject(json);
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  return isJson(value) ? tidyObject(value) : value;
}

/** Removes what zod adds and readers of the document do not need, in a schema and in all schemas within it. */
function tidyObject(json: Json): Json {
  const node = withNullType(Object.fromEntries(Object.entries(json).map(([name, value]) => [name, tidy(value)])));
  const isRedundant = ([name, value]: [string, unknown]) =>
    (name === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (name === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
    (name === 'pattern' && (node.format === 'date-time' || node.format === 'uuid')) ||
    (name === 'propertyNames' && isJson(value) && Object.keys(value).join() === 'type') ||
    (name === 'additionalProperties' && value === false);
  return Object.fromEntries(Object.entries(node).filter((entry) => !isRedundant(entry)));
}

/** `anyOf: [<one type>, null]` as one schema with `type: [<one type>, "null"]`. */
function withNullType(node: Json): Json {
  const { anyOf, ...others } = node;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return node;
  const [schema, nothing]: unknown[] = anyOf;
  if (!isJson(schema) || typeof schema.type !== 'string' || !isJson(nothing) || nothing.type !== 'null') return node;
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [schema.type, 'null'], ...values, ...others };
}

/** The names and schemas of a query's parameters. */
export function queryMembers(query: z.core.$ZodType): [name: string, schema: z.core.$ZodType][] {
  const object = query instanceof z.core.$ZodPipe ? query._zod.def.in : query;
  if (!(object instanceof z.core.$ZodObject)) throw new TypeError('A query is an object');
  return Object.entries(object._zod.def.shape);
}

/** What members mean whose name has one meaning in all answers and events. */
const GLOSSARY: Readonly<Record<string, string>> = {
  currency: 'ISO 4217 code, in upper case.',
  reference: 'Your own reference, as you sent it.',
  metadata: 'Your own map of text values.',
  payment_id: 'The id of the payment, and of its checkout session.',
  payment_link_token: 'The payment link that was used: lnk_…, or null.',
  stripe_session_id: 'The Checkout session at Stripe: cs_…',
  stripe_payment_intent_id: 'The payment intent at Stripe: pi_…, or null if there is none yet.',
  webhook_endpoint_id: 'The webhook endpoint: we_…',
  created_at: 'When it was created.',
  updated_at: 'When it was last changed.',
};

/** A schema of an answer or of an event's data: its title, and the components of it and of all titled schemas in it. */
export interface Components {
  readonly name: string;
  readonly schemas: Readonly<Record<string, Json>>;
}

/** The components of an answer or of an event's data. */
export function componentsOf(schema: z.core.$ZodType): Components {
  const { title, ...json } = jsonSchema(schema, 'output');
  const name = String(title);
  const schemas: Record<string, Json> = {};
  schemas[name] = { title, ...extracted(withMeanings(json), schemas) };
  return { name, schemas };
}

/** The same schema, with references in place of the titled schemas in it. These are added to `found`. */
function extracted(json: Json, found: Record<string, Json>): Json {
  const extract = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(extract);
    if (!isJson(value)) return value;
    const inner = extracted(value, found);
    if (typeof inner.title !== 'string') return inner;
    found[inner.title] = withMeanings(inner);
    return reference(inner.title);
  };
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, extract(value)]));
}

function withMeanings(json: Json): Json {
  if (!isJson(json.properties)) return json;
  const members = Object.entries(json.properties).map(([member, about]) => [member, withMeaning(member, about)]);
  return { ...json, properties: Object.fromEntries(members) };
}

function withMeaning(member: string, about: unknown): unknown {
  const description = GLOSSARY[member];
  return isJson(about) && description !== undefined ? { description, ...about } : about;
}

type ComponentKind = 'schemas' | 'parameters' | 'headers' | 'responses' | 'examples';

/** A reference to a component. */
export function reference(name: string, kind: ComponentKind = 'schemas'): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

/** A JSON body. `examples`: by a short name, each an Example Object or a reference to one. */
export function content(schema: Json, examples?: Readonly<Record<string, unknown>>): Json {
  return { 'application/json': { schema, ...(examples ? { examples } : {}) } };
}
