import { describeError, logLine } from '../core/log.ts';
import { claimUnfinishedReplay, type EndpointKey } from '../db/webhook-endpoints.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { inWorkspace, type PlatformContext } from '../domain/context.ts';
import { queueRestOfMissed } from '../domain/webhooks/replay/enable-endpoint.ts';

/** Where the last part was queued less than this ago (ms), the request that enabled the endpoint may still be running. */
const PAUSE_MS = 5 * 60_000;
/** A run ends when nothing is due, or after this time (ms); the next run does the rest. */
const RUN_MS = 20_000;

/**
 * Queues the rest of the events that endpoints missed, where the request that enabled them failed. An endpoint for which this
 * fails is tried again after a pause, and does not delay the others.
 */
export async function queueMissedEvents(context: PlatformContext): Promise<void> {
  const endsAt = context.now() + RUN_MS;
  let unfinished: EndpointKey | null;
  do {
    const now = context.now();
    unfinished = await claimUnfinishedReplay(context.database, { now, before: now - PAUSE_MS });
    if (unfinished) await finish(context, unfinished);
  } while (unfinished && context.now() < endsAt);
}

async function finish(context: PlatformContext, { id, workspaceId }: EndpointKey): Promise<void> {
  try {
    const owner = await findWorkspace(context.database, workspaceId);
    if (!owner) return;
    const queued = await queueRestOfMissed(inWorkspace(context, owner), id);
    logLine('info', 'missed events queued', { endpoint: id, queued });
  } catch (error) {
    logLine('error', 'missed events not queued', { endpoint: id, error: describeError(error) });
  }
}
