import { and, count, desc, gte, isNotNull, isNull, lte, type SQL, type Subquery, sql, sum } from 'drizzle-orm';
import type { Database } from './client.ts';
import { connectedAccounts, deliveries, droppedStripeEvents, payments, quarantinedStripeEvents } from './schema.ts';
import { type SealedCount, sealedCountsStatement, toSealedCounts } from './sealed-secrets.ts';
import type { QuarantinedStripeEvent } from './stripe-events.ts';

/** The highest count that is reported: a higher number would say nothing more. */
const COUNTED_MOST = 1000;
/** How many entries of an index are read at most, to count the entries that match. */
const LOOKED_THROUGH = 10_000;
/** How many of the latest quarantined events are shown. */
export const QUARANTINE_SHOWN = 20;

/** How many rows wait, and the time (unix ms) of the oldest. `more`: the real number is, or may be, higher than `count`. */
export interface Backlog {
  readonly count: number;
  readonly more: boolean;
  readonly oldest: number | null;
}

/** How much of the work of one shard, or of all, is late. */
export interface DriftRows {
  /** Sessions that have expired at Stripe and are still open here. */
  readonly sessions: Backlog;
  /** Deliveries that should have been attempted. */
  readonly overdue: Backlog;
  /** Since when (unix ms) the oldest delivery that is due but was never attempted has waited. null: there is none. */
  readonly oldestUnattempted: number | null;
  /** Accounts whose Stripe events have not been read for too long. */
  readonly unread: Backlog;
  /** Accounts to which Stripe refuses access and that are not given up: `oldest` is when Stripe first did. */
  readonly refused: Backlog;
  readonly quarantine: Backlog;
  /** How many Stripe events were quarantined of late, counted up to a limit. */
  readonly quarantinedLately: number;
  readonly latestQuarantined: readonly Omit<QuarantinedStripeEvent, 'body' | 'releasedAt' | 'livemode'>[];
  /** How many Stripe events were dropped, by reason. `lately`: how many of them since `droppedLatelySince`. */
  readonly dropped: readonly { readonly reason: string; readonly count: number; readonly lately: number }[];
  /** The stored webhook secrets by the version of SECRETS_KEY that sealed them. */
  readonly sealed: readonly SealedCount[];
}

/**
 * The times (unix ms) from which on something counts as late, or as of late. `droppedSince` and `droppedLatelySince`: the
 * first day that is counted, YYYY-MM-DD.
 */
export interface DriftLimits {
  readonly now: number;
  readonly deliveriesDueBy: number;
  readonly accountsReadSince: number;
  readonly quarantinedSince: number;
  readonly droppedSince: string;
  readonly droppedLatelySince: string;
}

interface Looked {
  readonly looked: number;
  readonly count: number;
  readonly oldest: number | null;
}

/** Counts the rows of `entries`: how many there are, how many match, and the oldest time of those that match. */
function backlog(database: Database, time: SQL, matches: SQL, entries: Subquery) {
  return database
    .select({
      looked: count(),
      count: sql<number>`count(CASE WHEN ${matches} THEN 1 END)`,
      oldest: sql<number | null>`min(CASE WHEN ${matches} THEN ${time} END)`,
    })
    .from(entries);
}

function toBacklog([found]: readonly Looked[], lookedThrough: number): Backlog {
  const { looked, count, oldest } = found ?? { looked: 0, count: 0, oldest: null };
  return { count: Math.min(count, COUNTED_MOST), more: count > COUNTED_MOST || looked > lookedThrough, oldest };
}

/** How much work of one shard is late, over all its workspaces, for operators. Bounded reads by index, one round trip. */
export async function readDriftRows(database: Database, limits: DriftLimits): Promise<DriftRows> {
  const { now, deliveriesDueBy, accountsReadSince } = limits;
  const [sessions, overdue, unattempted, unread, refused, quarantine, lately, latestQuarantined, dropped, sealed] =
    await database.batch([
      sessionsStatement(database, now),
      overdueStatement(database, deliveriesDueBy),
      unattemptedStatement(database, now),
      unreadStatement(database, accountsReadSince),
      refusedStatement(database),
      quarantineStatement(database),
      quarantinedLatelyStatement(database, limits.quarantinedSince),
      latestQuarantinedStatement(database),
      droppedStatement(database, limits),
      sealedCountsStatement(database, now, COUNTED_MOST),
    ]);
  return {
    sessions: toBacklog(sessions, LOOKED_THROUGH),
    overdue: toBacklog(overdue, COUNTED_MOST),
    oldestUnattempted: unattempted[0]?.oldest ?? null,
    unread: toBacklog(unread, LOOKED_THROUGH),
    refused: toBacklog(refused, COUNTED_MOST),
    quarantine: toBacklog(quarantine, COUNTED_MOST),
    quarantinedLately: toBacklog(lately, COUNTED_MOST).count,
    latestQuarantined,
    dropped: dropped.map((row) => ({ reason: row.reason, count: Number(row.count), lately: Number(row.lately) })),
    sealed: toSealedCounts(sealed, COUNTED_MOST),
  };
}

/** Reads at most one row. Throws the database's error if it does not answer, or its tables do not exist yet. */
export async function readOneRow(database: Database): Promise<void> {
  await database.select({ id: payments.id }).from(payments).limit(1);
}

/** Sessions that have expired but are still open here. Only a session whose end is not recorded has a next check. */
function sessionsStatement(database: Database, now: number) {
  const entries = database
    .select({ status: payments.status, expiresAt: payments.expiresAt })
    .from(payments)
    .where(isNotNull(payments.nextCheckAt))
    .orderBy(payments.nextCheckAt)
    .limit(LOOKED_THROUGH + 1)
    .as('entries');
  return backlog(database, sql`expires_at`, sql`status = 'created' AND expires_at <= ${now}`, entries);
}

function overdueStatement(database: Database, dueBy: number) {
  const entries = database
    .select({ at: deliveries.nextAttemptAt })
    .from(deliveries)
    .where(and(isNotNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, dueBy)))
    .orderBy(deliveries.nextAttemptAt)
    .limit(COUNTED_MOST + 1)
    .as('entries');
  return backlog(database, sql`next_attempt_at`, sql`TRUE`, entries);
}

function unattemptedStatement(database: Database, now: number) {
  const entries = database
    .select({
      attempts: deliveries.attemptCount,
      // The delivery of a replayed event has waited only since the replay.
      waitsSince: sql<number>`coalesce(${deliveries.restartedAt}, ${deliveries.createdAt})`.as('waits_since'),
    })
    .from(deliveries)
    .where(and(isNotNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, now)))
    .orderBy(deliveries.nextAttemptAt)
    .limit(LOOKED_THROUGH)
    .as('entries');
  return backlog(database, sql`waits_since`, sql`attempt_count = 0`, entries);
}

/** Accounts whose Stripe events have not been read for too long, among those that are due next. */
function unreadStatement(database: Database, readSince: number) {
  const { stripeEventsReadTo, createdAt, nextStripeEventsReadAt, disconnectedAt } = connectedAccounts;
  const entries = database
    .select({ readTo: sql`coalesce(${stripeEventsReadTo}, ${createdAt})`.as('read_to'), disconnectedAt })
    .from(connectedAccounts)
    .where(isNotNull(nextStripeEventsReadAt))
    .orderBy(nextStripeEventsReadAt)
    .limit(LOOKED_THROUGH + 1)
    .as('entries');
  return backlog(database, sql`read_to`, sql`read_to < ${readSince} AND disconnected_at IS NULL`, entries);
}

function refusedStatement(database: Database) {
  const { accessRefusedAt, disconnectedAt } = connectedAccounts;
  const entries = database
    .select({ at: accessRefusedAt })
    .from(connectedAccounts)
    // Literally as in the index connected_accounts_refused.
    .where(and(sql`${accessRefusedAt} IS NOT NULL`, isNull(disconnectedAt)))
    .limit(COUNTED_MOST + 1)
    .as('entries');
  return backlog(database, sql`access_refused_at`, sql`TRUE`, entries);
}

function quarantineStatement(database: Database) {
  const entries = database
    .select({ at: quarantinedStripeEvents.receivedAt })
    .from(quarantinedStripeEvents)
    .orderBy(sql`rowid`)
    .limit(COUNTED_MOST + 1)
    .as('entries');
  return backlog(database, sql`received_at`, sql`TRUE`, entries);
}

function quarantinedLatelyStatement(database: Database, since: number) {
  const entries = database
    .select({ at: quarantinedStripeEvents.receivedAt })
    .from(quarantinedStripeEvents)
    .orderBy(desc(sql`rowid`))
    .limit(COUNTED_MOST + 1)
    .as('entries');
  return backlog(database, sql`received_at`, sql`received_at >= ${since}`, entries);
}

function latestQuarantinedStatement(database: Database) {
  const { id, stripeAccountId, type, reason, receivedAt } = quarantinedStripeEvents;
  return database
    .select({ id, stripeAccountId, type, reason, receivedAt })
    .from(quarantinedStripeEvents)
    .orderBy(desc(sql`rowid`))
    .limit(QUARANTINE_SHOWN);
}

function droppedStatement(database: Database, { droppedSince, droppedLatelySince }: DriftLimits) {
  const { reason, day, count } = droppedStripeEvents;
  return database
    .select({
      reason,
      count: sum(count),
      lately: sql<number>`sum(CASE WHEN ${day} >= ${droppedLatelySince} THEN ${count} ELSE 0 END)`,
    })
    .from(droppedStripeEvents)
    .where(gte(day, droppedSince))
    .groupBy(reason);
}
