import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../../core/json.ts';
import type { ApiEnv } from '../app-env.ts';
import { type ErrorDetail, InvalidRequest } from '../invalid-request.ts';
import { readBytes } from '../read-bytes.ts';

const MAX_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;

/**
 * Reads the JSON body and the `Idempotency-Key` of a request: 413 over 64 KB (also chunked), 415 for another type or any
 * `Content-Encoding`, 400 for what is no JSON object. The validator after it reads the body from what is kept here.
 * `optional`: no body at all counts as `{}`.
 *
 * @example
 * routes.post('/', secretKey(), countRequest(), requireScope(CREATE), jsonBody(), validJson(schema), admit(), handler)
 */
export const jsonBody = ({ optional = false }: { readonly optional?: boolean } = {}) =>
  createMiddleware<ApiEnv>(async function jsonBody(c, next) {
    const body = await readJson(c.req, optional);
    const { key, fault } = parseIdempotencyKey(c.req.header('Idempotency-Key'));
    c.set('jsonBody', body);
    c.set('idempotencyKey', key);
    c.set('idempotencyKeyFault', fault);
    await next();
  });

/**
 * The JSON object that a request carries; without any body `{}` where that is `optional`. Keeps the text where Hono and its
 * validators look for it. Throws `payload_too_large`, `unsupported_media_type`, `validation_failed`.
 */
export async function readJson(
  request: Pick<HonoRequest, 'raw' | 'bodyCache'>,
  optional: boolean,
): Promise<JsonObject> {
  const { raw } = request;
  if (raw.headers.has('Content-Encoding')) {
    throw new ApiError('unsupported_media_type', 'Send the body as plain JSON, without a Content-Encoding.');
  }
  if (Number(raw.headers.get('Content-Length') ?? 0) > MAX_BYTES) throw tooLarge();
  const type = raw.headers.get('Content-Type');
  if (type !== null && !JSON_TYPE.test(type.trim())) throw wrongType();
  const bytes = await readBytes(raw, MAX_BYTES);
  if (!bytes) throw tooLarge();
  if (bytes.length === 0 && optional) {
    keepText(request, '{}');
    return {};
  }
  if (type === null) throw wrongType();
  const parsed = parseJsonObject(bytes);
  if (!parsed.ok) throw new InvalidRequest([{ ...parsed.fault, code: 'validation_failed' }]);
  keepText(request, parsed.text);
  return parsed.value;
}

/** Where Hono looks for a body that was read already: as a promise, whatever its type says. */
function keepText(request: Pick<HonoRequest, 'bodyCache'>, text: string): void {
  Object.assign(request.bodyCache, { text: Promise.resolve(text) });
}

const QUOTED = /^"(.*)"$/;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header; quotes optional), null without one. */
function parseIdempotencyKey(header: string | undefined): { key: string | null; fault: ErrorDetail | null } {
  if (header === undefined) return { key: null, fault: null };
  const key = QUOTED.exec(header)?.[1] ?? header;
  if (VISIBLE_ASCII.test(key)) return { key, fault: null };
  const message = 'Idempotency-Key must be 1 to 255 visible ASCII characters, for example a UUID.';
  return { key: null, fault: { path: 'Idempotency-Key', code: 'validation_failed', message } };
}

function tooLarge(): ApiError {
  return new ApiError('payload_too_large', 'The body is larger than 64 KB (65536 bytes). Send less.');
}

function wrongType(): ApiError {
  return new ApiError('unsupported_media_type', 'Send the body as JSON: Content-Type: application/json.');
}
