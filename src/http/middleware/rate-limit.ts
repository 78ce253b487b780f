import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { ApiError } from '../../core/errors.ts';
import type { KeyToBegin } from '../../objects/idempotency-store.ts';
import type { RateState } from '../../objects/rate-windows.ts';
import type { AnsweredRequest } from '../../objects/recent-requests.ts';
import type { Admission } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';
import { asApiError } from '../respond-error.ts';

/**
 * Runs a request, and counts it in the rate limit of its secret key with one call to the workspace's gate. A read runs
 * while the gate counts, and is answered after both. A write is counted by `admit()`, right before its handler, or here
 * if it was refused earlier. If the key is over its limit, the answer is 429, whatever other error there is.
 */
export async function counted(c: Context<ApiEnv>, run: () => Promise<void>): Promise<void> {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (isRead) c.set('admission', askGate(c, null));
  const [admission, thrown] = await Promise.all([c.var.admission, thrownBy(run)]);
  const error = thrown ?? c.error;
  if (admission) {
    applyLimit(c, admission);
    c.var.context.gate.answered(answeredRequest(c, error));
  } else if (error !== undefined && !c.var.isAdmitted) {
    applyLimit(c, await askGate(c, null, asApiError(error)));
  }
  if (thrown !== undefined) throw thrown;
}

/**
 * Waits until the gate has counted a read. For the handler of a read that costs more than a query. Throws
 * `rate_limit_exceeded` if the key is over its limit.
 */
export async function withinLimit(c: Context<ApiEnv>): Promise<void> {
  const admission = await c.var.admission;
  if (admission) applyLimit(c, admission);
}

function thrownBy(run: () => Promise<void>): Promise<unknown> {
  return run().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/**
 * Calls the workspace's gate, which counts the request and begins its idempotency key, if there is one. `refusal`: the
 * error with which the request was refused already, or null.
 */
export async function askGate(
  c: Context<ApiEnv>,
  idempotency: KeyToBegin | null,
  refusal: ApiError | null = null,
): Promise<Admission> {
  const { context, key, requestId } = c.var;
  c.set('isAdmitted', true);
  return await context.gate.admit({
    limitPerMinute: key.rateLimitPerMinute,
    shard: context.shard,
    request: {
      at: context.now(),
      keyId: key.id,
      requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: refusal?.status ?? null,
      code: refusal?.code ?? null,
    },
    idempotency,
  });
}

/** The answer of the gate for a request within the rate limit of its secret key. */
export type Counted = Exclude<Admission, { readonly kind: 'limited' }>;

/** Sets the `X-RateLimit-…` headers. Throws `rate_limit_exceeded` if the secret key is over its limit. */
export function applyLimit(c: Context<ApiEnv>, admission: Admission): Counted {
  const { rate } = admission;
  c.header('X-RateLimit-Limit', String(rate.limit));
  c.header('X-RateLimit-Remaining', String(rate.remaining));
  c.header('X-RateLimit-Reset', String(Math.ceil(rate.resetAt / 1000)));
  if (admission.kind === 'limited') throw overLimit(rate);
  return admission;
}

function overLimit(rate: RateState): ApiError {
  const seconds = Math.max(1, Math.ceil((rate.resetAt - Date.now()) / 1000));
  const message = `This key allows ${rate.limit} requests a minute. Wait ${seconds} seconds.`;
  return new ApiError('rate_limit_exceeded', message, { headers: { 'Retry-After': String(seconds) } });
}

/** The result of a request, for the workspace's list of recent requests. `error`: what was thrown, or undefined. */
export function answeredRequest(c: Context<ApiEnv>, error: unknown = c.error): AnsweredRequest {
  const { requestId } = c.var;
  if (error === undefined) return { requestId, status: c.res.status, code: null };
  const { status, code } = asApiError(error);
  return { requestId, status, code };
}
