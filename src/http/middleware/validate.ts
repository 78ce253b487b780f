import { type Hook, zValidator } from '@hono/zod-validator';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiEnv } from '../app-env.ts';
import { type ErrorDetail, InvalidRequest } from '../invalid-request.ts';
import { readJson } from '../read-body.ts';

/** The code of a fault by the member it is about; `validation_failed` for all others. */
export type FieldCodes = Readonly<Record<string, ErrorCode>>;

type Schema = z.core.$ZodType;

interface BodyOptions {
  readonly codes?: FieldCodes;
  /** No body at all counts as `{}`. */
  readonly optional?: boolean;
}

/**
 * Reads the JSON body strictly (`readJson`) and the `Idempotency-Key`, and validates both: 400 with all faults at once.
 * `schema` may depend on who asks: then it is a function of the request and its body.
 *
 * @example
 * routes.post('/', secretKey(WRITE), jsonBody(newLinkBody), admit(), async (c) => create(c.req.valid('json')))
 */
export function jsonBody<S extends Schema>(
  schema: S | ((c: Context<ApiEnv>, body: JsonObject) => S),
  { codes = {}, optional = false }: BodyOptions = {},
) {
  const validator = (chosen: S, keyFault: ErrorDetail | null) => {
    const hook: Hook<z.infer<S>, ApiEnv, string, 'json', object, S> = (result) => {
      const faults = result.success ? [] : toDetails(chosen, result.data, codes);
      refuse(keyFault ? [...faults, keyFault] : faults);
    };
    return zValidator<S, 'json', ApiEnv, string, typeof hook>('json', chosen, hook);
  };
  const jsonBody: ReturnType<typeof validator> = async (c, next) => {
    const body = await readJson(c.req, optional);
    const { key, fault } = parseIdempotencyKey(c.req.header('Idempotency-Key'));
    c.set('idempotency', key === null ? null : { key, body });
    return await validator(typeof schema === 'function' ? schema(c, body) : schema, fault)(c, next);
  };
  return jsonBody;
}

/** Validates the query: 400 with all faults at once. */
export function validQuery<S extends Schema>(schema: S) {
  return zValidator('query', schema, (result) => refuse(result.success ? [] : toDetails(schema, result.data, {})));
}

/** Reads the path's parameters. Schemas of parameters refuse nothing: what names nothing is a 404 of the use case. */
export function validParam<S extends Schema>(schema: S) {
  return zValidator('param', schema);
}

function refuse(faults: readonly ErrorDetail[]): void {
  if (faults.length > 0) throw new InvalidRequest(faults);
}

/**
 * The faults as an answer lists them, each once: several checks of one member may say the same. Parsed once more without
 * waiting, because the order of what is validated asynchronously is not that of the members.
 */
function toDetails(schema: Schema, sent: unknown, codes: FieldCodes): ErrorDetail[] {
  const details = new Map<string, ErrorDetail>();
  for (const { path: names, message } of z.safeParse(schema, sent).error?.issues ?? []) {
    const path = names.join('.');
    details.set(`${path} ${message}`, { path, code: codes[String(names[0])] ?? 'validation_failed', message });
  }
  return [...details.values()];
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
