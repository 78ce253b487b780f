import { and, eq, getTableColumns, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { deliveries, deliveryAttempts, events } from './schema.ts';

export type Event = typeof events.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;
export type DeliveryAttempt = typeof deliveryAttempts.$inferSelect;

/**
 * The outbox: an event and its deliveries, for the batch of the change they tell of. Told twice, nothing is added. Of the
 * deliveries only those are written whose endpoints are enabled at that moment: what the others miss, enabling them sends.
 */
export function outboxStatements(database: Database, event: Event, pending: readonly Delivery[]) {
  return outboxIfStatements(database, event, pending, sql`TRUE`);
}

/** A number that only the batch knows: it takes the place of the one that the event's body has at this JSON path. */
export interface BodyNumber {
  readonly path: string;
  readonly value: SQL<number>;
}

/** Like `outboxStatements`, but writes nothing unless the condition holds at its place in the batch. */
export function outboxIfStatements(
  database: Database,
  event: Event,
  pending: readonly Delivery[],
  condition: SQL,
  inBody?: BodyNumber,
) {
  // Replaced in its place: every other byte of the body stays as composed.
  const body = inBody && sql`json_replace(value ->> 'body', ${inBody.path}, ${inBody.value})`;
  const insertEvent = database
    .insert(events)
    .select(rowsIf(events, [event], condition, body ? { body } : {}))
    .onConflictDoNothing();
  const insertDeliveries = database
    .insert(deliveries)
    .select(rowsIf(deliveries, pending, sql`${condition} AND ${IS_TO_ENABLED}`))
    .onConflictDoNothing();
  return [insertEvent, insertDeliveries] as const;
}

/**
 * Like `outboxStatements`, but writes nothing unless the statement right before it in the batch changed a row; and no
 * delivery of an event that was there already.
 */
export function outboxIfChangedStatements(
  database: Database,
  event: Event,
  pending: readonly Delivery[],
  inBody?: BodyNumber,
) {
  return outboxIfStatements(database, event, pending, sql`changes() > 0`, inBody);
}

/** Of a delivery as `rowsIf` has it. */
const IS_TO_ENABLED = sql`EXISTS (SELECT 1 FROM webhook_endpoints AS endpoint
  WHERE endpoint.id = value ->> 'endpointId' AND endpoint.status = 'enabled')`;

/**
 * The rows as a SELECT, all of them or, where the condition does not hold, none. Of columns that JSON can carry, but for
 * those that are computed.
 */
function rowsIf(
  table: typeof events | typeof deliveries,
  rows: readonly (Event | Delivery)[],
  condition: SQL,
  computed: Readonly<Record<string, SQL>> = {},
): SQL {
  const columns = Object.keys(getTableColumns(table)).map((name) => computed[name] ?? sql`value ->> ${name}`);
  return sql`SELECT ${sql.join(columns, sql`, `)} FROM json_each(${JSON.stringify(rows)}) WHERE ${condition}`;
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
      .where(and(eq(deliveries.id, delivery.id), eq(deliveries.workspaceId, delivery.workspaceId))),
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
      .where(
        and(
          eq(deliveries.id, delivery.id),
          eq(deliveries.workspaceId, delivery.workspaceId),
          eq(deliveries.status, 'pending'),
        ),
      )
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

/** How many of these deliveries have arrived. */
export async function countDelivered(database: Database, workspaceId: string, ids: readonly string[]): Promise<number> {
  const rows = await database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.id, [...ids]),
        eq(deliveries.workspaceId, workspaceId),
        eq(deliveries.status, 'succeeded'),
      ),
    );
  return rows.length;
}
