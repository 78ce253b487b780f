import { listOverdueDeliveryIds } from '../../../db/delivery-runs.ts';
import type { PlatformContext } from '../../context.ts';

/** A delivery this late has lost its wake-up call (ms). */
export const OVERDUE_MS = 60_000;
/** What one run takes on; the rest goes in the next. */
const AT_ONCE = 5_000;

/**
 * Wakes the deliveries that are overdue, of each endpoint the longest first: makes good every lost queue message. They go
 * beside the first attempts, so that what piles up holds up none of those.
 */
export async function sweepDeliveries(context: PlatformContext): Promise<void> {
  const now = context.now();
  const overdue = await listOverdueDeliveryIds(context.database, now - OVERDUE_MS, AT_ONCE);
  await context.wakeLater(overdue.map((deliveryId) => ({ deliveryId, at: now })));
}
