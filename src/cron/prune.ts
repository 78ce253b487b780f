import { logLine } from '../core/log.ts';
import { DELIVERY_WINDOW_SECONDS } from '../core/schedules.ts';
import { deleteExpired, hasExpired, type Retention } from '../db/retention.ts';
import type { PlatformContext } from '../domain/context.ts';

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 30 * DAY_MS;
const DROPPED_KEPT_MS = 90 * DAY_MS;
/** A delivery sent anew may be attempted until its window is over, and a little longer: its last attempt takes time. */
const ATTEMPTED_MS = DELIVERY_WINDOW_SECONDS * 1000 + 60 * 60_000;
/** A run goes on until nothing is left, or time is up; the rest goes in the next. */
const RUN_MS = 20_000;

function retentionOf(now: number): Retention {
  return {
    before: now - KEPT_MS,
    restartedAfter: now - ATTEMPTED_MS,
    droppedBefore: new Date(now - DROPPED_KEPT_MS).toISOString().slice(0, 10),
  };
}

/**
 * Deletes, in bounded batches, events with their deliveries and attempts, and Stripe events that were set aside, after 30
 * days: they hold buyers' data. Counts of dropped Stripe events go after 90 days.
 */
export async function prune(context: PlatformContext): Promise<void> {
  const { database } = context;
  const retention = retentionOf(context.now());
  if (!(await hasExpired(database, retention))) return;
  const endsAt = context.now() + RUN_MS;
  let rows = 0;
  let deleted: number;
  do {
    deleted = await deleteExpired(database, retention);
    rows += deleted;
  } while (deleted > 0 && context.now() < endsAt);
  logLine('info', 'pruned', { rows });
}
