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
 * Takes a disabled endpoint of this workspace into service again and queues what it has missed and what waits for another
 * try, at most 30 days back, in the order of creation. Answers how much that is: nothing for one that is enabled. Where it
 * breaks off after the first part of very many, the endpoint is enabled, and the cron or asking again queues the rest. Throws
 * `not_found`.
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
 * Queues the rest of what an endpoint missed, where `enableEndpoint` broke off, and answers how much that is: 0 where all is
 * queued. An endpoint that is disabled, also meanwhile, stays so.
 */
export async function queueRestOfMissed(context: Context, id: string): Promise<number> {
  const found = await findWithOldestFailed(context.database, { id, workspaceId: context.workspace.id });
  return found ? await queueRest(context, found) : 0;
}

interface Found {
  readonly endpoint: WebhookEndpoint;
  readonly oldestFailedAt: number | null;
}

/** What was queued before and waits for another try has a time of its own by now, and keeps it. */
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
  // What was queued when it was enabled earlier, or by a replay, may be older than the trouble.
  const since = Math.min(unsentSince, oldestFailedAt ?? unsentSince);
  // No end: an event of another isolate, whose clock is ahead, may be written already.
  return { since, unsentSince, until: Number.MAX_SAFE_INTEGER, status, now: context.now() };
}

/** `first`: what is written with the first part. Each further part notes how far those before it got. */
async function queueMissed(
  context: Context,
  endpoint: WebhookEndpoint,
  range: MissedRange,
  first: ReturnType<typeof enableEndpointStatements> | [],
): Promise<number> {
  const { database } = context;
  let reached = range.unsentSince;
  const noted = ({ after }: ReplayPart) => {
    if (!after) return first;
    reached = Math.max(reached, after.createdAt);
    return [replayReachedStatement(database, endpoint, reached, context.now())];
  };
  const { queued, parts } = await queueReplay(context, endpoint, range, noted);
  if (parts > 1 || endpoint.status === 'enabled') await endReplay(database, endpoint, reached);
  return queued;
}

/**
 * From when on a disabled endpoint may have missed events: the first that failed, and those still waiting when it was
 * disabled, were at most a delivery's life old. Never from before it was made.
 */
function missedSince({ failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  const troubled = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(troubled - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
