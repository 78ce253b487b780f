import {
  and,
  eq,
  exists,
  inArray,
  isNotNull,
  lte,
  not,
  notExists,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
import type { Database } from './client.ts';
import { withAttempt } from './delivery-attempts.ts';
import { type Delivery, deliveryColumns, isDelivery, isSubscribedTo } from './outbox.ts';
import { type DeliveryAttempt, deliveries, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/**
 * For how long (ms) a delivery is put off while its endpoint has not answered an earlier request: half the time that
 * the delivery has waited so far, within these bounds. So even very many deliveries of one slow endpoint cost the
 * others little.
 */
const UNANSWERED_MS = { atLeast: 2_000, atMost: 600_000 } as const;

/** A delivery that a run has claimed, with all that an attempt needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  readonly body: string;
  readonly eventType: string;
  /** The endpoint was enabled when the delivery was claimed. */
  readonly endpoint: WebhookEndpoint;
}

/** How a run claims deliveries. Times are unix ms. */
interface Lease {
  /** A random name of the run. */
  readonly claim: string;
  readonly now: number;
  /** Deliveries that are due by this time are claimed; less than two seconds after `now`. */
  readonly dueBy: number;
  /** When the claim ends, so that another run may claim the deliveries. */
  readonly until: number;
  /** `first_attempts`: claims only deliveries that were not attempted yet, of endpoints that are not failing. */
  readonly takes: 'first_attempts' | 'all';
  /** Ids of endpoints that have not answered an earlier request yet: their deliveries are put off, not claimed. */
  readonly unanswered: readonly string[];
  /** Deliveries of an unanswered endpoint that is already failing are put off at least until this time. */
  readonly silentUntil: number;
}

/** Events of this type are sent to one endpoint on request, whatever types it is subscribed to. */
const PING_TYPE = 'webhook.ping';

/** A delivery that is left to another run, and when it is due (unix ms). */
export type LeftDelivery = Pick<Delivery, 'id' | 'nextAttemptAt'>;

/** What a run has claimed. `left`: due deliveries that it put off, or that are not what it `takes`, for another run. */
interface Claimed {
  readonly claimed: readonly ClaimedDelivery[];
  readonly left: readonly LeftDelivery[];
}

/**
 * Claims the deliveries among `ids` that are pending and due, and reads what their attempts need, in one round trip.
 * `claimed`: these deliveries. `left`: due deliveries for another run (see `Claimed`). Both are in the order of `ids`. A
 * delivery that is not to be sent any more (see `giveUpStatement`) becomes `failed` and is not returned. Nor is one that
 * is not due yet, or that another run holds: a later queue message or the sweep brings it again.
 */
export async function claimDeliveries(database: Database, ids: readonly string[], lease: Lease): Promise<Claimed> {
  const isPending = and(inArray(deliveries.id, [...ids]), eq(deliveries.status, 'pending'));
  const endpointIds = database.select({ id: deliveries.endpointId }).from(deliveries).where(isPending);
  const [, putOff, , rows, endpoints] = await database.batch([
    giveUpStatement(database, ids, lease),
    putOffStatement(database, ids, lease),
    claimStatement(database, ids, lease),
    database
      .select({ delivery: deliveryColumns, body: events.body, eventType: events.type })
      .from(deliveries)
      .leftJoin(events, and(eq(events.id, deliveries.eventId), eq(deliveries.claim, lease.claim)))
      .where(isPending),
    database.select().from(webhookEndpoints).where(inArray(webhookEndpoints.id, endpointIds)),
  ]);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const claimed = rows.flatMap(({ delivery, body, eventType }) => {
    const endpoint = byId.get(delivery.endpointId);
    const isClaimed = delivery.claim === lease.claim && body !== null && eventType !== null;
    return isClaimed && endpoint ? [{ delivery, body, eventType, endpoint }] : [];
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

/** A query for the endpoint of the current row's delivery, if the condition holds for that endpoint. */
function endpointWhich(database: Database, condition: SQL) {
  return database
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, deliveries.endpointId), condition));
}

/**
 * A statement that fails due deliveries whose endpoint is disabled or deleted, or no longer subscribed to the event's
 * type, or whose event is deleted. Pings, and deliveries sent again on request, need no subscription.
 */
function giveUpStatement(database: Database, ids: readonly string[], lease: Lease) {
  const isEnabled = eq(webhookEndpoints.status, 'enabled');
  const isWanted = or(deliveries.outsideSubscription, eq(events.type, PING_TYPE), isSubscribedTo(events.type));
  const sendable = database
    .select({ id: events.id })
    .from(events)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, deliveries.endpointId))
    .where(and(eq(events.id, deliveries.eventId), isEnabled, isWanted));
  const event = database.select({ id: events.id }).from(events).where(eq(events.id, deliveries.eventId));
  const failureReason = sql<Delivery['failureReason']>`CASE
    WHEN ${notExists(endpointWhich(database, sql`TRUE`))} THEN 'endpoint_deleted'
    WHEN ${notExists(endpointWhich(database, isEnabled))} THEN 'endpoint_disabled'
    WHEN ${notExists(event)} THEN 'event_deleted' ELSE 'unsubscribed' END`;
  return database
    .update(deliveries)
    .set({ status: 'failed', failureReason, nextAttemptAt: null, claim: null, updatedAt: lease.now })
    .where(and(isDue(ids, lease), notExists(sendable)));
}

/**
 * The ids of those endpoints, as a run has read them, that were changed or deleted since. A run sends nothing more to
 * them: another run reads them anew.
 */
export async function listChangedEndpoints(
  database: Database,
  read: Iterable<WebhookEndpoint>,
): Promise<ReadonlySet<string>> {
  const before = [...read].map(({ id, updatedAt }) => ({ id, updatedAt }));
  const ids = before.map(({ id }) => id);
  const rows = await database
    .select({ id: webhookEndpoints.id, updatedAt: webhookEndpoints.updatedAt })
    .from(webhookEndpoints)
    .where(inArray(webhookEndpoints.id, ids));
  const now = new Map(rows.map(({ id, updatedAt }) => [id, updatedAt]));
  return new Set(before.filter(({ id, updatedAt }) => now.get(id) !== updatedAt).map(({ id }) => id));
}

/** A delivery that is due but still claimed lost its run. If it was sent again meanwhile, its retries count from there. */
const ATTEMPTS_BEFORE = sql`CASE WHEN ${deliveries.claim} IS NOT NULL AND ${deliveries.restartedAt} = ${deliveries.updatedAt}
  THEN ${deliveries.attemptCount} ELSE ${deliveries.attemptsBefore} END`;

/** Puts off due deliveries of unanswered endpoints. They are then not due, so a second message for one changes nothing. */
function putOffStatement(database: Database, ids: readonly string[], lease: Lease) {
  const { now, silentUntil, unanswered } = lease;
  const fails = exists(endpointWhich(database, isNotNull(webhookEndpoints.failingSince)));
  const halfOfWait = sql`CAST((${now} - ${deliveries.updatedAt}) / 2 AS INTEGER)`;
  const putOffTo = sql`${now} + min(${UNANSWERED_MS.atMost}, max(${UNANSWERED_MS.atLeast}, ${halfOfWait}))`;
  return (
    database
      .update(deliveries)
      .set({
        claim: null,
        attemptsBefore: ATTEMPTS_BEFORE,
        nextAttemptAt: sql`CASE WHEN ${fails} THEN max(${silentUntil}, ${putOffTo}) ELSE ${putOffTo} END`,
      })
      // One bound value for all: D1 binds at most a hundred in a statement.
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
 * A statement for the batch of a whole run that records one attempt and its delivery's new status. A delivery that was
 * sent again during the attempt is due at once if the attempt failed, with the full number of retries; the sweep queues
 * it. If the run has lost its claim, only the attempt is recorded; but a success ends a delivery that is still pending.
 */
export function attemptStatement(
  database: Database,
  delivery: Delivery,
  attempt: Omit<DeliveryAttempt, 'number'>,
  outcome: Pick<Delivery, 'status' | 'nextAttemptAt'>,
) {
  const { status, nextAttemptAt, attemptsBefore, attemptCount, claim, updatedAt } = deliveries;
  const isRestarted = isRestartedSince(delivery);
  const isSuccess = outcome.status === 'succeeded';
  const isAgain = isSuccess ? sql`FALSE` : isRestarted;
  const isClaimed = sql`${claim} IS ${delivery.claim}`;
  const counts = isSuccess ? sql`(${isClaimed} OR (${status} = 'pending' AND NOT (${isRestarted})))` : isClaimed;
  const ifCounts = (value: SQL, before: SQLWrapper) => sql`CASE WHEN ${counts} THEN ${value} ELSE ${before} END`;
  return database
    .update(deliveries)
    .set({
      status: ifCounts(sql`CASE WHEN ${isAgain} THEN 'pending' ELSE ${outcome.status} END`, status),
      nextAttemptAt: ifCounts(
        sql`CASE WHEN ${isAgain} THEN ${attempt.at} ELSE ${outcome.nextAttemptAt} END`,
        nextAttemptAt,
      ),
      attemptsBefore: sql`CASE WHEN ${counts} AND ${isAgain} THEN ${attemptCount} + 1 ELSE ${attemptsBefore} END`,
      attemptCount: sql`${attemptCount} + 1`,
      attempts: withAttempt(attempt),
      claim: ifCounts(sql`NULL`, claim),
      updatedAt: ifCounts(sql`${attempt.at}`, updatedAt),
    })
    .where(isDelivery(delivery));
}

function isRestartedSince(read: Delivery): SQL {
  return sql`${deliveries.restartedAt} IS NOT ${read.restartedAt}`;
}

/** A statement that ends the claim of a delivery without an attempt. The delivery is due again at `nextAttemptAt` (unix ms). */
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
      // If the claim ended meanwhile, another run may attempt the delivery now, or may have ended it.
      .where(and(isDelivery(delivery), eq(deliveries.status, 'pending'), sql`${deliveries.claim} IS ${delivery.claim}`))
  );
}
