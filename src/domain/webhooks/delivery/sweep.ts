import { listOverdueDeliveries, type OverdueDelivery } from '../../../db/delivery-runs.ts';
import type { PlatformContext } from '../../context.ts';

/** A delivery that is late by this much (ms) has probably lost its queue message. */
export const OVERDUE_MS = 60_000;
/** How many deliveries one run queues; the next run queues the rest. */
const AT_ONCE = 5_000;
/** How many of those that became overdue last one run also reads, where more are overdue than it queues. */
const NEWEST = 1_000;

/**
 * Queues overdue deliveries, whose queue message was probably lost, and those whose run was lost: the longest overdue of
 * each endpoint, then the second of each, and so on. Where more are overdue than one run queues, these are the oldest and
 * the newest, so that an endpoint with very many seldom keeps out the others. Uses the queue for retries, so that they
 * delay no first attempt.
 */
export async function sweepDeliveries(context: PlatformContext): Promise<void> {
  const now = context.now();
  const most = { oldest: AT_ONCE, newest: NEWEST };
  const overdue = await listOverdueDeliveries(context.database, { now, dueBy: now - OVERDUE_MS }, most);
  const ids = inTurns([...overdue.oldest, ...overdue.newest]).slice(0, AT_ONCE);
  await context.wakeLater(ids.map((deliveryId) => ({ deliveryId, at: now })));
}

/** The ids of these deliveries, each once: the first of each endpoint, then the second of each, and so on. */
function inTurns(deliveries: readonly OverdueDelivery[]): string[] {
  const unique = new Map(deliveries.map((delivery) => [delivery.id, delivery])).values();
  const byEndpoint = Map.groupBy(unique, ({ endpointId }) => endpointId).values();
  const turns = [...byEndpoint].flatMap((ofEndpoint) => ofEndpoint.map(({ id }, turn) => ({ id, turn })));
  return turns.sort((one, other) => one.turn - other.turn).map(({ id }) => id);
}
