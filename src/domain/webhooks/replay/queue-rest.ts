import { describeError, logLine } from '../../../core/log.ts';
import {
  claimRestOfReplay,
  deleteRestOfReplay,
  type RestOfReplay,
  restReachedStatements,
} from '../../../db/replays.ts';
import { findWebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { findWorkspace } from '../../../db/workspaces.ts';
import { inWorkspace, type JobContext } from '../../context.ts';
import { queueRestOfMissed } from './enable-endpoint.ts';
import { queueReplay } from './replay.ts';

/** A replay that was claimed less than this ago (ms) has had its part of this run. */
const PAUSE_MS = 30_000;
/** The statements that claim a replay, read its endpoint and queue one part. */
const PART_COST = { queries: 10, stripeCalls: 0 };

/** Queues what was too much for one request: missed events of endpoints that were enabled, then the rest of replays. */
export async function queueRest(context: JobContext): Promise<void> {
  await queueRestOfMissed(context);
  await queueRestOfReplays(context);
}

/**
 * Queues the next part of each replay that its request did not finish, one part in each run: the sweep queues about as many
 * deliveries in the same time. What does not fit into the run's budget is queued by the next runs. A replay that fails is
 * tried again in the next run, and does not delay the others.
 */
async function queueRestOfReplays(context: JobContext): Promise<void> {
  const { budget, database } = context;
  let rest: RestOfReplay | null;
  do {
    const end = budget.isOver ? null : budget.begin(PART_COST);
    if (!end) return;
    const now = context.now();
    rest = await claimRestOfReplay(database, { now, before: now - PAUSE_MS });
    if (rest) await queuePart(context, rest);
    end();
  } while (rest);
}

/** The replay ends where its endpoint was disabled or deleted: enabling the endpoint sends what it missed. */
async function queuePart(context: JobContext, rest: RestOfReplay): Promise<void> {
  const { id: replay, endpointId, workspaceId, afterAt, afterId } = rest;
  try {
    const owner = await findWorkspace(context.database, workspaceId);
    const endpoint = await findWebhookEndpoint(context.database, workspaceId, endpointId);
    if (!owner || endpoint?.status !== 'enabled') return await deleteRestOfReplay(context.database, rest);
    const range = { since: afterAt, until: rest.until, status: rest.status, now: context.now() };
    const { queued } = await queueReplay(
      inWorkspace(context, owner),
      endpoint,
      range,
      (part) => restReachedStatements(context.database, endpoint, range, { rest, part }),
      () => false,
      { createdAt: afterAt, id: afterId },
    );
    logLine('info', 'replay continued', { replay, endpoint: endpointId, queued });
  } catch (error) {
    logLine('error', 'replay not continued', { replay, endpoint: endpointId, error: describeError(error) });
  }
}
