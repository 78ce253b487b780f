import { describeError, logLine } from '../../../core/log.ts';
import { EVENTS_PER_PART, REPLAY_LIMIT_MS } from '../../../db/replays.ts';
import {
  claimRestOfReplay,
  deleteUselessRests,
  type RestOfReplay,
  restReachedStatements,
} from '../../../db/rests-of-replays.ts';
import { findWebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { JobContext } from '../../context.ts';
import { queuePart } from './queue-part.ts';

/** A replay that was claimed less than this ago (ms) has had its part of this run. */
const PAUSE_MS = 30_000;
/** The statements that claim a replay, read its endpoint and queue one part. */
const PART_COST = { queries: 10, stripeCalls: 0 };

/**
 * Queues what was too much for one request, of replays and of enablings in turn: one part of each, until the run has queued
 * as many deliveries as the sweep does. What does not fit is queued by the next runs. A part that fails is tried again in the
 * next run, and does not delay the others. The rest of a replay whose endpoint is disabled waits, for 30 days.
 */
export async function queueRest(context: JobContext): Promise<void> {
  const { budget, database } = context;
  const now = context.now();
  for (const { id, endpointId } of await deleteUselessRests(database, { now, before: now - REPLAY_LIMIT_MS })) {
    logLine('warn', 'rest of a replay deleted', { replay: id, endpoint: endpointId });
  }
  let queued = 0;
  while (queued < EVENTS_PER_PART) {
    const end = budget.isOver ? null : budget.begin(PART_COST);
    if (!end) return;
    const rest = await claimRestOfReplay(database, { now, before: now - PAUSE_MS });
    if (!rest) return end();
    queued += await queueNextPart(context, rest);
    end();
  }
}

async function queueNextPart(context: JobContext, rest: RestOfReplay): Promise<number> {
  const { id: replay, endpointId, workspaceId, afterAt, afterId } = rest;
  try {
    const endpoint = await findWebhookEndpoint(context.database, workspaceId, endpointId);
    if (endpoint?.status !== 'enabled') return 0;
    const { until, status, unsentSince } = rest;
    const range = { since: afterAt, until, status, unsentSince, now: context.now() };
    const [move, end] = restReachedStatements(context.database, endpoint, range, rest);
    const after = { createdAt: afterAt, id: afterId };
    const queued = await queuePart(context, endpoint, range, after, { first: move, last: [end] });
    logLine('info', 'replay continued', { replay, endpoint: endpointId, queued });
    return queued;
  } catch (error) {
    logLine('error', 'replay not continued', { replay, endpoint: endpointId, error: describeError(error) });
    return 0;
  }
}
