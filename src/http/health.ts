import { Hono } from 'hono';
import { equalInConstantTime } from '../core/crypto.ts';
import { DRIFT_THRESHOLDS, type DriftFigure } from '../core/drift-thresholds.ts';
import { unavailable } from '../core/errors.ts';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { openDatabase } from '../db/client.ts';
import { type Backlog, readOneRow } from '../db/drift.ts';
import { type Drift, readDrift } from '../domain/drift.ts';
import { makeContext } from '../make-context.ts';
import type { AppEnv } from './app-env.ts';

/**
 * `/health` answers 200 if the Worker runs and its configuration is complete, with `?deep=1` only if also the database
 * answers. `/health/drift` shows operators how much work is late, for example overdue deliveries, and answers 503 if a
 * figure is over its threshold.
 */
export const health = new Hono<AppEnv>();

health.get('/', async (c) => {
  c.header('Cache-Control', 'no-store');
  if (c.req.query('deep') !== '1') return c.json({ status: 'ok' });
  await readOneRow(openDatabase(c.env.DB)).catch((error) => {
    throw unavailable('The database does not answer, or has no tables yet.', error);
  });
  return c.json({ status: 'ok', database: 'ok' });
});

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
  const drift = await readDrift(context, config.driftThresholds);
  c.header('Cache-Control', 'no-store');
  return c.json({ data: presentDrift(drift, context.now()) }, drift.over.length > 0 ? 503 : 200);
});

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

function counted({ count, more }: Backlog) {
  return more ? { count, more } : { count };
}

/** What an operator does first about a figure that is over its threshold. */
const REMEDIES: Readonly<Record<DriftFigure, string>> = {
  open_sessions_past_expiry: 'The cron cannot read these sessions from Stripe: search the log for "not reconciled".',
  deliveries_overdue: 'Deliveries are not attempted: check the queues, and search the log for "not attempted".',
  outbox_age_seconds: 'New events do not go out: check the queues, and search the log for "not queued".',
  accounts_unread: 'The cron cannot read these accounts: search the log for "stripe events not read".',
  quarantine: 'Run `npm run admin -- quarantine list --remote`, correct what the reason names, and release the events.',
  dropped_stripe_events: "At Stripe, a live endpoint has the test mode's address: correct it.",
};

/** The answer of `/health/drift`. A count has `more` only if counting stopped at a limit. `now`: unix ms. */
function presentDrift(drift: Drift, now: number) {
  const { sessions, overdue, oldestUnattempted, unread, quarantine, latestQuarantined, dropped } = drift;
  return {
    over: drift.over.map(({ figure, value, threshold }) => ({
      figure,
      value,
      threshold,
      threshold_variable: DRIFT_THRESHOLDS[figure].variable,
      what_to_do: REMEDIES[figure],
    })),
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
