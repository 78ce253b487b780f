import * as z from 'zod/mini';

/**
 * The same schema, with what the OpenAPI document says of it beyond its type: title, description, any keyword of JSON
 * Schema. What was said of it before stays. It changes nothing about what is valid.
 */
// The schemas of answers are functions: the Worker needs their types alone, and esbuild leaves out what is never called.
export function documented<Schema extends z.core.$ZodType>(schema: Schema, json: z.core.GlobalMeta): Schema {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...json });
  return schema;
}
