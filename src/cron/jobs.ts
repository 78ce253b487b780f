import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { reconcileDueSessions } from '../domain/checkout/reconcile-sessions.ts';
import type { PlatformContext } from '../domain/context.ts';
import { prune } from '../domain/prune.ts';
import { resealSecrets } from '../domain/secrets/reseal.ts';
import { readDueAccounts } from '../domain/stripe-events/read-account-events.ts';
import { reapplyReleased } from '../domain/stripe-events/reapply.ts';
import { sweepDeliveries } from '../domain/webhooks/delivery/sweep.ts';
import { queueRestOfMissed } from '../domain/webhooks/replay/enable-endpoint.ts';
import type { Bindings, Config } from '../env.ts';
import { makeContext } from '../make-context.ts';
import { parseStripeEvent } from '../stripe/events.ts';

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
  { name: 'reapply-quarantined', run: (context) => reapplyReleased(context, parseStripeEvent) },
  { name: 'poll-stripe-events', run: readDueAccounts },
  { name: 'reconcile', run: reconcileDueSessions },
  { name: 'queue-missed-events', run: queueRestOfMissed },
  { name: 'sweep', run: sweepDeliveries },
  { name: 'reseal-secrets', run: resealSecrets },
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
