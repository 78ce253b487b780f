import { and, asc, between, eq, gte, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { restarted } from './deliveries.ts';
import { insertEach } from './insert-if.ts';
import { type Delivery, deliveryIdSql, type Event } from './outbox.ts';
import { deliveries, events } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** How long events are kept (ms). Older events are never sent again. */
export const REPLAY_LIMIT_MS = 30 * 24 * 60 * 60 * 1000;

/** How many deliveries of a replay get a queue message at once. The sweep queues the others later. */
const WOKEN_AT_ONCE = 500;

/** How many events one part of a replay reads. D1 does this well within its limit of 30 seconds. */
export const EVENTS_PER_PART = 5_000;

/** Which events are sent to an endpoint again. Times are unix ms. */
export interface ReplayRange {
  /** Events from this time to `until`, both included. */
  readonly since: number;
  readonly until: number;
  /**
   * Only events whose delivery has this status. null: events whose delivery failed, and events without a delivery to
   * the endpoint. `undelivered`: as null, and also events whose delivery waits for another attempt.
   */
  readonly status: Delivery['status'] | 'undelivered' | null;
  /**
   * Of an enabling: events without a delivery to the endpoint are included only from this time on. null: a replay, which
   * includes them from `since` on.
   */
  readonly unsentSince: number | null;
  /** Leaves out events that were sent again since this time. Not set: none. */
  readonly unlessSentSince?: number;
  readonly now: number;
}

/** The last event of a part of a replay: the next part begins after it. */
export type Place = Pick<Event, 'id' | 'createdAt'>;

/** The endpoint that a replay is for. */
export type Receiver = Pick<WebhookEndpoint, 'id' | 'workspaceId' | 'events'>;

/**
 * Statements for one batch that queue a part of an endpoint's events again, at most 30 days back: those after `after`
 * (null: from the first on). The oldest are due first, but may arrive after later ones. The first writes the deliveries,
 * the second returns the delivery ids to queue. Pings, and types that the endpoint is no longer subscribed to, are not sent.
 */
export function replayStatements(database: Database, endpoint: Receiver, range: ReplayRange, after: Place | null) {
  const { now } = range;
  const queue = insertReplayed(database, endpoint, range, after).onConflictDoUpdate({
    target: deliveries.id,
    set: restarted(now, sql`excluded.next_attempt_at`),
  });
  const toWake = database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        // With the "+" SQLite uses the index of deliveries that are due now, not that of all deliveries of the
        // endpoint.
        sql`+${deliveries.endpointId} = ${endpoint.id}`,
        eq(deliveries.workspaceId, endpoint.workspaceId),
        gte(deliveries.nextAttemptAt, now),
        lt(deliveries.nextAttemptAt, now + WOKEN_AT_ONCE),
        eq(deliveries.restartedAt, now),
        isNull(deliveries.claim),
      ),
    )
    .orderBy(asc(deliveries.nextAttemptAt));
  return [queue, toWake] as const;
}

/** A subquery for the last event of a part. It returns no row where this is the last part. */
export function partEnd(database: Database, endpoint: Receiver, range: ReplayRange, after: Place | null) {
  const { id, createdAt, workspaceId } = events;
  return database
    .select({ id, createdAt })
    .from(events)
    .where(
      and(
        eq(workspaceId, endpoint.workspaceId),
        between(createdAt, firstMoment(range), range.until),
        after ? sql`(${createdAt}, ${id}) > (${after.createdAt}, ${after.id})` : undefined,
      ),
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(1)
    .offset(EVENTS_PER_PART - 1)
    .as('part_end');
}

function firstMoment({ since, now }: ReplayRange): number {
  return Math.max(since, now - REPLAY_LIMIT_MS);
}

/** A statement that writes the deliveries of a part, each due one millisecond after the one before. */
function insertReplayed(database: Database, endpoint: Receiver, range: ReplayRange, after: Place | null) {
  const { until, now } = range;
  const id = deliveryIdSql(sql`event.id`, sql`${endpoint.id}`);
  const isAfter = after ? sql`(created_at, id) > (${after.createdAt}, ${after.id})` : sql`TRUE`;
  const delivery = {
    id,
    workspaceId: endpoint.workspaceId,
    eventId: sql`event.id`,
    endpointId: endpoint.id,
    status: 'pending' as const,
    failureReason: null,
    outsideSubscription: false,
    attemptCount: 0,
    attempts: [],
    nextAttemptAt: sql`${now} + row_number() OVER (ORDER BY event.created_at, event.id) - 1`,
    claim: null,
    createdAt: sql`event.created_at`,
    updatedAt: now,
    restartedAt: now,
    attemptsBefore: 0,
  };
  return insertEach(
    database,
    deliveries,
    delivery,
    sql`FROM (SELECT * FROM events WHERE workspace_id = ${endpoint.workspaceId}
        AND created_at BETWEEN ${firstMoment(range)} AND ${until} AND ${isAfter}
        ORDER BY created_at, id LIMIT ${EVENTS_PER_PART}) AS event
      LEFT JOIN deliveries AS present ON present.id = ${id}
    WHERE ${isFor(endpoint)} AND ${isWanted(range)} AND ${isNotSentSince(range)}`,
  );
}

/** True in SQL for events of subscribed types, but not for pings, nor for the event that this endpoint was disabled. */
function isFor({ id, events: types }: Receiver): SQL {
  const subscribed = types.includes('*')
    ? sql`TRUE`
    : sql`event.type IN (SELECT value FROM json_each(${JSON.stringify(types)}))`;
  return sql`event.type <> 'webhook.ping' AND ${subscribed} AND NOT (event.type = 'webhook.endpoint.disabled'
    AND event.body ->> '$.data.webhook_endpoint_id' = ${id})`;
}

function isWanted({ status, since, unsentSince }: ReplayRange): SQL {
  if (status !== null && status !== 'undelivered') return sql`present.status = ${status}`;
  const isUnsent = sql`(present.id IS NULL AND event.created_at >= ${unsentSince ?? since})`;
  const waits = sql`(present.status = 'pending' AND present.attempt_count > present.attempts_before)`;
  return sql`(${isUnsent} OR present.status = 'failed' OR ${status === 'undelivered' ? waits : sql`FALSE`})`;
}

function isNotSentSince({ unlessSentSince }: ReplayRange): SQL {
  if (unlessSentSince === undefined) return sql`TRUE`;
  return sql`(present.restarted_at IS NULL OR present.restarted_at < ${unlessSentSince})`;
}
