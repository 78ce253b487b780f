import type * as z from 'zod/mini';
import type { Mode } from '../../../core/api-keys.ts';
import type { ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { canonicalOrigin, originFault } from '../../../core/origins.ts';
import type { NewPublicKey } from '../../../domain/keys/create-public-key.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { MAX_ORIGINS, newPublicKeySchema, publicKeyChangeSchema } from './schema.ts';

const DEFAULT_NAME = 'Public key';

/** Of several checks with one message it is told once. */
function toDetails(issues: readonly z.core.$ZodIssue[]): ErrorDetail[] {
  const told = new Map(issues.map((issue) => [issue.message, issue]));
  return [...told.values()].map(({ path, message }) => ({ path: path.join('.'), code: 'validation_failed', message }));
}

function originFaults(origins: readonly unknown[], mode: Mode): ErrorDetail[] {
  return origins.flatMap((origin, index) => {
    const fault = originFault(origin, { sandbox: mode === 'sandbox' });
    const path = `allowed_origins.${index}`;
    return fault === null ? [] : [{ path, code: 'validation_failed' as const, message: `${path} ${fault}` }];
  });
}

/** Entries without a fault, each once. */
function canonicalOrigins(origins: readonly unknown[]): string[] {
  return [...new Set(origins.flatMap((origin) => (typeof origin === 'string' ? [canonicalOrigin(origin)] : [])))];
}

/** The body of `POST /public-keys` for a workspace of this mode, or all its faults at once. */
export function parseNewPublicKey(body: JsonObject, mode: Mode): Parsed<NewPublicKey> {
  const { data, error } = newPublicKeySchema.safeParse(body);
  const faults = [...toDetails(error?.issues ?? []), ...originFaults(listOf(body), mode)];
  if (!data || faults.length > 0) return { ok: false, faults };
  const allowedOrigins = canonicalOrigins(data.allowed_origins);
  return { ok: true, input: { name: data.name?.trim() || DEFAULT_NAME, allowedOrigins } };
}

/** The body of `PATCH /public-keys/:id`, or all its faults at once. */
export function parsePublicKeyChange(body: JsonObject, mode: Mode): Parsed<Partial<NewPublicKey>> {
  const { data, error } = publicKeyChangeSchema.safeParse(body);
  const faults = [...toDetails(error?.issues ?? []), ...originFaults(listOf(body), mode)];
  if (!data || faults.length > 0) return { ok: false, faults };
  const { name, allowed_origins: origins } = data;
  return { ok: true, input: { name: name?.trim(), allowedOrigins: origins && canonicalOrigins(origins) } };
}

/** A list that is far too long is refused as such, and not entry by entry. */
function listOf({ allowed_origins: origins }: JsonObject): readonly unknown[] {
  return Array.isArray(origins) && origins.length <= MAX_ORIGINS ? origins : [];
}
