import { DurableObject } from 'cloudflare:workers';
import { type HumanProof, VisitorWindows } from './visitor-windows.ts';

/** How long a place is taken for granted: longer than a session lives. */
const STALE_AFTER_MS = 35 * 60_000;
/** D1 binds at most 100 values in one query. */
const STALE_AT_ONCE = 90;

export interface EnterInput {
  /** Who posts the form; null for a server, which has its own key's limit. */
  readonly visitor: { readonly address: string; readonly proof: HumanProof } | null;
  /**
   * The operation that wants a place, and the link's limit. Without a limit every operation gets one, so that a limit set
   * while its session is being made finds it counted.
   */
  readonly place: { readonly operationId: string; readonly maxPayments: number | null };
}

export type EnterResult =
  /** `isNew`: the operation had no place before. */
  | { readonly kind: 'entered'; readonly isNew: boolean }
  /** `crowded`: the link as a whole is under pressure, not this visitor alone. */
  | { readonly kind: 'slow_down'; readonly retryAfterSeconds: number; readonly crowded: boolean }
  /**
   * `held`: a place may come back, because not all are paid. `stale`: operations whose end should have been told by now, or
   * that have no session: look at what is written, and release those.
   */
  | { readonly kind: 'sold_out'; readonly held: boolean; readonly stale: readonly string[] };

interface PlaceRow extends Record<string, SqlStorageValue> {
  operation_id: string;
}

/**
 * One per link under limits: how often visitors may try, and who holds a place of a link that takes a limited number of
 * payments. A place comes back only on Stripe's word that its session has ended unpaid, or when no session was ever
 * written for it: so the last place is never paid twice.
 */
export class LinkGate extends DurableObject {
  readonly #sql: SqlStorage;
  readonly #windows = new VisitorWindows();
  #taken: number | null = null;

  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(state, bindings);
    this.#sql = state.storage.sql;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS places (
      operation_id TEXT PRIMARY KEY, taken_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('reserved', 'held', 'paid'))
    ) WITHOUT ROWID`);
    // The places that may have to be given back, the oldest first.
    this.#sql.exec("CREATE INDEX IF NOT EXISTS places_unpaid ON places (taken_at) WHERE state <> 'paid'");
  }

  /** Counts the visitor and takes a place, in one call. The same operation keeps the place it has. */
  async enter(input: EnterInput): Promise<EnterResult> {
    const now = Date.now();
    if (input.visitor !== null) {
      const refusal = this.#windows.count(input.visitor.address, input.visitor.proof, now);
      if (refusal) return { kind: 'slow_down', ...refusal };
    }
    const { operationId, maxPayments } = input.place;
    if (this.#renew(operationId, now)) return { kind: 'entered', isNew: false };
    if (maxPayments === null) this.#forgetUnlimited(now);
    else if (this.#count() >= maxPayments) return this.#soldOut(now);
    this.#change("INSERT INTO places VALUES (?, ?, 'reserved') RETURNING 1", +1, operationId, now);
    return { kind: 'entered', isNew: true };
  }

  /** The sessions of these operations are written: from now on only Stripe's word frees their places. */
  async hold(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) {
      this.#change("INSERT OR IGNORE INTO places VALUES (?, ?, 'held') RETURNING 1", +1, id, Date.now());
      this.#sql.exec("UPDATE places SET state = 'held' WHERE operation_id = ? AND state = 'reserved'", id);
    }
  }

  /** Gives the place back, since no session was made for it. One that a session holds stays. */
  async giveBack(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) {
      this.#change("DELETE FROM places WHERE operation_id = ? AND state = 'reserved' RETURNING 1", -1, id);
    }
  }

  /** Gives the place back: its session ended unpaid. A paid place stays. */
  async release(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) {
      this.#change("DELETE FROM places WHERE operation_id = ? AND state <> 'paid' RETURNING 1", -1, id);
    }
  }

  /** The places are used for good. Answers how many are by now. */
  async markPaid(operationIds: readonly string[]): Promise<number> {
    for (const id of operationIds) {
      this.#change("INSERT OR IGNORE INTO places VALUES (?, ?, 'paid') RETURNING 1", +1, id, Date.now());
      this.#sql.exec("UPDATE places SET state = 'paid' WHERE operation_id = ?", id);
    }
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM places WHERE state = 'paid'").one().count;
  }

  /** A further try may make a session that lives as long again. False where the operation has no place. */
  #renew(operationId: string, now: number): boolean {
    const renewed = this.#sql.exec(
      'UPDATE places SET taken_at = ? WHERE operation_id = ? RETURNING 1',
      now,
      operationId,
    );
    return renewed.toArray().length > 0;
  }

  /** Counted once, then kept by `#change`: a link with many places costs no more than one with few. */
  #count(): number {
    this.#taken ??= this.#sql.exec<{ count: number }>('SELECT count(*) AS count FROM places').one().count;
    return this.#taken;
  }

  /** Adds or takes away places, and keeps their count. `statement` returns a row for each. */
  #change(statement: string, by: 1 | -1, ...values: (string | number)[]): void {
    const before = this.#count();
    this.#taken = before + by * this.#sql.exec(statement, ...values).toArray().length;
  }

  /** Without a limit places are only kept for as long as a session may be in the making. */
  #forgetUnlimited(now: number): void {
    this.#change("DELETE FROM places WHERE state = 'reserved' AND taken_at <= ? RETURNING 1", -1, now - STALE_AFTER_MS);
  }

  #soldOut(now: number): EnterResult {
    const waiting = this.#sql.exec("SELECT 1 FROM places WHERE state <> 'paid' LIMIT 1").toArray();
    const stale = this.#sql
      .exec<PlaceRow>(
        "SELECT operation_id FROM places WHERE state <> 'paid' AND taken_at <= ? ORDER BY taken_at LIMIT ?",
        now - STALE_AFTER_MS,
        STALE_AT_ONCE,
      )
      .toArray();
    return { kind: 'sold_out', held: waiting.length > 0, stale: stale.map((row) => row.operation_id) };
  }
}
