import type { HonoRequest } from 'hono';
import { ApiError } from '../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../core/json.ts';
import { InvalidRequest } from './invalid-request.ts';

const MAX_JSON_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;

/**
 * The JSON object that a request carries; without any body `{}` where that is `optional`. Keeps the text where Hono's
 * validators look for it. Throws `payload_too_large` over 64 KB (also chunked), `unsupported_media_type` for another type or
 * any `Content-Encoding`, `validation_failed` for what is no JSON object.
 */
export async function readJson(
  request: Pick<HonoRequest, 'raw' | 'bodyCache'>,
  optional: boolean,
): Promise<JsonObject> {
  const { raw } = request;
  if (raw.headers.has('Content-Encoding')) {
    throw new ApiError('unsupported_media_type', 'Send the body as plain JSON, without a Content-Encoding.');
  }
  if (Number(raw.headers.get('Content-Length') ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  const type = raw.headers.get('Content-Type');
  if (type !== null && !JSON_TYPE.test(type.trim())) throw wrongType();
  const bytes = await readBytes(raw, MAX_JSON_BYTES);
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

function tooLarge(): ApiError {
  return new ApiError('payload_too_large', 'The body is larger than 64 KB (65536 bytes). Send less.');
}

function wrongType(): ApiError {
  return new ApiError('unsupported_media_type', 'Send the body as JSON: Content-Type: application/json.');
}

/**
 * The bytes of a body, or null where it has more than `maxBytes`: stops reading there, whatever length the sender
 * announced. No body: no bytes.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return null;
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
