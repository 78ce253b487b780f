import { and, desc, eq, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { webhookEndpoints } from './schema.ts';

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;

/** One endpoint of a workspace, as a statement for a batch: no row for an unknown one and for another workspace's. */
export function endpointStatement(database: Database, endpoint: EndpointKey) {
  return database.select().from(webhookEndpoints).where(isEndpoint(endpoint)).limit(1);
}

/** An endpoint of this workspace by its id, or null: the same for an unknown one and for another workspace's. */
export async function findWebhookEndpoint(
  database: Database,
  workspaceId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const [row] = await endpointStatement(database, { id, workspaceId });
  return row ?? null;
}

/** The workspace's endpoints, newest first. `before`: the place that a cursor goes on from. */
export async function listWebhookEndpoints(
  database: Database,
  workspaceId: string,
  { before, offset, limit }: TimePageRequest,
): Promise<Page<WebhookEndpoint>> {
  const { createdAt, id } = webhookEndpoints;
  const isBehind = before
    ? or(lt(createdAt, before.createdAt), and(eq(createdAt, before.createdAt), lt(id, before.id)))
    : undefined;
  const rows = await database
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.workspaceId, workspaceId), isBehind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1)
    .offset(offset);
  return pageOf(rows, limit, timeCursor);
}

/** Names one endpoint of one workspace. */
export type EndpointKey = Pick<WebhookEndpoint, 'id' | 'workspaceId'>;

/** True of the row of this endpoint, and of none where it belongs to another workspace. */
export function isEndpoint(endpoint: EndpointKey) {
  return and(eq(webhookEndpoints.id, endpoint.id), eq(webhookEndpoints.workspaceId, endpoint.workspaceId));
}

/** An endpoint with the URL that was asked: what that answered says nothing of another one that it has by now. */
type AskedEndpoint = EndpointKey & Pick<WebhookEndpoint, 'url'>;

function isAsked(endpoint: AskedEndpoint) {
  return and(isEndpoint(endpoint), eq(webhookEndpoints.url, endpoint.url));
}

/** Ends a row of failures. Writes nothing where there was none, or where the endpoint is disabled: enabling it goes back to them. */
export function noteEndpointSuccessStatement(database: Database, endpoint: AskedEndpoint) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: null })
    .where(and(isAsked(endpoint), eq(webhookEndpoints.status, 'enabled'), isNotNull(webhookEndpoints.failingSince)));
}

/** Begins a row of failures at `at`. Writes nothing where one has begun already. */
export function noteEndpointFailureStatement(database: Database, endpoint: AskedEndpoint, at: number) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: at })
    .where(and(isAsked(endpoint), isNull(webhookEndpoints.failingSince)));
}

/**
 * Takes an endpoint out of service, with the reason its owner will read, and the audit entry of that, whose
 * time is that of the disabling. `ifFailingSince`: only where every attempt since then (unix ms), or longer, has failed.
 */
export function disableEndpointStatements(
  database: Database,
  endpoint: AskedEndpoint,
  disabling: { readonly reason: string; readonly ifFailingSince: number | null },
  audit: AuditEntry,
) {
  const { reason, ifFailingSince } = disabling;
  const { at } = audit;
  return [
    database
      .update(webhookEndpoints)
      .set({ status: 'disabled', disabledReason: reason, disabledAt: firstDisabledAt(at), updatedAt: at })
      .where(
        and(
          isAsked(endpoint),
          eq(webhookEndpoints.status, 'enabled'),
          ifFailingSince === null ? undefined : lte(webhookEndpoints.failingSince, ifFailingSince),
        ),
      ),
    auditIfChangedStatement(database, audit),
  ] as const;
}

/** Disabled at `at` (unix ms), or earlier where events that were missed before are not queued yet. */
export function firstDisabledAt(at: number): SQL {
  return sql`coalesce(${webhookEndpoints.disabledAt}, ${at})`;
}
