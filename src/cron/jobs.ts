import { describeError, logLine } from '../core/log.ts';
import { replaceDatabases } from '../core/shards.ts';
import { countedBinding, impatientBinding } from '../db/client.ts';
import { restoreEntries } from '../domain/accounts/restore-entries.ts';
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
 * The jobs that run every minute in each shard, one after the other. The limits of all jobs together stay below
 * Cloudflare's limits for one invocation on Workers Paid (1,000 D1 queries, 10,000 subrequests) and end within a minute.
 * Overdue deliveries come first: merchants wait for them. Stripe events are read before sessions, so that a payment's
 * event of `processing` comes before its event of `succeeded`.
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
  { name: 'restore-entries', limits: { queries: 4, stripeCalls: 0, seconds: 1 }, run: restoreEntries },
  { name: 'reconcile', limits: { queries: 300, stripeCalls: 400, seconds: 20 }, run: reconcileDueSessions },
  { name: 'queue-missed-events', limits: { queries: 70, stripeCalls: 0, seconds: 4 }, run: queueRest },
  { name: 'reseal-secrets', limits: { queries: 2, stripeCalls: 0, seconds: 1 }, run: resealSecrets },
  { name: 'prune', limits: { queries: 70, stripeCalls: 0, seconds: 5 }, run: prune },
] as const satisfies readonly CronJob[];

/** How long (ms) the jobs of one shard wait for the database of another, such as the first, which has the directory. */
const OTHER_SHARD_MS = 2_000;

/** The context of one run of a job in one shard. Throws `service_unavailable` if no database is bound for the shard. */
export function jobContext(env: Bindings, config: Config, shard: string, limits: JobLimits): JobContext {
  const budget = new Budget(limits, () => Date.now());
  const counted = replaceDatabases(env, (bound) => {
    const binding = bound.shard === shard ? bound.binding : impatientBinding(bound.binding, OTHER_SHARD_MS);
    return countedBinding(binding, (statements) => budget.countQueries(statements));
  });
  return {
    ...makeContext(counted, config, { shard, actor: { kind: 'cron' }, requestId: null }),
    stripeOf: gatewaysOf(config, () => budget.countStripeCall()),
    budget,
  };
}

/** Runs every job of one shard once, each with a budget of its own. A job that fails is logged, and the next one still runs. */
export async function runJobs(env: Bindings, config: Config, shard: string): Promise<void> {
  for (const { name: job, limits, run } of CRON_JOBS) {
    await run(jobContext(env, config, shard, limits)).catch((error) =>
      logLine('error', 'cron job failed', { job, shard, error: describeError(error) }),
    );
  }
}
