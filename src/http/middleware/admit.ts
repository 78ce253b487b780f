import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { sha256Hex } from '../../core/crypto.ts';
import { ApiError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import { describeError, logLine } from '../../core/log.ts';
import { type Gate, gateOf } from '../../objects/gate-client.ts';
import type { KeyToBegin, Operation } from '../../objects/idempotency-store.ts';
import type { RateState } from '../../objects/request-ledger.ts';
import type { Admission, FinishInput } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';

type ApiContext = Context<ApiEnv>;

/**
 * Passes the request through its workspace's gate: one call counts it and begins its idempotency key, a second ends the
 * key. 429 beats a held refusal; then comes the refusal; then conflict, replay or the handler.
 */
export const admit = () =>
  createMiddleware<ApiEnv>(async function admit(c, next) {
    const gate = gateOf(c.env.WORKSPACE_GATE, c.var.authority.workspace.id);
    const idempotency = await idempotencyOf(c);
    const admission = await askGate(c, gate, idempotency);
    setRateHeaders(c, admission.rate);
    const answer = refuseOrReplay(c, admission);
    if (answer) return answer;
    if (admission.kind !== 'run') throw new TypeError(`Unexpected admission ${admission.kind}`);

    c.set('operation', admission.operation);
    c.set('idempotencyScope', idempotency?.scope ?? null);
    await next();
    if (idempotency) await finish(c, gate, idempotency.scope, admission.operation);
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
  return await gate.admit({
    limitPerMinute: key.rateLimitPerMinute,
    shard: c.var.shard,
    request: {
      at: Date.now(),
      keyId: key.id,
      requestId: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      refusal: c.var.refusal?.code ?? null,
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

function refuseOrReplay(c: ApiContext, admission: Admission): Response | null {
  if (admission.kind === 'limited') {
    const seconds = Math.max(1, Math.ceil((admission.rate.resetAt - Date.now()) / 1000));
    throw new ApiError(
      'rate_limit_exceeded',
      `This key allows ${admission.rate.limit} requests a minute. Wait ${seconds} seconds.`,
      { headers: { 'Retry-After': String(seconds) } },
    );
  }
  if (c.var.refusal) throw c.var.refusal;
  switch (admission.kind) {
    case 'conflict':
      throw new ApiError(
        'idempotency_key_conflict',
        'This Idempotency-Key was used with a different body. Use a new key for a new request.',
      );
    case 'in_use':
      throw new ApiError(
        'idempotency_key_in_use',
        'The first request with this Idempotency-Key is still running. Send it again in a few seconds.',
        { headers: { 'Retry-After': String(admission.retryAfterSeconds) } },
      );
    case 'replay': {
      const { answer } = admission;
      for (const [name, value] of Object.entries(answer.headers)) c.header(name, value);
      c.header('Idempotent-Replayed', 'true');
      c.header('Content-Type', 'application/json');
      return new Response(answer.body, { status: answer.status, headers: c.res.headers });
    }
    case 'run':
      return null;
  }
}

/** Ends the key. If that fails the answer still stands: the lease runs out, and a retry finds the row. */
async function finish(c: ApiContext, gate: Gate, scope: string, operation: Operation): Promise<void> {
  const retryAfter = c.res.headers.get('Retry-After');
  const input: FinishInput = {
    scope,
    operationId: operation.id,
    disposition: dispositionOf(c, operation),
    answer: {
      status: c.res.status,
      body: await c.res.clone().text(),
      headers: retryAfter === null ? {} : { 'Retry-After': retryAfter },
    },
  };
  try {
    await gate.finish(input);
  } catch (error) {
    logLine('error', 'idempotency key not finished', { request_id: c.var.requestId, error: describeError(error) });
  }
}

/** A refused retry says nothing about the earlier try, which may have had its effect: the body stays bound. */
function dispositionOf(c: ApiContext, operation: Operation): FinishInput['disposition'] {
  if (c.res.ok) return 'stored';
  if (operation.resumed) return 'released';
  return c.error instanceof ApiError && !c.error.outcomeUnknown ? 'freed' : 'released';
}
