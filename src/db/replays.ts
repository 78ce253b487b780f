import { and, asc, eq, gte, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import type { Delivery } from './events.ts';
import { deliveries } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** Events are kept this long, and nothing older is sent again. */
export const REPLAY_LIMIT_MS = 30 * 24 * 60 * 60 * 1000;

/** How many are woken at once: all of them are due within a second. The sweep wakes the others, in the same order. */
const WOKEN_AT_ONCE = 500;

/** Which events an endpoint is sent again. Times are unix ms. */
export interface ReplayRange {
  /** When the event happened: both moments are part of the range. */
  readonly since: number;
  readonly until: number;
  /**
   * Only deliveries of this status. null: those that failed, and events that were never sent to the endpoint. `undelivered`: also
   * those that wait for another attempt.
   */
  readonly status: Delivery['status'] | 'undelivered' | null;
  readonly now: number;
}

/** `deliveryIdFor` (core/ids.ts) in SQL, of an event of the present row. */
function deliveryIdSql(eventId: SQL, endpointId: string): SQL {
  return sql`'dlv_' || substr(${eventId}, 5) || substr(${endpointId}, 5)`;
}

/**
 * Sends an endpoint's events again, at most 30 days back, as statements for one batch: the first queues them in the order
 * of their creation (`queuedBy` tells how many), the second answers the ids to wake. Only events that the endpoint is
 * subscribed to now, never a ping. A delivery that is being attempted is left alone.
 */
export function replayStatements(
  database: Database,
  endpoint: Pick<WebhookEndpoint, 'id' | 'workspaceId' | 'events'>,
  range: ReplayRange,
) {
  const { now } = range;
  const queue = database
    .insert(deliveries)
    .select(replayedRows(endpoint, range))
    .onConflictDoUpdate({
      target: deliveries.id,
      set: {
        status: 'pending',
        nextAttemptAt: sql`excluded.next_attempt_at`,
        claim: null,
        updatedAt: now,
        restartedAt: now,
        attemptsBefore: sql`deliveries.attempt_count`,
      },
    });
  const toWake = database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        // The "+" keeps SQLite from going through all that the endpoint ever got: what is due just now is less.
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

/** The deliveries as they are to be, in the columns' order, due one millisecond after the other. */
function replayedRows(endpoint: Pick<WebhookEndpoint, 'id' | 'workspaceId' | 'events'>, range: ReplayRange): SQL {
  const { until, now } = range;
  const since = Math.max(range.since, now - REPLAY_LIMIT_MS);
  const id = deliveryIdSql(sql`event.id`, endpoint.id);
  return sql`SELECT ${id}, event.workspace_id, event.id, ${endpoint.id}, 'pending', 0,
      ${now} + row_number() OVER (ORDER BY event.created_at, event.id) - 1, NULL, event.created_at, ${now}, ${now}, 0
    FROM events AS event LEFT JOIN deliveries AS known ON known.id = ${id}
    WHERE event.workspace_id = ${endpoint.workspaceId} AND event.created_at BETWEEN ${since} AND ${until}
      AND ${isFor(endpoint)} AND ${isWanted(range)}
      AND (known.claim IS NULL OR known.next_attempt_at IS NULL OR known.next_attempt_at <= ${now})`;
}

/** True for events that the endpoint subscribes to: no ping, and not the news of its own disabling. */
function isFor({ id, events }: Pick<WebhookEndpoint, 'id' | 'events'>): SQL {
  const subscribed = events.includes('*')
    ? sql`TRUE`
    : sql`event.type IN (SELECT value FROM json_each(${JSON.stringify(events)}))`;
  return sql`event.type <> 'webhook.ping' AND ${subscribed} AND NOT (event.type = 'webhook.endpoint.disabled'
    AND event.body ->> '$.data.webhook_endpoint_id' = ${id})`;
}

function isWanted({ status }: ReplayRange): SQL {
  if (status === 'undelivered') {
    return sql`(known.id IS NULL OR known.status = 'failed'
      OR (known.status = 'pending' AND known.attempt_count > known.attempts_before))`;
  }
  return status === null ? sql`(known.id IS NULL OR known.status = 'failed')` : sql`known.status = ${status}`;
}

/** How many deliveries the first of `replayStatements` has queued, from its answer. */
export function queuedBy(answer: D1Result): number {
  return answer.meta.changes;
}
