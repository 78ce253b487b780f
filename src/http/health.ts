import { Hono } from 'hono';
import { equalInConstantTime } from '../core/crypto.ts';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { openDatabase } from '../db/client.ts';
import type { Backlog, DriftRows } from '../db/drift.ts';
import { readDrift } from '../domain/drift.ts';
import { makeContext } from '../make-context.ts';
import type { AppEnv } from './app-env.ts';

/**
 * `/health` answers 200 if the Worker runs and its configuration is complete. `/health/drift` shows operators how much
 * work is late, for example overdue deliveries.
 */
export const health = new Hono<AppEnv>();

health.get('/', (c) => c.json({ status: 'ok' }));

// For all methods, so that no `Allow` header shows a path that only operators should know.
health.all('/drift', async (c) => {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  const expected = c.var.config.operatorToken;
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return c.notFound();
  if (expected === null || token === undefined || !(await equalInConstantTime(token, expected))) return c.notFound();
  const { config, requestId } = c.var;
  const caller = {
    database: openDatabase(c.env.DB),
    shard: DEFAULT_SHARD,
    actor: { kind: 'operator' },
    requestId,
  } as const;
  const context = makeContext(c.env, config, caller);
  const drift = await readDrift(context);
  c.header('Cache-Control', 'no-store');
  return c.json({ data: presentDrift(drift, context.now()) });
});

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

function counted({ count, more }: Backlog) {
  return more ? { count, more } : { count };
}

/** The answer of `/health/drift`. A count has `more` only if counting stopped at a limit. `now`: unix ms. */
function presentDrift(drift: DriftRows, now: number) {
  const { sessions, overdue, oldestUnattempted, unread, refused, quarantine, latestQuarantined, dropped } = drift;
  return {
    open_sessions_past_expiry: { ...counted(sessions), oldest_expires_at: time(sessions.oldest) },
    deliveries_overdue: { ...counted(overdue), oldest_due_at: time(overdue.oldest) },
    outbox_age_seconds: oldestUnattempted === null ? 0 : Math.max(0, Math.floor((now - oldestUnattempted) / 1000)),
    accounts_unread: { ...counted(unread), oldest_read_to: time(unread.oldest) },
    accounts_refused: { ...counted(refused), oldest_refused_at: time(refused.oldest) },
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
