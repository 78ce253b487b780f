import { DELIVERY_WINDOW_SECONDS } from '../../core/retry-schedule.ts';
import { queuedBy, replayStatements } from '../../db/replays.ts';
import { enableEndpointStatements } from '../../db/webhook-endpoint-changes.ts';
import type { WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../context.ts';
import { readEndpoint } from './read-endpoint.ts';

/**
 * Takes a disabled endpoint of this workspace into service again and queues what it has missed, at most 30 days back, in the
 * order of creation. Answers how much that is: nothing for an endpoint that is enabled. Throws `not_found`.
 */
export async function enableEndpoint(context: Context, id: string): Promise<number> {
  const endpoint = await readEndpoint(context, id);
  if (endpoint.status === 'enabled') return 0;
  const now = context.now();
  const range = { since: missedSince(endpoint), until: now, status: 'undelivered' as const, now };
  const [, , queued, toWake] = await context.database.batch([
    ...enableEndpointStatements(context.database, endpoint, auditOf(context, 'webhook_endpoint.enable', id)),
    ...replayStatements(context.database, endpoint, range),
  ]);
  await context.wake(toWake.map((delivery) => delivery.id));
  return queuedBy(queued);
}

/**
 * From when on it may have missed events: the first that failed, and those still waiting when it was disabled, were at most
 * a delivery's life old. Never from before it was made.
 */
function missedSince({ failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  const troubled = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(troubled - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
