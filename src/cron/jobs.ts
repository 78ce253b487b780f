import type { Bindings, Config } from '../env.ts';
import { finishEnablings } from './finish-enablings.ts';
import { pollStripeEvents } from './poll-stripe-events.ts';
import { prune } from './prune.ts';
import { reconcile } from './reconcile.ts';
import { releaseQuarantined } from './release-quarantined.ts';
import { sweep } from './sweep.ts';

export interface CronJob {
  readonly name: string;
  readonly run: (env: Bindings, config: Config) => Promise<void>;
}

/**
 * What the cron does every minute, one after the other. Events are read before sessions, so that `processing` is told before
 * `succeeded`; the sweep comes after both and wakes what they have left behind.
 */
export const CRON_JOBS: readonly CronJob[] = [
  { name: 'release-quarantined', run: releaseQuarantined },
  { name: 'poll-stripe-events', run: pollStripeEvents },
  { name: 'reconcile', run: reconcile },
  { name: 'finish-enablings', run: finishEnablings },
  { name: 'sweep', run: sweep },
  { name: 'prune', run: prune },
];
