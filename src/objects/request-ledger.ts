const WINDOW_MS = 60_000;
const RING_SIZE = 100;
const FLUSH_AFTER_MS = 2_000;

/** What the gate notes about a request. `refusal`: the error code it was refused with, null when it was let through. */
export interface RequestNote {
  readonly at: number;
  readonly keyId: string;
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly refusal: string | null;
}

/** State of a key's fixed window after a request. `resetAt` in unix ms. */
export interface RateState {
  readonly limited: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

interface Window {
  startedAt: number;
  count: number;
  lastUsedAt: number;
}

/**
 * Rate windows, last use of each key and a ring of the last requests. Kept in memory and written behind: a timer flushes
 * within two seconds and holds the object in memory until it has. Accepted risk: a crash forgets up to two seconds.
 */
export class RequestLedger {
  readonly #sql: SqlStorage;
  readonly #windows = new Map<string, Window>();
  readonly #dirty = new Set<string>();
  #unwritten: RequestNote[] = [];
  #nextSlot: number;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS key_windows (
      key_id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, count INTEGER NOT NULL, last_used_at INTEGER NOT NULL
    ) WITHOUT ROWID`);
    sql.exec(
      'CREATE TABLE IF NOT EXISTS recent_requests (slot INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, note TEXT NOT NULL)',
    );
    const [last] = sql.exec<{ next: number | null }>('SELECT max(sequence) + 1 AS next FROM recent_requests').toArray();
    this.#nextSlot = last?.next ?? 0;
  }

  /** Counts a request in its key's window, opened by the key's first request. A limited request is not counted. */
  count(keyId: string, limit: number, now: number): RateState {
    const window = this.#window(keyId, now);
    window.lastUsedAt = now;
    const limited = window.count >= limit;
    if (!limited) window.count += 1;
    this.#dirty.add(keyId);
    this.#scheduleFlush();
    return { limited, limit, remaining: Math.max(0, limit - window.count), resetAt: window.startedAt + WINDOW_MS };
  }

  /** Remembers a request in the ring of the last hundred. */
  note(note: RequestNote): void {
    this.#unwritten.push(note);
    if (this.#unwritten.length > RING_SIZE) this.#unwritten.shift();
    this.#scheduleFlush();
  }

  /** The last requests of the workspace, newest first. */
  recent(): RequestNote[] {
    this.flush();
    return this.#sql
      .exec<{ note: string }>('SELECT note FROM recent_requests ORDER BY sequence DESC')
      .toArray()
      .map((row) => JSON.parse(row.note));
  }

  /** When each key was last used, unix ms. */
  lastUses(): Record<string, number> {
    this.flush();
    const rows = this.#sql.exec<{ key_id: string; last_used_at: number }>(
      'SELECT key_id, last_used_at FROM key_windows',
    );
    return Object.fromEntries(rows.toArray().map((row) => [row.key_id, row.last_used_at]));
  }

  /** Writes what is only in memory. */
  flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    for (const keyId of this.#dirty) {
      const window = this.#windows.get(keyId);
      if (!window) continue;
      this.#sql.exec(
        'INSERT OR REPLACE INTO key_windows VALUES (?, ?, ?, ?)',
        keyId,
        window.startedAt,
        window.count,
        window.lastUsedAt,
      );
    }
    this.#dirty.clear();
    for (const note of this.#unwritten) {
      const sequence = this.#nextSlot++;
      this.#sql.exec(
        'INSERT OR REPLACE INTO recent_requests VALUES (?, ?, ?)',
        sequence % RING_SIZE,
        sequence,
        JSON.stringify(note),
      );
    }
    this.#unwritten = [];
  }

  #window(keyId: string, now: number): Window {
    const known = this.#windows.get(keyId) ?? this.#load(keyId);
    if (known && now < known.startedAt + WINDOW_MS) {
      this.#windows.set(keyId, known);
      return known;
    }
    const opened = { startedAt: now, count: 0, lastUsedAt: now };
    this.#windows.set(keyId, opened);
    return opened;
  }

  #load(keyId: string): Window | null {
    const [row] = this.#sql
      .exec<{ started_at: number; count: number; last_used_at: number }>(
        'SELECT started_at, count, last_used_at FROM key_windows WHERE key_id = ?',
        keyId,
      )
      .toArray();
    return row ? { startedAt: row.started_at, count: row.count, lastUsedAt: row.last_used_at } : null;
  }

  #scheduleFlush(): void {
    this.#flushTimer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }
}
