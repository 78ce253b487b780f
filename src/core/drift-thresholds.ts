/**
 * What `/health/drift` raises an alarm about. `variable` sets the threshold, else it is `byDefault`. A figure that is
 * higher than its threshold is an alarm.
 */
export const DRIFT_THRESHOLDS = {
  /** Seconds since the oldest session that is still open here has expired at Stripe. */
  open_sessions_past_expiry: { variable: 'DRIFT_SESSION_SECONDS', byDefault: 5400 },
  /** Seconds since the longest overdue delivery should have been attempted. */
  deliveries_overdue: { variable: 'DRIFT_DELIVERY_SECONDS', byDefault: 600 },
  /** Seconds that the oldest delivery without any attempt has waited. */
  outbox_age_seconds: { variable: 'DRIFT_OUTBOX_SECONDS', byDefault: 300 },
  /** How many accounts have Stripe events that were not read for too long. */
  accounts_unread: { variable: 'DRIFT_ACCOUNTS_UNREAD', byDefault: 0 },
  /** How many Stripe events were quarantined in the last 24 hours. */
  quarantine: { variable: 'DRIFT_QUARANTINED', byDefault: 0 },
  /** How many Stripe events were dropped today and yesterday (UTC), without test events on the live address. */
  dropped_stripe_events: { variable: 'DRIFT_DROPPED', byDefault: 0 },
} as const;

export type DriftFigure = keyof typeof DRIFT_THRESHOLDS;
export type DriftVariable = (typeof DRIFT_THRESHOLDS)[DriftFigure]['variable'];

/** A value for each figure: the present one, or its threshold. */
export type DriftValues = Readonly<Record<DriftFigure, number>>;

/** The figures of `DRIFT_THRESHOLDS`, in its order. */
export const DRIFT_FIGURES = Object.keys(DRIFT_THRESHOLDS).filter(
  (name): name is DriftFigure => name in DRIFT_THRESHOLDS,
);
