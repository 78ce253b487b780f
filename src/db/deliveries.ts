import { and, desc, eq, getTableColumns, isNull, lt, notExists, or, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { withAnswers } from './delivery-attempts.ts';
import { isInRange } from './event-lists.ts';
import { type Delivery, deliveryColumns, isDelivery, isSubscribedTo } from './outbox.ts';
import { DELIVERY_STATUSES, type DeliveryAttempt, deliveries, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** A page leaves out the answers to a delivery where the attempts of the deliveries before it have this many bytes (as JSON). */
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
  const isTheirs = and(eq(deliveries.workspaceId, workspaceId), eq(deliveries.endpointId, endpointId));
  const rows = pageRows(database, isTheirs, filter, page);
  const { bytes: _, ...columns } = rows._.selectedFields;
  const [endpoints, listed] = await database.batch([
    database
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.workspaceId, workspaceId))),
    database
      .select({ ...columns, eventType: events.type, attempts: shownAttempts(database, rows) })
      .from(rows)
      .leftJoin(events, eq(events.id, rows.eventId))
      .orderBy(desc(rows.createdAt), desc(rows.id)),
  ]);
  return endpoints.length === 0 ? null : pageOf(listed, page.limit, timeCursor);
}

/** The rows of a page, without their attempts. Those of each status are read from the index in order, as many as are needed. */
function pageRows(database: Database, isTheirs: SQL | undefined, filter: DeliveryFilter, page: TimePageRequest) {
  const { createdAt, id, status, attempts } = deliveries;
  const withStatus = (wanted: Delivery['status']) =>
    database
      .select({ ...deliveryColumns, bytes: sql<number>`octet_length(${attempts})`.as('bytes') })
      .from(deliveries)
      .where(and(isTheirs, eq(status, wanted), isInRange(deliveries, filter, page.before)));
  const [first, ...others] = filter.status === null ? DELIVERY_STATUSES : ([filter.status] as const);
  return others
    .reduce((rows, other) => rows.unionAll(withStatus(other)), withStatus(first).$dynamic())
    .orderBy(desc(createdAt), desc(id))
    .limit(page.limit + 1)
    .offset(page.offset)
    .as('page_rows');
}

/**
 * SQL for the attempts of a page's row, without the answers where the attempts of the rows before it are too long. They are
 * read by the row's id: if they were columns of the page, SQLite would hold those of all its rows in memory.
 */
function shownAttempts(database: Database, { id, createdAt, bytes }: ReturnType<typeof pageRows>) {
  const stored = database.select({ attempts: deliveries.attempts }).from(deliveries).where(eq(deliveries.id, id));
  const bytesBefore = sql`coalesce(sum(${bytes}) OVER (ORDER BY ${createdAt} DESC, ${id} DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)`;
  return sql<AttemptView[]>`CASE WHEN ${bytesBefore} < ${PAGE_ANSWER_BYTES} THEN ${stored}
    ELSE ${withAnswers(stored, sql`NULL`)} END`.mapWith(deliveries.attempts);
}

/** A delivery with what it delivers, and to whom. */
export interface FoundDelivery {
  readonly delivery: DeliveryView;
  /** The exact text that is sent. null: the event is deleted. */
  readonly body: string | null;
  /** null: the endpoint is deleted. */
  readonly endpoint: WebhookEndpoint | null;
}

/** A delivery of this workspace with its event and endpoint, in one round trip. null: no such delivery. */
export async function findDelivery(database: Database, workspaceId: string, id: string): Promise<FoundDelivery | null> {
  const isIt = isDelivery({ id, workspaceId });
  const [[found], [endpoint]] = await database.batch([
    database
      .select({ ...getTableColumns(deliveries), eventType: events.type, body: events.body })
      .from(deliveries)
      .leftJoin(events, eq(events.id, deliveries.eventId))
      .where(isIt),
    database
      .select(getTableColumns(webhookEndpoints))
      .from(webhookEndpoints)
      .innerJoin(deliveries, eq(deliveries.endpointId, webhookEndpoints.id))
      .where(and(isIt, eq(webhookEndpoints.workspaceId, workspaceId))),
  ]);
  if (!found) return null;
  const { body, ...delivery } = found;
  return { delivery, body, endpoint: endpoint ?? null };
}

/**
 * The columns to set when a delivery is sent again: it is due at `dueAt` (unix ms), with the full number of retries. A
 * delivery that is being attempted now keeps its claim; if that attempt fails, `attemptStatement` makes the delivery
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
 * Makes a delivery due now, with the full number of retries, and returns its row. Where its endpoint does not
 * name the event's type now, the delivery is sent all the same. null: the delivery is deleted, or it was made due again
 * since `unlessSince` (unix ms); nothing is changed.
 */
export async function restartDelivery(
  database: Database,
  delivery: Pick<Delivery, 'id' | 'workspaceId'>,
  audit: AuditEntry,
  unlessSince?: number,
): Promise<Delivery | null> {
  const { restartedAt } = deliveries;
  const isWanted = unlessSince === undefined ? undefined : or(isNull(restartedAt), lt(restartedAt, unlessSince));
  const subscribed = database
    .select({ id: events.id })
    .from(events)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, deliveries.endpointId))
    .where(and(eq(events.id, deliveries.eventId), isSubscribedTo(events.type)));
  const [[row]] = await database.batch([
    database
      .update(deliveries)
      .set({ ...restarted(audit.at, audit.at), outsideSubscription: notExists(subscribed) })
      .where(and(isDelivery(delivery), isWanted))
      .returning(deliveryColumns),
    auditIfChangedStatement(database, audit),
  ]);
  return row ?? null;
}
