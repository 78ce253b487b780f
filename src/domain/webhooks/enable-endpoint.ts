import { DELIVERY_WINDOW_SECONDS } from '../../core/retry-schedule.ts';
import { findWithOldestFailed, hasParts } from '../../db/replays.ts';
import { enableEndpointStatements, endEnabling } from '../../db/webhook-endpoint-changes.ts';
import type { WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../context.ts';
import { endpointNotFound } from './read-endpoint.ts';
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
  const { endpoint, oldestFailedAt } = found;
  if (endpoint.status === 'enabled' && endpoint.disabledAt === null) return 0;
  const now = context.now();
  const unsentSince = missedSince(endpoint);
  // What an earlier enabling or a replay has queued may be older than the trouble.
  const since = Math.min(unsentSince, oldestFailedAt ?? unsentSince);
  // No end: an event of another isolate, whose clock is ahead, may be written already.
  const range = { since, unsentSince, until: Number.MAX_SAFE_INTEGER, status: 'undelivered', now } as const;
  const audit = auditOf(context, 'webhook_endpoint.enable', id);
  const unfinished = { since: unsentSince, if: hasParts(endpoint, range) };
  const enabling = enableEndpointStatements(context.database, endpoint, audit, unfinished);
  const { queued, parts } = await queueReplay(context, endpoint, range, ({ after }) => (after ? [] : enabling));
  if (parts > 1 || endpoint.status === 'enabled') await endEnabling(context.database, endpoint);
  return queued;
}

/**
 * From when on it may have missed events: the first that failed, and those still waiting when it was disabled, were at most
 * a delivery's life old. Never from before it was made. An enabling that broke off has left that moment behind.
 */
function missedSince({ status, failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  if (status === 'enabled' && disabledAt !== null) return disabledAt;
  const troubled = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(troubled - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
