/** Longer than the Stripe timeout (10 s): a holder that has not answered by then is gone. */
const LEASE_MS = 30_000;
/** Keys are kept for 24 hours. */
export const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000;

/** One intended effect at Stripe. `attempt` counts the Stripe idempotency keys used for it, from 1. */
export interface Operation {
  readonly id: string;
  readonly attempt: number;
  /** Unix ms: when the operation began, the earliest moment a Stripe session of it can exist. */
  readonly startedAt: number;
  /** Unix ms: the clock of the present attempt, from which the request to Stripe is derived. */
  readonly attemptStartedAt: number;
  /** An earlier try of the same request ended without a known outcome. */
  readonly resumed: boolean;
}

/** An answer to hand out again. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A key as a request brings it: `scope` is method, path and key, `fingerprint` a digest of the parsed body. */
export interface KeyToBegin {
  readonly scope: string;
  readonly fingerprint: string;
  /** Random, one per request. */
  readonly holder: string;
}

export type BeginResult =
  | { readonly kind: 'run'; readonly operation: Operation }
  | { readonly kind: 'stored'; readonly answer: StoredAnswer }
  | { readonly kind: 'running'; readonly leaseEndsAt: number }
  | { readonly kind: 'conflict' };

interface Row extends Record<string, SqlStorageValue> {
  fingerprint: string;
  operation_id: string;
  attempt: number;
  started_at: number;
  attempt_started_at: number;
  lease_until: number;
  holder: string;
  status: number | null;
  body: string | null;
}

/**
 * The idempotency keys of one workspace, in its gate's SQLite. A row is running (lease in the future), open for resuming
 * (lease over) or finished (`status` set). Synchronous: each method is atomic within the object.
 */
export class IdempotencyStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    // WITHOUT ROWID and no second index: one b-tree write per step of a key.
    sql.exec(`CREATE TABLE IF NOT EXISTS idempotency_keys (
      scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, operation_id TEXT NOT NULL, attempt INTEGER NOT NULL,
      started_at INTEGER NOT NULL, attempt_started_at INTEGER NOT NULL, lease_until INTEGER NOT NULL,
      holder TEXT NOT NULL, status INTEGER, body TEXT
    ) WITHOUT ROWID`);
  }

  /** Begins, resumes or refuses a key. A holder that asks again, because the answer was lost, holds it still. */
  begin(key: KeyToBegin, newOperationId: () => string, now: number): BeginResult {
    const { scope, fingerprint, holder } = key;
    const row = this.#find(scope, now);
    if (!row) return this.#insert(key, newOperationId(), now);
    if (row.fingerprint !== fingerprint) return { kind: 'conflict' };
    if (row.status !== null) {
      return { kind: 'stored', answer: { status: row.status, body: row.body ?? '', headers: {} } };
    }
    if (row.lease_until > now && row.holder !== holder) return { kind: 'running', leaseEndsAt: row.lease_until };
    this.#sql.exec(
      'UPDATE idempotency_keys SET lease_until = ?, holder = ? WHERE scope = ?',
      now + LEASE_MS,
      holder,
      scope,
    );
    return { kind: 'run', operation: toOperation(row, true) };
  }

  /** Keeps a 2xx answer for the rest of the key's 24 hours. */
  store(scope: string, operationId: string, answer: StoredAnswer): void {
    this.#sql.exec(
      'UPDATE idempotency_keys SET status = ?, body = ?, lease_until = 0 WHERE scope = ? AND operation_id = ?',
      answer.status,
      answer.body,
      scope,
      operationId,
    );
  }

  /** The request had no effect: the key may be used again, with any body. */
  free(scope: string, operationId: string): void {
    this.#sql.exec('DELETE FROM idempotency_keys WHERE scope = ? AND operation_id = ?', scope, operationId);
  }

  /** The outcome is unknown: the body stays bound, and the same body may resume at once. */
  release(scope: string, operationId: string): void {
    this.#sql.exec(
      'UPDATE idempotency_keys SET lease_until = 0 WHERE scope = ? AND operation_id = ?',
      scope,
      operationId,
    );
  }

  /**
   * The Stripe idempotency key after `attempt` of an operation, written before it is used. null when the key has ended, or
   * another request has gone on from this attempt: two retries must never use two keys.
   */
  nextAttempt(scope: string, operationId: string, attempt: number, now: number): Operation | null {
    const [row] = this.#sql
      .exec<Row>(
        `UPDATE idempotency_keys SET attempt = attempt + 1, attempt_started_at = ?, lease_until = ?
         WHERE scope = ? AND operation_id = ? AND attempt = ? AND status IS NULL RETURNING *`,
        now,
        now + LEASE_MS,
        scope,
        operationId,
        attempt,
      )
      .toArray();
    return row ? toOperation(row, true) : null;
  }

  /** Deletes what is over 24 hours old; true while keys remain. */
  prune(now: number): boolean {
    this.#sql.exec('DELETE FROM idempotency_keys WHERE started_at <= ?', now - IDEMPOTENCY_RETENTION_MS);
    return this.#sql.exec('SELECT 1 FROM idempotency_keys LIMIT 1').toArray().length > 0;
  }

  #find(scope: string, now: number): Row | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM idempotency_keys WHERE scope = ?', scope).toArray();
    if (!row) return null;
    if (row.started_at > now - IDEMPOTENCY_RETENTION_MS) return row;
    this.#sql.exec('DELETE FROM idempotency_keys WHERE scope = ?', scope);
    return null;
  }

  #insert({ scope, fingerprint, holder }: KeyToBegin, operationId: string, now: number): BeginResult {
    this.#sql.exec(
      'INSERT INTO idempotency_keys VALUES (?, ?, ?, 1, ?, ?, ?, ?, NULL, NULL)',
      scope,
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

/** The first attempt of an operation. */
export function newOperation(id: string, now: number): Operation {
  return { id, attempt: 1, startedAt: now, attemptStartedAt: now, resumed: false };
}

function toOperation(row: Row, resumed: boolean): Operation {
  return {
    id: row.operation_id,
    attempt: row.attempt,
    startedAt: row.started_at,
    attemptStartedAt: row.attempt_started_at,
    resumed,
  };
}
