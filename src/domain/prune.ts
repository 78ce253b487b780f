import { logLine } from '../core/log.ts';
import { DELIVERY_WINDOW_SECONDS } from '../core/schedules.ts';
import { deleteExpired, hasExpired, type Retention } from '../db/retention.ts';
import type { PlatformContext } from './context.ts';

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 30 * DAY_MS;
const DROPPED_KEPT_MS = 90 * DAY_MS;
/** For how long (ms) a delivery may be attempted after it was sent again, with an hour more for its last attempt. */
const ATTEMPTED_MS = DELIVERY_WINDOW_SECONDS * 1000 + 60 * 60_000;
/** A run ends when nothing is left, or after this time (ms); the next run does the rest. */
const RUN_MS = 20_000;

function retentionOf(now: number, auditDays: number): Retention {
  return {
    auditBefore: now - auditDays * DAY_MS,
    before: now - KEPT_MS,
    restartedAfter: now - ATTEMPTED_MS,
    droppedBefore: new Date(now - DROPPED_KEPT_MS).toISOString().slice(0, 10),
  };
}

/**
 * Deletes events with their deliveries and attempts, and quarantined Stripe events, after 30 days, because they contain
 * buyers' data. Deletes counts of dropped Stripe events after 90 days, and entries of the audit log after
 * `context.auditDays`. Works in batches of bounded size.
 */
export async function prune(context: PlatformContext): Promise<void> {
  const { database } = context;
  const retention = retentionOf(context.now(), context.auditDays);
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
