import { and, asc, desc, eq, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { isInRange } from './event-lists.ts';
import { insertIf } from './insert-if.ts';
import { deliveries, webhookEndpoints } from './schema.ts';

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

const ALWAYS: TimeRange = { after: null, before: null };

/** The workspace's endpoints, newest first. `before`: the place that a cursor goes on from. */
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

/**
 * Writes a new endpoint and answers its row, or the row that already has its id. null, and nothing is written, where the
 * workspace has `limit` others: the insert itself counts, so that many at once do not get past it.
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

/** What the owner of an endpoint may change of it. */
export type EndpointContent = Pick<
  WebhookEndpoint,
  'url' | 'events' | 'description' | 'metadata' | 'status' | 'disabledReason' | 'disabledAt'
>;

/**
 * Changes these columns of an endpoint and answers its row, null where it is gone. With another URL its failures are
 * forgotten, unless it is disabled: enabling it goes back to them.
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
        ...(changes.disabledAt ? { disabledAt: firstDisabledAt(changes.disabledAt) } : {}),
      })
      .where(isEndpoint(endpoint))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return updated ?? null;
}

/** A new secret, sealed, and until when the present one signs beside it (unix ms). */
export interface SecretRotation {
  readonly sealedSecret: string;
  readonly previousValidUntil: number;
  readonly operationId: string;
  readonly at: number;
}

/** Puts a new secret in place of the one that was read. null where another rotation was first, or the endpoint is gone. */
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
        sealedPreviousSecret: read.sealedSecret,
        previousSecretValidUntil: rotation.previousValidUntil,
        secretOperationId: rotation.operationId,
        updatedAt: rotation.at,
      })
      .where(and(isEndpoint(read), eq(webhookEndpoints.sealedSecret, read.sealedSecret)))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return rotated ?? null;
}

/** True of an enabled endpoint of which what happened since `disabled_at` may not be queued yet; to the letter as in its index. */
const isUnfinished = sql`${webhookEndpoints.status} = 'enabled' AND ${webhookEndpoints.disabledAt} IS NOT NULL`;

/**
 * Takes a disabled endpoint into service again, and the audit entry of that; an enabled one stays as it is. Where what it missed
 * is too much for this batch (`if`), `since` stays in `disabled_at` until `endReplay`.
 */
export function enableEndpointStatements(
  database: Database,
  endpoint: EndpointKey,
  audit: AuditEntry,
  unfinished: { readonly since: number; readonly if: SQL },
) {
  const disabledAt = sql`CASE WHEN ${unfinished.if} THEN ${unfinished.since} END`;
  return [
    database
      .update(webhookEndpoints)
      .set({ status: 'enabled', disabledReason: null, disabledAt, failingSince: null, updatedAt: audit.at })
      .where(and(isEndpoint(endpoint), eq(webhookEndpoints.status, 'disabled'))),
    auditIfChangedStatement(database, audit),
  ] as const;
}

/** Notes that all that an endpoint missed before this moment (unix ms) is queued. */
export function replayReachedStatement(database: Database, endpoint: EndpointKey, reached: number, now: number) {
  return database
    .update(webhookEndpoints)
    .set({ disabledAt: reached, updatedAt: now })
    .where(and(isEndpoint(endpoint), isUnfinished));
}

/** All that an endpoint missed is queued. `reached`: as it was noted last; with another moment another run is at work. */
export async function endReplay(database: Database, endpoint: EndpointKey, reached: number): Promise<void> {
  await database
    .update(webhookEndpoints)
    .set({ disabledAt: null })
    .where(and(isEndpoint(endpoint), isUnfinished, eq(webhookEndpoints.disabledAt, reached)));
}

/**
 * Claims an endpoint of which not all missed events are queued, of any workspace: the cron's own question, the one that waits
 * longest first.
 * null: none. A claimed one is left alone until it is older than `before` (unix ms) again: whoever has it may still be at
 * work. One round trip.
 */
export async function claimUnfinishedReplay(
  database: Database,
  claim: { readonly now: number; readonly before: number },
): Promise<EndpointKey | null> {
  const { id, workspaceId, updatedAt } = webhookEndpoints;
  const due = database
    .select({ id })
    .from(webhookEndpoints)
    .where(and(isUnfinished, lte(updatedAt, claim.before)))
    .orderBy(asc(updatedAt))
    .limit(1);
  const [claimed] = await database
    .update(webhookEndpoints)
    .set({ updatedAt: claim.now })
    .where(inArray(id, due))
    .returning({ id, workspaceId });
  return claimed ?? null;
}

/** Deletes an endpoint; what was still to be delivered to it has failed. False where there is none. */
export async function deleteWebhookEndpoint(
  database: Database,
  endpoint: EndpointKey,
  audit: AuditEntry,
): Promise<boolean> {
  const [deleted] = await database.batch([
    database.delete(webhookEndpoints).where(isEndpoint(endpoint)),
    auditIfChangedStatement(database, audit),
    database
      .update(deliveries)
      .set({ status: 'failed', nextAttemptAt: null, claim: null, updatedAt: audit.at })
      .where(
        and(
          eq(deliveries.endpointId, endpoint.id),
          eq(deliveries.workspaceId, endpoint.workspaceId),
          eq(deliveries.status, 'pending'),
        ),
      ),
  ]);
  return deleted.meta.changes > 0;
}
