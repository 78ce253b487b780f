import { toRfc3339 } from '../core/rfc3339.ts';
import type { Backlog, DriftRows } from '../db/drift.ts';

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

function counted({ count, more }: Backlog) {
  return more ? { count, more } : { count };
}

/** The answer of `/health/drift`. `more` stands only where counting has stopped. `now`: unix ms. */
export function presentDrift(drift: DriftRows, now: number) {
  const { sessions, overdue, oldestUnattempted, unread, quarantine, latestQuarantined, dropped } = drift;
  return {
    open_sessions_past_expiry: { ...counted(sessions), oldest_expires_at: time(sessions.oldest) },
    deliveries_overdue: { ...counted(overdue), oldest_due_at: time(overdue.oldest) },
    outbox_age_seconds: oldestUnattempted === null ? 0 : Math.max(0, Math.floor((now - oldestUnattempted) / 1000)),
    accounts_unread: { ...counted(unread), oldest_read_to: time(unread.oldest) },
    quarantine: {
      ...counted(quarantine),
      oldest_received_at: time(quarantine.oldest),
      latest: latestQuarantined.map(({ id, stripeAccountId: account, type, reason, receivedAt }) => ({
        id,
        account,
        type,
        reason,
        received_at: toRfc3339(receivedAt),
      })),
    },
    dropped_stripe_events: Object.fromEntries(dropped.map(({ reason, count }) => [reason, count])),
  };
}
