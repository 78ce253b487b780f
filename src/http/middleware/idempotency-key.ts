import type { ErrorDetail } from '../../core/errors.ts';

const QUOTED = /^"(.*)"$/;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header; quotes optional), null without one. */
export function parseIdempotencyKey(
  header: string | undefined,
): { readonly ok: true; readonly key: string | null } | { readonly ok: false; readonly fault: ErrorDetail } {
  if (header === undefined) return { ok: true, key: null };
  const key = QUOTED.exec(header)?.[1] ?? header;
  if (VISIBLE_ASCII.test(key)) return { ok: true, key };
  const message = 'Idempotency-Key must be 1 to 255 visible ASCII characters, for example a UUID.';
  return { ok: false, fault: { path: 'Idempotency-Key', code: 'validation_failed', message } };
}
