import { describeError, logLine } from '../../../core/log.ts';
import { DELIVERY_WINDOW_SECONDS } from '../../../core/schedules.ts';
import { findWithOldestFailed, hasParts, type ReplayPart, type ReplayRange } from '../../../db/replays.ts';
import {
  claimUnfinishedReplay,
  type EndpointKey,
  enableEndpointStatements,
  endReplay,
  replayReachedStatement,
  type WebhookEndpoint,
} from '../../../db/webhook-endpoints.ts';
import { findWorkspace } from '../../../db/workspaces.ts';
import { auditOf, type Context, inWorkspace, type JobContext } from '../../context.ts';
import { endpointNotFound } from '../queries.ts';
import { partsInRequest, queueReplay } from './replay.ts';

/** Where the last part was queued less than this ago (ms), the request that enabled the endpoint may still be running. */
const PAUSE_MS = 5 * 60_000;
/** The statements that claim an endpoint, queue a part of its missed events and record the end. */
const ENDPOINT_COST = { queries: 10, stripeCalls: 0 };

/**
 * Enables a disabled endpoint of this workspace and queues the events of the last 30 days that the endpoint missed or
 * that wait for another attempt; they may arrive in any order. Returns how many deliveries this call queued. For an enabled endpoint,
 * queues only what an earlier call did not queue. Where these are very many, or a part fails, the endpoint is enabled, and
 * the cron or another call queues the events not queued yet. Throws `not_found`.
 */
export async function enableEndpoint(context: Context, id: string): Promise<number> {
  const found = await findWithOldestFailed(context.database, { id, workspaceId: context.workspace.id });
  if (!found) throw endpointNotFound();
  const { endpoint } = found;
  if (endpoint.status === 'enabled') return await queueRest(context, found, partsInRequest());
  const range = missedRange(context, found, missedSince(endpoint), 'undelivered');
  const audit = auditOf(context, 'webhook_endpoint.enable', id);
  const unfinished = { since: range.unsentSince, if: hasParts(endpoint, range) };
  const enabling = enableEndpointStatements(context.database, endpoint, audit, unfinished);
  return await queueMissed(context, endpoint, range, enabling, partsInRequest());
}

/**
 * Queues the missed events of endpoints that are not queued yet, because `enableEndpoint` failed or stopped after a part. An
 * endpoint for which this fails is tried again after a pause, and does not delay the others. What does not fit into the
 * run's budget is queued by the next runs.
 */
export async function queueRestOfMissed(context: JobContext): Promise<void> {
  let unfinished: EndpointKey | null;
  do {
    const end = mayBegin(context);
    if (!end) return;
    const now = context.now();
    unfinished = await claimUnfinishedReplay(context.database, { now, before: now - PAUSE_MS });
    if (unfinished) await queueRestOf(context, unfinished);
    end();
  } while (unfinished);
}

function mayBegin({ budget }: JobContext): (() => void) | null {
  return budget.isOver ? null : budget.begin(ENDPOINT_COST);
}

/** Does nothing where the endpoint was disabled or all is queued meanwhile. */
async function queueRestOf(context: JobContext, endpoint: EndpointKey): Promise<void> {
  try {
    const owner = await findWorkspace(context.database, endpoint.workspaceId);
    const found = owner && (await findWithOldestFailed(context.database, endpoint));
    if (!found) return;
    const mayGoOn = () => {
      const end = mayBegin(context);
      end?.();
      return end !== null;
    };
    const queued = await queueRest(inWorkspace(context, owner), found, mayGoOn);
    logLine('info', 'missed events queued', { endpoint: endpoint.id, queued });
  } catch (error) {
    logLine('error', 'missed events not queued', { endpoint: endpoint.id, error: describeError(error) });
  }
}

interface Found {
  readonly endpoint: WebhookEndpoint;
  readonly oldestFailedAt: number | null;
}

/** Leaves out deliveries that wait for another attempt: an enabled endpoint gets them anyway. */
async function queueRest(context: Context, found: Found, mayGoOn: () => boolean): Promise<number> {
  const { endpoint } = found;
  if (endpoint.status !== 'enabled' || endpoint.disabledAt === null) return 0;
  return await queueMissed(context, endpoint, missedRange(context, found, endpoint.disabledAt, null), [], mayGoOn);
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
  // No upper limit, because the clock of another isolate that writes events may be ahead of ours.
  return { since, unsentSince, until: Number.MAX_SAFE_INTEGER, status, now: context.now() };
}

/**
 * Queues the events in `range` in parts. Returns the number of deliveries. `first`: goes into the first part's batch.
 * `mayGoOn`: asked before each further part; if it is false, the cron queues the rest in its next run.
 */
async function queueMissed(
  context: Context,
  endpoint: WebhookEndpoint,
  range: MissedRange,
  first: ReturnType<typeof enableEndpointStatements> | [],
  mayGoOn: () => boolean,
): Promise<number> {
  const { database } = context;
  let reached = range.unsentSince;
  const alsoWritten = ({ after }: ReplayPart) => {
    if (!after) return first;
    reached = Math.max(reached, after.createdAt);
    return [replayReachedStatement(database, endpoint, reached, context.now())];
  };
  const { queued, parts, reached: rest } = await queueReplay(context, endpoint, range, alsoWritten, mayGoOn);
  if (rest) {
    const from = Math.max(reached, rest.createdAt);
    await replayReachedStatement(database, endpoint, from, context.now() - PAUSE_MS);
  } else if (parts > 1 || endpoint.status === 'enabled') await endReplay(database, endpoint, reached);
  return queued;
}

/**
 * The time (unix ms) from which a disabled endpoint may have missed events: 24 hours, the longest time of a delivery,
 * before the endpoint began to fail or was disabled, but not before the endpoint was created.
 */
function missedSince({ failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  const failsSince = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(failsSince - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
