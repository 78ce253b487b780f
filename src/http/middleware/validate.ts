import { type Hook, zValidator } from '@hono/zod-validator';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import * as z from 'zod/mini';
import type { Bytes } from '../../core/bytes.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Picture } from '../../core/picture.ts';
import type { ApiEnv, AppEnv } from '../app-env.ts';
import { type ErrorDetail, InvalidRequest } from '../invalid-request.ts';
import { readForm, readJson, readPictureBody } from '../read-body.ts';

/** The error codes for faults, by the name of the JSON member. For all others it is `validation_failed`. */
export type FieldCodes = Readonly<Record<string, ErrorCode>>;

type Schema = z.core.$ZodType;

interface BodyOptions {
  readonly codes?: FieldCodes;
  /** True: a request without a body is read as `{}`. */
  readonly optional?: boolean;
}

/**
 * Reads the JSON body with `readJson`, and validates it and the header `Idempotency-Key`. Throws `InvalidRequest` with
 * all faults at once. `schema` may be a function that chooses the schema by the request and its body.
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

/**
 * Validates the JSON body of a route that takes no `Idempotency-Key`. Throws `InvalidRequest` with all faults at once,
 * and the errors of `readJson`.
 *
 * @example embedRoutes.post('/sessions', ourFrameOnly(), validJson(schema), async (c) => open(c, c.req.valid('json')))
 */
export function validJson<S extends Schema>(schema: S) {
  const validator = zValidator('json', schema, refuseFaults(schema));
  const validJson: typeof validator = async (c, next) => {
    await readJson(c.req, false);
    return await validator(c, next);
  };
  return validJson;
}

/**
 * Validates the query or form of a page. If the schema refuses it, `respond` makes the answer or throws. `sent`: the
 * query or form as it was sent. `issues`: its faults.
 *
 * @example routes.get('/', pageInput('query', schema, (c) => respondClosed(c)), handler)
 */
export function pageInput<Target extends 'query' | 'form', S extends Schema, E extends AppEnv>(
  target: Target,
  schema: S,
  respond: (c: Context<E>, sent: unknown, issues: readonly z.core.$ZodIssue[]) => Response | Promise<Response>,
) {
  type PageHook = Hook<z.infer<S>, E, string, Target, object, S>;
  return zValidator<S, Target, E, string, PageHook>(target, schema, async (result, c) => {
    return result.success ? undefined : await respond(c, result.data, result.error.issues);
  });
}

/**
 * Reads the form that a page has sent, for a `pageInput('form', …)` after it. A body of more than 16 KB, or of another
 * type than `application/x-www-form-urlencoded`, is read as a form without fields, so that `pageInput` answers it with
 * a page.
 *
 * @example routes.post('/', formBody(), pageInput('form', schema, respond), handler)
 */
export const formBody = () =>
  createMiddleware(async function formBody(c, next) {
    c.req.bodyCache.formData = await readForm(c.req.raw);
    await next();
  });

/**
 * Reads a body that is a picture, and sets `c.var.picture` to what `read` makes of its bytes. Throws `payload_too_large`
 * for more than 128 KB, `unsupported_media_type` if there is a Content-Encoding, and the errors of `read`. The
 * Content-Type does not count.
 *
 * @example routes.put('/logo', secretKey(WRITE), pictureBody(readLogo), admit(), async (c) => set(c.var.picture))
 */
export const pictureBody = (read: (bytes: Bytes) => Picture) =>
  createMiddleware<PictureEnv>(async function pictureBody(c, next) {
    c.set('picture', read(await readPictureBody(c.req.raw)));
    await next();
  });

/** What `pictureBody` sets in the Hono context of a request with a secret key. */
interface PictureEnv extends ApiEnv {
  Variables: ApiEnv['Variables'] & { picture: Picture };
}

/**
 * Validates the query. Throws `InvalidRequest` with all faults at once.
 *
 * @example routes.get('/', secretKey(READ), validQuery(listLinksQuery), async (c) => list(c.req.valid('query')))
 */
export function validQuery<S extends Schema>(schema: S) {
  return zValidator('query', schema, (result, c) => {
    const faults = result.success ? [] : toDetails(schema, result.data, {});
    const isRepeated = ({ path }: ErrorDetail) => (c.req.queries(path)?.length ?? 0) > 1;
    refuse(
      faults.map((fault) => (isRepeated(fault) ? { ...fault, message: `${fault.path} must be sent once.` } : fault)),
    );
  });
}

/**
 * Reads the parameters of the path. The schema must accept every text that the route lets through: it is the use
 * case that answers 404 for an unknown id.
 *
 * @example routes.get('/:id', validParam(z.object({ id: z.string() })), async (c) => read(c.req.valid('param').id))
 */
export function validParam<S extends Schema>(schema: S) {
  return zValidator('param', schema, refuseFaults(schema));
}

const refuseFaults = (schema: Schema) => (result: { readonly success: boolean; readonly data: unknown }) =>
  refuse(result.success ? [] : toDetails(schema, result.data, {}));

function refuse(faults: readonly ErrorDetail[]): void {
  if (faults.length > 0) throw new InvalidRequest(faults);
}

/** All faults that `schema` finds in `sent`. If several checks of a member have the same message, it is listed once. */
function toDetails(schema: Schema, sent: unknown, codes: FieldCodes): ErrorDetail[] {
  const details = new Map<string, ErrorDetail>();
  // Parsed again, because the validator parses asynchronously and its faults are not in the order of the members.
  for (const { path: names, message } of z.safeParse(schema, sent).error?.issues ?? []) {
    const path = names.join('.');
    details.set(`${path} ${message}`, { path, code: codes[String(names[0])] ?? 'validation_failed', message });
  }
  return [...details.values()];
}

const QUOTED = /^"(.*)"$/;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), with or without quotes. `key` is null if the
 * header is missing or malformed. `fault` is null unless it is malformed.
 */
function parseIdempotencyKey(header: string | undefined): { key: string | null; fault: ErrorDetail | null } {
  if (header === undefined) return { key: null, fault: null };
  const key = QUOTED.exec(header)?.[1] ?? header;
  if (VISIBLE_ASCII.test(key)) return { key, fault: null };
  const message = 'Idempotency-Key must be 1 to 255 visible ASCII characters, for example a UUID.';
  return { key: null, fault: { path: 'Idempotency-Key', code: 'validation_failed', message } };
}
