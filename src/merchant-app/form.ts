import type { Context } from 'hono';
import { isFormId } from '../core/ids.ts';

/**
 * The fields of the form that was sent. Only the encoding that our own forms have is read; of any other body all fields
 * are missing.
 */
export async function readForm(c: Pick<Context, 'req'>): Promise<URLSearchParams> {
  // workerd warns of `text()` where a body's type is not text.
  return new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()));
}

/** The random id that the form has from its page. null: it has none, so it was not sent by its page. */
export function formIdIn(fields: URLSearchParams): string | null {
  const id = fields.get('form') ?? '';
  return isFormId(id) ? id : null;
}

/**
 * When the page with the form was made, from its hidden field: a form that is sent twice sends nothing twice. A form without
 * the field sends each time.
 */
export function madeAt(fields: URLSearchParams): { readonly unlessSentSince?: number } {
  const made = fields.get('made') ?? '';
  return /^\d{13}$/.test(made) ? { unlessSentSince: Number(made) } : {};
}
