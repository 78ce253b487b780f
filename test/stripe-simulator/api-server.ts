import { authenticate } from './access.ts';
import type { Cause } from './announce.ts';
import type { ApiCall, Endpoint } from './api-call.ts';
import { expandAnswer } from './expand.ts';
import { ConnectionDropped, StripeFailure } from './failures.ts';
import type { PlannedFailure } from './faults.ts';
import { canonicalText, decodeForm, emptyTree, type FormTree, isTree } from './form-encoding.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { newId } from './ids.ts';
import { type Namespace, namespaceOf } from './namespaces.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Subject } from './scoped-settings.ts';
import { API_VERSION, type Simulation } from './simulation.ts';

export interface Answer {
  status: number;
  body: string;
  requestId: string;
  /** Of a stored answer: the id of the request that it was first given to; else null. */
  firstRequestId: string | null;
}

interface Outcome {
  status: number;
  body: string;
  /** True if the endpoint began its work: only then is the answer stored under the idempotency key. */
  executed: boolean;
}

/** Does what is common to all requests to `/v1` and `/v2`: API key, account, idempotency, faults, log. */
export class ApiServer {
  readonly #simulation: Simulation;
  readonly #keys: IdempotencyKeys;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#keys = new IdempotencyKeys(simulation.state);
  }

  /** Answers one request. Throws ConnectionDropped if a fault says so. */
  async serve(request: Request, path: Record<string, string>, endpoint: Endpoint): Promise<Answer> {
    const requestId = newId('req');
    const entry = this.#logRequest(request);
    const namespace = namespaceOf(entry.path);
    let answer: Answer;
    try {
      entry.params = await readParams(request, namespace);
      const failure = request.method === 'POST' ? this.#simulation.faults.takeFailure(subjectOf(entry)) : null;
      if (failure && !failure.afterCommit) throw plannedFailure(failure);
      const scope = authenticate(this.#simulation, request.headers.get('authorization'), entry);
      const cause = { requestId, idempotencyKey: entry.idempotency_key };
      const version = versionOf(request, namespace);
      const call = { simulation: this.#simulation, scope, params: entry.params, path, cause, version };
      answer = await this.#serveOnce(call, entry, endpoint, failure);
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      await this.#delay(entry);
      answer = { status: error.status, body: namespace.errorBody(error, requestId), requestId, firstRequestId: null };
    }
    entry.status = answer.status;
    entry.replayed = answer.firstRequestId !== null;
    return answer;
  }

  #logRequest(request: Request): LoggedRequest {
    const entry: LoggedRequest = {
      at: new Date(this.#simulation.now()).toISOString(),
      method: request.method,
      path: new URL(request.url).pathname,
      account: request.headers.get('stripe-account'),
      livemode: null,
      idempotency_key: request.headers.get('idempotency-key'),
      params: emptyTree(),
      status: 0,
      replayed: false,
    };
    this.#simulation.requests.add(entry);
    return entry;
  }

  async #serveOnce(
    call: ApiCall,
    entry: LoggedRequest,
    endpoint: Endpoint,
    failure: PlannedFailure | null,
  ): Promise<Answer> {
    const requestId = requestIdOf(call.cause);
    const namespace = namespaceOf(entry.path);
    const key = entry.method === 'POST' ? entry.idempotency_key : null;
    const fingerprint = `${entry.method} ${entry.path} ${canonicalText(entry.params)}`;
    const oldestMs = this.#simulation.now() - namespace.storedMs;
    const stored = key === null ? null : this.#keys.begin(call.scope, key, fingerprint, oldestMs);
    if (stored) {
      await this.#delay(entry);
      return { status: stored.status, body: stored.body, requestId, firstRequestId: stored.requestId };
    }
    const done = run(call, endpoint, namespace);
    const outcome = failAfterCommit(done, failure, requestId, namespace);
    await this.#delay(entry);
    if (key !== null) {
      const kept = namespace.storesFailures ? outcome : done;
      const answer = { fingerprint, status: kept.status, body: kept.body, requestId, atMs: this.#simulation.now() };
      const isStored = kept.executed && (namespace.storesFailures || kept.status === 200);
      this.#keys.finish(call.scope, key, isStored ? answer : null);
      this.#simulation.changed();
    }
    if (failure?.status === 0) throw new ConnectionDropped('The simulator dropped the connection, as its faults ask.');
    return { status: outcome.status, body: outcome.body, requestId, firstRequestId: null };
  }

  async #delay(entry: LoggedRequest): Promise<void> {
    const latency = this.#simulation.faults.settingsFor(subjectOf(entry)).latency_ms;
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
  }
}

function subjectOf({ account, params }: LoggedRequest): Subject {
  return { account, text: JSON.stringify(params) };
}

async function readParams(request: Request, namespace: Namespace): Promise<FormTree> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'DELETE';
  return hasBody ? namespace.decodeBody(await request.text()) : decodeForm(new URL(request.url).search.slice(1));
}

function versionOf(request: Request, namespace: Namespace): string {
  const version = request.headers.get('stripe-version');
  if (version === null && namespace.requiresVersion) {
    throw new StripeFailure('Requests to /v2 must have the header Stripe-Version.', { code: 'missing_stripe_version' });
  }
  return version ?? API_VERSION;
}

function run(call: ApiCall, endpoint: Endpoint, namespace: Namespace): Outcome {
  try {
    const answer = expandAnswer(call.simulation, call.scope, endpoint(call), expandPaths(call.params));
    return { status: 200, body: JSON.stringify(answer, null, 2), executed: true };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return {
      status: error.status,
      body: namespace.errorBody(error, requestIdOf(call.cause)),
      executed: error.executed,
    };
  }
}

function requestIdOf(cause: Cause): string {
  return cause.requestId ?? '';
}

function expandPaths(params: FormTree): string[] {
  const paths = params.expand ?? emptyTree();
  return isTree(paths) ? Object.values(paths).filter((path) => typeof path === 'string') : [];
}

/** The work is done, but its answer is the planned error. `/v1` also stores that error. */
function failAfterCommit(
  outcome: Outcome,
  failure: PlannedFailure | null,
  requestId: string,
  namespace: Namespace,
): Outcome {
  if (!failure || failure.status === 0 || outcome.status !== 200) return outcome;
  return { status: failure.status, body: namespace.errorBody(errorFor(failure), requestId), executed: true };
}

function plannedFailure(failure: PlannedFailure): StripeFailure | ConnectionDropped {
  if (failure.status === 0) return new ConnectionDropped('The simulator dropped the connection, as its faults ask.');
  return errorFor(failure);
}

const LOCKED =
  'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.';

function errorFor({ status, code }: PlannedFailure): StripeFailure {
  if (code === 'lock_timeout') return new StripeFailure(LOCKED, { status, code });
  if (status === 429) {
    return new StripeFailure('Too many requests hit the API too quickly.', { status, code: 'rate_limit' });
  }
  return new StripeFailure('An unknown error occurred.', {
    status,
    type: status < 500 ? 'invalid_request_error' : 'api_error',
    // A wrong request, not an account that may not do this: Stripe names the parameter.
    ...(status === 400 ? { param: 'mode' } : {}),
  });
}
