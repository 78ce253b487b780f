import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { countedBinding, openDatabase } from '../db/client.ts';
import { Budget, type JobLimits } from '../domain/budget.ts';
import { reconcileDueSessions } from '../domain/checkout/reconcile-sessions.ts';
import type { JobContext } from '../domain/context.ts';
import { prune } from '../domain/prune.ts';
import { resealSecrets } from '../domain/secrets/reseal.ts';
import { readDueAccounts } from '../domain/stripe-events/read-due-accounts.ts';
import { reapplyReleased } from '../domain/stripe-events/reapply.ts';
import { sweepDeliveries } from '../domain/webhooks/delivery/sweep.ts';
import { queueRest } from '../domain/webhooks/replay/queue-rest.ts';
import type { Bindings, Config } from '../env.ts';
import { gatewaysOf, makeContext } from '../make-context.ts';
import { parseStripeEvent } from '../stripe/events.ts';

interface CronJob {
  readonly name: string;
  readonly limits: JobLimits;
  readonly run: (context: JobContext) => Promise<void>;
}

/**
 * The jobs that run every minute, one after the other. The limits of all jobs together stay below Cloudflare's limits
 * for one invocation on Workers Paid (1,000 D1 queries, 10,000 subrequests) and end within a minute. Overdue deliveries
 * come first: merchants wait for them. Stripe events are read before sessions, so that a payment's event of `processing`
 * comes before its event of `succeeded`.
 */
export const CRON_JOBS = [
  { name: 'sweep', limits: { queries: 5, stripeCalls: 0, seconds: 4 }, run: sweepDeliveries },
  {
    name: 'reapply-quarantined',
    limits: { queries: 100, stripeCalls: 100, seconds: 5 },
    run: (context) => reapplyReleased(context, parseStripeEvent),
  },
  {
    name: 'poll-stripe-events',
    limits: { queries: 420, stripeCalls: 600, seconds: 20 },
    run: readDueAccounts,
  },
  { name: 'reconcile', limits: { queries: 300, stripeCalls: 400, seconds: 20 }, run: reconcileDueSessions },
  { name: 'queue-missed-events', limits: { queries: 70, stripeCalls: 0, seconds: 4 }, run: queueRest },
  { name: 'reseal-secrets', limits: { queries: 2, stripeCalls: 0, seconds: 1 }, run: resealSecrets },
  { name: 'prune', limits: { queries: 70, stripeCalls: 0, seconds: 5 }, run: prune },
] as const satisfies readonly CronJob[];

/** The context of one run of a job. */
export function jobContext(env: Bindings, config: Config, limits: JobLimits): JobContext {
  const budget = new Budget(limits, () => Date.now());
  const database = openDatabase(countedBinding(env.DB, (statements) => budget.countQueries(statements)));
  return {
    ...makeContext(env, config, { database, shard: DEFAULT_SHARD, actor: { kind: 'cron' }, requestId: null }),
    stripeOf: gatewaysOf(config, () => budget.countStripeCall()),
    budget,
  };
}

/** Runs every job once, each with a budget of its own. A job that fails is logged, and the next one still runs. */
export async function runCronJobs(env: Bindings, config: Config): Promise<void> {
  for (const { name: job, limits, run } of CRON_JOBS) {
    await run(jobContext(env, config, limits)).catch((error) =>
      logLine('error', 'cron job failed', { job, error: describeError(error) }),
    );
  }
}
