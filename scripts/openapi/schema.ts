import * as z from 'zod';

/** A piece of the document. */
export type Json = Record<string, unknown>;

/** A schema as JSON Schema: of what is sent (`input`), or of what is answered (`output`). */
export function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return json;
}

/** A schema of answers by its title, under which the document keeps it. */
export function component(schema: z.core.$ZodType): { name: string; json: Json } {
  const json = jsonSchema(schema, 'output');
  return { name: String(json.title), json };
}

/** Where a component is. */
export function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** A body of JSON. */
export function content(schema: Json, example?: unknown): Json {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}
