import type { HonoRequest } from 'hono';
import { type Bytes, joinBytes } from '../core/bytes.ts';
import { ApiError } from '../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../core/json.ts';
import { MAX_LOGO_BYTES } from '../core/picture.ts';
import { InvalidRequest } from './invalid-request.ts';

const MAX_JSON_BYTES = 64 * 1024;
const MAX_FORM_BYTES = 16 * 1024;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * Reads the JSON object in a body, and keeps the text for a later `zValidator('json', …)`. `optional`: a request
 * without a body is read as `{}`. Throws `payload_too_large` for more than 64 KB, `unsupported_media_type` if the
 * Content-Type is not JSON or there is a Content-Encoding, and `validation_failed` if the body is not a JSON object.
 */
export async function readJson(
  request: Pick<HonoRequest, 'raw' | 'bodyCache'>,
  optional: boolean,
): Promise<JsonObject> {
  const { raw } = request;
  if (raw.headers.has('Content-Encoding')) {
    throw new ApiError('unsupported_media_type', 'Send the body as plain JSON, without a Content-Encoding.');
  }
  if (isLonger(raw, MAX_JSON_BYTES)) throw tooLarge();
  const type = raw.headers.get('Content-Type');
  if (type !== null && !JSON_TYPE.test(type.trim())) throw wrongType();
  const bytes = await readBytes(raw, MAX_JSON_BYTES);
  if (!bytes) throw tooLarge();
  const isMissing = bytes.length === 0 && optional;
  if (type === null && !isMissing) throw wrongType();
  const parsed = isMissing ? ({ ok: true, text: '{}', value: {} } as const) : parseJsonObject(bytes);
  if (!parsed.ok) throw new InvalidRequest([{ ...parsed.fault, code: 'validation_failed' }]);
  // Hono looks here for a body that was read before, and expects a promise, whatever the type says.
  Object.assign(request.bodyCache, { text: Promise.resolve(parsed.text) });
  return parsed.value;
}

function tooLarge(): ApiError {
  return new ApiError('payload_too_large', 'The body is larger than 64 KB (65536 bytes). Send less.');
}

function wrongType(): ApiError {
  return new ApiError('unsupported_media_type', 'Send the body as JSON: Content-Type: application/json.');
}

/**
 * Reads a body that is a picture, whatever its Content-Type says. Throws `payload_too_large` for more than 128 KB, and
 * `unsupported_media_type` if there is a Content-Encoding.
 */
export async function readPictureBody(request: Request): Promise<Bytes> {
  if (request.headers.has('Content-Encoding')) {
    throw new ApiError('unsupported_media_type', 'Send the bytes of the picture, without a Content-Encoding.');
  }
  const bytes = await readBytes(request, MAX_LOGO_BYTES);
  if (bytes) return bytes;
  throw new ApiError('payload_too_large', 'The picture is larger than 128 KB (131072 bytes). Send a smaller one.');
}

/**
 * Reads a form in the type `application/x-www-form-urlencoded`. The result has no fields if the body has more than 16
 * KB or another Content-Type.
 */
export async function readForm(request: Request): Promise<FormData> {
  const form = new FormData();
  if (!FORM_TYPE.test(request.headers.get('Content-Type') ?? '')) return form;
  const bytes = (await readBytes(request, MAX_FORM_BYTES)) ?? new Uint8Array();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) form.append(name, value);
  return form;
}

/**
 * Reads a body. Returns an empty array if there is none, and null if it has more than `maxBytes`: then reading stops
 * there, whatever `Content-Length` says.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Bytes | null> {
  if (isLonger(request, maxBytes)) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > maxBytes) return null;
    parts.push(part);
  }
  return joinBytes(parts);
}

function isLonger(request: Request, maxBytes: number): boolean {
  return Number(request.headers.get('Content-Length') ?? 0) > maxBytes;
}
