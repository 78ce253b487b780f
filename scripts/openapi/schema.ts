import * as z from 'zod';

/** A part of the document. */
export type Json = Record<string, unknown>;

/** Converts a schema to JSON Schema: of the value that is sent (`input`), or of the value that it is parsed to (`output`). */
export function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // A custom rule is documented by its type, and a member that takes anything by the schema of what to send. A transform must come
    // after the schema that is printed.
    unrepresentable: ({ zodSchema }) => (['custom', 'catch'].includes(zodSchema._zod.def.type) ? 'any' : 'throw'),
  });
  return json;
}

/** The names and schemas of a query's parameters. */
export function queryMembers(query: z.core.$ZodType): [name: string, schema: z.core.$ZodType][] {
  const object = query instanceof z.core.$ZodPipe ? query._zod.def.in : query;
  if (!(object instanceof z.core.$ZodObject)) throw new TypeError('A query is an object');
  return Object.entries(object._zod.def.shape);
}

/** The component of an answer schema. Its name is the schema's title. */
export function component(schema: z.core.$ZodType): { name: string; json: Json } {
  const json = jsonSchema(schema, 'output');
  return { name: String(json.title), json };
}

/** A reference to a component. */
export function reference(name: string, kind: 'schemas' | 'parameters' = 'schemas'): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

/** A JSON body. */
export function content(schema: Json, example?: unknown): Json {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}
