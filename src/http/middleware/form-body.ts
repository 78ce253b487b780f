import { createMiddleware } from 'hono/factory';
import { readBytes } from '../read-body.ts';

const MAX_BYTES = 16 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * Reads the form of a page, for `zValidator('form', …)` behind it. A body of more than 16 KB, counted while it arrives, or
 * of another type becomes a form without fields, so that a page and not a JSON error can answer it.
 *
 * @example routes.post('/', formBody(), zValidator('form', schema, hook), handler)
 */
export const formBody = () =>
  createMiddleware(async function formBody(c, next) {
    c.req.bodyCache.formData = await readForm(c.req.raw);
    await next();
  });

async function readForm(request: Request): Promise<FormData> {
  const form = new FormData();
  if (!FORM_TYPE.test(request.headers.get('Content-Type') ?? '')) return form;
  const bytes = (await readBytes(request, MAX_BYTES)) ?? new Uint8Array();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) form.append(name, value);
  return form;
}
