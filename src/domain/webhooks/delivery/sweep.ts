import { listOverdueDeliveryIds } from '../../../db/delivery-runs.ts';
import type { PlatformContext } from '../../context.ts';

/** A delivery that is late by this much (ms) has lost its queue message. */
export const OVERDUE_MS = 60_000;
/** How many deliveries one run queues; the next run queues the rest. */
const AT_ONCE = 5_000;

/**
 * Queues the deliveries that are overdue because their queue message was lost, the longest overdue of each endpoint first. They
 * go to the queue of further attempts, so that they delay no first attempt.
 */
export async function sweepDeliveries(context: PlatformContext): Promise<void> {
  const now = context.now();
  const overdue = await listOverdueDeliveryIds(context.database, now - OVERDUE_MS, AT_ONCE);
  await context.wakeLater(overdue.map((deliveryId) => ({ deliveryId, at: now })));
}
