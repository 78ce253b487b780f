import { desc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import type { Delivery } from './outbox.ts';
import { webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** A webhook endpoint without its secrets, and when (unix ms) events happened that were sent to it. */
export interface EndpointUse extends Omit<WebhookEndpoint, 'sealedSecret' | 'sealedPreviousSecret'> {
  /** The latest event that it has answered with 2xx. null: none. */
  readonly lastSucceededAt: number | null;
  /** The latest event whose delivery was given up. null: none. */
  readonly lastFailedAt: number | null;
  /** The oldest event that waits for an attempt. null: none waits. */
  readonly oldestPendingAt: number | null;
}

/** The workspace's endpoints, newest first. Reads one entry of an index for each time, however many deliveries there are. */
export async function listEndpointUses(database: Database, workspaceId: string): Promise<EndpointUse[]> {
  const { sealedSecret: _, sealedPreviousSecret: __, ...shown } = getTableColumns(webhookEndpoints);
  return await database
    .select({
      ...shown,
      lastSucceededAt: timeOfDelivery('succeeded', 'DESC'),
      lastFailedAt: timeOfDelivery('failed', 'DESC'),
      oldestPendingAt: timeOfDelivery('pending', 'ASC'),
    })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.workspaceId, workspaceId))
    .orderBy(desc(webhookEndpoints.createdAt), desc(webhookEndpoints.id));
}

/** SQL for the time of the latest (`DESC`) or oldest delivery of this status, in a query over the endpoints. */
function timeOfDelivery(status: Delivery['status'], order: 'ASC' | 'DESC') {
  const direction = sql.raw(order);
  return sql<number | null>`(SELECT delivery.created_at FROM deliveries AS delivery INDEXED BY deliveries_status
    WHERE delivery.endpoint_id = webhook_endpoints.id AND delivery.status = ${status}
    ORDER BY delivery.created_at ${direction}, delivery.id ${direction} LIMIT 1)`;
}
