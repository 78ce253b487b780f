const WINDOW_MS = 60_000;

/** The state of a secret key's rate limit after a request. `resetAt`: when the key's current minute ends (unix ms). */
export interface RateState {
  readonly limited: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

type Window = { startedAt: number; count: number; lastUsedAt: number };

/**
 * Counts the requests of each secret key in its current minute, and remembers when each key was last used. Keeps both
 * in memory; `write` stores what has changed since the last `write`.
 */
export class RateWindows {
  readonly #sql: SqlStorage;
  readonly #windows = new Map<string, Window>();
  readonly #unwritten = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Counts a request of a key that may send `limit` requests a minute. The key's first request starts its minute. A request
   * over the limit is not counted.
   */
  count(keyId: string, limit: number, now: number): RateState {
    const window = this.#window(keyId, now);
    window.lastUsedAt = now;
    const limited = window.count >= limit;
    if (!limited) window.count += 1;
    this.#unwritten.add(keyId);
    return { limited, limit, remaining: Math.max(0, limit - window.count), resetAt: window.startedAt + WINDOW_MS };
  }

  /** When each key was last used (unix ms), by key id, as of the last `write`. */
  lastUses(): Record<string, number> {
    const rows = this.#sql.exec<{ key_id: string; last_used_at: number }>(
      'SELECT key_id, last_used_at FROM key_windows',
    );
    return Object.fromEntries(rows.toArray().map((row) => [row.key_id, row.last_used_at]));
  }

  /** Stores what has changed since the last call. */
  write(): void {
    for (const keyId of this.#unwritten) {
      const window = this.#windows.get(keyId);
      if (!window) continue;
      this.#sql.exec(
        'INSERT OR REPLACE INTO key_windows (key_id, started_at, count, last_used_at) VALUES (?, ?, ?, ?)',
        keyId,
        window.startedAt,
        window.count,
        window.lastUsedAt,
      );
    }
    this.#unwritten.clear();
  }

  #window(keyId: string, now: number): Window {
    const present = this.#windows.get(keyId) ?? this.#read(keyId);
    if (present && now < present.startedAt + WINDOW_MS) {
      this.#windows.set(keyId, present);
      return present;
    }
    const opened = { startedAt: now, count: 0, lastUsedAt: now };
    this.#windows.set(keyId, opened);
    return opened;
  }

  #read(keyId: string): Window | null {
    const [row] = this.#sql
      .exec<Window>(
        'SELECT started_at AS startedAt, count, last_used_at AS lastUsedAt FROM key_windows WHERE key_id = ?',
        keyId,
      )
      .toArray();
    return row ?? null;
  }
}
