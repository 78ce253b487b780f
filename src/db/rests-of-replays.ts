import { and, asc, eq, exists, inArray, lt, ne, notInArray, or, sql } from 'drizzle-orm';
import { describeError } from '../core/log.ts';
import type { Database } from './client.ts';
import { insertEach } from './insert-if.ts';
import { isSubscribedTo } from './outbox.ts';
import { partEnd, type Receiver, type ReplayRange } from './replays.ts';
import { deliveries, events, replays, webhookEndpoints } from './schema.ts';
import { type EndpointKey, endpointStatement, type WebhookEndpoint } from './webhook-endpoints.ts';

/** The rest of a replay, or of an enabling, that did not fit into its request. Times are unix ms. */
export type RestOfReplay = typeof replays.$inferSelect;

/** The id of the rest of an endpoint's replay, or of its enabling, which has `unsentSince`. */
function restId(endpoint: Pick<EndpointKey, 'id'>, { unsentSince }: Pick<ReplayRange, 'unsentSince'>): string {
  return unsentSince === null ? endpoint.id : `${endpoint.id}:enable`;
}

function restStatement(database: Database, id: string) {
  return database.select().from(replays).where(eq(replays.id, id));
}

/**
 * An endpoint of this workspace, and whether the rest of an earlier replay still waits, in one round trip. null: this
 * workspace has no such endpoint.
 */
export async function findToReplay(
  database: Database,
  key: EndpointKey,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly isReplaying: boolean } | null> {
  const [[endpoint], rests] = await database.batch([
    endpointStatement(database, key),
    restStatement(database, restId(key, { unsentSince: null })),
  ]);
  return endpoint ? { endpoint, isReplaying: rests.length > 0 } : null;
}

/** An endpoint, and what decides which events are queued when it is enabled. */
export interface EndpointToEnable {
  readonly endpoint: WebhookEndpoint;
  /** The time (unix ms) of its oldest event that may be sent and whose delivery failed. null: none failed. */
  readonly oldestFailedAt: number | null;
  /** What an earlier enabling has not queued yet. */
  readonly rest: RestOfReplay | null;
}

/** An endpoint of this workspace, to enable it, in one round trip. null: this workspace has no such endpoint. */
export async function findToEnable(database: Database, key: EndpointKey): Promise<EndpointToEnable | null> {
  const { createdAt, endpointId, id, status, workspaceId } = deliveries;
  const [[endpoint], [rest], [failed]] = await database.batch([
    endpointStatement(database, key),
    restStatement(database, restId(key, { unsentSince: 0 })),
    database
      .select({ createdAt })
      .from(deliveries)
      .where(
        and(
          eq(endpointId, key.id),
          eq(status, 'failed'),
          eq(workspaceId, key.workspaceId),
          exists(sentEvent(database)),
        ),
      )
      .orderBy(asc(createdAt), asc(id))
      .limit(1),
  ]);
  return endpoint ? { endpoint, oldestFailedAt: failed?.createdAt ?? null, rest: rest ?? null } : null;
}

/** A query for the event of the current delivery, if it may be sent to the endpoint again. */
function sentEvent(database: Database) {
  return database
    .select({ id: events.id })
    .from(events)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, deliveries.endpointId))
    .where(and(eq(events.id, deliveries.eventId), ne(events.type, 'webhook.ping'), isSubscribedTo(events.type)));
}

type StoredRange = ReplayRange & { readonly status: RestOfReplay['status'] };

/**
 * A statement for the batch of the first part: where more parts follow, it stores the rest for the cron. It fails, and the
 * batch with it, where the rest of an earlier replay is stored.
 */
export function insertRestStatement(database: Database, endpoint: Receiver, range: StoredRange) {
  const { status, until, unsentSince, now } = range;
  const end = partEnd(database, endpoint, range, null);
  const rest = {
    id: restId(endpoint, range),
    workspaceId: endpoint.workspaceId,
    endpointId: endpoint.id,
    status,
    afterAt: sql`${end.createdAt}`,
    afterId: sql`${end.id}`,
    until,
    unsentSince,
    createdAt: now,
    updatedAt: now,
  };
  return insertEach(database, replays, rest, sql`FROM ${end} WHERE TRUE`);
}

/** True for the error of a batch in which `insertRestStatement` failed because a rest is stored already. */
export function isRestTaken(error: unknown): boolean {
  return describeError(error).includes('UNIQUE constraint failed: replays.id');
}

/** Like `insertRestStatement`, in place of what an earlier call has stored. */
export function replaceRestStatements(database: Database, endpoint: Receiver, range: StoredRange) {
  return [
    database.delete(replays).where(eq(replays.id, restId(endpoint, range))),
    insertRestStatement(database, endpoint, range),
  ] as const;
}

/** True in SQL where the batch of the same request has stored a rest. */
export function isRestStored(endpoint: Receiver, range: ReplayRange) {
  return sql`EXISTS (SELECT 1 FROM replays WHERE id = ${restId(endpoint, range)} AND created_at = ${range.now})`;
}

/**
 * Claims the rest of a replay to an enabled endpoint, of any workspace, that has waited longest. null: none was last claimed
 * before `before` (unix ms). One round trip.
 */
export async function claimRestOfReplay(
  database: Database,
  claim: { readonly now: number; readonly before: number },
): Promise<RestOfReplay | null> {
  const { id, status } = webhookEndpoints;
  const waiting = database
    .select({ id: replays.id })
    .from(replays)
    .innerJoin(webhookEndpoints, and(eq(id, replays.endpointId), eq(status, 'enabled')))
    .where(lt(replays.updatedAt, claim.before))
    .orderBy(asc(replays.updatedAt))
    .limit(1);
  const [claimed] = await database
    .update(replays)
    .set({ updatedAt: claim.now })
    .where(inArray(replays.id, waiting))
    .returning();
  return claimed ?? null;
}

/**
 * Statements for the batch that queues the part after the event `rest.afterId`: they record where that part ends, or delete
 * the row where it is the last part. They change nothing where another run has queued the part meanwhile.
 */
export function restReachedStatements(database: Database, endpoint: Receiver, range: ReplayRange, rest: RestOfReplay) {
  const end = partEnd(database, endpoint, range, { id: rest.afterId, createdAt: rest.afterAt });
  const isHere = and(eq(replays.id, rest.id), eq(replays.afterId, rest.afterId), eq(replays.createdAt, rest.createdAt));
  return [
    database.update(replays).set({ afterId: end.id, afterAt: end.createdAt }).from(end).where(isHere),
    // True only where the last statement found no end.
    database.delete(replays).where(isHere),
  ] as const;
}

/**
 * Deletes rests whose endpoint is deleted, or that were last claimed before `before` (unix ms) because their endpoint is
 * disabled, and returns them. In the same round trip it takes over what the release before this one has not finished.
 */
export async function deleteUselessRests(
  database: Database,
  { now, before }: { readonly now: number; readonly before: number },
): Promise<RestOfReplay[]> {
  const endpoints = database.select({ id: webhookEndpoints.id }).from(webhookEndpoints);
  const isUseless = or(lt(replays.updatedAt, before), notInArray(replays.endpointId, endpoints));
  const [deleted] = await database.batch([
    database.delete(replays).where(isUseless).returning(),
    ...takeOverStatements(database, now),
  ]);
  return deleted;
}

/** The release before this one kept the rest of an enabling in `disabled_at` of the enabled endpoint. */
function takeOverStatements(database: Database, now: number) {
  const { id, workspaceId, disabledAt } = webhookEndpoints;
  // Literally as in the index `webhook_endpoints_unfinished`.
  const isUnfinished = sql`${webhookEndpoints.status} = 'enabled' AND ${disabledAt} IS NOT NULL`;
  const oldestFailed = sql`(SELECT min(created_at) FROM deliveries WHERE endpoint_id = ${id} AND status = 'failed')`;
  const rest = {
    id: sql`${id} || ':enable'`,
    workspaceId: sql`${workspaceId}`,
    endpointId: sql`${id}`,
    status: null,
    afterAt: sql`min(${disabledAt}, coalesce(${oldestFailed}, ${disabledAt}))`,
    afterId: '',
    until: Number.MAX_SAFE_INTEGER,
    unsentSince: sql`${disabledAt}`,
    createdAt: now,
    updatedAt: now,
  };
  return [
    insertEach(database, replays, rest, sql`FROM ${webhookEndpoints} WHERE ${isUnfinished}`).onConflictDoNothing(),
    database.update(webhookEndpoints).set({ disabledAt: null }).where(isUnfinished),
  ] as const;
}
