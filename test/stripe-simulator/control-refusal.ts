import type { Context } from 'hono';
import * as z from 'zod';

/** The error for a control request that cannot be done. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/** The JSON body of a control request. Throws ControlRefusal with status 400 that names what is wrong. */
export async function controlBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ControlRefusal(400, 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ControlRefusal(400, z.prettifyError(parsed.error));
  return parsed.data;
}
