import { and, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { isInRange } from './event-lists.ts';
import { insertIf } from './insert-if.ts';
import { webhookEndpoints } from './schema.ts';

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;

/** Names an endpoint and its workspace. */
export type EndpointKey = Pick<WebhookEndpoint, 'id' | 'workspaceId'>;

/** True in SQL for the row of this endpoint, if it belongs to this workspace. */
function isEndpoint(endpoint: EndpointKey) {
  return and(eq(webhookEndpoints.id, endpoint.id), eq(webhookEndpoints.workspaceId, endpoint.workspaceId));
}

/** A statement that selects an endpoint of this workspace. It returns no row where the workspace has no such endpoint. */
export function endpointStatement(database: Database, endpoint: EndpointKey) {
  return database.select().from(webhookEndpoints).where(isEndpoint(endpoint)).limit(1);
}

/** An endpoint of this workspace by its id. null: no such endpoint, or an endpoint of another workspace. */
export async function findWebhookEndpoint(
  database: Database,
  workspaceId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const [row] = await endpointStatement(database, { id, workspaceId });
  return row ?? null;
}

const ALWAYS: TimeRange = { after: null, before: null };

/** A page of the workspace's endpoints, newest first. */
export async function listWebhookEndpoints(
  database: Database,
  workspaceId: string,
  { before, offset, limit }: TimePageRequest,
): Promise<Page<WebhookEndpoint>> {
  const { createdAt, id } = webhookEndpoints;
  const rows = await database
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.workspaceId, workspaceId), isInRange(webhookEndpoints, ALWAYS, before)))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1)
    .offset(offset);
  return pageOf(rows, limit, timeCursor);
}

/**
 * Writes a new endpoint with its audit entry, and returns the endpoint's row. Where a row has its id already, writes
 * nothing and returns that row. Where the workspace has `limit` other endpoints, writes nothing and returns null. The
 * insert itself counts them, so that many requests at once cannot exceed the limit.
 */
export async function insertWebhookEndpoint(
  database: Database,
  endpoint: WebhookEndpoint,
  limit: number,
  audit: AuditEntry,
): Promise<WebhookEndpoint | null> {
  const count = sql`(SELECT count(*) FROM webhook_endpoints WHERE workspace_id = ${endpoint.workspaceId})`;
  const [, , [written]] = await database.batch([
    insertIf(database, webhookEndpoints, endpoint, sql`${count} < ${limit}`).onConflictDoNothing(),
    auditIfChangedStatement(database, audit),
    endpointStatement(database, endpoint),
  ]);
  return written ?? null;
}

/** What the owner of an endpoint may change. */
type EndpointContent = Pick<
  WebhookEndpoint,
  'url' | 'events' | 'description' | 'metadata' | 'status' | 'disabledReason' | 'disabledAt'
>;

/**
 * Changes these columns of an endpoint and returns its row. null: the endpoint is deleted. With a new URL an enabled
 * endpoint no longer counts as failing. A disabled one keeps the time since when it failed, which is needed to enable
 * it.
 */
export async function updateWebhookEndpoint(
  database: Database,
  endpoint: EndpointKey,
  changes: Partial<EndpointContent> & Pick<WebhookEndpoint, 'updatedAt'>,
  audit: AuditEntry,
): Promise<WebhookEndpoint | null> {
  const failingSince = sql`CASE WHEN ${webhookEndpoints.status} = 'disabled' THEN ${webhookEndpoints.failingSince} END`;
  const [[updated]] = await database.batch([
    database
      .update(webhookEndpoints)
      .set({
        ...changes,
        ...(changes.url === undefined ? {} : { failingSince }),
      })
      .where(isEndpoint(endpoint))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return updated ?? null;
}

/** A new secret of an endpoint, encrypted. `previousValidUntil`: until when (unix ms) the replaced secret also signs. */
interface SecretRotation {
  readonly sealedSecret: string;
  readonly previousValidUntil: number;
  readonly operationId: string;
  readonly at: number;
}

/**
 * Replaces the secret of `read`, an endpoint read before. null: it was deleted, or its secret was rotated meanwhile. A
 * secret that was only sealed again meanwhile is still the same secret.
 */
export async function rotateEndpointSecret(
  database: Database,
  read: WebhookEndpoint,
  rotation: SecretRotation,
  audit: AuditEntry,
): Promise<WebhookEndpoint | null> {
  const [[rotated]] = await database.batch([
    database
      .update(webhookEndpoints)
      .set({
        sealedSecret: rotation.sealedSecret,
        sealedPreviousSecret: webhookEndpoints.sealedSecret,
        previousSecretValidUntil: rotation.previousValidUntil,
        secretOperationId: rotation.operationId,
        updatedAt: rotation.at,
      })
      .where(and(isEndpoint(read), sql`${webhookEndpoints.secretOperationId} IS ${read.secretOperationId}`))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return rotated ?? null;
}

/** Statements that enable a disabled endpoint and write the audit entry; an enabled endpoint stays as it is. */
export function enableEndpointStatements(database: Database, endpoint: EndpointKey, audit: AuditEntry) {
  return [
    database
      .update(webhookEndpoints)
      .set({ status: 'enabled', disabledReason: null, disabledAt: null, failingSince: null, updatedAt: audit.at })
      .where(and(isEndpoint(endpoint), eq(webhookEndpoints.status, 'disabled'))),
    auditIfChangedStatement(database, audit),
  ] as const;
}

/** Deletes an endpoint; each pending delivery to it fails once it is due. False: this workspace has no such endpoint. */
export async function deleteWebhookEndpoint(
  database: Database,
  endpoint: EndpointKey,
  audit: AuditEntry,
): Promise<boolean> {
  const [deleted] = await database.batch([
    database.delete(webhookEndpoints).where(isEndpoint(endpoint)),
    auditIfChangedStatement(database, audit),
  ]);
  return deleted.meta.changes > 0;
}

/** An endpoint and the URL that was called: if the endpoint has another URL by now, the call says nothing about it. */
type CalledEndpoint = EndpointKey & Pick<WebhookEndpoint, 'url'>;

function isCalled(endpoint: CalledEndpoint) {
  return and(isEndpoint(endpoint), eq(webhookEndpoints.url, endpoint.url));
}

/** Records that an enabled endpoint no longer fails. A disabled one keeps the time since when it failed, to enable it later. */
export function endpointSucceedsStatement(database: Database, endpoint: CalledEndpoint) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: null })
    .where(and(isCalled(endpoint), eq(webhookEndpoints.status, 'enabled'), isNotNull(webhookEndpoints.failingSince)));
}

/** Records that an endpoint has failed since `at` (unix ms). Writes nothing where it was failing before. */
export function endpointFailsStatement(database: Database, endpoint: CalledEndpoint, at: number) {
  return database
    .update(webhookEndpoints)
    .set({ failingSince: at })
    .where(and(isCalled(endpoint), isNull(webhookEndpoints.failingSince)));
}

/**
 * Statements that disable an endpoint at `audit.at` and write the audit entry. `reason`: what the endpoint's owner
 * reads. `ifFailingSince`: only if every attempt since this time (unix ms) has failed; null: in any case.
 */
export function disableEndpointStatements(
  database: Database,
  endpoint: CalledEndpoint,
  disabling: { readonly reason: string; readonly ifFailingSince: number | null },
  audit: AuditEntry,
) {
  const { reason, ifFailingSince } = disabling;
  const { at } = audit;
  return [
    database
      .update(webhookEndpoints)
      .set({ status: 'disabled', disabledReason: reason, disabledAt: at, updatedAt: at })
      .where(
        and(
          isCalled(endpoint),
          eq(webhookEndpoints.status, 'enabled'),
          ifFailingSince === null ? undefined : lte(webhookEndpoints.failingSince, ifFailingSince),
        ),
      ),
    auditIfChangedStatement(database, audit),
  ] as const;
}
