import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type Delivery, isDeliveryOf } from './outbox.ts';
import { deliveries, webhookEndpoints } from './schema.ts';

/** How many deliveries of an event are read: more than a workspace has endpoints, also with some that are deleted. */
const MOST = 100;

/** A delivery of an event, without its attempts. `endpointUrl` null: the endpoint is deleted. */
export type DeliveryOfEvent = Pick<Delivery, 'id' | 'status' | 'attemptCount'> & {
  readonly endpointUrl: string | null;
};

/** The deliveries of an event of this workspace. Reads only these, by a range of the primary key. */
export async function listDeliveriesOfEvent(
  database: Database,
  workspaceId: string,
  eventId: string,
): Promise<DeliveryOfEvent[]> {
  const { id, status, attemptCount, endpointId } = deliveries;
  return await database
    .select({ id, status, attemptCount, endpointUrl: webhookEndpoints.url })
    .from(deliveries)
    .leftJoin(webhookEndpoints, and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.workspaceId, workspaceId)))
    .where(and(isDeliveryOf(id, sql`${eventId}`), eq(deliveries.workspaceId, workspaceId)))
    .orderBy(asc(id))
    .limit(MOST);
}
