import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import type { KeyToBegin } from '../../objects/idempotency-store.ts';
import type { RateState } from '../../objects/request-ledger.ts';
import type { Admission } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';

/**
 * Counts the request in its key's rate limit: one call to the workspace's gate. A read runs while the gate counts, and its
 * answer waits for both. A write is counted by `admit()`, right before its handler; here it is counted only when it was
 * refused before that, so that 429 beats every other refusal.
 */
export const countRequest = () =>
  createMiddleware<ApiEnv>(async function countRequest(c, next) {
    if (c.req.method === 'GET') {
      const [admission] = await Promise.all([askGate(c, { idempotency: null, refusal: null }), next()]);
      applyLimit(c, admission);
      return;
    }
    await next();
    if (c.error === undefined || c.var.operation !== undefined) return;
    const refusal = c.error instanceof ApiError ? c.error.code : 'internal_error';
    applyLimit(c, await askGate(c, { idempotency: null, refusal }));
  });

/** One call to the workspace's gate: counts the request and, with a key, begins its idempotency key. */
export async function askGate(
  c: Context<ApiEnv>,
  request: { readonly idempotency: KeyToBegin | null; readonly refusal: string | null },
): Promise<Admission> {
  const { context, key, requestId } = c.var;
  return await context.gate.admit({
    limitPerMinute: key.rateLimitPerMinute,
    shard: context.shard,
    request: {
      at: Date.now(),
      keyId: key.id,
      requestId,
      method: c.req.method,
      path: c.req.path,
      refusal: request.refusal,
    },
    idempotency: request.idempotency,
  });
}

/** Writes the rate limit's headers, `Reset` in unix seconds. Throws `rate_limit_exceeded` where the key is over its limit. */
export function applyLimit(c: Context<ApiEnv>, { kind, rate }: Admission): void {
  c.header('X-RateLimit-Limit', String(rate.limit));
  c.header('X-RateLimit-Remaining', String(rate.remaining));
  c.header('X-RateLimit-Reset', String(Math.ceil(rate.resetAt / 1000)));
  if (kind === 'limited') throw overLimit(rate);
}

function overLimit(rate: RateState): ApiError {
  const seconds = Math.max(1, Math.ceil((rate.resetAt - Date.now()) / 1000));
  return new ApiError(
    'rate_limit_exceeded',
    `This key allows ${rate.limit} requests a minute. Wait ${seconds} seconds.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}
