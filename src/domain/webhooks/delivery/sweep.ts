import { listOverdueDeliveryIds } from '../../../db/delivery-runs.ts';
import type { PlatformContext } from '../../context.ts';

/** A delivery that is late by this much (ms) has probably lost its queue message. */
export const OVERDUE_MS = 60_000;
/** How many deliveries one run queues; the next run queues the rest. */
const AT_ONCE = 5_000;

/**
 * Queues overdue deliveries, whose queue message was probably lost, and those whose run was lost, the longest overdue of
 * each endpoint first. Uses the queue for retries, so that they delay no first attempt.
 */
export async function sweepDeliveries(context: PlatformContext): Promise<void> {
  const now = context.now();
  const overdue = await listOverdueDeliveryIds(context.database, { now, dueBy: now - OVERDUE_MS }, AT_ONCE);
  await context.wakeLater(overdue.map((deliveryId) => ({ deliveryId, at: now })));
}
