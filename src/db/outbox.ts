import { and, count, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertEach, insertIf } from './insert-if.ts';
import { deliveries, events, webhookEndpoints } from './schema.ts';

export type Event = typeof events.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;

/** A number that is computed in the batch and replaces the one that the event's body has at this JSON path. */
interface BodyNumber {
  readonly path: string;
  readonly value: SQL<number>;
}

/**
 * Writes an event, and one delivery for each endpoint of its workspace that is enabled and subscribed to its type, as
 * statements for the batch of the change. An event that is stored already adds nothing. An endpoint that is disabled gets the
 * event when it is enabled. `queuedIn` reads the ids of the deliveries from the batch's results.
 */
export function outboxStatements(database: Database, event: Event) {
  return outboxIf(database, event, sql`TRUE`);
}

/** Like `outboxStatements`, but writes nothing unless the statement right before it in the batch changed a row. */
export function outboxIfChangedStatements(database: Database, event: Event, inBody?: BodyNumber) {
  return outboxIf(database, event, sql`changes() > 0`, inBody);
}

function outboxIf(database: Database, event: Event, condition: SQL, inBody?: BodyNumber) {
  // Replaced in its place: every other byte of the body stays as composed.
  const body = inBody ? sql`json_replace(${event.body}, ${inBody.path}, ${inBody.value})` : event.body;
  return [
    insertIf(database, events, { ...event, body }, condition).onConflictDoNothing(),
    insertDeliveries(database, event, sql`changes() > 0 AND ${isSubscribedTo(event.type)}`).returning(QUEUED),
  ] as const;
}

/** Writes an event for one enabled endpoint, whatever it is subscribed to. The second statement returns the delivery. */
export function outboxToEndpointStatements(database: Database, event: Event, endpointId: string) {
  return [
    database.insert(events).values(event).onConflictDoNothing(),
    insertDeliveries(database, event, eq(webhookEndpoints.id, endpointId)).returning(),
  ] as const;
}

/** One delivery of the event for each enabled endpoint of its workspace for which the condition holds. */
function insertDeliveries(database: Database, event: Event, isReceiver: SQL) {
  const { id, workspaceId, createdAt } = event;
  const delivery = {
    id: deliveryIdSql(sql`${id}`, sql`${webhookEndpoints.id}`),
    workspaceId,
    eventId: id,
    endpointId: sql`${webhookEndpoints.id}`,
    status: 'pending' as const,
    attemptCount: 0,
    nextAttemptAt: createdAt,
    claim: null,
    createdAt,
    updatedAt: createdAt,
    restartedAt: null,
    attemptsBefore: 0,
  };
  const receivers = sql`FROM ${webhookEndpoints} WHERE ${and(isEnabledIn(workspaceId), isReceiver)}`;
  return insertEach(database, deliveries, delivery, receivers).onConflictDoNothing();
}

/** True of the row of this delivery, and of none where it belongs to another workspace. */
export function isDelivery({ id, workspaceId }: Pick<Delivery, 'id' | 'workspaceId'>): SQL | undefined {
  return and(eq(deliveries.id, id), eq(deliveries.workspaceId, workspaceId));
}

/** `deliveryIdFor` (core/derive.ts) in SQL. */
export function deliveryIdSql(eventId: SQL, endpointId: SQL): SQL<string> {
  return sql<string>`'dlv_' || substr(${eventId}, 5) || substr(${endpointId}, 5)`;
}

/** A name that no other column has, so that `queuedIn` finds it among the results of any batch. */
const QUEUED = { queuedDelivery: deliveries.id };

/** The ids of the deliveries that a batch has queued, from its results. */
export function queuedIn(results: readonly unknown[]): string[] {
  return results.flat().flatMap((row) => {
    const isQueued = typeof row === 'object' && row !== null && 'queuedDelivery' in row;
    return isQueued ? [String(row.queuedDelivery)] : [];
  });
}

/** How many enabled endpoints are subscribed to the event's type, and how many have answered it with 2xx. One round trip. */
export async function countReceivers(
  database: Database,
  event: Pick<Event, 'id' | 'workspaceId' | 'type'>,
): Promise<{ readonly subscribed: number; readonly delivered: number }> {
  const deliveryId = deliveryIdSql(sql`${event.id}`, sql`${webhookEndpoints.id}`);
  const [counts] = await database
    .select({ subscribed: count(), delivered: count(deliveries.id) })
    .from(webhookEndpoints)
    .leftJoin(deliveries, and(eq(deliveries.id, deliveryId), eq(deliveries.status, 'succeeded')))
    .where(and(isEnabledIn(event.workspaceId), isSubscribedTo(event.type)));
  return counts ?? { subscribed: 0, delivered: 0 };
}

function isEnabledIn(workspaceId: string): SQL | undefined {
  return and(eq(webhookEndpoints.workspaceId, workspaceId), eq(webhookEndpoints.status, 'enabled'));
}

/** True of an endpoint that asked for events of this type. */
function isSubscribedTo(type: string): SQL {
  return sql`EXISTS (SELECT 1 FROM json_each(${webhookEndpoints.events}) WHERE value IN ('*', ${type}))`;
}
