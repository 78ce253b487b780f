import { type Hook, zValidator } from '@hono/zod-validator';
import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { ApiEnv } from '../app-env.ts';
import { type ErrorDetail, InvalidRequest } from '../invalid-request.ts';

/** The code of a fault by the member it is about; `validation_failed` for all others. */
export type FieldCodes = Readonly<Record<string, ErrorCode>>;

type Schema = z.core.$ZodType;

/**
 * Validates the JSON body that `jsonBody()` has read: 400 with all faults at once, a faulty `Idempotency-Key` among them.
 * `schema` may depend on who asks: then it is a function of the request.
 */
export function validJson<S extends Schema>(schema: S | ((c: Context<ApiEnv>) => S), codes: FieldCodes = {}) {
  const hook: Hook<z.infer<S>, ApiEnv, string, 'json', object, S> = (result, c) => {
    const faults = result.success ? [] : toDetails(result.error.issues, codes);
    refuse(c.var.idempotencyKeyFault ? [...faults, c.var.idempotencyKeyFault] : faults);
  };
  const validator = (chosen: S) => zValidator<S, 'json', ApiEnv, string, typeof hook>('json', chosen, hook);
  const choose = typeof schema === 'function' ? schema : () => schema;
  const validJson: ReturnType<typeof validator> = async (c, next) => await validator(choose(c))(c, next);
  return validJson;
}

/** Validates the query: 400 with all faults at once. */
export function validQuery<S extends Schema>(schema: S) {
  return zValidator('query', schema, (result) => refuse(result.success ? [] : toDetails(result.error.issues, {})));
}

/** Reads the path's parameters. Schemas of parameters refuse nothing: what names nothing is a 404 of the use case. */
export function validParam<S extends Schema>(schema: S) {
  return zValidator('param', schema);
}

function refuse(faults: readonly ErrorDetail[]): void {
  if (faults.length > 0) throw new InvalidRequest(faults);
}

/** The faults as an answer lists them, each once: several checks of one member may say the same. */
function toDetails(issues: readonly z.core.$ZodIssue[], codes: FieldCodes): ErrorDetail[] {
  const details = new Map<string, ErrorDetail>();
  for (const { path: names, message } of issues) {
    const path = names.join('.');
    details.set(`${path} ${message}`, { path, code: codes[String(names[0])] ?? 'validation_failed', message });
  }
  return [...details.values()];
}
