import { WorkerEntrypoint } from 'cloudflare:workers';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { boundShards } from '../core/shards.ts';
import { type Bindings, requireConfig } from '../env.ts';
import { runJobs } from './jobs.ts';

/**
 * Runs the jobs of all shards at the same time: those of the first shard in this invocation, those of each further shard
 * in one of its own. `runElsewhere`: runs the jobs of one shard in another invocation. A shard that fails is logged and
 * stops no other.
 */
export async function runCron(env: Bindings, runElsewhere: (shard: string) => Promise<void>): Promise<void> {
  const config = requireConfig(env);
  const runShard = async ({ shard }: { readonly shard: string }) => {
    try {
      await (shard === DEFAULT_SHARD ? runJobs(env, config, shard) : runElsewhere(shard));
    } catch (error) {
      logLine('error', 'cron of a shard failed', { shard, error: describeError(error) });
    }
  };
  await Promise.all(boundShards(env).map(runShard));
}

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
