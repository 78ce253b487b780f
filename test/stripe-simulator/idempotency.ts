import { StripeFailure } from './failures.ts';
import type { Scope, State, StoredAnswer } from './state.ts';

const MAX_KEY_LENGTH = 255;

/** Stripe's idempotency keys: one answer per account, mode and key (docs.stripe.com/api/idempotent_requests). */
export class IdempotencyKeys {
  readonly #state: State;
  readonly #running = new Map<string, string>();

  constructor(state: State) {
    this.#state = state;
  }

  /**
   * The stored answer of the key, or null: the request runs, until `finish`. Answers of `oldestMs` and before are forgotten.
   * Throws StripeFailure if the key was used with other parameters or its first request still runs.
   */
  begin(scope: Scope, key: string, fingerprint: string, oldestMs: number): StoredAnswer | null {
    if (key.length > MAX_KEY_LENGTH)
      throw new StripeFailure(`Idempotency keys can have up to ${MAX_KEY_LENGTH} characters.`);
    const name = nameOf(scope, key);
    this.#forgetIfOld(name, oldestMs);
    const stored = this.#state.answers.get(name);
    const bound = this.#running.get(name) ?? stored?.fingerprint;
    if (bound !== undefined && bound !== fingerprint) throw boundToOther(key);
    if (this.#running.has(name)) throw stillRunning(key);
    if (stored) return stored;
    this.#running.set(name, fingerprint);
    return null;
  }

  /** Ends the request. An `answer` is stored; null frees the key. */
  finish(scope: Scope, key: string, answer: StoredAnswer | null): void {
    const name = nameOf(scope, key);
    this.#running.delete(name);
    if (answer) this.#state.answers.set(name, answer);
  }

  #forgetIfOld(name: string, oldestMs: number): void {
    const stored = this.#state.answers.get(name);
    if (stored && stored.atMs <= oldestMs) this.#state.answers.delete(name);
  }
}

function nameOf(scope: Scope, key: string): string {
  return `${scope.livemode ? 'live' : 'test'}:${scope.account ?? 'platform'}:${key}`;
}

function boundToOther(key: string): StripeFailure {
  const message = `Keys for idempotent requests can only be used with the same endpoint and parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeFailure(message, { type: 'idempotency_error' });
}

function stillRunning(key: string): StripeFailure {
  const message = `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`;
  return new StripeFailure(message, { status: 409, code: 'idempotency_key_in_use' });
}
