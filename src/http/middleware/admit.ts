import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { decryptSecret, encryptSecret, sha256Hex } from '../../core/crypto.ts';
import { ApiError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import { describeError, logLine } from '../../core/log.ts';
import { keyringOf } from '../../env.ts';
import type { KeyToBegin, Operation, StoredAnswer } from '../../objects/idempotency-store.ts';
import type { FinishInput } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';
import { answeredRequest, applyLimit, askGate, type Counted } from './rate-limit.ts';

interface AdmitOptions {
  /** The answer holds a secret: the gate keeps it encrypted. */
  readonly sealed?: boolean;
  /**
   * The gate may keep a successful answer after the caller has it. Only where a request that is resumed finds its own effect
   * and rebuilds the same bytes: otherwise a crash in between would change what a retry is answered.
   */
  readonly storeBehind?: boolean;
}

/**
 * Lets a valid write in: one call to the workspace's gate counts it and begins its idempotency key, a second ends the key.
 * Over the limit 429; then conflict, the stored answer, or the handler.
 */
export const admit = ({ sealed = false, storeBehind = false }: AdmitOptions = {}) =>
  createMiddleware<ApiEnv>(async function admit(c, next) {
    const idempotency = await idempotencyOf(c);
    const admission = applyLimit(c, await askGate(c, idempotency));
    if (admission.kind === 'stored') {
      const { answer } = admission;
      return answerAgain(c, sealed && idempotency ? await openAnswer(c, idempotency.scope, answer) : answer);
    }
    if (admission.kind !== 'run') throw notAdmitted(admission);

    c.set('operation', admission.operation);
    c.set('idempotencyScope', idempotency?.scope ?? null);
    await next();
    if (!idempotency) {
      c.var.context.gate.answered(answeredRequest(c));
      return undefined;
    }
    const body = await c.res.clone().text();
    const finished = finish(c, { scope: idempotency.scope, operation: admission.operation, sealed, body });
    // A key that is free again must be so by the time its refusal is read.
    if (storeBehind && c.res.ok) c.executionCtx.waitUntil(finished);
    else await finished;
    return undefined;
  });

async function idempotencyOf(c: Context<ApiEnv>): Promise<KeyToBegin | null> {
  const { idempotency } = c.var;
  if (!idempotency) return null;
  return {
    scope: `${c.req.method} ${c.req.path} ${idempotency.key}`,
    fingerprint: await sha256Hex(canonicalJson(idempotency.body)),
    holder: crypto.randomUUID(),
  };
}

function notAdmitted(admission: Exclude<Counted, { readonly kind: 'run' | 'stored' }>): ApiError {
  if (admission.kind === 'in_use') {
    return new ApiError(
      'idempotency_key_in_use',
      'The first request with this Idempotency-Key is still running. Send it again in a few seconds.',
      { headers: { 'Retry-After': String(admission.retryAfterSeconds) } },
    );
  }
  return new ApiError(
    'idempotency_key_conflict',
    'This Idempotency-Key was used with a different body. Use a new key for a new request.',
  );
}

function answerAgain(c: Context<ApiEnv>, answer: StoredAnswer): Response {
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
  readonly body: string;
}

/** Ends the key. If that fails the answer still stands: the lease runs out, and a retry finds the row. */
async function finish(c: Context<ApiEnv>, { scope, operation, sealed, body }: Begun): Promise<void> {
  const { requestId, code } = answeredRequest(c);
  const retryAfter = c.res.headers.get('Retry-After');
  const answer: StoredAnswer = {
    status: c.res.status,
    body,
    headers: retryAfter === null ? {} : { 'Retry-After': retryAfter },
  };
  try {
    await c.var.context.gate.finish({
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
function outcomeOf(c: Context<ApiEnv>, operation: Operation): FinishInput['outcome'] {
  if (c.res.ok) return 'done';
  if (operation.resumed) return 'unknown';
  return c.error instanceof ApiError && !c.error.outcomeUnknown ? 'no_effect' : 'unknown';
}

/** The variables of a request that name what seals its answer. */
interface Sealing {
  readonly var: Pick<ApiEnv['Variables'], 'context' | 'config'>;
}

/**
 * An answer for a gate to keep without being able to read it: the body is encrypted under SECRETS_KEY, bound to the
 * workspace and to the gate's name for the idempotency key.
 */
export async function sealAnswer(c: Sealing, scope: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await encryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, scope));
  return { ...answer, body };
}

/** The answer that was sealed, byte by byte. Throws Error for one of another workspace or key, or when altered. */
export async function openAnswer(c: Sealing, scope: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await decryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, scope));
  return { ...answer, body };
}

function boundTo(c: Sealing, scope: string): readonly string[] {
  return [c.var.context.workspace.id, scope];
}
