import { DurableObject } from 'cloudflare:workers';
import { LINK_GATE_MIGRATIONS, migrate } from './migrations.ts';
import { type HumanProof, VisitorWindows } from './visitor-windows.ts';

/** After this time (ms) the session that holds a place has ended: no session can be open for so long. */
const STALE_AFTER_MS = 35 * 60_000;
/** How many stale operations are returned or forgotten at once: D1 binds at most 100 values in one query. */
const STALE_AT_ONCE = 90;

/** The limit of a link, as the caller has read it. */
export interface LinkLimit {
  /** How many payments the link takes; null: no limit. */
  readonly maxPayments: number | null;
  /** Of two limits the one with the higher version is newer. 0: never changed. undefined: the caller is an older release. */
  readonly limitVersion?: number;
}

export interface TakePlaceInput {
  /** The buyer who sends the form. null: no visitor is counted, for example because the workspace's gate counts the request. */
  readonly visitor: { readonly address: string; readonly proof: HumanProof } | null;
  /**
   * The operation that needs a place, and the link's limit. Without a limit every operation gets a place too, so that a
   * limit that is set while a session is being made counts that session.
   */
  readonly place: LinkLimit & { readonly operationId: string };
}

export type TakePlaceResult =
  /** `isNew`: the operation had no place before. */
  | { readonly kind: 'taken'; readonly isNew: boolean }
  /** Too many tries in this minute: by this visitor, or, where `crowded`, by all visitors of the link together. */
  | { readonly kind: 'slow_down'; readonly retryAfterSeconds: number; readonly crowded: boolean }
  /**
   * `held`: fewer places are paid than the link has, so a place may become free again. `stale`: operations whose session
   * has ended or was never written. The caller reads the status of their sessions, and then calls `markPaid` or
   * `freeEnded`. `maxPayments`: the limit that was applied, which can be newer than that of the caller.
   */
  | {
      readonly kind: 'sold_out';
      readonly held: boolean;
      readonly stale: readonly string[];
      readonly maxPayments: number;
    };

/**
 * One object for each payment link: limits how often visitors may try, and holds the places of a link that takes a
 * limited number of payments. A place is `taken` by an operation, `kept` once the operation's session is written, and
 * `paid` in the end. A place becomes free only if that session ended unpaid or was never written, so the last place is
 * never paid twice. The payments of a link without a limit have no places: the gate only remembers how many the database
 * has. What a call reads does not grow with the link's payments.
 */
export class LinkGate extends DurableObject {
  readonly #sql: SqlStorage;
  readonly #windows = new VisitorWindows();
  /** How many places are taken or kept; null: not counted yet. */
  #unpaid: number | null = null;

  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(state, bindings);
    migrate(state.storage, LINK_GATE_MIGRATIONS);
    this.#sql = state.storage.sql;
  }

  /**
   * Counts the visitor, then takes a place for the operation. An operation that has a place keeps it. The newest limit of
   * all callers applies: this one may have read the link before its limit was changed.
   */
  async takePlace({ visitor, place }: TakePlaceInput): Promise<TakePlaceResult> {
    const now = Date.now();
    if (visitor !== null) {
      const refusal = this.#windows.count(visitor.address, visitor.proof, now);
      if (refusal) return { kind: 'slow_down', ...refusal };
    }
    const { operationId } = place;
    const maxPayments = this.#newestLimit(place, now);
    if (this.#renew(operationId, now)) return { kind: 'taken', isNew: false };
    if (maxPayments === null) this.#forgetUnlimited(now);
    else if (this.#countPaid() + this.#countUnpaid() >= maxPayments) return this.#soldOut(maxPayments, now);
    this.#add(operationId, 'taken', now);
    return { kind: 'taken', isNew: true };
  }

  /** Marks the places of operations whose session is written as `kept`. From now on only `freeEnded` frees them. */
  async keepPlaces(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) {
      this.#add(id, 'kept', Date.now());
      this.#sql.exec("UPDATE places SET state = 'kept' WHERE operation_id = ? AND state = 'taken'", id);
    }
  }

  /** Frees the places of operations for which no session was made. A place that is `kept` or `paid` stays. */
  async freeUnused(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) this.#remove("= 'taken'", id);
  }

  /** Frees the places of operations whose session has ended unpaid. A paid place stays. */
  async freeEnded(operationIds: readonly string[]): Promise<void> {
    for (const id of operationIds) this.#remove("<> 'paid'", id);
  }

  /**
   * Marks the places of operations as paid, for good. Call it after their payments are stored. `stored`: how many payments
   * of the link the database has, those of these operations included.
   */
  async markPaid(operationIds: readonly string[], stored: number): Promise<void> {
    this.#freePaid(operationIds, stored);
    for (const id of operationIds) this.#add(id, 'paid', Date.now());
  }

  /** The same for a link without a limit: its payments need no places, because `stored` counts them. */
  async freePaid(operationIds: readonly string[], stored: number): Promise<void> {
    this.#freePaid(operationIds, stored);
  }

  /** Records the limit of the link, if it is the newest, and how many payments of the link the database has. */
  async updateLimit(limit: LinkLimit, stored: number): Promise<void> {
    this.#newestLimit(limit, Date.now());
    this.#raiseStored(stored);
  }

  /** The limit that applies, after comparing this one, which is remembered if it is newer. null: no limit. */
  #newestLimit({ maxPayments, limitVersion }: LinkLimit, now: number): number | null {
    const [known] = this.#sql
      .exec<{ version: number; max_payments: number | null; reported_at: number }>('SELECT * FROM newest_limit')
      .toArray();
    // Which one is newer is unknown during a deploy, so the lower one applies: no place is given twice.
    if (limitVersion === undefined) return known ? lowerLimit(known.max_payments, maxPayments) : maxPayments;
    if (known?.version === limitVersion) return known.max_payments;
    // No request takes so long: the database was restored to before the newer change.
    const isOutdated = known !== undefined && known.reported_at <= now - STALE_AFTER_MS;
    if (known && known.version > limitVersion && !isOutdated) return known.max_payments;
    if (known || limitVersion > 0) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO newest_limit (id, version, max_payments, reported_at) VALUES (1, ?, ?, ?)',
        limitVersion,
        maxPayments,
        now,
      );
    }
    return maxPayments;
  }

  /** Never lowers the number: of two callers, the one that read it first may come last. */
  #raiseStored(stored: number): void {
    this.#sql.exec('UPDATE paid_places SET stored = ? WHERE stored < ?', stored, stored);
  }

  #freePaid(operationIds: readonly string[], stored: number): void {
    this.#raiseStored(stored);
    for (const id of operationIds) this.#remove("<> 'paid'", id);
  }

  /** Renews the time of a place, because another try may make a new session. False where the operation has no place. */
  #renew(operationId: string, now: number): boolean {
    const renewed = this.#sql.exec(
      'UPDATE places SET taken_at = ? WHERE operation_id = ? RETURNING 1',
      now,
      operationId,
    );
    return renewed.toArray().length > 0;
  }

  /** The number of places that are taken or kept: counted in SQL once, and from then on in memory. */
  #countUnpaid(): number {
    this.#unpaid ??= this.#sql
      .exec<{ count: number }>("SELECT count(*) AS count FROM places WHERE state <> 'paid'")
      .one().count;
    return this.#unpaid;
  }

  /** The number of payments: `count` is of those that have places, `stored` of all that were stored when it was set. */
  #countPaid(): number {
    return this.#sql.exec<{ paid: number }>('SELECT max(count, stored) AS paid FROM paid_places').one().paid;
  }

  /** Adds a place, unless the operation has one. */
  #add(operationId: string, state: 'taken' | 'kept' | 'paid', now: number): void {
    const before = this.#countUnpaid();
    const added = this.#sql.exec(
      'INSERT OR IGNORE INTO places (operation_id, taken_at, state) VALUES (?, ?, ?) RETURNING 1',
      operationId,
      now,
      state,
    );
    const count = added.toArray().length;
    this.#unpaid = state === 'paid' ? before : before + count;
  }

  #remove(state: "= 'taken'" | "<> 'paid'", operationId: string): void {
    const before = this.#countUnpaid();
    const removed = this.#sql.exec(
      `DELETE FROM places WHERE operation_id = ? AND state ${state} RETURNING 1`,
      operationId,
    );
    this.#unpaid = before - removed.toArray().length;
  }

  /** Frees old places of a link without a limit, which needs a place only while a session is being made. */
  #forgetUnlimited(now: number): void {
    for (const { operation_id } of this.#listStale('taken', now)) {
      this.#remove("= 'taken'", operation_id);
    }
  }

  /** After the limit was lowered, open sessions may have places beyond it: no place becomes free when these end. */
  #soldOut(maxPayments: number, now: number): TakePlaceResult {
    const stale = [...this.#listStale('taken', now), ...this.#listStale('kept', now)]
      .sort((one, other) => one.taken_at - other.taken_at)
      .slice(0, STALE_AT_ONCE)
      .map((place) => place.operation_id);
    return { kind: 'sold_out', held: this.#countPaid() < maxPayments, stale, maxPayments };
  }

  /** The oldest places of this state that were taken so long ago that their session has ended. */
  #listStale(state: 'taken' | 'kept', now: number): { operation_id: string; taken_at: number }[] {
    // `state <> 'paid'` is the condition of the index: without it SQLite reads all places.
    return this.#sql
      .exec<{ operation_id: string; taken_at: number }>(
        `SELECT operation_id, taken_at FROM places
         WHERE state = ? AND state <> 'paid' AND taken_at <= ? ORDER BY taken_at LIMIT ?`,
        state,
        now - STALE_AFTER_MS,
        STALE_AT_ONCE,
      )
      .toArray();
  }
}

/** The lower one of two limits; null is no limit. */
function lowerLimit(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
