import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Mode } from '../../core/api-keys.ts';
import { ApiError, type ErrorDetail, faultsError } from '../../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../../core/json.ts';
import type { Config } from '../../env.ts';
import type { ApiEnv } from '../app-env.ts';
import { readBytes } from '../read-bytes.ts';
import { parseIdempotencyKey } from './idempotency-key.ts';

const MAX_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;

/** What a door makes of a JSON body: its input, or all the faults at once. */
export type Parsed<T> =
  | { readonly ok: true; readonly input: T }
  | { readonly ok: false; readonly faults: readonly ErrorDetail[] };

/**
 * Reads and validates the JSON body and the `Idempotency-Key`. 413 over 64 KB (also chunked), 415 for another type or any
 * `Content-Encoding`, 400 for all faults at once. Held, not thrown: the gate counts refused requests too.
 * `optional`: no body at all counts as `{}`. `parse` is told the mode of the key, on which what is valid may depend.
 */
export const jsonBody = <T>(
  parse: (body: JsonObject, config: Config, mode: Mode) => Parsed<T>,
  options: { optional?: boolean } = {},
) =>
  createMiddleware<{ Bindings: ApiEnv['Bindings']; Variables: ApiEnv['Variables'] & { input: T } }>(
    async function jsonBody(c, next) {
      if (!c.var.refusal) {
        try {
          const body = await readJson(c, options.optional ?? false);
          const key = parseIdempotencyKey(c.req.header('Idempotency-Key'));
          const parsed = parse(body, c.var.config, c.var.authority.workspace.mode);
          const faults = [...(parsed.ok ? [] : parsed.faults), ...(key.ok ? [] : [key.fault])];
          if (!parsed.ok || !key.ok) throw faultsError(faults);
          c.set('input', parsed.input);
          c.set('jsonBody', body);
          c.set('idempotencyKey', key.key);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          c.set('refusal', error);
        }
      }
      await next();
    },
  );

/**
 * The JSON object that a request carries; without any body `{}` where that is `optional`. Throws `payload_too_large`,
 * `unsupported_media_type`, `validation_failed`.
 */
export async function readJson(c: Pick<Context, 'req'>, optional: boolean): Promise<JsonObject> {
  const { raw } = c.req;
  if (raw.headers.has('Content-Encoding')) {
    throw new ApiError('unsupported_media_type', 'Send the body as plain JSON, without a Content-Encoding.');
  }
  if (Number(raw.headers.get('Content-Length') ?? 0) > MAX_BYTES) throw tooLarge();
  const type = raw.headers.get('Content-Type');
  if (type !== null && !JSON_TYPE.test(type.trim())) throw wrongType();
  const bytes = await readBytes(raw, MAX_BYTES);
  if (!bytes) throw tooLarge();
  if (bytes.length === 0 && optional) return {};
  if (type === null) throw wrongType();
  const parsed = parseJsonObject(bytes);
  if (parsed.ok) return parsed.value;
  throw faultsError([{ path: parsed.fault.path, code: 'validation_failed', message: parsed.fault.message }]);
}

function tooLarge(): ApiError {
  return new ApiError('payload_too_large', 'The body is larger than 64 KB (65536 bytes). Send less.');
}

function wrongType(): ApiError {
  return new ApiError('unsupported_media_type', 'Send the body as JSON: Content-Type: application/json.');
}
