import { WorkerEntrypoint } from 'cloudflare:workers';
import { type Bindings, requireConfig } from '../env.ts';
import { runJobs } from './jobs.ts';

/**
 * Runs the cron jobs of one shard in an invocation of its own, because Cloudflare limits the D1 queries of each
 * invocation. Only the cron of this Worker calls it.
 */
export class ShardCron extends WorkerEntrypoint<Bindings> {
  /** Runs every job of the shard once. Throws Error if the configuration has faults or no database is bound for it. */
  async run(shard: string): Promise<void> {
    await runJobs(this.env, requireConfig(this.env), shard);
  }
}
