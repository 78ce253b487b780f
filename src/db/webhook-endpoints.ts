import { and, eq, isNotNull, isNull, lte } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
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

type EndpointKey = Pick<WebhookEndpoint, 'id' | 'workspaceId'>;

function isEndpoint(endpoint: EndpointKey) {
  return and(eq(webhookEndpoints.id, endpoint.id), eq(webhookEndpoints.workspaceId, endpoint.workspaceId));
}

/** Ends a row of failures. Writes nothing where there was none. */
export function noteEndpointSuccessStatement(database: Database, endpoint: EndpointKey) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: null })
    .where(and(isEndpoint(endpoint), isNotNull(webhookEndpoints.failingSince)));
}

/** Begins a row of failures at `at`. Writes nothing where one has begun already. */
export function noteEndpointFailureStatement(database: Database, endpoint: EndpointKey, at: number) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: at })
    .where(and(isEndpoint(endpoint), isNull(webhookEndpoints.failingSince)));
}

/**
 * Takes an endpoint out of service, with the reason its owner will read, and the audit entry of that. `ifFailingSince`:
 * only where every attempt since then, or longer, has failed.
 */
export function disableEndpointStatements(
  database: Database,
  endpoint: EndpointKey,
  disabling: { readonly reason: string; readonly at: number; readonly ifFailingSince?: number },
) {
  const { reason, at, ifFailingSince } = disabling;
  return [
    database
      .update(webhookEndpoints)
      .set({ status: 'disabled', disabledReason: reason, updatedAt: at })
      .where(
        and(
          isEndpoint(endpoint),
          eq(webhookEndpoints.status, 'enabled'),
          ifFailingSince === undefined ? undefined : lte(webhookEndpoints.failingSince, ifFailingSince),
        ),
      ),
    auditIfChangedStatement(database, {
      workspaceId: endpoint.workspaceId,
      at,
      actor: 'system',
      action: 'webhook_endpoint.disable',
      object: endpoint.id,
      requestId: null,
    }),
  ] as const;
}

/** The workspace's endpoints that take events. */
export async function listEnabledEndpoints(database: Database, workspaceId: string): Promise<WebhookEndpoint[]> {
  return await enabledEndpointsStatement(database, workspaceId);
}
