import { logLine } from '../core/log.ts';
import { DELIVERY_WINDOW_SECONDS } from '../core/schedules.ts';
import { deleteExpired, hasExpired, type Retention } from '../db/retention.ts';
import type { JobContext } from './context.ts';

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 30 * DAY_MS;
const DROPPED_KEPT_MS = 90 * DAY_MS;
const UNPAID_KEPT_MS = 90 * DAY_MS;
/** For how long (ms) a delivery may be attempted after it was sent again, with an hour more for its last attempt. */
const ATTEMPTED_MS = DELIVERY_WINDOW_SECONDS * 1000 + 60 * 60_000;
/** The statements of one batch. */
const BATCH_COST = { queries: 7, stripeCalls: 0 };

function retentionOf(now: number, auditDays: number): Retention {
  return {
    auditBefore: now - auditDays * DAY_MS,
    before: now - KEPT_MS,
    restartedAfter: now - ATTEMPTED_MS,
    unpaidBefore: now - UNPAID_KEPT_MS,
    droppedBefore: new Date(now - DROPPED_KEPT_MS).toISOString().slice(0, 10),
  };
}

/**
 * Deletes events with their deliveries and attempts, and quarantined Stripe events, after 30 days, because they contain
 * buyers' data. Deletes sessions 90 days after they expired unpaid, counts of dropped Stripe events after 90 days, and
 * entries of the audit log after `context.auditDays`. Works in batches of bounded size; what does not fit into the run's
 * budget is deleted by the next runs.
 */
export async function prune(context: JobContext): Promise<void> {
  const { database, budget } = context;
  const retention = retentionOf(context.now(), context.auditDays);
  if (!(await hasExpired(database, retention))) return;
  let rows = 0;
  let deleted: number;
  do {
    const end = budget.begin(BATCH_COST);
    if (!end) break;
    deleted = await deleteExpired(database, retention);
    rows += deleted;
    end();
  } while (deleted > 0 && !budget.isOver);
  logLine('info', 'pruned', { rows });
}
