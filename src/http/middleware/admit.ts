import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { sha256Hex } from '../../core/crypto.ts';
import { ApiError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import { describeError, logLine } from '../../core/log.ts';
import { type Gate, gateOf } from '../../objects/gate-client.ts';
import type { KeyToBegin, Operation, StoredAnswer } from '../../objects/idempotency-store.ts';
import type { RateState } from '../../objects/rate-windows.ts';
import type { AnsweredRequest } from '../../objects/recent-requests.ts';
import type { Admission, FinishInput } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';
import { asApiError } from '../respond-error.ts';
import { openAnswer, sealAnswer } from './sealed-answer.ts';

type ApiContext = Context<ApiEnv>;

/**
 * Passes the request through its workspace's gate: one call counts it and begins its idempotency key, a second ends the
 * key. 429 beats a held refusal; then comes the refusal; then conflict, replay or the handler.
 * `sealed`: for answers that hold a secret, which the gate keeps encrypted.
 */
export const admit = ({ sealed = false }: { readonly sealed?: boolean } = {}) =>
  createMiddleware<ApiEnv>(async function admit(c, next) {
    const gate = gateOf(c.env.WORKSPACE_GATE, c.var.authority.workspace.id);
    const idempotency = await idempotencyOf(c);
    const admission = await askGate(c, gate, idempotency);
    setRateHeaders(c, admission.rate);
    if (admission.kind === 'limited') throw overLimit(admission.rate);
    if (c.var.refusal) throw c.var.refusal;
    if (admission.kind === 'stored') {
      const { answer } = admission;
      return replay(c, sealed && idempotency ? await openAnswer(c, idempotency.scope, answer) : answer);
    }
    if (admission.kind !== 'run') throw notAdmitted(admission);

    c.set('operation', admission.operation);
    c.set('idempotencyScope', idempotency?.scope ?? null);
    await next();
    if (idempotency) await finish(c, gate, { scope: idempotency.scope, operation: admission.operation, sealed });
    else gate.answered(answeredRequest(c));
    return undefined;
  });

async function idempotencyOf(c: ApiContext): Promise<KeyToBegin | null> {
  const { refusal, idempotencyKey: key, jsonBody } = c.var;
  if (refusal || !key || !jsonBody) return null;
  return {
    scope: `${c.req.method} ${c.req.path} ${key}`,
    fingerprint: await sha256Hex(canonicalJson(jsonBody)),
    holder: crypto.randomUUID(),
  };
}

async function askGate(c: ApiContext, gate: Gate, idempotency: KeyToBegin | null): Promise<Admission> {
  const { key } = c.var.authority;
  const { refusal } = c.var;
  return await gate.admit({
    limitPerMinute: key.rateLimitPerMinute,
    shard: c.var.shard,
    request: {
      at: Date.now(),
      keyId: key.id,
      requestId: c.var.requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: refusal?.status ?? null,
      code: refusal?.code ?? null,
    },
    idempotency,
  });
}

/** docs: `X-RateLimit-*` on every answer after the gate; `Reset` in unix seconds. */
function setRateHeaders(c: ApiContext, rate: RateState): void {
  c.header('X-RateLimit-Limit', String(rate.limit));
  c.header('X-RateLimit-Remaining', String(rate.remaining));
  c.header('X-RateLimit-Reset', String(Math.ceil(rate.resetAt / 1000)));
}

function overLimit(rate: RateState): ApiError {
  const seconds = Math.max(1, Math.ceil((rate.resetAt - Date.now()) / 1000));
  return new ApiError(
    'rate_limit_exceeded',
    `This key allows ${rate.limit} requests a minute. Wait ${seconds} seconds.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}

function notAdmitted(admission: Admission & { kind: 'conflict' | 'in_use' }): ApiError {
  if (admission.kind === 'conflict') {
    return new ApiError(
      'idempotency_key_conflict',
      'This Idempotency-Key was used with a different body. Use a new key for a new request.',
    );
  }
  return new ApiError(
    'idempotency_key_in_use',
    'The first request with this Idempotency-Key is still running. Send it again in a few seconds.',
    { headers: { 'Retry-After': String(admission.retryAfterSeconds) } },
  );
}

function replay(c: ApiContext, answer: StoredAnswer): Response {
  for (const [name, value] of Object.entries(answer.headers)) c.header(name, value);
  c.header('Idempotent-Replayed', 'true');
  c.header('Content-Type', 'application/json');
  return new Response(answer.body, { status: answer.status, headers: c.res.headers });
}

/** What is needed to end a request that began an idempotency key. */
interface Begun {
  readonly scope: string;
  readonly operation: Operation;
  readonly sealed: boolean;
}

/** Ends the key. If that fails the answer still stands: the lease runs out, and a retry finds the row. */
async function finish(c: ApiContext, gate: Gate, { scope, operation, sealed }: Begun): Promise<void> {
  const { requestId, code } = answeredRequest(c);
  const retryAfter = c.res.headers.get('Retry-After');
  const answer: StoredAnswer = {
    status: c.res.status,
    body: await c.res.clone().text(),
    headers: retryAfter === null ? {} : { 'Retry-After': retryAfter },
  };
  try {
    await gate.finish({
      scope,
      operationId: operation.id,
      outcome: outcomeOf(c, operation),
      answer: sealed ? await sealAnswer(c, scope, answer) : answer,
      code,
      requestId,
    });
  } catch (error) {
    logLine('error', 'idempotency key not finished', { request_id: c.var.requestId, error: describeError(error) });
  }
}

/** A refused retry says nothing about the earlier try, which may have had its effect: the body stays bound. */
function outcomeOf(c: ApiContext, operation: Operation): FinishInput['outcome'] {
  if (c.res.ok) return 'done';
  if (operation.resumed) return 'unknown';
  return c.error instanceof ApiError && !c.error.outcomeUnknown ? 'no_effect' : 'unknown';
}

function answeredRequest(c: ApiContext): AnsweredRequest {
  return { requestId: c.var.requestId, status: c.res.status, code: c.res.ok ? null : asApiError(c.error).code };
}
