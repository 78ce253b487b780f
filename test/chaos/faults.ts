import type { Random } from './random.ts';

/** The faults of Stripe for the next second of a run: the body of `POST /_control/faults`. */
export function nextFaults(random: Random): object {
  // What is answered 429 was not done. All else may have been done.
  const failing = random.pick([
    { status: 429 },
    { status: 429, code: 'lock_timeout' },
    { status: random.pick([0, 500, 503]), after_commit: false },
    { status: random.pick([0, 500, 503]), after_commit: true },
    { status: random.pick([0, 500, 503]), after_commit: true },
  ]);
  return {
    drop_events: random.chance(0.25),
    duplicate_events: random.chance(0.3),
    reorder_events: random.chance(0.3),
    latency_ms: random.pick([0, 0, 20, 300]),
    ...(random.chance(0.6) ? { fail_next: { count: random.integer(1, 4), ...failing } } : {}),
  };
}

/** What else Stripe does in the next second of a run: the body of `POST /_control/conditions`. */
export function nextConditions(random: Random): object {
  return {
    list_lag_seconds: random.pick([0, 0, 1, 3]),
    refund_status: random.pick(['succeeded', 'succeeded', 'pending']),
    ...(random.chance(0.15) ? { forbid: random.pick(['other_platform', 'permission']) } : {}),
  };
}
