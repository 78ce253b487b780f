import * as z from 'zod/mini';

/**
 * The same schema, with what the OpenAPI document says of it beyond its type: title, description, any keyword of JSON
 * Schema. What was said of it before stays. It changes nothing about what is valid.
 */
// Marked free of effects, so that a schema only the document uses is left out of the Worker.
/* @__NO_SIDE_EFFECTS__ */
export function documented<Schema extends z.core.$ZodType>(schema: Schema, json: z.core.GlobalMeta): Schema {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...json });
  return schema;
}
