/** How many requests of a workspace are remembered. */
export const RECENT_REQUESTS = 100;

/** How a request was answered. `code`: the error code of the answer; null where the answer was no error. */
export interface AnsweredRequest {
  readonly requestId: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly code: string | null;
}

/** One of the last requests of a workspace. */
export type RecentRequest = {
  /** Unix ms: when the request came. */
  readonly at: number;
  readonly keyId: string;
  readonly method: string;
  /** The pattern of the request's route, for example `/payment-links/:id`. */
  readonly route: string;
  /** The HTTP status of the answer; null until the request is answered. */
  readonly status: number | null;
  /** The error code of the answer; null where the answer was no error, and until the request is answered. */
  readonly code: string | null;
  /** Not unique: callers may choose it. */
  readonly requestId: string;
};

/**
 * The last hundred requests of a workspace, in memory; `write` stores what has changed since the last `write`. The
 * request with `number` n lies in slot n % 100 of the table, so that a new request takes the place of the oldest.
 */
export class RecentRequests {
  readonly #sql: SqlStorage;
  /** The requests by their number, the oldest first. */
  readonly #requests = new Map<number, RecentRequest>();
  readonly #unwritten = new Set<number>();
  #nextNumber = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const rows = sql.exec<RecentRequest & { number: number }>(
      `SELECT number, at, key_id AS keyId, method, route, status, code, request_id AS requestId
       FROM recent_requests ORDER BY number`,
    );
    for (const { number, ...request } of rows) {
      this.#requests.set(number, request);
      this.#nextNumber = number + 1;
    }
  }

  /** Remembers a request, and forgets the oldest where there are more than a hundred. */
  add(request: RecentRequest): void {
    const number = this.#nextNumber++;
    this.#requests.set(number, request);
    this.#unwritten.add(number);
    this.#requests.delete(number - RECENT_REQUESTS);
    this.#unwritten.delete(number - RECENT_REQUESTS);
  }

  /** Adds an answer to its request: of several with the same id, to the oldest without a status. Ignores an unknown id. */
  complete({ requestId, status, code }: AnsweredRequest): void {
    for (const [number, request] of this.#requests) {
      if (request.requestId !== requestId || request.status !== null) continue;
      this.#requests.set(number, { ...request, status, code });
      this.#unwritten.add(number);
      return;
    }
  }

  /** The remembered requests, the newest first. */
  list(): RecentRequest[] {
    return [...this.#requests.values()].reverse();
  }

  /** Stores what has changed since the last call. */
  write(): void {
    for (const number of this.#unwritten) {
      const request = this.#requests.get(number);
      if (!request) continue;
      this.#sql.exec(
        `INSERT OR REPLACE INTO recent_requests
         (slot, number, at, key_id, method, route, status, code, request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        number % RECENT_REQUESTS,
        number,
        request.at,
        request.keyId,
        request.method,
        request.route,
        request.status,
        request.code,
        request.requestId,
      );
    }
    this.#unwritten.clear();
  }
}
