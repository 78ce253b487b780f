import { DRIFT_FIGURES, type DriftFigure, type DriftValues } from '../core/drift-thresholds.ts';
import { type DriftRows, readDriftRows } from '../db/drift.ts';
import type { PlatformContext } from './context.ts';
import { OVERDUE_MS } from './webhooks/delivery/sweep.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** An account's Stripe events count as late after this time: those of an idle account are read every hour. */
const UNREAD_MS = 90 * MINUTE_MS;
const DROPPED_DAYS = 7;
/** Stripe sends these to live endpoints by itself, so they are no sign of a fault. */
const EXPECTED_DROPS: readonly string[] = ['test_event_on_live'];

/** A figure that is higher than its threshold. */
interface OverThreshold {
  readonly figure: DriftFigure;
  readonly value: number;
  readonly threshold: number;
}

/** How late the work of this service is, and what of it is over its threshold. */
export interface Drift extends DriftRows {
  readonly over: readonly OverThreshold[];
}

/** Reads how late the work for Stripe and merchants is, for operators. Contains no buyer's data. One round trip. */
export async function readDrift(context: PlatformContext, thresholds: DriftValues): Promise<Drift> {
  const now = context.now();
  const rows = await readDriftRows(context.database, {
    now,
    deliveriesDueBy: now - OVERDUE_MS,
    accountsReadSince: now - UNREAD_MS,
    quarantinedSince: now - DAY_MS,
    droppedSince: dayOf(now - (DROPPED_DAYS - 1) * DAY_MS),
    droppedLatelySince: dayOf(now - DAY_MS),
  });
  const values = valuesOf(rows, now);
  const all = DRIFT_FIGURES.map((figure) => ({ figure, value: values[figure], threshold: thresholds[figure] }));
  return { ...rows, over: all.filter(({ value, threshold }) => value > threshold) };
}

function valuesOf(rows: DriftRows, now: number): DriftValues {
  const secondsSince = (at: number | null) => (at === null ? 0 : Math.max(0, Math.floor((now - at) / 1000)));
  const dropped = rows.dropped.filter(({ reason }) => !EXPECTED_DROPS.includes(reason));
  return {
    open_sessions_past_expiry: secondsSince(rows.sessions.oldest),
    deliveries_overdue: secondsSince(rows.overdue.oldest),
    outbox_age_seconds: secondsSince(rows.oldestUnattempted),
    accounts_unread: rows.unread.count,
    quarantine: rows.quarantinedLately,
    dropped_stripe_events: dropped.reduce((total, { lately }) => total + lately, 0),
  };
}

/** The day of a time (unix ms) in UTC, YYYY-MM-DD. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
