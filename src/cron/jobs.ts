import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import type { PlatformContext } from '../domain/context.ts';
import { sweepDeliveries } from '../domain/webhooks/delivery/sweep.ts';
import type { Bindings, Config } from '../env.ts';
import { makeContext } from '../make-context.ts';
import { pollStripeEvents } from './poll-stripe-events.ts';
import { prune } from './prune.ts';
import { queueMissedEvents } from './queue-missed-events.ts';
import { reapplyQuarantined } from './reapply-quarantined.ts';
import { reconcile } from './reconcile.ts';

interface CronJob {
  readonly name: string;
  readonly run: (context: PlatformContext) => Promise<void>;
}

/**
 * The jobs that run every minute, one after the other. Stripe events are read before sessions, so that a payment's
 * event of `processing` comes before its event of `succeeded`. The sweep comes after both: it queues deliveries whose
 * queue message they could not send.
 */
const CRON_JOBS: readonly CronJob[] = [
  { name: 'reapply-quarantined', run: reapplyQuarantined },
  { name: 'poll-stripe-events', run: pollStripeEvents },
  { name: 'reconcile', run: reconcile },
  { name: 'queue-missed-events', run: queueMissedEvents },
  { name: 'sweep', run: sweepDeliveries },
  { name: 'prune', run: prune },
];

/** The context of the cron's jobs. */
export function cronContext(env: Bindings, config: Config): PlatformContext {
  const database = openDatabase(env.DB);
  return makeContext(env, config, { database, shard: DEFAULT_SHARD, actor: { kind: 'cron' }, requestId: null });
}

/** Runs every job once. A job that fails is logged, and the next one still runs. */
export async function runCronJobs(env: Bindings, config: Config): Promise<void> {
  const context = cronContext(env, config);
  for (const { name: job, run } of CRON_JOBS) {
    await run(context).catch((error) => logLine('error', 'cron job failed', { job, error: describeError(error) }));
  }
}
