import { describeError, logLine } from '../core/log.ts';
import { claimUnfinishedEnabling } from '../db/webhook-endpoint-changes.ts';
import type { EndpointKey } from '../db/webhook-endpoints.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { inWorkspace, type PlatformContext } from '../domain/context.ts';
import { finishEnabling } from '../domain/webhooks/replay/enable-endpoint.ts';

/** An enabling whose last part is younger than this is still at work. */
const PAUSE_MS = 5 * 60_000;
/** A run goes on until nothing is due, or time is up; the rest goes in the next. */
const RUN_MS = 20_000;

/** Queues what is left of enablings that broke off. What fails comes again after a pause, and holds up no other. */
export async function finishEnablings(context: PlatformContext): Promise<void> {
  const endsAt = context.now() + RUN_MS;
  let unfinished: EndpointKey | null;
  do {
    const now = context.now();
    unfinished = await claimUnfinishedEnabling(context.database, { now, before: now - PAUSE_MS });
    if (unfinished) await finish(context, unfinished);
  } while (unfinished && context.now() < endsAt);
}

async function finish(context: PlatformContext, { id, workspaceId }: EndpointKey): Promise<void> {
  try {
    const owner = await findWorkspace(context.database, workspaceId);
    if (!owner) return;
    const queued = await finishEnabling(inWorkspace(context, owner), id);
    logLine('info', 'enabling finished', { endpoint: id, queued });
  } catch (error) {
    logLine('error', 'enabling not finished', { endpoint: id, error: describeError(error) });
  }
}
