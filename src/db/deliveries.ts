import { and, asc, desc, eq, getTableColumns, gt, notExists, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import type { DeliveryAttempt } from './delivery-runs.ts';
import { isInRange } from './event-lists.ts';
import { type Delivery, isDelivery, isSubscribedTo } from './outbox.ts';
import { deliveries, deliveryAttempts, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** How many attempts of a delivery are shown, the latest ones: twice the ten that it has at most until it is sent again. */
const SHOWN_ATTEMPTS = 20;

/** A page leaves out the answers to a delivery where those to the deliveries before it have this many bytes (as JSON). */
const PAGE_ANSWER_BYTES = 512 * 1024;

/** An attempt as it is shown. `responseBody` null: left out, because the answers of the page are too long. */
export type AttemptView = Omit<DeliveryAttempt, 'responseBody'> & { readonly responseBody: string | null };

/** A delivery as its merchant sees it. */
export interface DeliveryView extends Delivery {
  /** null: the event is deleted. */
  readonly eventType: string | null;
  /** The latest 20, oldest first. */
  readonly attempts: readonly AttemptView[];
}

/** A filter for the deliveries of an endpoint. A member that is null lets every delivery pass. */
export interface DeliveryFilter extends TimeRange {
  readonly status: Delivery['status'] | null;
}

/** A page of an endpoint's deliveries, newest first, in one round trip. null: this workspace has no such endpoint. */
export async function listDeliveries(
  database: Database,
  workspaceId: string,
  endpointId: string,
  filter: DeliveryFilter,
  page: TimePageRequest,
): Promise<Page<DeliveryView> | null> {
  const isWanted = and(
    isOfEndpoint(endpointId, filter),
    eq(deliveries.workspaceId, workspaceId),
    hasStatus(filter),
    isInRange(deliveries, filter, page.before),
  );
  const rows = pageRows(database, isWanted, page).as('page_rows');
  const sized = sizedRows(database, pageRows(database, isWanted, page).as('unsized_rows'));
  const isComplete = sql`${sized.bytesBefore} < ${PAGE_ANSWER_BYTES}`;
  const [endpoints, listed, attempts] = await database.batch([
    database
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.workspaceId, workspaceId))),
    selectDeliveries(database)
      .innerJoin(rows, eq(rows.id, deliveries.id))
      .orderBy(desc(deliveries.createdAt), desc(deliveries.id)),
    database
      .select({
        ...getTableColumns(deliveryAttempts),
        responseBody: sql<string | null>`CASE WHEN ${isComplete} THEN ${deliveryAttempts.responseBody} END`,
      })
      .from(sized)
      .innerJoin(deliveries, eq(deliveries.id, sized.id))
      .innerJoin(deliveryAttempts, eq(deliveryAttempts.deliveryId, sized.id))
      .where(isShown())
      .orderBy(asc(deliveryAttempts.number)),
  ]);
  return endpoints.length === 0 ? null : pageOf(toViews(listed, attempts), page.limit, timeCursor);
}

/** SQLite uses the index `deliveries_failed` only where a query repeats its condition literally. */
function hasStatus({ status }: DeliveryFilter): SQL | undefined {
  if (status === 'failed') return sql`${deliveries.status} = 'failed'`;
  return status === null ? undefined : eq(deliveries.status, status);
}

/**
 * True in SQL for the deliveries of an endpoint. Pending ones, which have a time of their next attempt, are found among those
 * of all endpoints: an index of their own would cost each delivery one more row written. With the "+" SQLite uses
 * `deliveries_due`.
 */
function isOfEndpoint(endpointId: string, { status }: DeliveryFilter): SQL | undefined {
  return status === 'pending'
    ? sql`${deliveries.nextAttemptAt} >= 0 AND +${deliveries.endpointId} = ${endpointId}`
    : eq(deliveries.endpointId, endpointId);
}

function pageRows(database: Database, isWanted: SQL | undefined, page: TimePageRequest) {
  const { id, createdAt, attemptCount } = deliveries;
  return database
    .select({ id, createdAt, attemptCount })
    .from(deliveries)
    .where(isWanted)
    .orderBy(desc(createdAt), desc(id))
    .limit(page.limit + 1)
    .offset(page.offset);
}

type PageRows = ReturnType<ReturnType<typeof pageRows>['as']>;

/** The rows of a page, each with the number of bytes that the answers of the rows before it have. */
function sizedRows(database: Database, rows: PageRows) {
  const bytes = sql`(SELECT coalesce(sum(length(CAST(json_quote(shown.response_body) AS BLOB))), 0)
    FROM delivery_attempts AS shown
    WHERE shown.delivery_id = ${rows.id} AND shown.number > ${rows.attemptCount} - ${SHOWN_ATTEMPTS})`;
  const before = sql<number>`coalesce(sum(${bytes}) OVER (ORDER BY ${rows.createdAt} DESC, ${rows.id} DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)`;
  return database
    .select({ id: rows.id, bytesBefore: before.as('bytes_before') })
    .from(rows)
    .as('sized_rows');
}

/** A delivery of this workspace with its endpoint, in one round trip. null: no such delivery, or its endpoint is deleted. */
export async function findDelivery(
  database: Database,
  workspaceId: string,
  id: string,
): Promise<{ readonly delivery: DeliveryView; readonly endpoint: WebhookEndpoint } | null> {
  const isIt = isDelivery({ id, workspaceId });
  const [found, attempts, endpoints] = await database.batch([
    selectDeliveries(database).where(isIt),
    selectAttempts(database).where(and(isIt, isShown())).orderBy(asc(deliveryAttempts.number)),
    database
      .select(getTableColumns(webhookEndpoints))
      .from(webhookEndpoints)
      .innerJoin(deliveries, eq(deliveries.endpointId, webhookEndpoints.id))
      .where(and(isIt, eq(webhookEndpoints.workspaceId, workspaceId))),
  ]);
  const [delivery] = toViews(found, attempts);
  const [endpoint] = endpoints;
  return delivery && endpoint ? { delivery, endpoint } : null;
}

function selectDeliveries(database: Database) {
  return database
    .select({ delivery: deliveries, eventType: events.type })
    .from(deliveries)
    .leftJoin(events, eq(events.id, deliveries.eventId));
}

function selectAttempts(database: Database) {
  return database
    .select(getTableColumns(deliveryAttempts))
    .from(deliveryAttempts)
    .innerJoin(deliveries, eq(deliveries.id, deliveryAttempts.deliveryId));
}

function isShown() {
  return gt(deliveryAttempts.number, sql`${deliveries.attemptCount} - ${SHOWN_ATTEMPTS}`);
}

function toViews(
  rows: readonly { readonly delivery: Delivery; readonly eventType: string | null }[],
  attempts: readonly AttemptView[],
): DeliveryView[] {
  const byDelivery = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  return rows.map(({ delivery, eventType }) => ({
    ...delivery,
    eventType,
    attempts: byDelivery.get(delivery.id) ?? [],
  }));
}

/**
 * The columns to set when a delivery is sent again: it is due at `dueAt` (unix ms), with the full number of retries. A
 * delivery that is being attempted now keeps its claim; if that attempt fails, `attemptStatements` makes the delivery
 * due again.
 */
export function restarted(now: number, dueAt: SQL | number) {
  const { attemptCount, attemptsBefore, claim, nextAttemptAt, status } = deliveries;
  const isHeld = sql`(${claim} IS NOT NULL AND ${status} = 'pending' AND ${nextAttemptAt} > ${now})`;
  return {
    status: 'pending' as const,
    failureReason: null,
    outsideSubscription: false,
    nextAttemptAt: sql`CASE WHEN ${isHeld} THEN ${nextAttemptAt} ELSE ${dueAt} END`,
    claim: sql`CASE WHEN ${isHeld} THEN ${claim} END`,
    attemptsBefore: sql`CASE WHEN ${isHeld} THEN ${attemptsBefore} ELSE ${attemptCount} END`,
    restartedAt: now,
    updatedAt: now,
  };
}

/**
 * Makes a delivery due now, with the full number of retries, and returns its row. null: the delivery is deleted. Where its
 * endpoint does not name the event's type now, the delivery is sent all the same.
 */
export async function restartDelivery(
  database: Database,
  delivery: Pick<Delivery, 'id' | 'workspaceId'>,
  audit: AuditEntry,
): Promise<Delivery | null> {
  const subscribed = database
    .select({ id: events.id })
    .from(events)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, deliveries.endpointId))
    .where(and(eq(events.id, deliveries.eventId), isSubscribedTo(events.type)));
  const [[row]] = await database.batch([
    database
      .update(deliveries)
      .set({ ...restarted(audit.at, audit.at), outsideSubscription: notExists(subscribed) })
      .where(isDelivery(delivery))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return row ?? null;
}
