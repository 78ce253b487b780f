import type { Database } from '../../../db/client.ts';
import { listOverdueDeliveryIds } from '../../../db/events.ts';

/** A delivery this late has lost its wake-up call. */
const OVERDUE_MS = 60_000;
/** What one run takes on; the rest goes in the next. */
const AT_ONCE = 5_000;

/** Wakes the deliveries that are overdue, of each endpoint the longest first: heals every lost queue message. Answers how many. */
export async function sweepDeliveries(context: {
  readonly database: Database;
  readonly now: () => number;
  readonly wake: (deliveryIds: readonly string[]) => Promise<void>;
}): Promise<number> {
  const overdue = await listOverdueDeliveryIds(context.database, context.now() - OVERDUE_MS, AT_ONCE);
  await context.wake(overdue);
  return overdue.length;
}
