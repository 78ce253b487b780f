import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { claimUnfinishedEnablings } from '../db/webhook-endpoint-changes.ts';
import type { WebhookEndpoint } from '../db/webhook-endpoints.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { enableEndpoint } from '../domain/webhooks/enable-endpoint.ts';
import type { Bindings, Config } from '../env.ts';
import { workspaceContext } from '../workspace-context.ts';

/** An enabling younger than this is still at work. */
const PAUSE_MS = 5 * 60_000;
const AT_ONCE = 10;

/** Queues what is left of enablings that broke off. What fails comes again after a pause, and holds up no other. */
export async function finishEnablings(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const now = Date.now();
  const unfinished = await claimUnfinishedEnablings(database, { now, before: now - PAUSE_MS, limit: AT_ONCE });
  for (const endpoint of unfinished) {
    await finishEnabling(env, config, endpoint).catch((error) =>
      logLine('error', 'enabling not finished', { endpoint: endpoint.id, error: describeError(error) }),
    );
  }
}

async function finishEnabling(env: Bindings, config: Config, endpoint: WebhookEndpoint): Promise<void> {
  const database = openDatabase(env.DB);
  const owner = await findWorkspace(database, endpoint.workspaceId);
  if (!owner) return;
  const of = { database, shard: DEFAULT_SHARD, ...owner, actor: 'cron', requestId: null };
  const queued = await enableEndpoint(workspaceContext(env, config, of), endpoint.id);
  logLine('info', 'enabling finished', { endpoint: endpoint.id, queued });
}
