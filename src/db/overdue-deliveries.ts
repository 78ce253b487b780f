import { and, asc, eq, inArray, isNotNull, lte, or } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from './client.ts';
import type { Delivery } from './outbox.ts';
import { deliveries, webhookEndpoints } from './schema.ts';

/** An overdue delivery, and whose turn it is to be queued. */
export type OverdueDelivery = Pick<Delivery, 'id' | 'endpointId'>;

/**
 * Pending deliveries of all workspaces that were due by `dueBy` (unix ms), or whose claim has ended by `now` because their
 * run was lost: at most `limit` of them, the most overdue first. Reads only the deliveries that it returns, and those due
 * since `dueBy`.
 */
export async function listOverdueDeliveries(
  database: Database,
  { now, dueBy, limit }: { readonly now: number; readonly dueBy: number; readonly limit: number },
): Promise<OverdueDelivery[]> {
  const { id, endpointId, nextAttemptAt, claim } = deliveries;
  return await database
    .select({ id, endpointId })
    .from(deliveries)
    .where(and(isNotNull(nextAttemptAt), lte(nextAttemptAt, now), or(lte(nextAttemptAt, dueBy), isNotNull(claim))))
    .orderBy(asc(nextAttemptAt))
    .limit(limit);
}

/**
 * Of each endpoint of all workspaces, those of its `limit` oldest pending deliveries that were due by `dueBy` (unix ms).
 * Reads one row for each endpoint, and two or three for each of these deliveries.
 */
export async function listOverdueOfEach(
  database: Database,
  { dueBy, limit }: { readonly dueBy: number; readonly limit: number },
): Promise<OverdueDelivery[]> {
  const { id, endpointId, nextAttemptAt } = deliveries;
  const pending = alias(deliveries, 'pending');
  const oldest = database
    .select({ id: pending.id })
    .from(pending)
    .where(and(eq(pending.endpointId, webhookEndpoints.id), eq(pending.status, 'pending')))
    .orderBy(asc(pending.createdAt), asc(pending.id))
    .limit(limit);
  return await database
    .select({ id, endpointId })
    .from(webhookEndpoints)
    // A cross join, so that SQLite goes through the endpoints, not through all deliveries.
    .crossJoin(deliveries)
    .where(and(inArray(id, oldest), lte(nextAttemptAt, dueBy)))
    .orderBy(asc(endpointId), asc(nextAttemptAt));
}
