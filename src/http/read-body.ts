import type { HonoRequest } from 'hono';
import { ApiError } from '../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../core/json.ts';
import { InvalidRequest } from './invalid-request.ts';

const MAX_JSON_BYTES = 64 * 1024;
const MAX_FORM_BYTES = 16 * 1024;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * Reads the JSON object in a body, and keeps its text for the validator. `optional`: without a body it is `{}`. Throws
 * `payload_too_large` for more than 64 KB, also where they come in chunks, `unsupported_media_type` for another type or any
 * `Content-Encoding`, and `validation_failed` for what is no JSON object.
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
  // Where Hono looks for a body that was read already: as a promise, whatever its type says.
  Object.assign(request.bodyCache, { text: Promise.resolve(parsed.text) });
  return parsed.value;
}

function tooLarge(): ApiError {
  return new ApiError('payload_too_large', 'The body is larger than 64 KB (65536 bytes). Send less.');
}

function wrongType(): ApiError {
  return new ApiError('unsupported_media_type', 'Send the body as JSON: Content-Type: application/json.');
}

/** Reads the fields of a form. A body of more than 16 KB or of another type is read as a form without fields. */
export async function readForm(request: Request): Promise<FormData> {
  const form = new FormData();
  if (!FORM_TYPE.test(request.headers.get('Content-Type') ?? '')) return form;
  const bytes = (await readBytes(request, MAX_FORM_BYTES)) ?? new Uint8Array();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) form.append(name, value);
  return form;
}

/**
 * Reads the bytes of a body: none where there is no body, null where it has more than `maxBytes`. It stops reading there,
 * whatever length the sender announced.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (isLonger(request, maxBytes)) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > maxBytes) return null;
    parts.push(part);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function isLonger(request: Request, maxBytes: number): boolean {
  return Number(request.headers.get('Content-Length') ?? 0) > maxBytes;
}
