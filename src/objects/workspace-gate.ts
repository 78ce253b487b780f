import { DurableObject } from 'cloudflare:workers';
import { newOperationId } from '../core/ids.ts';
import {
  IdempotencyStore,
  type KeyToBegin,
  newOperation,
  type Operation,
  type StoredAnswer,
} from './idempotency-store.ts';
import { type RateState, RequestLedger, type RequestNote } from './request-ledger.ts';

/** How long a duplicate waits for the first request of its key. */
const WAIT_MS = 10_000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;

export interface AdmitInput {
  readonly limitPerMinute: number;
  readonly shard: string;
  readonly request: RequestNote;
  /** null: the request carries no key, or was refused before its key may begin. */
  readonly idempotency: KeyToBegin | null;
}

export type Admission = { readonly rate: RateState } & (
  | { readonly kind: 'limited' }
  | { readonly kind: 'run'; readonly operation: Operation }
  | { readonly kind: 'replay'; readonly answer: StoredAnswer }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'in_use'; readonly retryAfterSeconds: number }
);

/** What became of a request that began a key: `stored` (2xx), `freed` (no effect), `released` (outcome unknown). */
export interface FinishInput {
  readonly scope: string;
  readonly operationId: string;
  readonly disposition: 'stored' | 'freed' | 'released';
  readonly answer: StoredAnswer;
}

/**
 * One per workspace: counts every request of its keys and holds its idempotency keys, both in one call. The Worker calls
 * Stripe, never this object, so that a slow Stripe never blocks a workspace's other requests.
 */
export class WorkspaceGate extends DurableObject {
  readonly #keys: IdempotencyStore;
  readonly #ledger: RequestLedger;
  readonly #waiting = new Map<string, Set<(answer: StoredAnswer) => void>>();

  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(state, bindings);
    this.#keys = new IdempotencyStore(state.storage.sql);
    this.#ledger = new RequestLedger(state.storage.sql);
  }

  /** Counts the request and begins its idempotency key. A duplicate of a running request waits up to 10 s for its answer. */
  async admit(input: AdmitInput): Promise<Admission> {
    const now = Date.now();
    const rate = this.#ledger.count(input.request.keyId, input.limitPerMinute, now);
    this.#ledger.note(rate.limited ? { ...input.request, refusal: 'rate_limit_exceeded' } : input.request);
    if (rate.limited) return { kind: 'limited', rate };

    const newId = () => newOperationId(input.shard);
    if (!input.idempotency) return { kind: 'run', rate, operation: newOperation(newId(), now) };

    const begun = this.#keys.begin(input.idempotency, newId, now);
    if (begun.kind === 'stored') return { kind: 'replay', rate, answer: begun.answer };
    if (begun.kind === 'conflict') return { kind: 'conflict', rate };
    if (begun.kind === 'run') {
      await this.#schedulePrune(now);
      return { kind: 'run', rate, operation: begun.operation };
    }
    const answer = await this.#waitFor(input.idempotency.scope);
    if (answer) return { kind: 'replay', rate, answer };
    return { kind: 'in_use', rate, retryAfterSeconds: Math.max(1, Math.ceil((begun.leaseEndsAt - Date.now()) / 1000)) };
  }

  /** Ends a begun key and hands its answer to every waiting duplicate. Repeatable. */
  async finish(input: FinishInput): Promise<void> {
    if (input.disposition === 'stored') this.#keys.store(input.scope, input.operationId, input.answer);
    else if (input.disposition === 'freed') this.#keys.free(input.scope, input.operationId);
    else this.#keys.release(input.scope, input.operationId);

    const waiting = this.#waiting.get(input.scope);
    this.#waiting.delete(input.scope);
    for (const resolve of waiting ?? []) resolve(input.answer);
  }

  /**
   * A further Stripe idempotency key for an operation that cannot use that of `attempt` again. null when the operation has
   * ended, or goes on elsewhere.
   */
  async nextAttempt(scope: string, operationId: string, attempt: number): Promise<Operation | null> {
    return this.#keys.nextAttempt(scope, operationId, attempt, Date.now());
  }

  /** The workspace's last requests, newest first, at most a hundred. */
  async recentRequests(): Promise<RequestNote[]> {
    return this.#ledger.recent();
  }

  /** Unix ms of each key's last use. */
  async lastUses(): Promise<Record<string, number>> {
    return this.#ledger.lastUses();
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    if (this.#keys.prune(now)) await this.ctx.storage.setAlarm(now + PRUNE_EVERY_MS);
  }

  #waitFor(scope: string): Promise<StoredAnswer | null> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(scope) ?? new Set();
      this.#waiting.set(scope, waiting);
      const settle = (answer: StoredAnswer | null) => {
        clearTimeout(timer);
        waiting.delete(settle);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(null), WAIT_MS);
      waiting.add(settle);
    });
  }

  async #schedulePrune(now: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + PRUNE_EVERY_MS);
  }
}
