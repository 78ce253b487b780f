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
  /** True: the answer holds a secret, and is stored encrypted. */
  readonly sealed?: boolean;
  /**
   * True: a successful answer is stored after the caller has it. Only for a route that finds its own effect when a request is
   * resumed, and answers it with the same bytes. For others a crash in between would change the answer to a retry.
   */
  readonly storeBehind?: boolean;
}

/**
 * Lets a valid write in. One call to the workspace's gate counts it and begins its idempotency key, and a second call ends the
 * key with the answer. A key that was used before gets its stored answer. Throws `rate_limit_exceeded`,
 * `idempotency_key_in_use` and `idempotency_key_conflict`.
 *
 * @example routes.post('/', secretKey(WRITE), jsonBody(schema), admit(), handler)
 */
export const admit = ({ sealed = false, storeBehind = false }: AdmitOptions = {}) =>
  createMiddleware<ApiEnv>(async function admit(c, next) {
    const idempotency = await idempotencyOf(c);
    const admission = applyLimit(c, await askGate(c, idempotency));
    if (admission.kind === 'stored') {
      const { answer } = admission;
      return answerAgain(c, sealed && idempotency ? await openAnswer(c, idempotency.name, answer) : answer);
    }
    if (admission.kind !== 'run') throw notAdmitted(admission);

    c.set('operation', admission.operation);
    c.set('idempotencyName', idempotency?.name ?? null);
    await next();
    if (!idempotency) {
      c.var.context.gate.answered(answeredRequest(c));
      return undefined;
    }
    const body = await c.res.clone().text();
    const finished = finish(c, idempotency.name, body, sealed);
    // After a refusal the key is free again. It must be so before the caller reads the answer.
    if (storeBehind && c.res.ok) c.executionCtx.waitUntil(finished);
    else await finished;
    return undefined;
  });

async function idempotencyOf(c: Context<ApiEnv>): Promise<KeyToBegin | null> {
  const { idempotency } = c.var;
  if (!idempotency) return null;
  return {
    name: `${c.req.method} ${c.req.path} ${idempotency.key}`,
    fingerprint: await sha256Hex(canonicalJson(idempotency.body)),
    holder: crypto.randomUUID(),
  };
}

function notAdmitted(admission: Exclude<Counted, { readonly kind: 'run' | 'stored' }>): ApiError {
  if (admission.kind === 'in_use') {
    const message = 'The first request with this Idempotency-Key is still running. Send it again in a few seconds.';
    const headers = { 'Retry-After': String(admission.retryAfterSeconds) };
    return new ApiError('idempotency_key_in_use', message, { headers });
  }
  const message = 'This Idempotency-Key was used with a different body. Use a new key for a new request.';
  return new ApiError('idempotency_key_conflict', message);
}

function answerAgain(c: Context<ApiEnv>, answer: StoredAnswer): Response {
  for (const [name, value] of Object.entries(answer.headers)) c.header(name, value);
  c.header('Idempotent-Replayed', 'true');
  c.header('Content-Type', 'application/json');
  return new Response(answer.body, { status: answer.status, headers: c.res.headers });
}

/** Ends the key. Where that fails the answer is still sent: the lease runs out, and a retry finds the row. */
async function finish(c: Context<ApiEnv>, name: string, body: string, sealed: boolean): Promise<void> {
  const { operation } = c.var;
  const { requestId, code } = answeredRequest(c);
  const retryAfter = c.res.headers.get('Retry-After');
  const headers: StoredAnswer['headers'] = retryAfter === null ? {} : { 'Retry-After': retryAfter };
  const answer: StoredAnswer = { status: c.res.status, body, headers };
  try {
    await c.var.context.gate.finish({
      idempotencyName: name,
      operationId: operation.id,
      outcome: outcomeOf(c, operation),
      answer: sealed ? await sealAnswer(c, name, answer) : answer,
      code,
      requestId,
    });
  } catch (error) {
    logLine('error', 'idempotency key not finished', { request_id: c.var.requestId, error: describeError(error) });
  }
}

/** A refused retry does not show whether the first try had an effect: then the key stays bound to its body. */
function outcomeOf(c: Context<ApiEnv>, operation: Operation): FinishInput['outcome'] {
  if (c.res.ok) return 'done';
  if (operation.resumed) return 'unknown';
  return c.error instanceof ApiError && !c.error.outcomeUnknown ? 'no_effect' : 'unknown';
}

/** What sealing an answer needs of a request. */
interface Sealing {
  readonly var: Pick<ApiEnv['Variables'], 'context' | 'config'>;
}

/**
 * Seals an answer, so that the gate keeps it without being able to read it. The body is encrypted with SECRETS_KEY, and bound to
 * the workspace and to `name`, the gate's name for the idempotency key.
 */
export async function sealAnswer(c: Sealing, name: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await encryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, name));
  return { ...answer, body };
}

/** Opens a sealed answer. Throws Error where it was altered, or is that of another workspace or key. */
export async function openAnswer(c: Sealing, name: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await decryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, name));
  return { ...answer, body };
}

function boundTo(c: Sealing, name: string): readonly string[] {
  return [c.var.context.workspace.id, name];
}
