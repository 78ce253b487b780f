import { and, eq, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { webhookEndpoints } from './schema.ts';

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;

/** The workspace's endpoints that take events, as a statement for the batch that reads what an event needs. */
export function enabledEndpointsStatement(database: Database, workspaceId: string) {
  return database
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.workspaceId, workspaceId), eq(webhookEndpoints.status, 'enabled')));
}

/** True where the endpoint asked for events of this type. */
export function isSubscribed(endpoint: WebhookEndpoint, type: string): boolean {
  return endpoint.events.includes('*') || endpoint.events.includes(type);
}

export async function insertWebhookEndpoint(
  database: Database,
  endpoint: WebhookEndpoint,
  audit: AuditEntry,
): Promise<void> {
  await database.batch([database.insert(webhookEndpoints).values(endpoint), auditStatement(database, audit)]);
}

/** Notes how an endpoint answered. `failingSince` keeps the first failure of a row of failures; a success clears it. */
export function noteEndpointHealthStatement(
  database: Database,
  endpoint: Pick<WebhookEndpoint, 'id' | 'workspaceId'>,
  health: { readonly failingSince: number | null },
) {
  return database
    .update(webhookEndpoints)
    .set({
      failingSince:
        health.failingSince === null ? null : sql`coalesce(${webhookEndpoints.failingSince}, ${health.failingSince})`,
    })
    .where(and(eq(webhookEndpoints.id, endpoint.id), eq(webhookEndpoints.workspaceId, endpoint.workspaceId)));
}

/** Takes an endpoint out of service, with the reason its owner will read. */
export function disableEndpointStatement(
  database: Database,
  endpoint: Pick<WebhookEndpoint, 'id' | 'workspaceId'>,
  reason: string,
  now: number,
) {
  return database
    .update(webhookEndpoints)
    .set({ status: 'disabled', disabledReason: reason, updatedAt: now })
    .where(
      and(
        eq(webhookEndpoints.id, endpoint.id),
        eq(webhookEndpoints.workspaceId, endpoint.workspaceId),
        eq(webhookEndpoints.status, 'enabled'),
      ),
    );
}
