import { Hono } from 'hono';
import { toRfc3339 } from '../core/rfc3339.ts';
import { type Drift, readDrift } from '../domain/drift.ts';
import type { OperatorEnv } from './app-env.ts';
import { operator } from './middleware/operator.ts';

/**
 * `/health` answers 200 if the Worker runs and its configuration is complete. `/health/drift` shows operators how much
 * work is late, for example overdue deliveries.
 */
export const health = new Hono<OperatorEnv>();

health.get('/', (c) => c.json({ status: 'ok' }));

health.all('/drift', operator(), async (c) => {
  const { context } = c.var;
  return c.json({ data: presentDrift(await readDrift(context), context.now()) });
});

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

function counted({ count, more }: Drift['toReseal']) {
  return more ? { count, more } : { count };
}

/** The answer of `/health/drift`. A count has `more` only if counting stopped at a limit. `now`: unix ms. */
function presentDrift(drift: Drift, now: number) {
  const { sessions, overdue, oldestUnattempted, unread, quarantine, latestQuarantined, dropped, toReseal, unreadable } =
    drift;
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
    webhook_secrets: { to_reseal: counted(toReseal), unreadable: counted(unreadable) },
  };
}
