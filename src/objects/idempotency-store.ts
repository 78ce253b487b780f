/** How long (ms) a request holds its idempotency key: longer than a call to Stripe may take (10 s). */
const LEASE_MS = 30_000;
/** How long (ms) an idempotency key is kept: 24 hours. */
export const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000;

/** One intended effect at Stripe. `attempt` counts the Stripe idempotency keys that the operation has used, from 1. */
export type Operation = {
  readonly id: string;
  readonly attempt: number;
  /** When the operation began (unix ms). What is older at Stripe was not made by this operation. */
  readonly startedAt: number;
  /** When this attempt began (unix ms). The request to Stripe uses this time, so that a repeated request is the same. */
  readonly attemptStartedAt: number;
  /** True where an earlier request for this operation ended without a known outcome. */
  readonly resumed: boolean;
};

/** The answer of a request, given again to the same request. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An idempotency key and the request that began or resumed it. */
export interface HeldKey {
  /** Method, path and idempotency key. So the same key on another route has another name. */
  readonly name: string;
  /** A random name of the request. The store knows by it which request holds the key. */
  readonly holder: string;
}

/** The idempotency key that a request begins. */
export interface KeyToBegin extends HeldKey {
  /** A digest of the parsed body. */
  readonly fingerprint: string;
}

/** An idempotency key whose request still runs. `leaseEndsAt`: unix ms; from then on the same request may resume it. */
export interface RunningKey {
  readonly kind: 'running';
  readonly operationId: string;
  readonly leaseEndsAt: number;
}

/**
 * `run`: the caller holds the idempotency key and runs the request. `stored`: the request has been answered before.
 * `running`: the same request is being handled. `conflict`: the key was used with another body.
 */
type BeginResult =
  | { readonly kind: 'run'; readonly operation: Operation }
  | { readonly kind: 'stored'; readonly answer: StoredAnswer }
  | RunningKey
  | { readonly kind: 'conflict' };

type Row = Omit<Operation, 'resumed'> & {
  fingerprint: string;
  leaseUntil: number;
  holder: string;
  status: number | null;
  body: string | null;
};

const COLUMNS = `operation_id AS id, attempt, started_at AS startedAt, attempt_started_at AS attemptStartedAt,
  fingerprint, lease_until AS leaseUntil, holder, status, body`;

/**
 * The idempotency keys of one workspace, in the SQLite of its gate. A key is running (its lease ends in the future),
 * may be resumed (its lease has ended) or is finished (`status` is set). The request that began or resumed a key last
 * holds it, also after its lease has ended, and only that request may change it. Methods are synchronous, so two calls
 * never mix.
 */
export class IdempotencyStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Begins or resumes a key, or says why not. A request that calls twice, because a reply was lost, still holds its key. */
  begin(key: KeyToBegin, newOperationId: () => string, now: number): BeginResult {
    const { name, fingerprint, holder } = key;
    const row = this.#find(name, now);
    if (!row) return this.#insert(key, newOperationId(), now);
    if (row.fingerprint !== fingerprint) return { kind: 'conflict' };
    if (row.status !== null) {
      return { kind: 'stored', answer: { status: row.status, body: row.body ?? '', headers: {} } };
    }
    if (row.leaseUntil > now && row.holder !== holder) {
      return { kind: 'running', operationId: row.id, leaseEndsAt: row.leaseUntil };
    }
    this.#sql.exec(
      'UPDATE idempotency_keys SET lease_until = ?, holder = ? WHERE name = ?',
      now + LEASE_MS,
      holder,
      name,
    );
    return { kind: 'run', operation: toResumed(row) };
  }

  /**
   * Stores a 2xx answer for the rest of the key's 24 hours. Does nothing, and returns false, where the request does not
   * hold the key any more, or where an answer is stored.
   */
  store(key: HeldKey, operationId: string, answer: StoredAnswer): boolean {
    return this.#end(
      key,
      operationId,
      'UPDATE idempotency_keys SET status = ?, body = ?, lease_until = 0',
      answer.status,
      answer.body,
    );
  }

  /**
   * Deletes a key whose request had no effect. The key may be used again, with any body. Does nothing, and returns false,
   * where `store` would.
   */
  free(key: HeldKey, operationId: string): boolean {
    return this.#end(key, operationId, 'DELETE FROM idempotency_keys');
  }

  /**
   * Ends the lease of a request that may have had an effect. A request with the same body may then resume the key at
   * once. Does nothing, and returns false, where `store` would.
   */
  allowResume(key: HeldKey, operationId: string): boolean {
    return this.#end(key, operationId, 'UPDATE idempotency_keys SET lease_until = 0');
  }

  /**
   * Begins the attempt after `attempt` of an operation, and stores it before its Stripe idempotency key is used. A holder
   * that asks again, because a reply was lost, gets the same attempt. null: the operation has ended, or another request
   * holds the key: two requests must never use two Stripe keys.
   */
  nextAttempt({ name, holder }: HeldKey, operationId: string, attempt: number, now: number): Operation | null {
    this.#sql.exec(
      `UPDATE idempotency_keys SET attempt = attempt + 1, attempt_started_at = ?, lease_until = ?
       WHERE name = ? AND operation_id = ? AND holder = ? AND attempt = ? AND status IS NULL`,
      now,
      now + LEASE_MS,
      name,
      operationId,
      holder,
      attempt,
    );
    const row = this.#find(name, now);
    const isBegun = row?.id === operationId && row.holder === holder && row.attempt === attempt + 1;
    return isBegun && row.status === null ? toResumed(row) : null;
  }

  /** Deletes keys that are over 24 hours old. Returns when the next one will be (unix ms); null where none is left. */
  prune(now: number): number | null {
    this.#sql.exec('DELETE FROM idempotency_keys WHERE started_at <= ?', now - IDEMPOTENCY_RETENTION_MS);
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>('SELECT min(started_at) AS oldest FROM idempotency_keys')
      .one();
    return oldest === null ? null : oldest + IDEMPOTENCY_RETENTION_MS;
  }

  /** Runs a change of the key's row if the request holds the key and no answer is stored. Returns whether it did. */
  #end({ name, holder }: HeldKey, operationId: string, change: string, ...values: (string | number)[]): boolean {
    return (
      this.#sql
        .exec(
          `${change} WHERE name = ? AND operation_id = ? AND holder = ? AND status IS NULL RETURNING name`,
          ...values,
          name,
          operationId,
          holder,
        )
        .toArray().length > 0
    );
  }

  #find(name: string, now: number): Row | null {
    const [row] = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM idempotency_keys WHERE name = ?`, name).toArray();
    if (!row) return null;
    if (row.startedAt > now - IDEMPOTENCY_RETENTION_MS) return row;
    this.#sql.exec('DELETE FROM idempotency_keys WHERE name = ?', name);
    return null;
  }

  #insert({ name, fingerprint, holder }: KeyToBegin, operationId: string, now: number): BeginResult {
    this.#sql.exec(
      `INSERT INTO idempotency_keys
       (name, fingerprint, operation_id, attempt, started_at, attempt_started_at, lease_until, holder)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?)`,
      name,
      fingerprint,
      operationId,
      now,
      now,
      now + LEASE_MS,
      holder,
    );
    return { kind: 'run', operation: newOperation(operationId, now) };
  }
}

/** A new operation, in its first attempt. `now`: unix ms. */
export function newOperation(id: string, now: number): Operation {
  return { id, attempt: 1, startedAt: now, attemptStartedAt: now, resumed: false };
}

function toResumed({ id, attempt, startedAt, attemptStartedAt }: Row): Operation {
  return { id, attempt, startedAt, attemptStartedAt, resumed: true };
}
