import type { Context } from 'hono';

/**
 * The fields of the form that was sent. Only the encoding that our own forms have is read; of any other body all fields
 * are missing.
 */
export async function readForm(c: Pick<Context, 'req'>): Promise<URLSearchParams> {
  // workerd warns of `text()` where a body's type is not text.
  return new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()));
}
