/** The step to the next version of the tables: SQL statements that run in this order, once in each object. */
export type Migration = readonly string[];

/**
 * The tables of a workspace's gate. From the first release on this list only grows: an object may be at any earlier
 * migration, so a released migration is never changed, removed or moved. `docs/data.md` draws the tables.
 */
export const WORKSPACE_GATE_MIGRATIONS: readonly Migration[] = [
  [
    // WITHOUT ROWID and no second index, so that each change of a key writes only one b-tree.
    `CREATE TABLE idempotency_keys (
      name TEXT PRIMARY KEY,
      fingerprint TEXT NOT NULL,
      operation_id TEXT NOT NULL,
      attempt INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      attempt_started_at INTEGER NOT NULL,
      lease_until INTEGER NOT NULL,
      holder TEXT NOT NULL,
      status INTEGER,
      body TEXT
    ) WITHOUT ROWID`,
    `CREATE TABLE key_windows (
      key_id TEXT PRIMARY KEY,
      started_at INTEGER NOT NULL,
      count INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `CREATE TABLE recent_requests (
      slot INTEGER PRIMARY KEY,
      number INTEGER NOT NULL,
      at INTEGER NOT NULL,
      key_id TEXT NOT NULL,
      method TEXT NOT NULL,
      route TEXT NOT NULL,
      status INTEGER,
      code TEXT,
      request_id TEXT NOT NULL
    )`,
  ],
];

/** The tables of a payment link's gate. From the first release on this list only grows, like `WORKSPACE_GATE_MIGRATIONS`. */
export const LINK_GATE_MIGRATIONS: readonly Migration[] = [
  [
    `CREATE TABLE places (
      operation_id TEXT PRIMARY KEY,
      taken_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('taken', 'kept', 'paid'))
    ) WITHOUT ROWID`,
    // The places that may become free again, the oldest first.
    "CREATE INDEX places_unpaid ON places (taken_at) WHERE state <> 'paid'",
  ],
  [
    // How many places are paid: counted once, and from then on kept by triggers, so also where an older release runs again.
    `CREATE TABLE paid_places (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      count INTEGER NOT NULL
    )`,
    "INSERT INTO paid_places (id, count) SELECT 1, count(*) FROM places WHERE state = 'paid'",
    `CREATE TRIGGER places_inserted_paid AFTER INSERT ON places WHEN NEW.state = 'paid'
      BEGIN UPDATE paid_places SET count = count + 1; END`,
    `CREATE TRIGGER places_became_paid AFTER UPDATE OF state ON places WHEN NEW.state = 'paid' AND OLD.state <> 'paid'
      BEGIN UPDATE paid_places SET count = count + 1; END`,
    // Old places of one state are found without reading those of the other.
    'DROP INDEX places_unpaid',
    "CREATE INDEX places_unpaid ON places (state, taken_at) WHERE state <> 'paid'",
  ],
  // How many payments of the link the database has: also those that were made before the link had a limit.
  ['ALTER TABLE paid_places ADD COLUMN stored INTEGER NOT NULL DEFAULT 0'],
  // The newest limit of the link. No row: no caller has reported a limit that was changed.
  [
    `CREATE TABLE newest_limit (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      version INTEGER NOT NULL,
      max_payments INTEGER,
      reported_at INTEGER NOT NULL
    )`,
  ],
];

/**
 * Brings an object's tables up to date: runs the migrations that have not run in this object yet, in order, all or
 * none. Call it in the constructor, before the first query. Throws SQLite's error where a statement fails.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[]): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    sql.exec('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)');
    const { applied } = sql
      .exec<{ applied: number }>('SELECT coalesce(max(number), 0) AS applied FROM migrations')
      .one();
    for (const [index, statements] of migrations.entries()) {
      if (index < applied) continue;
      for (const statement of statements) sql.exec(statement);
      sql.exec('INSERT INTO migrations (number, applied_at) VALUES (?, ?)', index + 1, Date.now());
    }
  });
}
