import * as z from 'zod';

/** A piece of the document. */
export type Json = Record<string, unknown>;

/** A schema as JSON Schema: of what is sent (`input`), or of what it is read as (`output`). */
export function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // A rule written by hand is documented with its type; a transform must stand behind the schema that is printed.
    unrepresentable: ({ zodSchema }) => (zodSchema._zod.def.type === 'custom' ? 'any' : 'throw'),
  });
  return json;
}

/** The schemas of a query's members, by name. */
export function queryMembers(query: z.core.$ZodType): [name: string, schema: z.core.$ZodType][] {
  const object = query instanceof z.core.$ZodPipe ? query._zod.def.in : query;
  if (!(object instanceof z.core.$ZodObject)) throw new TypeError('A query is an object');
  return Object.entries(object._zod.def.shape);
}

/** A schema of answers by its title, under which the document keeps it. */
export function component(schema: z.core.$ZodType): { name: string; json: Json } {
  const json = jsonSchema(schema, 'output');
  return { name: String(json.title), json };
}

/** Where a component is. */
export function reference(name: string, kind: 'schemas' | 'parameters' = 'schemas'): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

/** A body of JSON. */
export function content(schema: Json, example?: unknown): Json {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}
