import { DurableObject } from 'cloudflare:workers';
import { type ErrorCode, statusOf } from '../core/errors.ts';
import { newOperationId } from '../core/ids.ts';
import {
  IdempotencyStore,
  type KeyToBegin,
  newOperation,
  type Operation,
  type RunningKey,
  type StoredAnswer,
} from './idempotency-store.ts';
import { migrate, WORKSPACE_GATE_MIGRATIONS } from './migrations.ts';
import { type RateState, RateWindows } from './rate-windows.ts';
import { type AnsweredRequest, type RecentRequest, RecentRequests } from './recent-requests.ts';

/** How long a duplicate waits for the first request of its key. */
const WAIT_MS = 10_000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;
const WRITE_AFTER_MS = 2_000;

export interface AdmitInput {
  /** How many requests a minute the request's key may send. */
  readonly limitPerMinute: number;
  /** The D1 database of the workspace, for the id of a new operation. */
  readonly shard: string;
  /** The request. With status and code where it is refused already; with null in both where it is to run. */
  readonly request: RecentRequest;
  /** null: the request carries no key, or is refused already. */
  readonly idempotency: KeyToBegin | null;
  /** What became of earlier requests of this workspace. */
  readonly answered: readonly AnsweredRequest[];
}

export type Admission = { readonly rate: RateState } & (
  | { readonly kind: 'limited' }
  | { readonly kind: 'run'; readonly operation: Operation }
  | { readonly kind: 'stored'; readonly answer: StoredAnswer }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'in_use'; readonly retryAfterSeconds: number }
);

/** How a request that began an idempotency key ended. */
export interface FinishInput {
  readonly scope: string;
  readonly operationId: string;
  /**
   * `done`: the answer is kept for 24 hours. `no_effect`: nothing was changed anywhere, the key may be used anew with any body.
   * `unknown`: something may have been changed, and only the same body may try again.
   */
  readonly outcome: 'done' | 'no_effect' | 'unknown';
  /** Also the answer of the duplicates that wait for this request. */
  readonly answer: StoredAnswer;
  /** The error code of the answer; null where it is no error. */
  readonly code: string | null;
  readonly requestId: string;
}

/** The answer of a request, as its waiting duplicates get it. */
type FinishedAnswer = Pick<FinishInput, 'answer' | 'code'>;

/**
 * One object per workspace: counts the requests of its secret keys, holds its idempotency keys and remembers its last
 * requests, all in one call. Stripe is called by the Worker, never from here, so that a slow Stripe never blocks the
 * workspace's other requests. Counts and requests are written up to two seconds late: a crash forgets those (accepted risk).
 */
export class WorkspaceGate extends DurableObject {
  readonly #keys: IdempotencyStore;
  readonly #rates: RateWindows;
  readonly #requests: RecentRequests;
  /** Waiting duplicates, by the id of the operation that they wait for. */
  readonly #waiting = new Map<string, Set<(finished: FinishedAnswer) => void>>();
  #writeTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(state, bindings);
    migrate(state.storage, WORKSPACE_GATE_MIGRATIONS);
    this.#keys = new IdempotencyStore(state.storage.sql);
    this.#rates = new RateWindows(state.storage.sql);
    this.#requests = new RecentRequests(state.storage.sql);
  }

  /**
   * Counts a request and begins its idempotency key. A duplicate of a running request waits up to 10 seconds for the answer
   * of that one. A request over the limit is `limited`, whatever else would be said of it.
   */
  async admit({ request, limitPerMinute, shard, idempotency, answered }: AdmitInput): Promise<Admission> {
    const now = Date.now();
    const rate = this.#rates.count(request.keyId, limitPerMinute, now);
    for (const earlier of answered) this.#requests.complete(earlier);
    this.#requests.add(rate.limited ? { ...request, ...refusedWith('rate_limit_exceeded') } : request);
    this.#writeSoon();
    if (rate.limited) return { kind: 'limited', rate };

    const newId = () => newOperationId(shard);
    if (!idempotency) return { kind: 'run', rate, operation: newOperation(newId(), now) };
    const begun = this.#keys.begin(idempotency, newId, now);
    switch (begun.kind) {
      case 'run':
        await this.#schedulePrune(now);
        return { kind: 'run', rate, operation: begun.operation };
      case 'conflict':
        this.#complete({ requestId: request.requestId, ...refusedWith('idempotency_key_conflict') });
        return { kind: 'conflict', rate };
      case 'stored':
        // Only answers that are no errors are stored.
        this.#complete({ requestId: request.requestId, status: begun.answer.status, code: null });
        return { kind: 'stored', rate, answer: begun.answer };
      case 'running':
        return { rate, ...(await this.#answerOfRunning(begun, request.requestId)) };
    }
  }

  /**
   * Ends a begun key and answers the duplicates that wait for it. May be called again, and later than the caller of the
   * request has its answer: what another request has made of the key meanwhile stays, but for `no_effect`.
   */
  async finish({ scope, operationId, outcome, answer, code, requestId }: FinishInput): Promise<void> {
    if (outcome === 'done') this.#keys.store(scope, operationId, answer);
    else if (outcome === 'no_effect') this.#keys.free(scope, operationId);
    else this.#keys.allowResume(scope, operationId);

    this.#complete({ requestId, status: answer.status, code });
    const waiting = this.#waiting.get(operationId);
    this.#waiting.delete(operationId);
    for (const resolve of waiting ?? []) resolve({ answer, code });
  }

  /**
   * The next attempt of an operation whose Stripe idempotency key of `attempt` cannot be used again. null when the operation
   * has ended, or another request has gone on from this attempt.
   */
  async nextAttempt(scope: string, operationId: string, attempt: number): Promise<Operation | null> {
    return this.#keys.nextAttempt(scope, operationId, attempt, Date.now());
  }

  /** The workspace's last requests, the newest first, at most a hundred. */
  async recentRequests(): Promise<RecentRequest[]> {
    this.#write();
    return this.#requests.list();
  }

  /** When each secret key of the workspace was last used, in unix ms, by key id. */
  async lastUses(): Promise<Record<string, number>> {
    this.#write();
    return this.#rates.lastUses();
  }

  /** Deletes idempotency keys that are over 24 hours old, each hour until none is left. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    if (this.#keys.prune(now)) await this.ctx.storage.setAlarm(now + PRUNE_EVERY_MS);
  }

  /** What a duplicate gets: the answer of the running request, or `in_use` when that takes too long. */
  async #answerOfRunning({ operationId, leaseEndsAt }: RunningKey, requestId: string) {
    const finished = await this.#waitFor(operationId);
    if (finished) {
      this.#complete({ requestId, status: finished.answer.status, code: finished.code });
      return { kind: 'stored', answer: finished.answer } as const;
    }
    this.#complete({ requestId, ...refusedWith('idempotency_key_in_use') });
    const retryAfterSeconds = Math.max(1, Math.ceil((leaseEndsAt - Date.now()) / 1000));
    return { kind: 'in_use', retryAfterSeconds } as const;
  }

  #waitFor(operationId: string): Promise<FinishedAnswer | null> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(operationId) ?? new Set();
      this.#waiting.set(operationId, waiting);
      const settle = (finished: FinishedAnswer | null) => {
        clearTimeout(timer);
        waiting.delete(settle);
        if (waiting.size === 0) this.#waiting.delete(operationId);
        resolve(finished);
      };
      const timer = setTimeout(() => settle(null), WAIT_MS);
      waiting.add(settle);
    });
  }

  #complete(answered: AnsweredRequest): void {
    this.#requests.complete(answered);
    this.#writeSoon();
  }

  /** The running timer keeps the object in memory until it has written. */
  #writeSoon(): void {
    this.#writeTimer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS);
  }

  #write(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    this.#writeTimer = null;
    this.#rates.write();
    this.#requests.write();
  }

  async #schedulePrune(now: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + PRUNE_EVERY_MS);
  }
}

function refusedWith(code: ErrorCode): Pick<AnsweredRequest, 'status' | 'code'> {
  return { status: statusOf(code), code };
}
