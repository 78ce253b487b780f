import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { claimUnfinishedEnabling } from '../db/webhook-endpoint-changes.ts';
import type { EndpointKey } from '../db/webhook-endpoints.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { finishEnabling } from '../domain/webhooks/replay/enable-endpoint.ts';
import type { Bindings, Config } from '../env.ts';
import { workspaceContext } from '../make-context.ts';

/** An enabling whose last part is younger than this is still at work. */
const PAUSE_MS = 5 * 60_000;
/** A run goes on until nothing is due, or time is up; the rest goes in the next. */
const RUN_MS = 20_000;

/** Queues what is left of enablings that broke off. What fails comes again after a pause, and holds up no other. */
export async function finishEnablings(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const endsAt = Date.now() + RUN_MS;
  let unfinished: EndpointKey | null;
  do {
    const now = Date.now();
    unfinished = await claimUnfinishedEnabling(database, { now, before: now - PAUSE_MS });
    if (unfinished) await finish(env, config, unfinished);
  } while (unfinished && Date.now() < endsAt);
}

async function finish(env: Bindings, config: Config, { id, workspaceId }: EndpointKey): Promise<void> {
  try {
    const database = openDatabase(env.DB);
    const owner = await findWorkspace(database, workspaceId);
    if (!owner) return;
    const of = { database, shard: DEFAULT_SHARD, ...owner, actor: 'cron', requestId: null };
    const queued = await finishEnabling(workspaceContext(env, config, of), id);
    logLine('info', 'enabling finished', { endpoint: id, queued });
  } catch (error) {
    logLine('error', 'enabling not finished', { endpoint: id, error: describeError(error) });
  }
}
