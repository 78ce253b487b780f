import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { decryptSecret, encryptSecret, sha256Hex } from '../../core/crypto.ts';
import { ApiError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import { describeError, logLine } from '../../core/log.ts';
import { keyringOf } from '../../env.ts';
import type { HeldKey, KeyToBegin, Operation, StoredAnswer } from '../../objects/idempotency-store.ts';
import type { FinishInput } from '../../objects/workspace-gate.ts';
import type { ApiEnv } from '../app-env.ts';
import { answeredRequest, applyLimit, askGate, type Counted } from './rate-limit.ts';

interface AdmitOptions {
  /** True: an idempotency key has no effect, because the answer must never be stored. The use case is repeatable itself. */
  readonly neverStored?: boolean;
  /** True: the answer holds a secret, so the gate stores it encrypted. */
  readonly sealed?: boolean;
  /**
   * True: the caller gets a successful answer before it is stored, unless its operation was resumed. After a crash in
   * between, a retry runs the handler again. So only for a route whose retry finds what the first try has made, and
   * answers with the same bytes. One exception is accepted: where the title of a session's link was changed and the buyer has
   * paid, both before that retry, its answer has no URL and the present status.
   */
  readonly storeBehind?: boolean;
}

/**
 * Lets in a write whose body is valid. A call to the workspace's gate counts it and begins its idempotency key. After
 * the handler a second call stores the answer under this key. A request whose key was used before gets the stored
 * answer, and no handler runs. Throws `rate_limit_exceeded`, `idempotency_key_in_use` and `idempotency_key_conflict`.
 *
 * @example routes.post('/', secretKey(WRITE), jsonBody(schema), admit(), handler)
 */
export const admit = ({ sealed = false, storeBehind = false, neverStored = false }: AdmitOptions = {}) =>
  createMiddleware<ApiEnv>(async function admit(c, next) {
    const idempotency = neverStored ? null : await idempotencyOf(c);
    const admission = applyLimit(c, await askGate(c, idempotency));
    if (admission.kind === 'stored') {
      const { answer, code } = admission;
      if (code !== null) c.var.notes.code = code;
      return answerAgain(c, sealed && idempotency ? await openAnswer(c, idempotency.name, answer) : answer);
    }
    if (admission.kind !== 'run') throw notAdmitted(admission);

    c.set('operation', admission.operation);
    c.set('heldKey', idempotency);
    await next();
    if (!idempotency) {
      c.var.context.gate.answered(answeredRequest(c));
      return undefined;
    }
    const body = await c.res.clone().text();
    const finished = finish(c, idempotency, body, sealed);
    // After a refusal the key can be used again, and must be before the caller reads the answer.
    if (storeBehind && c.res.ok && !admission.operation.resumed) c.executionCtx.waitUntil(finished);
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

/**
 * Ends the use of the idempotency key with the answer. If that fails, the answer is sent all the same: the key's lease
 * runs out, and a retry finds what this request has made.
 */
async function finish(c: Context<ApiEnv>, { name, holder }: HeldKey, body: string, sealed: boolean): Promise<void> {
  const { operation } = c.var;
  const { requestId, code } = answeredRequest(c);
  const retryAfter = c.res.headers.get('Retry-After');
  const headers: StoredAnswer['headers'] = retryAfter === null ? {} : { 'Retry-After': retryAfter };
  const answer: StoredAnswer = { status: c.res.status, body, headers };
  try {
    await c.var.context.gate.finish({
      key: { name, holder },
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

/**
 * What the gate notes about the request. A refused retry is `unknown`, because the first try may have had an effect:
 * then only the same body may use the key again.
 */
function outcomeOf(c: Context<ApiEnv>, operation: Operation): FinishInput['outcome'] {
  if (c.res.ok) return 'done';
  if (operation.resumed) return 'unknown';
  return c.error instanceof ApiError && !c.error.outcomeUnknown ? 'no_effect' : 'unknown';
}

/** What `sealAnswer` and `openAnswer` need of the request's Hono context. */
interface Sealing {
  readonly var: Pick<ApiEnv['Variables'], 'context' | 'config'>;
}

/**
 * Encrypts the body of an answer with SECRETS_KEY, so that the gate stores it without being able to read it. It can be
 * opened only for the same workspace and the same `name`, the gate's name for the idempotency key.
 */
async function sealAnswer(c: Sealing, name: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await encryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, name));
  return { ...answer, body };
}

/** Decrypts what `sealAnswer` made. Throws Error if it was altered, or made for another workspace or `name`. */
async function openAnswer(c: Sealing, name: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await decryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, name));
  return { ...answer, body };
}

function boundTo(c: Sealing, name: string): readonly string[] {
  return [c.var.context.workspace.id, name];
}
