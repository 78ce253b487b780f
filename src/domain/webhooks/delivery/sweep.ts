import { listOverdueDeliveries, listOverdueOfEach, type OverdueDelivery } from '../../../db/overdue-deliveries.ts';
import type { PlatformContext } from '../../context.ts';

/** A delivery that is late by this much (ms) has probably lost its queue message. */
export const OVERDUE_MS = 60_000;
/** How many deliveries one run queues; the next run queues the rest. */
const AT_ONCE = 5_000;
/** Among how many pending deliveries of each endpoint, the oldest, one run also looks where more are overdue than it queues. */
const OF_EACH_ENDPOINT = 100;

/**
 * Queues overdue deliveries, whose queue message was probably lost, and those whose run was lost: the longest overdue of
 * each endpoint, then the second of each, and so on. Where more are overdue than one run queues, these are the longest
 * overdue of all, and some of each endpoint, so that an endpoint with very many keeps out no other. Uses the queue for
 * retries, so that they delay no first attempt.
 */
export async function sweepDeliveries(context: PlatformContext): Promise<void> {
  const { database } = context;
  const now = context.now();
  const dueBy = now - OVERDUE_MS;
  const oldest = await listOverdueDeliveries(database, { now, dueBy, limit: AT_ONCE });
  const others = oldest.length < AT_ONCE ? [] : await listOverdueOfEach(database, { dueBy, limit: OF_EACH_ENDPOINT });
  const ids = inTurns([...oldest, ...others]).slice(0, AT_ONCE);
  await context.wakeLater(ids.map((deliveryId) => ({ deliveryId, at: now })));
}

/** The ids of these deliveries, each once: the first of each endpoint, then the second of each, and so on. */
function inTurns(deliveries: readonly OverdueDelivery[]): string[] {
  const unique = new Map(deliveries.map((delivery) => [delivery.id, delivery])).values();
  const byEndpoint = Map.groupBy(unique, ({ endpointId }) => endpointId).values();
  const turns = [...byEndpoint].flatMap((ofEndpoint) => ofEndpoint.map(({ id }, turn) => ({ id, turn })));
  return turns.sort((one, other) => one.turn - other.turn).map(({ id }) => id);
}
