import { DELIVERY_WINDOW_SECONDS } from '../../../core/schedules.ts';
import { findWithOldestFailed, hasParts, type ReplayPart, type ReplayRange } from '../../../db/replays.ts';
import {
  enableEndpointStatements,
  endReplay,
  replayReachedStatement,
  type WebhookEndpoint,
} from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound } from '../queries.ts';
import { queueReplay } from './replay.ts';

/**
 * Enables a disabled endpoint of this workspace and queues the events that it has missed or that wait for another attempt, at
 * most 30 days back, in the order of creation. Returns how many; for an endpoint that is enabled already, 0 or the rest of an
 * earlier call. Very many are queued in parts: where it fails after the first, the endpoint is enabled, and the cron or another
 * call queues the rest. Throws `not_found`.
 */
export async function enableEndpoint(context: Context, id: string): Promise<number> {
  const found = await findWithOldestFailed(context.database, { id, workspaceId: context.workspace.id });
  if (!found) throw endpointNotFound();
  const { endpoint } = found;
  if (endpoint.status === 'enabled') return await queueRest(context, found);
  const range = missedRange(context, found, missedSince(endpoint), 'undelivered');
  const audit = auditOf(context, 'webhook_endpoint.enable', id);
  const unfinished = { since: range.unsentSince, if: hasParts(endpoint, range) };
  const enabling = enableEndpointStatements(context.database, endpoint, audit, unfinished);
  return await queueMissed(context, endpoint, range, enabling);
}

/**
 * Queues the rest of the events that an endpoint missed, where `enableEndpoint` failed after a part. Returns how many: 0
 * where all are queued. A disabled endpoint stays disabled, and gets nothing.
 */
export async function queueRestOfMissed(context: Context, id: string): Promise<number> {
  const found = await findWithOldestFailed(context.database, { id, workspaceId: context.workspace.id });
  return found ? await queueRest(context, found) : 0;
}

interface Found {
  readonly endpoint: WebhookEndpoint;
  readonly oldestFailedAt: number | null;
}

/** Leaves deliveries that wait for another attempt as they are: they were queued when the endpoint was enabled. */
async function queueRest(context: Context, found: Found): Promise<number> {
  const { endpoint } = found;
  if (endpoint.status !== 'enabled' || endpoint.disabledAt === null) return 0;
  return await queueMissed(context, endpoint, missedRange(context, found, endpoint.disabledAt, null), []);
}

type MissedRange = ReplayRange & { readonly unsentSince: number };

function missedRange(
  context: Context,
  { oldestFailedAt }: Found,
  unsentSince: number,
  status: ReplayRange['status'],
): MissedRange {
  // Failed deliveries of an earlier replay may be older than the first missed event.
  const since = Math.min(unsentSince, oldestFailedAt ?? unsentSince);
  // Without an end, because the clock of another isolate that writes events may be ahead of ours.
  return { since, unsentSince, until: Number.MAX_SAFE_INTEGER, status, now: context.now() };
}

/** `first`: statements for the batch of the first part. Each further part records how far the parts before it came. */
async function queueMissed(
  context: Context,
  endpoint: WebhookEndpoint,
  range: MissedRange,
  first: ReturnType<typeof enableEndpointStatements> | [],
): Promise<number> {
  const { database } = context;
  let reached = range.unsentSince;
  const alsoWritten = ({ after }: ReplayPart) => {
    if (!after) return first;
    reached = Math.max(reached, after.createdAt);
    return [replayReachedStatement(database, endpoint, reached, context.now())];
  };
  const { queued, parts } = await queueReplay(context, endpoint, range, alsoWritten);
  if (parts > 1 || endpoint.status === 'enabled') await endReplay(database, endpoint, reached);
  return queued;
}

/**
 * From when on (unix ms) a disabled endpoint may have missed events: 24 hours, which a delivery takes at most, before it began to
 * fail or was disabled; not before it was created.
 */
function missedSince({ failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  const failsSince = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(failsSince - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
