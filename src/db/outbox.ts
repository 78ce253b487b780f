import { and, count, eq, getTableColumns, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertEach, insertIf } from './insert-if.ts';
import { deliveries, events, webhookEndpoints } from './schema.ts';

export type Event = typeof events.$inferSelect;
/** A delivery without its attempts, which only `db/deliveries.ts` reads: with their answers they can be long. */
export type Delivery = Omit<typeof deliveries.$inferSelect, 'attempts'>;

const { attempts: _attempts, ...columns } = getTableColumns(deliveries);
/** The columns of a `Delivery`, to select or to return. */
export const deliveryColumns = columns;

/** A number that the batch computes. It replaces the number at this JSON path of the event's body. */
interface BodyNumber {
  readonly path: string;
  readonly value: SQL<number>;
}

/**
 * Statements that write an event, and one delivery for each endpoint of its workspace that is enabled and subscribed to
 * its type. They belong in the batch of the change that the event is about. For an event that is stored already they
 * write nothing. A disabled endpoint gets the event when it is enabled. `queuedIn` reads the delivery ids from the
 * batch's results.
 */
export function outboxStatements(database: Database, event: Event) {
  return outboxIf(database, event, sql`TRUE`);
}

/**
 * Like `outboxStatements`, but they write nothing unless the statement right before the first of them in the batch
 * changed a row. `inBody`: a number that SQL computes and puts into the event's body.
 */
export function outboxIfChangedStatements(database: Database, event: Event, inBody?: BodyNumber) {
  return outboxIf(database, event, sql`changes() > 0`, inBody);
}

function outboxIf(database: Database, event: Event, condition: SQL, inBody?: BodyNumber) {
  // The number is replaced in its place, so that every other byte of the body stays as composed.
  const body = inBody ? sql`json_replace(${event.body}, ${inBody.path}, ${inBody.value})` : event.body;
  return [
    insertIf(database, events, { ...event, body }, condition).onConflictDoNothing(),
    insertDeliveries(database, event, sql`changes() > 0 AND ${isSubscribedTo(event.type)}`).returning(QUEUED),
  ] as const;
}

/** Writes an event for one enabled endpoint, whatever its subscribed types. The second statement returns the delivery. */
export function outboxToEndpointStatements(database: Database, event: Event, endpointId: string) {
  return [
    database.insert(events).values(event).onConflictDoNothing(),
    insertDeliveries(database, event, eq(webhookEndpoints.id, endpointId)).returning(deliveryColumns),
  ] as const;
}

/** A statement that inserts a delivery for each enabled endpoint of the event's workspace for which `isReceiver` holds. */
function insertDeliveries(database: Database, event: Event, isReceiver: SQL) {
  const { id, workspaceId, createdAt } = event;
  const delivery = {
    id: deliveryIdSql(sql`${id}`, sql`${webhookEndpoints.id}`),
    workspaceId,
    eventId: id,
    endpointId: sql`${webhookEndpoints.id}`,
    status: 'pending' as const,
    failureReason: null,
    outsideSubscription: false,
    attemptCount: 0,
    attempts: [],
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

/** True in SQL for the row of this delivery, if the delivery belongs to this workspace. */
export function isDelivery({ id, workspaceId }: Pick<Delivery, 'id' | 'workspaceId'>): SQL | undefined {
  return and(eq(deliveries.id, id), eq(deliveries.workspaceId, workspaceId));
}

/** `deliveryIdFor` (core/derive.ts) in SQL. */
export function deliveryIdSql(eventId: SQL, endpointId: SQL): SQL<string> {
  return sql<string>`'dlv_' || substr(${eventId}, 5) || substr(${endpointId}, 5)`;
}

/** True in SQL for a delivery of this event. A delivery's id begins with its event's letters: a range of the primary key. */
export function isDeliveryOf(deliveryId: SQLWrapper, eventId: SQLWrapper): SQL {
  const begin = sql`'dlv_' || substr(${eventId}, 5)`;
  return sql`${deliveryId} >= ${begin} AND ${deliveryId} < ${begin} || '~'`;
}

/** A column name that no table has, so that `queuedIn` finds these rows among the results of any batch. */
const QUEUED = { queuedDelivery: deliveries.id };

/** Reads the ids of the deliveries that a batch has written, from the batch's results. */
export function queuedIn(results: readonly unknown[]): string[] {
  return results.flat().flatMap((row) => {
    const isQueued = typeof row === 'object' && row !== null && 'queuedDelivery' in row;
    return isQueued ? [String(row.queuedDelivery)] : [];
  });
}

/** How many enabled endpoints are subscribed to the event's type, and how many of these answered the event with 2xx. */
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

/** True in SQL for an endpoint that is subscribed to this type. */
export function isSubscribedTo(type: string | SQLWrapper): SQL {
  return sql`EXISTS (SELECT 1 FROM json_each(${webhookEndpoints.events}) WHERE value IN ('*', ${type}))`;
}
