import { DurableObject } from 'cloudflare:workers';
import { type ErrorCode, statusOf } from '../core/errors.ts';
import { newOperationId } from '../core/ids.ts';
import {
  type HeldKey,
  IDEMPOTENCY_RETENTION_MS,
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

/** How long (ms) a duplicate waits for the running request with the same idempotency key. */
const WAIT_MS = 10_000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;
/** Counts and last requests are written at most once in this time. */
const WRITE_EVERY_MS = 2_000;

/** A request that the gate counts. */
export interface AdmitInput {
  /** How many requests a minute the request's secret key may send. */
  readonly limitPerMinute: number;
  /** The shard of the workspace, for the id of a new operation. */
  readonly shard: string;
  /** The request itself. Its `status` and `code` are null, unless it is refused already. */
  readonly request: RecentRequest;
  /** null: the request has no idempotency key, or is refused already. */
  readonly idempotency: KeyToBegin | null;
  /** Earlier requests of this workspace that were answered since the last call. */
  readonly answered: readonly AnsweredRequest[];
}

/**
 * Whether a request may run. `limited`: its secret key is over the rate limit. `run`: it runs as this operation.
 * `stored`: it gets this answer, whose error code is `code`, or null. `conflict`: its idempotency key was used with
 * another body. `in_use`: the same request is still being handled.
 */
export type Admission = { readonly rate: RateState } & (
  | { readonly kind: 'limited' }
  | { readonly kind: 'run'; readonly operation: Operation }
  | { readonly kind: 'stored'; readonly answer: StoredAnswer; readonly code: string | null }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'in_use'; readonly retryAfterSeconds: number }
);

/** How a request that began an idempotency key ended. */
export interface FinishInput {
  readonly key: HeldKey;
  readonly operationId: string;
  /**
   * `done`: the answer is stored for 24 hours. `no_effect`: nothing was changed, and the key may be used again with any body.
   * `unknown`: something may have been changed, and only the same body may try again.
   */
  readonly outcome: 'done' | 'no_effect' | 'unknown';
  /** Duplicates that wait for this request get the same answer. */
  readonly answer: StoredAnswer;
  /** The error code of the answer; null where the answer is no error. */
  readonly code: string | null;
  readonly requestId: string;
}

/** The answer that waiting duplicates get. */
type FinishedAnswer = Pick<FinishInput, 'answer' | 'code'>;

/**
 * One object for each workspace: counts the requests of its secret keys, holds its idempotency keys and remembers its
 * last requests, all in one call. It never calls Stripe, so that a slow Stripe never blocks the workspace's other
 * requests. Counts and last requests are stored right after the answer, or up to two seconds later while requests come
 * faster. A crash loses what is not stored yet (accepted risk).
 */
export class WorkspaceGate extends DurableObject {
  readonly #keys: IdempotencyStore;
  readonly #rates: RateWindows;
  readonly #requests: RecentRequests;
  /** Waiting duplicates, by the id of the operation that they wait for. */
  readonly #waiting = new Map<string, Set<(finished: FinishedAnswer) => void>>();
  #writeTimer: ReturnType<typeof setTimeout> | null = null;
  /** Unix ms. */
  #writtenAt = 0;

  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(state, bindings);
    migrate(state.storage, WORKSPACE_GATE_MIGRATIONS);
    this.#keys = new IdempotencyStore(state.storage.sql);
    this.#rates = new RateWindows(state.storage.sql);
    this.#requests = new RecentRequests(state.storage.sql);
  }

  /**
   * Counts a request and begins its idempotency key. A duplicate of a running request waits up to 10 seconds for that
   * request's answer. A request over the rate limit is always `limited`.
   */
  async admit({ request, limitPerMinute, shard, idempotency, answered }: AdmitInput): Promise<Admission> {
    const now = Date.now();
    const rate = this.#rates.count(request.keyId, limitPerMinute, now);
    for (const earlier of answered) this.#requests.complete(earlier);
    this.#requests.add(rate.limited ? { ...request, ...refusedWith('rate_limit_exceeded') } : request);
    // A request that begins a key is written when it ends.
    if (rate.limited || !idempotency) this.#writeSoon();
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
        // Errors are never stored, so a stored answer has no error code.
        this.#complete({ requestId: request.requestId, status: begun.answer.status, code: null });
        return { kind: 'stored', rate, answer: begun.answer, code: null };
      case 'running':
        return { rate, ...(await this.#answerOfRunning(begun, request.requestId)) };
    }
  }

  /**
   * Ends the idempotency key of a request that was allowed to run, and gives the answer to waiting duplicates. If
   * another request has resumed the key meanwhile, only notes the answer: duplicates wait for the request that holds the
   * key. Repeatable. An answer that is stored already stays.
   */
  async finish({ key, operationId, outcome, answer, code, requestId }: FinishInput): Promise<void> {
    this.#complete({ requestId, status: answer.status, code });
    if (!this.#endKey(key, operationId, outcome, answer)) return;
    const waiting = this.#waiting.get(operationId);
    this.#waiting.delete(operationId);
    for (const resolve of waiting ?? []) resolve({ answer, code });
  }

  /**
   * Begins the attempt after `attempt` of an operation, for when the Stripe idempotency key of `attempt` is of no more
   * use. Repeatable. null: the operation has ended, or another request holds its key.
   */
  async nextAttempt(key: HeldKey, operationId: string, attempt: number): Promise<Operation | null> {
    return this.#keys.nextAttempt(key, operationId, attempt, Date.now());
  }

  /** The workspace's last requests, the newest first, at most a hundred. `answered`: as in `admit`. */
  async recentRequests(answered: readonly AnsweredRequest[] = []): Promise<RecentRequest[]> {
    for (const earlier of answered) this.#requests.complete(earlier);
    this.#write();
    return this.#requests.list();
  }

  /** When each secret key of the workspace was last used (unix ms), by key id. */
  async lastUses(): Promise<Record<string, number>> {
    this.#write();
    return this.#rates.lastUses();
  }

  /** Deletes idempotency keys that are over 24 hours old. Runs when the oldest key left will be, at most once an hour. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    const next = this.#keys.prune(now);
    if (next !== null) await this.ctx.storage.setAlarm(Math.max(next, now + PRUNE_EVERY_MS));
  }

  /** Returns false where the request does not hold the key. */
  #endKey(key: HeldKey, operationId: string, outcome: FinishInput['outcome'], answer: StoredAnswer): boolean {
    switch (outcome) {
      case 'done':
        return this.#keys.store(key, operationId, answer);
      case 'no_effect':
        return this.#keys.free(key, operationId);
      case 'unknown':
        return this.#keys.allowResume(key, operationId);
    }
  }

  /** What a duplicate gets: the answer of the running request, or `in_use` where that request takes too long. */
  async #answerOfRunning({ operationId, leaseEndsAt }: RunningKey, requestId: string) {
    const finished = await this.#waitFor(operationId);
    if (finished) {
      this.#complete({ requestId, status: finished.answer.status, code: finished.code });
      return { kind: 'stored', ...finished } as const;
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

  /**
   * Writes after the answer is sent, or once two seconds have passed since the last write. The object is billed while a
   * timer runs, so one request alone must not wait.
   */
  #writeSoon(): void {
    const wait = Math.min(WRITE_EVERY_MS, Math.max(0, this.#writtenAt + WRITE_EVERY_MS - Date.now()));
    this.#writeTimer ??= setTimeout(() => this.#write(), wait);
  }

  #write(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    this.#writeTimer = null;
    this.#writtenAt = Date.now();
    this.#rates.write();
    this.#requests.write();
  }

  async #schedulePrune(now: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(now + IDEMPOTENCY_RETENTION_MS);
  }
}

function refusedWith(code: ErrorCode): Pick<AnsweredRequest, 'status' | 'code'> {
  return { status: statusOf(code), code };
}
