import { and, asc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import {
  deliveries,
  deliveryAttempts,
  droppedStripeEvents,
  events,
  payments,
  quarantinedStripeEvents,
} from './schema.ts';

/** Rows that one statement deletes, and old rows that it looks at, at most. */
export const ROWS_AT_ONCE = 500;

const rowid = sql`rowid`;

/** How long what is kept. Times are unix ms. */
export interface Retention {
  /** Events from before then go, with their deliveries and attempts; and what was set aside, */
  readonly before: number;
  /** but no event of which a delivery may still be attempted: one that was sent anew since then and is pending. */
  readonly restartedAfter: number;
  /** Counts of dropped Stripe events of the days before this one (YYYY-MM-DD) go. */
  readonly droppedBefore: string;
}

/**
 * Whether anything is old enough to go, across workspaces: the cron's own question. Rows are written in the order of their
 * times, so the first row of each table decides: one row is read of each, however large they are. One round trip.
 */
export async function hasExpired(database: Database, { before, droppedBefore }: Retention): Promise<boolean> {
  const [[event], [aside], [dropped]] = await database.batch([
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
  ]);
  return (
    (event?.at ?? before) < before || (aside?.at ?? before) < before || (dropped?.day ?? droppedBefore) < droppedBefore
  );
}

/**
 * Deletes a part of what has expired, the oldest first, in one batch: attempts before their delivery, deliveries before their
 * event. Answers how many rows went; 0: nothing is left that may go.
 */
export async function deleteExpired(database: Database, retention: Retention): Promise<number> {
  const deliveryIds = sql`(SELECT delivery.id FROM ${expiredEvents(retention)} AS event
    JOIN deliveries AS delivery ON ${isDeliveryOf(sql`delivery.id`)} LIMIT ${ROWS_AT_ONCE})`;
  const attempts = sql`(SELECT attempt.rowid FROM ${expiredEvents(retention)} AS event
    JOIN delivery_attempts AS attempt ON ${isDeliveryOf(sql`attempt.delivery_id`)} LIMIT ${ROWS_AT_ONCE})`;
  const oldestAside = database.select({ rowid }).from(quarantinedStripeEvents).orderBy(asc(rowid)).limit(ROWS_AT_ONCE);
  const results = await database.batch([
    database.delete(deliveryAttempts).where(sql`rowid IN ${attempts}`),
    database
      .delete(deliveries)
      .where(
        and(
          inArray(deliveries.id, deliveryIds),
          sql`NOT EXISTS (SELECT 1 FROM delivery_attempts WHERE delivery_id = deliveries.id)`,
        ),
      ),
    database.delete(events).where(
      sql`events.id IN (SELECT event.id FROM ${expiredEvents(retention)} AS event
        WHERE NOT EXISTS (SELECT 1 FROM deliveries AS delivery WHERE ${isDeliveryOf(sql`delivery.id`)}))`,
    ),
    database
      .delete(quarantinedStripeEvents)
      .where(and(inArray(rowid, oldestAside), lt(quarantinedStripeEvents.receivedAt, retention.before))),
    database.delete(droppedStripeEvents).where(lt(droppedStripeEvents.day, retention.droppedBefore)),
  ]);
  return results.reduce((rows, { meta }) => rows + meta.changes, 0);
}

/** The ids of the oldest events that may go. */
function expiredEvents({ before, restartedAfter }: Retention): SQL {
  return sql`(SELECT event.id FROM (SELECT id, created_at FROM events ORDER BY rowid LIMIT ${ROWS_AT_ONCE}) AS event
    WHERE event.created_at < ${before} AND NOT EXISTS (SELECT 1 FROM deliveries AS delivery
      WHERE ${isDeliveryOf(sql`delivery.id`)} AND delivery.status = 'pending' AND delivery.restarted_at > ${restartedAfter}))`;
}

/** A delivery's id begins with its event's (`deliveryIdFor` in core/derive.ts): a range of the primary key, no index more. */
function isDeliveryOf(deliveryId: SQL): SQL {
  return sql`${deliveryId} >= 'dlv_' || substr(event.id, 5) AND ${deliveryId} < 'dlv_' || substr(event.id, 5) || '~'`;
}

/**
 * Erases a buyer's e-mail and metadata from their payments, the e-mail from the stored event bodies, and what endpoints
 * answered to those events, in one batch. Stripe events of the workspace's accounts that were set aside go as a whole where
 * their body contains the address. `email` is compared with the stored one, without regard to case: the address given at
 * Stripe where there was one, else that of the request. Answers the number of payments.
 */
export async function erasePaymentsOfEmail(
  database: Database,
  workspaceId: string,
  email: string,
  audit: AuditEntry,
): Promise<number> {
  const theirs = database
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.workspaceId, workspaceId), sql`lower(${payments.customerEmail}) = lower(${email})`));
  const theirEvents = and(eq(events.workspaceId, workspaceId), inArray(events.paymentId, theirs));
  const theirDeliveries = database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(inArray(deliveries.eventId, database.select({ id: events.id }).from(events).where(theirEvents)));
  // That of now, and those that were charged before it.
  const accounts = sql`(SELECT stripe_account_id FROM connected_accounts WHERE workspace_id = ${workspaceId}
    UNION SELECT stripe_account_id FROM payments WHERE id IN ${theirs})`;
  const livemode = sql`(SELECT mode = 'live' FROM workspaces WHERE id = ${workspaceId})`;
  const [, , , erased] = await database.batch([
    // First: which accounts these are, the payments below no longer say.
    database
      .delete(quarantinedStripeEvents)
      .where(
        and(
          sql`${quarantinedStripeEvents.stripeAccountId} IN ${accounts}`,
          sql`${quarantinedStripeEvents.livemode} = ${livemode}`,
          sql`instr(lower(${quarantinedStripeEvents.body}), lower(${email})) > 0`,
        ),
      ),
    database
      .update(deliveryAttempts)
      .set({ responseBody: '' })
      .where(inArray(deliveryAttempts.deliveryId, theirDeliveries)),
    database
      .update(events)
      .set({ body: sql`json_replace(${events.body}, '$.data.customer_email', NULL)` })
      .where(theirEvents),
    database
      .update(payments)
      .set({ customerEmail: null, metadata: {} })
      .where(inArray(payments.id, theirs))
      .returning({ id: payments.id }),
    auditStatement(database, audit),
  ]);
  return erased.length;
}
