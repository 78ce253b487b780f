import { and, asc, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { withAnswers } from './delivery-attempts.ts';
import { isDeliveryOf } from './outbox.ts';
import {
  auditLog,
  deliveries,
  deliveryAttempts,
  droppedStripeEvents,
  events,
  payments,
  quarantinedStripeEvents,
} from './schema.ts';

/** How many rows of a table one statement reads and deletes at most. */
const ROWS_AT_ONCE = 500;

const rowid = sql`rowid`;

/** What is old enough to be deleted. Times are unix ms. */
export interface Retention {
  /** Sessions that expired before this time without a payment, or that the cron gave up before it, are deleted. */
  readonly unpaidBefore: number;
  /** Events from before this time are deleted with their deliveries. Quarantined Stripe events are deleted too. */
  readonly before: number;
  /** An event is kept while one of its deliveries is pending and was sent again after this time. */
  readonly restartedAfter: number;
  /** Counts of dropped Stripe events from before this day (YYYY-MM-DD) are deleted. */
  readonly droppedBefore: string;
  /** Entries of the audit log from before this time are deleted. */
  readonly auditBefore: number;
}

/**
 * True where any row is to be deleted, of any workspace. Rows are written in the order of their times, and an index has the
 * order in which sessions expired: only one row of each table is read, and sessions that a refund or dispute keeps. One
 * round trip.
 */
export async function hasExpired(database: Database, retention: Retention): Promise<boolean> {
  const { before, droppedBefore, auditBefore } = retention;
  const [[event], [quarantined], [dropped], [audited], [attempt], [expired]] = await database.batch([
    database.select({ at: events.createdAt }).from(events).orderBy(asc(rowid)).limit(1),
    database
      .select({ at: quarantinedStripeEvents.receivedAt })
      .from(quarantinedStripeEvents)
      .orderBy(asc(rowid))
      .limit(1),
    database
      .select({ day: droppedStripeEvents.day })
      .from(droppedStripeEvents)
      .orderBy(asc(droppedStripeEvents.day))
      .limit(1),
    database.select({ at: auditLog.at }).from(auditLog).orderBy(asc(auditLog.id)).limit(1),
    database.select({ number: deliveryAttempts.number }).from(deliveryAttempts).limit(1),
    unpaidSessions(database, retention).limit(1),
  ]);
  return (
    (event?.at ?? before) < before ||
    (quarantined?.at ?? before) < before ||
    (dropped?.day ?? droppedBefore) < droppedBefore ||
    (audited?.at ?? auditBefore) < auditBefore ||
    attempt !== undefined ||
    expired !== undefined
  );
}

/**
 * Deletes some of the rows that are old enough, the oldest first, in one batch: deliveries before their event. Call it until it returns 0. Returns the number of deleted rows.
 */
export async function deleteExpired(database: Database, retention: Retention): Promise<number> {
  const deliveryIds = sql`(SELECT delivery.id FROM ${expiredEvents(retention)} AS event
    JOIN deliveries AS delivery ON ${isDeliveryOf(sql`delivery.id`, sql`event.id`)} LIMIT ${ROWS_AT_ONCE})`;
  const oldestQuarantined = database
    .select({ rowid })
    .from(quarantinedStripeEvents)
    .orderBy(asc(rowid))
    .limit(ROWS_AT_ONCE);
  const oldestAudited = database
    .select({ id: auditLog.id })
    .from(auditLog)
    .orderBy(asc(auditLog.id))
    .limit(ROWS_AT_ONCE);
  const results = await database.batch([
    database
      .delete(deliveryAttempts)
      .where(inArray(rowid, database.select({ rowid }).from(deliveryAttempts).limit(ROWS_AT_ONCE))),
    database.delete(deliveries).where(inArray(deliveries.id, deliveryIds)),
    database.delete(events).where(
      sql`events.id IN (SELECT event.id FROM ${expiredEvents(retention)} AS event
        WHERE NOT EXISTS (SELECT 1 FROM deliveries AS delivery WHERE ${isDeliveryOf(sql`delivery.id`, sql`event.id`)}))`,
    ),
    database
      .delete(quarantinedStripeEvents)
      .where(and(inArray(rowid, oldestQuarantined), lt(quarantinedStripeEvents.receivedAt, retention.before))),
    database.delete(droppedStripeEvents).where(lt(droppedStripeEvents.day, retention.droppedBefore)),
    database.delete(auditLog).where(and(inArray(auditLog.id, oldestAudited), lt(auditLog.at, retention.auditBefore))),
    database.delete(payments).where(inArray(payments.id, unpaidSessions(database, retention).limit(ROWS_AT_ONCE))),
  ]);
  return results.reduce((rows, { meta }) => rows + meta.changes, 0);
}

/** The condition of the index `payments_expired`, which SQLite uses only where a query repeats it literally. */
const isExpired = sql`status = 'expired'`;

/**
 * The ids of the sessions that may be deleted, those that expired first. One with a refund or a dispute is a record of money.
 * So may be one that the cron has given up: Stripe has not said that it is unpaid.
 */
function unpaidSessions(database: Database, { unpaidBefore }: Retention) {
  const { id, updatedAt } = payments;
  const isKept = (table: SQL) => sql`EXISTS (SELECT 1 FROM ${table} WHERE payment_id = payments.id)`;
  return database
    .select({ id })
    .from(payments)
    .where(
      sql`${isExpired} AND ${updatedAt} < ${unpaidBefore} AND NOT ${isKept(sql`refunds`)} AND NOT ${isKept(sql`disputes`)}`,
    )
    .orderBy(asc(updatedAt));
}

/** The ids of the oldest events that may be deleted. */
function expiredEvents({ before, restartedAfter }: Retention): SQL {
  return sql`(SELECT event.id FROM (SELECT id, created_at FROM events ORDER BY rowid LIMIT ${ROWS_AT_ONCE}) AS event
    WHERE event.created_at < ${before} AND NOT EXISTS (SELECT 1 FROM deliveries AS delivery
      WHERE ${isDeliveryOf(sql`delivery.id`, sql`event.id`)} AND delivery.status = 'pending' AND delivery.restarted_at > ${restartedAfter}))`;
}

/** How many rows of a buyer were erased or deleted. */
export interface ErasedRows {
  readonly payments: number;
  readonly events: number;
  /** Deliveries of these events: what the endpoints answered is erased. */
  readonly deliveries: number;
  /** Quarantined Stripe events that were deleted. */
  readonly quarantined: number;
}

/** How many payments of a buyer one batch erases at most. */
const PAYMENTS_AT_ONCE = 200;

/** Whose rows are erased. `written`: the address as it was given (with an international domain it can differ). */
export interface Buyer {
  readonly workspaceId: string;
  readonly email: string;
  readonly written: string;
}

/**
 * Erases a buyer's e-mail and metadata from their payments and sessions, the e-mail from the stored event bodies, and what
 * endpoints answered to those events. Deletes quarantined Stripe events of the workspace's accounts whose body contains the
 * address, as it is stored or as it was `written` (with an international domain these differ). Addresses are compared without
 * regard to case. Works in batches of 200 payments; `audit` is written with the first. If it throws, call it again: what was
 * erased stays erased. Returns how many rows were changed or deleted.
 */
export async function erasePaymentsOfEmail(
  database: Database,
  workspaceId: string,
  email: string,
  audit: AuditEntry,
  written = email,
): Promise<ErasedRows> {
  const statements = eraseStatements(database, { workspaceId, email, written });
  let [quarantined, answers, bodies, last] = await database.batch([...statements, auditStatement(database, audit)]);
  const erased = { payments: 0, events: 0, deliveries: 0, quarantined: 0 };
  for (;;) {
    erased.payments += last.meta.changes;
    erased.events += bodies.meta.changes;
    erased.deliveries += answers.meta.changes;
    erased.quarantined += quarantined.meta.changes;
    if (last.meta.changes < PAYMENTS_AT_ONCE) return erased;
    [quarantined, answers, bodies, last] = await database.batch(statements);
  }
}

/**
 * Deletes the Stripe events of a workspace of another shard that are in the quarantine of the first one, because they came
 * before their account was in the directory, and whose body contains the buyer's address. Returns how many.
 */
export async function eraseQuarantinedInDirectory(directory: Database, buyer: Buyer): Promise<number> {
  const { stripeAccountId, livemode } = quarantinedStripeEvents;
  const isTheirs = sql`EXISTS (SELECT 1 FROM account_directory AS entry WHERE entry.stripe_account_id = ${stripeAccountId}
    AND entry.livemode = ${livemode} AND entry.workspace_id = ${buyer.workspaceId})`;
  const { meta } = await directory.delete(quarantinedStripeEvents).where(and(isTheirs, containsAddressOf(buyer)));
  return meta.changes;
}

/** True in SQL for a quarantined event whose body contains the address of the buyer. */
function containsAddressOf({ email, written }: Buyer): SQL | undefined {
  const contains = (text: string) => sql`instr(lower(${quarantinedStripeEvents.body}), lower(${text})) > 0`;
  return or(contains(email), contains(written));
}

/** Statements that erase the buyer's oldest payments. The last one changes the payments, by which the others find their rows. */
function eraseStatements(database: Database, buyer: Buyer) {
  const { workspaceId, email } = buyer;
  const theirs = oldestPaymentsOf(workspaceId, email);
  // With the "+" SQLite uses the index of a payment's events. CROSS JOIN: the events first, then the range of each.
  const theirDeliveries = sql`(SELECT delivery.id FROM events AS event
    CROSS JOIN deliveries AS delivery ON ${isDeliveryOf(sql`delivery.id`, sql`event.id`)}
    WHERE event.payment_id IN ${theirs} AND +event.workspace_id = ${workspaceId})`;
  // The present account, and those that took the payments.
  const accounts = sql`(SELECT stripe_account_id FROM connected_accounts WHERE workspace_id = ${workspaceId}
    UNION SELECT stripe_account_id FROM payments WHERE id IN ${theirs})`;
  const livemode = sql<boolean>`(SELECT mode = 'live' FROM workspaces WHERE id = ${workspaceId})`;
  return [
    database
      .delete(quarantinedStripeEvents)
      .where(
        and(
          inArray(quarantinedStripeEvents.stripeAccountId, accounts),
          eq(quarantinedStripeEvents.livemode, livemode),
          containsAddressOf(buyer),
        ),
      ),
    database
      .update(deliveries)
      .set({ attempts: withAnswers(deliveries.attempts, sql`''`) })
      .where(and(inArray(deliveries.id, theirDeliveries), sql`${deliveries.attempts} <> '[]'`)),
    database
      .update(events)
      .set({ body: sql`json_replace(${events.body}, '$.data.customer_email', NULL)` })
      .where(and(inArray(events.paymentId, theirs), sql`+${events.workspaceId} = ${workspaceId}`)),
    database.update(payments).set({ customerEmail: null, metadata: {} }).where(inArray(payments.id, theirs)),
  ] as const;
}

/** Selects the ids of a buyer's oldest payments and sessions. */
function oldestPaymentsOf(workspaceId: string, email: string): SQL {
  return sql`(SELECT id FROM payments WHERE workspace_id = ${workspaceId} AND customer_email IS NOT NULL
    AND lower(customer_email) = lower(${email}) ORDER BY id LIMIT ${PAYMENTS_AT_ONCE})`;
}
