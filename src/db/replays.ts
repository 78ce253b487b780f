import { and, asc, between, eq, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { restarted } from './deliveries.ts';
import { insertEach } from './insert-if.ts';
import { type Delivery, deliveryIdSql, type Event } from './outbox.ts';
import { deliveries, events, replays } from './schema.ts';
import { type EndpointKey, endpointStatement, type WebhookEndpoint } from './webhook-endpoints.ts';

/** How long events are kept (ms). Older events are never sent again. */
export const REPLAY_LIMIT_MS = 30 * 24 * 60 * 60 * 1000;

/** How many deliveries of a replay get a queue message at once. The sweep queues the others later. */
const WOKEN_AT_ONCE = 500;

/** How many events a replay reads in one statement. D1 does this well within its limit of 30 seconds. */
const EVENTS_PER_PART = 5_000;

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
  /** Events without a delivery to the endpoint are included only from this time on; by default from `since` on. */
  readonly unsentSince?: number;
  readonly now: number;
}

/**
 * An endpoint of this workspace, and the time (unix ms) of its oldest event whose delivery failed: null where none
 * failed. Returns null where this workspace has no such endpoint.
 */
export async function findWithOldestFailed(
  database: Database,
  endpoint: EndpointKey,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly oldestFailedAt: number | null } | null> {
  const { createdAt, endpointId, workspaceId, id } = deliveries;
  const [[found], [failed]] = await database.batch([
    endpointStatement(database, endpoint),
    database
      .select({ createdAt })
      .from(deliveries)
      .where(
        and(
          eq(endpointId, endpoint.id),
          eq(workspaceId, endpoint.workspaceId),
          // Literally as in the index `deliveries_failed`.
          sql`${deliveries.status} = 'failed'`,
        ),
      )
      .orderBy(asc(createdAt), asc(id))
      .limit(1),
  ]);
  return found ? { endpoint: found, oldestFailedAt: failed?.createdAt ?? null } : null;
}

/** Where a part of a replay begins: after the event `after` (null: the first part). `queued`: deliveries written before. */
export interface ReplayPart {
  readonly after: Pick<Event, 'id' | 'createdAt'> | null;
  readonly queued: number;
}

type Receiver = Pick<WebhookEndpoint, 'id' | 'workspaceId' | 'events'>;

/** The rest of a replay that did not fit into its request. Times are unix ms. */
export type RestOfReplay = typeof replays.$inferSelect;

/**
 * Statements for one batch that queue a part of an endpoint's events again, at most 30 days back. The oldest are due
 * first, but may arrive after later ones. The first writes the deliveries, the second returns the delivery ids to queue, the third says where
 * the part ends (`afterPart` reads it). Pings, and types that the endpoint is no longer subscribed to, are not sent.
 */
export function replayStatements(database: Database, endpoint: Receiver, range: ReplayRange, part: ReplayPart) {
  const { now } = range;
  const queue = insertReplayed(database, endpoint, range, part).onConflictDoUpdate({
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
        gte(deliveries.nextAttemptAt, now + part.queued),
        lt(deliveries.nextAttemptAt, now + WOKEN_AT_ONCE),
        eq(deliveries.restartedAt, now),
        isNull(deliveries.claim),
      ),
    )
    .orderBy(asc(deliveries.nextAttemptAt));
  return [queue, toWake, partEndStatement(database, endpoint, range, part)] as const;
}

/** A statement that returns the last event of a part, or no row where this is the last part. */
function partEndStatement(database: Database, endpoint: Receiver, range: ReplayRange, { after }: ReplayPart) {
  const { id, createdAt, workspaceId } = events;
  return database
    .select({ id, createdAt })
    .from(events)
    .where(
      and(
        eq(workspaceId, endpoint.workspaceId),
        between(createdAt, after?.createdAt ?? firstMoment(range), range.until),
        after ? sql`(${createdAt}, ${id}) > (${after.createdAt}, ${after.id})` : undefined,
      ),
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(1)
    .offset(EVENTS_PER_PART - 1);
}

/** SQL that is true if the range has more events than one part of a replay: it writes its deliveries in parts of this size. */
export function hasParts(endpoint: Receiver, range: ReplayRange): SQL {
  return sql`EXISTS (SELECT 1 FROM events WHERE workspace_id = ${endpoint.workspaceId}
    AND created_at BETWEEN ${firstMoment(range)} AND ${range.until} LIMIT 1 OFFSET ${EVENTS_PER_PART - 1})`;
}

function firstMoment({ since, now }: ReplayRange): number {
  return Math.max(since, now - REPLAY_LIMIT_MS);
}

/** A statement that writes the deliveries of a part, each due one millisecond after the one before. */
function insertReplayed(database: Database, endpoint: Receiver, range: ReplayRange, { after, queued }: ReplayPart) {
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
    nextAttemptAt: sql`${now + queued} + row_number() OVER (ORDER BY event.created_at, event.id) - 1`,
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
        AND created_at BETWEEN ${after?.createdAt ?? firstMoment(range)} AND ${until} AND ${isAfter}
        ORDER BY created_at, id LIMIT ${EVENTS_PER_PART}) AS event
      LEFT JOIN deliveries AS present ON present.id = ${id}
    WHERE ${isFor(endpoint)} AND ${isWanted(range)}`,
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

function isWanted({ status, since, unsentSince = since }: ReplayRange): SQL {
  if (status !== null && status !== 'undelivered') return sql`present.status = ${status}`;
  const isUnsent = sql`(present.id IS NULL AND event.created_at >= ${unsentSince})`;
  const waits = sql`(present.status = 'pending' AND present.attempt_count > present.attempts_before)`;
  return sql`(${isUnsent} OR present.status = 'failed' OR ${status === 'undelivered' ? waits : sql`FALSE`})`;
}

/** The next part, from the first and the third result of `replayStatements`. Its `after` is null where no part follows. */
export function afterPart(
  part: ReplayPart,
  answer: D1Result,
  end: readonly NonNullable<ReplayPart['after']>[],
): ReplayPart {
  return { after: end[0] ?? null, queued: part.queued + answer.meta.changes };
}

/** Stores what is left of a replay after the event `after`, for the cron. */
export async function insertRestOfReplay(
  database: Database,
  endpoint: EndpointKey,
  { status, until, now }: ReplayRange & { readonly status: RestOfReplay['status'] },
  after: NonNullable<ReplayPart['after']>,
): Promise<void> {
  await database.insert(replays).values({
    id: crypto.randomUUID(),
    workspaceId: endpoint.workspaceId,
    endpointId: endpoint.id,
    status,
    afterAt: after.createdAt,
    afterId: after.id,
    until,
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * Claims the rest of a replay, of any workspace, that has waited longest. null: none was last claimed before `before` (unix
 * ms). One round trip.
 */
export async function claimRestOfReplay(
  database: Database,
  claim: { readonly now: number; readonly before: number },
): Promise<RestOfReplay | null> {
  const waiting = database
    .select({ id: replays.id })
    .from(replays)
    .where(lt(replays.updatedAt, claim.before))
    .orderBy(asc(replays.updatedAt))
    .limit(1);
  const [claimed] = await database
    .update(replays)
    .set({ updatedAt: claim.now })
    .where(inArray(replays.id, waiting))
    .returning();
  return claimed ?? null;
}

/**
 * Statements for the batch that queues the part after the event `rest.afterId`: they record where that part ends, or delete
 * the row where it is the last part. They change nothing where another run has queued the part meanwhile.
 */
export function restReachedStatements(
  database: Database,
  endpoint: Receiver,
  range: ReplayRange,
  { rest, part }: { readonly rest: RestOfReplay; readonly part: ReplayPart },
) {
  const end = partEndStatement(database, endpoint, range, part).as('part_end');
  const isHere = and(eq(replays.id, rest.id), eq(replays.afterId, rest.afterId));
  return [
    database.update(replays).set({ afterId: end.id, afterAt: end.createdAt }).from(end).where(isHere),
    // True only where the last statement found no end.
    database.delete(replays).where(isHere),
  ] as const;
}

/** Deletes the rest of a replay: nothing more of it is queued. */
export async function deleteRestOfReplay(database: Database, { id }: Pick<RestOfReplay, 'id'>): Promise<void> {
  await database.delete(replays).where(eq(replays.id, id));
}
