import { and, eq, exists, getTableColumns, inArray, isNotNull, lte, not, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { deliveries, deliveryAttempts, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

export type Event = typeof events.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;
export type DeliveryAttempt = typeof deliveryAttempts.$inferSelect;

/**
 * The outbox: an event and its deliveries to endpoints that are enabled at that moment, for the batch of the change they tell
 * of. Told twice, nothing is added.
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
  // An endpoint may be enabled or disabled between the look at it and this batch: the batch has the last word.
  const takesEvents = sql`EXISTS (SELECT 1 FROM webhook_endpoints AS endpoint
    WHERE endpoint.id = value ->> 'endpointId' AND endpoint.status = 'enabled')`;
  const insertDeliveries = database
    .insert(deliveries)
    .select(rowsIf(deliveries, pending, sql`${condition} AND ${takesEvents}`))
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

/** A delivery with all its attempt needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  /** null: the event is gone. */
  readonly body: string | null;
  readonly endpoint: WebhookEndpoint | null;
}

/** How a run claims deliveries. Times are unix ms. */
export interface Lease {
  readonly claim: string;
  readonly now: number;
  /** What is due by then is claimed, */
  readonly dueBy: number;
  /** and held until then. */
  readonly until: number;
  /** Endpoints that have not answered yet what was sent to them: none of their deliveries is claimed. */
  readonly unanswered: readonly string[];
  /**
   * `fresh`: claims only deliveries that were not attempted yet, of endpoints that are not failing. A number: claims all,
   * and that is when those of unanswered endpoints that are failing are due next.
   */
  readonly of: 'fresh' | number;
}

/** What a run took on, and what it left to another: due, or put off just now. */
export interface Claimed {
  readonly claimed: readonly ClaimedDelivery[];
  readonly left: readonly Delivery[];
}

/**
 * Claims the deliveries among `ids` that are pending and due, and reads what they need, in one round trip; both lists keep
 * the order of `ids`. A delivery that another run holds, or that is not due yet, is not returned: its own message or the
 * sweep will come.
 */
export async function claimDeliveries(database: Database, ids: readonly string[], lease: Lease): Promise<Claimed> {
  const isPending = and(inArray(deliveries.id, [...ids]), eq(deliveries.status, 'pending'));
  const endpointIds = database.select({ id: deliveries.endpointId }).from(deliveries).where(isPending);
  const [, rows, endpoints] = await database.batch([
    lease.of === 'fresh'
      ? claimFreshStatement(database, ids, lease)
      : claimAllStatement(database, ids, lease, lease.of),
    database
      .select({ delivery: deliveries, body: events.body })
      .from(deliveries)
      .leftJoin(events, and(eq(events.id, deliveries.eventId), eq(deliveries.claim, lease.claim)))
      .where(isPending),
    database.select().from(webhookEndpoints).where(inArray(webhookEndpoints.id, endpointIds)),
  ]);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const inOrder = rows.toSorted((a, b) => ids.indexOf(a.delivery.id) - ids.indexOf(b.delivery.id));
  const isOurs = ({ claim }: Delivery) => claim === lease.claim;
  return {
    claimed: inOrder
      .filter(({ delivery }) => isOurs(delivery))
      .map((row) => ({ ...row, endpoint: byId.get(row.delivery.endpointId) ?? null })),
    left: inOrder.flatMap(({ delivery }) => (!isOurs(delivery) && isLeft(delivery, lease) ? [delivery] : [])),
  };
}

/** What is due and was not taken, and what was put off just now: the message goes on. One put off before has a message of its own. */
function isLeft(delivery: Delivery, { dueBy, of, unanswered, now }: Lease): boolean {
  const { endpointId, nextAttemptAt, restartedAt, createdAt } = delivery;
  if (nextAttemptAt === null) return false;
  if (nextAttemptAt <= dueBy) return true;
  const waited = Math.trunc((now - (restartedAt ?? createdAt)) / 4);
  const awaited = now + Math.max(SHORTEST_WAIT_MS, Math.min(LONGEST_WAIT_MS, waited));
  return unanswered.includes(endpointId) && (nextAttemptAt === of || nextAttemptAt === awaited);
}

function isDue(ids: readonly string[], dueBy: number) {
  return and(
    inArray(deliveries.id, [...ids]),
    eq(deliveries.status, 'pending'),
    isNotNull(deliveries.nextAttemptAt),
    lte(deliveries.nextAttemptAt, dueBy),
  );
}

/** One bound value, however many there are: a statement of D1 takes a hundred. */
function isUnanswered({ unanswered }: Lease): SQL {
  return sql`${deliveries.endpointId} IN (SELECT value FROM json_each(${JSON.stringify(unanswered)}))`;
}

function endpointOfDeliveryFails(database: Database) {
  return exists(
    database
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.id, deliveries.endpointId), isNotNull(webhookEndpoints.failingSince))),
  );
}

function claimFreshStatement(database: Database, ids: readonly string[], lease: Lease) {
  return database
    .update(deliveries)
    .set({ claim: lease.claim, nextAttemptAt: lease.until })
    .where(
      and(
        isDue(ids, lease.dueBy),
        eq(deliveries.attemptCount, deliveries.attemptsBefore),
        not(isUnanswered(lease)),
        not(endpointOfDeliveryFails(database)),
      ),
    );
}

function claimAllStatement(database: Database, ids: readonly string[], lease: Lease, putOffUntil: number) {
  const unanswered = isUnanswered(lease);
  return database
    .update(deliveries)
    .set({
      claim: sql`CASE WHEN ${unanswered} THEN NULL ELSE ${lease.claim} END`,
      nextAttemptAt: sql`CASE WHEN NOT ${unanswered} THEN ${lease.until}
        WHEN ${endpointOfDeliveryFails(database)} THEN ${putOffUntil} ELSE ${answerAwaitedUntil(lease.now)} END`,
    })
    .where(isDue(ids, lease.dueBy));
}

/** A delivery behind a request that is not answered yet is put off by a quarter of the time it has waited, within these. */
const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

function answerAwaitedUntil(now: number): SQL<number> {
  const waited = sql`(${now} - coalesce(${deliveries.restartedAt}, ${deliveries.createdAt}))`;
  return sql`${now} + max(${SHORTEST_WAIT_MS}, min(${LONGEST_WAIT_MS}, cast(${waited} / 4 AS INTEGER)))`;
}

/** Records one attempt and what became of its delivery, as statements for the batch of a whole run. */
export function attemptStatements(
  database: Database,
  delivery: Delivery,
  attempt: DeliveryAttempt,
  outcome: Pick<Delivery, 'status' | 'nextAttemptAt'>,
) {
  return [
    database
      .update(deliveries)
      .set({ ...outcome, attemptCount: attempt.number, claim: null, updatedAt: attempt.at })
      .where(and(eq(deliveries.id, delivery.id), eq(deliveries.workspaceId, delivery.workspaceId))),
    database.insert(deliveryAttempts).values(attempt).onConflictDoNothing(),
  ] as const;
}

/**
 * Ends a claimed delivery without an attempt: its endpoint is gone or takes no events, or the event is gone. Where the endpoint
 * was enabled since it was claimed, the delivery is due now instead: the sweep wakes it.
 */
export function abandonDeliveryStatement(database: Database, delivery: Delivery, now: number) {
  const canBeSent = sql`EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ${delivery.endpointId} AND status = 'enabled')
    AND EXISTS (SELECT 1 FROM events WHERE id = ${delivery.eventId})`;
  return database
    .update(deliveries)
    .set({
      status: sql`CASE WHEN ${canBeSent} THEN 'pending' ELSE 'failed' END`,
      nextAttemptAt: sql`CASE WHEN ${canBeSent} THEN ${now} END`,
      claim: null,
      updatedAt: now,
    })
    .where(
      and(
        eq(deliveries.id, delivery.id),
        eq(deliveries.workspaceId, delivery.workspaceId),
        delivery.claim === null ? undefined : eq(deliveries.claim, delivery.claim),
      ),
    );
}

/** Gives a claimed delivery back without an attempt: it is due again at `nextAttemptAt`. */
export function putOffDeliveryStatement(database: Database, delivery: Delivery, nextAttemptAt: number) {
  return database
    .update(deliveries)
    .set({ nextAttemptAt, claim: null })
    .where(and(eq(deliveries.id, delivery.id), eq(deliveries.workspaceId, delivery.workspaceId)));
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
