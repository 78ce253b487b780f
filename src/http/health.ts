import { Hono } from 'hono';
import { DRIFT_THRESHOLDS, type DriftFigure } from '../core/drift-thresholds.ts';
import { unavailable } from '../core/errors.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { openDatabases } from '../db/client.ts';
import { readOneRow } from '../db/drift.ts';
import { readShards } from '../db/shards.ts';
import { type Drift, readDrift } from '../domain/drift.ts';
import type { OperatorEnv } from './app-env.ts';
import { operator } from './middleware/operator.ts';

/**
 * `/health` answers 200 if the Worker runs and its configuration is complete, with `?deep=1` only if also the database
 * of every shard answers. `/health/drift` shows operators how much work is late, for example overdue deliveries, and
 * answers 503 if a figure is over its threshold or a shard does not answer.
 */
export const health = new Hono<OperatorEnv>();

health.get('/', async (c) => {
  c.header('Cache-Control', 'no-store');
  if (c.req.query('deep') !== '1') return c.json({ status: 'ok' });
  const answers = await readShards(openDatabases(c.env), readOneRow);
  const silent = answers.find((answer) => !answer.answers);
  if (silent) {
    throw unavailable(`The database of the shard ${silent.shard} does not answer, or has no tables yet.`, silent.error);
  }
  return c.json({ status: 'ok', database: 'ok' });
});

health.all('/drift', operator('GET'), async (c) => {
  const { context, config } = c.var;
  const drift = await readDrift(context, config.driftThresholds);
  const isAlarm = drift.over.length > 0 || drift.shards.some(({ answers }) => !answers);
  return c.json({ data: presentDrift(drift, context.now()) }, isAlarm ? 503 : 200);
});

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

function counted({ count, more }: Drift['toReseal']) {
  return more ? { count, more } : { count };
}

/** What an operator does first about a figure that is over its threshold. */
const REMEDIES: Readonly<Record<DriftFigure, string>> = {
  open_sessions_past_expiry: 'The cron cannot read these sessions from Stripe: search the log for "not reconciled".',
  deliveries_overdue: 'Deliveries are not attempted: check the queues, and search the log for "not attempted".',
  outbox_age_seconds: 'New events do not go out: check the queues, and search the log for "not queued".',
  accounts_unread: 'The cron cannot read these accounts: search the log for "stripe events not read".',
  accounts_refused: "Stripe refuses access to these accounts: check the platform's key of their mode first.",
  quarantine: 'Run `npm run admin -- quarantine list --remote`, correct what the reason names, and release the events.',
  dropped_stripe_events: "At Stripe, a live endpoint has the test mode's address: correct it.",
  webhook_secrets: 'Webhooks cannot be signed: put the missing version back into SECRETS_KEY (docs/admin.md).',
};

/** The answer of `/health/drift`. A count has `more` only if counting stopped at a limit. `now`: unix ms. */
function presentDrift(drift: Drift, now: number) {
  const { sessions, overdue, oldestUnattempted, unread, refused, quarantine, latestQuarantined, dropped } = drift;
  const { toReseal, unreadable } = drift;
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
    webhook_secrets: { to_reseal: counted(toReseal), unreadable: counted(unreadable) },
    shards: drift.shards,
  };
}
