/**
 * When the page with the form was made, from its hidden field: a form that is sent twice sends nothing twice. A form without
 * the field sends each time.
 */
export function madeAt(fields: URLSearchParams): { readonly unlessSentSince?: number } {
  const made = fields.get('made') ?? '';
  return /^\d{13}$/.test(made) ? { unlessSentSince: Number(made) } : {};
}
