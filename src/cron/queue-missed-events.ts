import { describeError, logLine } from '../core/log.ts';
import { claimUnfinishedReplay, type EndpointKey } from '../db/webhook-endpoints.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { inWorkspace, type PlatformContext } from '../domain/context.ts';
import { queueRestOfMissed } from '../domain/webhooks/replay/enable-endpoint.ts';

/** How long (ms) an endpoint is left alone after missed events were queued: its enabling request may still be running. */
const PAUSE_MS = 5 * 60_000;
/** A run ends when nothing is due, or after this time (ms); the next run does the rest. */
const RUN_MS = 20_000;

/**
 * Queues the missed events that are not queued yet, of endpoints whose enabling request failed before it had queued
 * them all. An endpoint for which this fails is tried again after a pause, and does not delay the others.
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
