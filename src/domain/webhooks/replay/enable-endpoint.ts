import { DELIVERY_WINDOW_SECONDS } from '../../../core/schedules.ts';
import { type EndpointToEnable, findToEnable, replaceRestStatements } from '../../../db/rests-of-replays.ts';
import { enableEndpointStatements, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound } from '../queries.ts';
import { queuePart } from './queue-part.ts';

/**
 * Enables a disabled endpoint of this workspace and queues the events of the last 30 days that the endpoint missed or
 * that wait for another attempt; they may arrive in any order. Where these are more than 5,000, the cron queues the rest
 * (`queueRest`). Returns how many deliveries this call queued: 0 for an enabled endpoint. Throws `not_found`.
 */
export async function enableEndpoint(context: Context, id: string): Promise<number> {
  const { database, workspace } = context;
  const found = await findToEnable(database, { id, workspaceId: workspace.id });
  if (!found) throw endpointNotFound();
  const { endpoint } = found;
  if (endpoint.status === 'enabled') return 0;
  const unsentSince = missedSince(found);
  const range = {
    // Failed deliveries of an earlier replay may be older than the first missed event.
    since: Math.min(unsentSince, found.oldestFailedAt ?? unsentSince),
    unsentSince,
    // No upper limit, because the clock of another isolate that writes events may be ahead of ours.
    until: Number.MAX_SAFE_INTEGER,
    now: context.now(),
  };
  // Of the rest, what waits for another attempt comes by itself: the endpoint is enabled by then.
  const [deleteRest, insertRest] = replaceRestStatements(database, endpoint, { ...range, status: null });
  const audit = auditOf(context, 'webhook_endpoint.enable', id);
  return await queuePart(context, endpoint, { ...range, status: 'undelivered' }, null, {
    first: deleteRest,
    last: [insertRest, ...enableEndpointStatements(database, endpoint, audit)],
  });
}

/** The time (unix ms) from which a disabled endpoint may have missed events, also those of an earlier enabling. */
function missedSince({ endpoint, rest }: EndpointToEnable): number {
  const missed = missedSinceDisabled(endpoint);
  return rest ? Math.min(missed, Math.max(rest.afterAt, rest.unsentSince ?? 0)) : missed;
}

/** 24 hours, the longest time of a delivery, before the endpoint began to fail or was disabled, but not before it was created. */
function missedSinceDisabled({ failingSince, disabledAt, updatedAt, createdAt }: WebhookEndpoint): number {
  const failsSince = Math.min(failingSince ?? Infinity, disabledAt ?? updatedAt);
  return Math.max(failsSince - DELIVERY_WINDOW_SECONDS * 1000, createdAt);
}
