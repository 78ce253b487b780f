import { describeError, logLine } from '../../../core/log.ts';
import { listChangedEndpoints } from '../../../db/delivery-runs.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { PlatformContext } from '../../context.ts';

/** How long (ms) a run relies on what it has read of its endpoints. */
const FRESH_MS = 50;

/**
 * Returns a function that says whether an endpoint was changed or deleted since a run read it, so that the run sends it
 * nothing more. All endpoints of the run are read again at most every 50 ms, in one query. If the query fails, every
 * endpoint counts as changed. `read`: the endpoints as the run has just read them.
 */
export function watchEndpoints(
  context: PlatformContext,
  read: Iterable<WebhookEndpoint>,
): (endpointId: string) => Promise<boolean> {
  const endpoints = new Map([...read].map((endpoint) => [endpoint.id, endpoint]));
  let readAt = context.now();
  let changed: Promise<{ has(endpointId: string): boolean }> = Promise.resolve(new Set());
  return async (endpointId) => {
    if (context.now() - readAt >= FRESH_MS) {
      readAt = context.now();
      changed = listChangedEndpoints(context.database, endpoints.values()).catch((error) => {
        logLine('error', 'endpoints not read again', { error: describeError(error) });
        return endpoints;
      });
    }
    return (await changed).has(endpointId);
  };
}
