import { and, asc, desc, eq, getTableColumns, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { TimePageRequest } from '../core/time-paging.ts';
import type { TimeRange } from '../core/time-range.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { isInRange } from './event-lists.ts';
import type { Delivery, DeliveryAttempt } from './events.ts';
import { deliveries, deliveryAttempts, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** Two ladders: of a delivery that was sent anew again and again, the latest attempts are shown. */
const SHOWN_ATTEMPTS = 20;

/** A delivery as its merchant sees it. */
export interface DeliveryView extends Delivery {
  /** null: the event is no longer kept. */
  readonly eventType: string | null;
  /** The latest 20, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

/** Which deliveries of an endpoint; null leaves a filter out. */
export interface DeliveryFilter extends TimeRange {
  readonly status: Delivery['status'] | null;
}

/** The endpoint's deliveries, newest first, in one round trip; null where this workspace has no such endpoint. */
export async function listDeliveries(
  database: Database,
  workspaceId: string,
  endpointId: string,
  filter: DeliveryFilter,
  page: TimePageRequest,
): Promise<DeliveryView[] | null> {
  const rows = database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.endpointId, endpointId),
        eq(deliveries.workspaceId, workspaceId),
        filter.status === null ? undefined : eq(deliveries.status, filter.status),
        isInRange(deliveries, filter, page.before),
      ),
    )
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(page.limit)
    .offset(page.offset);
  const [endpoints, listed, attempts] = await database.batch([
    database
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.workspaceId, workspaceId))),
    selectDeliveries(database)
      .where(inArray(deliveries.id, rows))
      .orderBy(desc(deliveries.createdAt), desc(deliveries.id)),
    selectAttempts(database)
      .where(and(inArray(deliveries.id, rows), isShown()))
      .orderBy(asc(deliveryAttempts.number)),
  ]);
  if (endpoints.length === 0) return null;
  return toViews(listed, attempts);
}

/** A delivery of this workspace with its endpoint, in one round trip. null: no such delivery, or its endpoint is gone. */
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

/**
 * Makes a delivery due now, with all its retries before it again, and answers its row. One that is being attempted is left
 * as it is. null where it is gone.
 */
export async function restartDelivery(
  database: Database,
  delivery: Pick<Delivery, 'id' | 'workspaceId'>,
  audit: AuditEntry,
): Promise<Delivery | null> {
  const { at: now } = audit;
  const [, , [row]] = await database.batch([
    database
      .update(deliveries)
      .set({
        status: 'pending',
        nextAttemptAt: now,
        claim: null,
        updatedAt: now,
        restartedAt: now,
        attemptsBefore: sql`${deliveries.attemptCount}`,
      })
      .where(
        and(
          isDelivery(delivery),
          or(isNull(deliveries.claim), isNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, now)),
        ),
      ),
    auditIfChangedStatement(database, audit),
    database.select().from(deliveries).where(isDelivery(delivery)),
  ]);
  return row ?? null;
}

function isDelivery({ id, workspaceId }: Pick<Delivery, 'id' | 'workspaceId'>) {
  return and(eq(deliveries.id, id), eq(deliveries.workspaceId, workspaceId));
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
  attempts: readonly DeliveryAttempt[],
): DeliveryView[] {
  const byDelivery = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  return rows.map(({ delivery, eventType }) => ({
    ...delivery,
    eventType,
    attempts: byDelivery.get(delivery.id) ?? [],
  }));
}
