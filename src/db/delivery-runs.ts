import { and, eq, exists, inArray, isNotNull, lte, not, notExists, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type Delivery, isDelivery } from './outbox.ts';
import { deliveries, deliveryAttempts, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

export type DeliveryAttempt = typeof deliveryAttempts.$inferSelect;

/**
 * Behind an unanswered endpoint a delivery looks again after half the time that it has waited, within these bounds: so that
 * very many that wait for one endpoint cost the others little.
 */
const UNANSWERED_MS = { atLeast: 2_000, atMost: 600_000 } as const;

/** A delivery with all its attempt needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  readonly body: string;
  /** Enabled when it was claimed. */
  readonly endpoint: WebhookEndpoint;
}

/** How a run claims deliveries. Times are unix ms. */
export interface Lease {
  readonly claim: string;
  readonly now: number;
  /** What is due by then is claimed: less than two seconds after `now`. */
  readonly dueBy: number;
  /** and held until then. */
  readonly until: number;
  /** `first_attempts`: claims only deliveries that were not attempted yet, of endpoints that are not failing. */
  readonly takes: 'first_attempts' | 'all';
  /** Endpoints that have not answered yet what was sent to them: their deliveries are put off, not claimed, */
  readonly unanswered: readonly string[];
  /** and, where the endpoint is failing already, at least until then. */
  readonly silentUntil: number;
}

/** A delivery for another run, and when that is due (unix ms). */
export type LeftDelivery = Pick<Delivery, 'id' | 'nextAttemptAt'>;

/** What a run took on, and what it left to another: put off by this very run, or due and not of the attempts it takes on. */
export interface Claimed {
  readonly claimed: readonly ClaimedDelivery[];
  readonly left: readonly LeftDelivery[];
}

/**
 * Claims the deliveries among `ids` that are pending and due, and reads what they need, in one round trip; what is claimed
 * keeps the order of `ids`. Deliveries that cannot be made have failed: that is decided and written at once, so that enabling
 * their endpoint finds them. One that another run holds, or that is not due yet, is not returned: its own message or the
 * sweep will come.
 */
export async function claimDeliveries(database: Database, ids: readonly string[], lease: Lease): Promise<Claimed> {
  const isPending = and(inArray(deliveries.id, [...ids]), eq(deliveries.status, 'pending'));
  const endpointIds = database.select({ id: deliveries.endpointId }).from(deliveries).where(isPending);
  const [, putOff, , rows, endpoints] = await database.batch([
    failStatement(database, ids, lease),
    putOffStatement(database, ids, lease),
    claimStatement(database, ids, lease),
    database
      .select({ delivery: deliveries, body: events.body })
      .from(deliveries)
      .leftJoin(events, and(eq(events.id, deliveries.eventId), eq(deliveries.claim, lease.claim)))
      .where(isPending),
    database.select().from(webhookEndpoints).where(inArray(webhookEndpoints.id, endpointIds)),
  ]);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const claimed = rows.flatMap(({ delivery, body }) => {
    const endpoint = byId.get(delivery.endpointId);
    return delivery.claim === lease.claim && body !== null && endpoint ? [{ delivery, body, endpoint }] : [];
  });
  const forAnotherRun = rows.map(({ delivery }) => delivery).filter((delivery) => isLeft(delivery, lease));
  return {
    claimed: claimed.toSorted((a, b) => ids.indexOf(a.delivery.id) - ids.indexOf(b.delivery.id)),
    left: [...putOff, ...forAnotherRun].toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
  };
}

function isLeft({ claim, nextAttemptAt }: Delivery, lease: Lease): boolean {
  return claim !== lease.claim && nextAttemptAt !== null && nextAttemptAt <= lease.dueBy;
}

function isDue(ids: readonly string[], { dueBy }: Lease) {
  return and(
    inArray(deliveries.id, [...ids]),
    eq(deliveries.status, 'pending'),
    isNotNull(deliveries.nextAttemptAt),
    lte(deliveries.nextAttemptAt, dueBy),
  );
}

/** The endpoint of the delivery of the present row, where this holds of it. */
function endpointWhich(database: Database, condition: SQL) {
  return database
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, deliveries.endpointId), condition));
}

/** Ends without an attempt what has nobody to be sent to any more, or nothing to send. */
function failStatement(database: Database, ids: readonly string[], lease: Lease) {
  const event = database.select({ id: events.id }).from(events).where(eq(events.id, deliveries.eventId));
  return database
    .update(deliveries)
    .set({ status: 'failed', nextAttemptAt: null, claim: null, updatedAt: lease.now })
    .where(
      and(
        isDue(ids, lease),
        or(notExists(endpointWhich(database, eq(webhookEndpoints.status, 'enabled'))), notExists(event)),
      ),
    );
}

/** A delivery that is due and still claimed has lost its run, and with it the wish to be sent anew that came meanwhile. */
const ATTEMPTS_BEFORE = sql`CASE WHEN ${deliveries.claim} IS NOT NULL AND ${deliveries.restartedAt} = ${deliveries.updatedAt}
  THEN ${deliveries.attemptCount} ELSE ${deliveries.attemptsBefore} END`;

/** Nothing that was put off is due afterwards: of two messages for one delivery only the first changes the row. */
function putOffStatement(database: Database, ids: readonly string[], lease: Lease) {
  const { now, silentUntil, unanswered } = lease;
  const fails = exists(endpointWhich(database, isNotNull(webhookEndpoints.failingSince)));
  const halfAsLong = sql`CAST((${now} - ${deliveries.updatedAt}) / 2 AS INTEGER)`;
  const later = sql`${now} + min(${UNANSWERED_MS.atMost}, max(${UNANSWERED_MS.atLeast}, ${halfAsLong}))`;
  return (
    database
      .update(deliveries)
      .set({
        claim: null,
        attemptsBefore: ATTEMPTS_BEFORE,
        nextAttemptAt: sql`CASE WHEN ${fails} THEN max(${silentUntil}, ${later}) ELSE ${later} END`,
      })
      // One bound value, however many there are: a statement of D1 takes a hundred.
      .where(
        and(
          isDue(ids, lease),
          sql`${deliveries.endpointId} IN (SELECT value FROM json_each(${JSON.stringify(unanswered)}))`,
        ),
      )
      .returning({ id: deliveries.id, nextAttemptAt: deliveries.nextAttemptAt })
  );
}

function claimStatement(database: Database, ids: readonly string[], lease: Lease) {
  const isFresh = and(
    eq(deliveries.attemptCount, deliveries.attemptsBefore),
    not(exists(endpointWhich(database, isNotNull(webhookEndpoints.failingSince)))),
  );
  return database
    .update(deliveries)
    .set({ claim: lease.claim, attemptsBefore: ATTEMPTS_BEFORE, nextAttemptAt: lease.until })
    .where(and(isDue(ids, lease), lease.takes === 'first_attempts' ? isFresh : undefined));
}

/**
 * Records one attempt and what became of its delivery, as statements for the batch of a whole run. One that did not arrive and
 * was asked for again meanwhile (`restartDelivery`) is due at once, with all its retries before it: the sweep wakes it.
 */
export function attemptStatements(
  database: Database,
  delivery: Delivery,
  attempt: DeliveryAttempt,
  outcome: Pick<Delivery, 'status' | 'nextAttemptAt'>,
) {
  const isAgain = outcome.status === 'succeeded' ? sql`FALSE` : isRestartedSince(delivery);
  return [
    database
      .update(deliveries)
      .set({
        status: sql`CASE WHEN ${isAgain} THEN 'pending' ELSE ${outcome.status} END`,
        nextAttemptAt: sql`CASE WHEN ${isAgain} THEN ${attempt.at} ELSE ${outcome.nextAttemptAt} END`,
        attemptsBefore: sql`CASE WHEN ${isAgain} THEN ${attempt.number} ELSE ${deliveries.attemptsBefore} END`,
        attemptCount: attempt.number,
        claim: null,
        updatedAt: attempt.at,
      })
      .where(isDelivery(delivery)),
    database.insert(deliveryAttempts).values(attempt).onConflictDoNothing(),
  ] as const;
}

function isRestartedSince(read: Delivery): SQL {
  return sql`${deliveries.restartedAt} IS NOT ${read.restartedAt}`;
}

/** Gives a claimed delivery back without an attempt: it is due again at `nextAttemptAt`. */
export function putOffDeliveryStatement(database: Database, delivery: Delivery, nextAttemptAt: number) {
  const { attemptCount, attemptsBefore } = deliveries;
  return (
    database
      .update(deliveries)
      .set({
        nextAttemptAt,
        claim: null,
        attemptsBefore: sql`CASE WHEN ${isRestartedSince(delivery)} THEN ${attemptCount} ELSE ${attemptsBefore} END`,
      })
      // One whose endpoint was deleted meanwhile has failed, and stays so.
      .where(and(isDelivery(delivery), eq(deliveries.status, 'pending')))
  );
}

/**
 * Pending deliveries that should have been attempted before `dueBy`, across workspaces: the sweep's own question. In turns, the
 * most overdue one of each endpoint first: however much waits for one endpoint, the others' are among them.
 */
export async function listOverdueDeliveryIds(database: Database, dueBy: number, limit: number): Promise<string[]> {
  const turn = sql<number>`row_number() OVER (PARTITION BY ${deliveries.endpointId} ORDER BY ${deliveries.nextAttemptAt})`;
  const rows = await database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(isNotNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, dueBy)))
    .orderBy(turn, deliveries.nextAttemptAt)
    .limit(limit);
  return rows.map((row) => row.id);
}
