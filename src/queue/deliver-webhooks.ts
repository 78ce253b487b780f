import { DEFAULT_SHARD, shardOf } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import type { PlatformContext } from '../domain/context.ts';
import { type DeliveryRun, LONGEST_RUN_MS, startDeliveries } from '../domain/webhooks/delivery/deliver.ts';
import { slowEndpoints } from '../domain/webhooks/delivery/slow-endpoints.ts';
import type { Bindings, Config, DeliveryMessage } from '../env.ts';
import { makeContext } from '../make-context.ts';

const RETRY_DELAY_SECONDS = 30;
/**
 * How long (ms) a batch waits for the end of its run, and again as long for each earlier run that has not ended yet. A
 * slower run ends in the background while the next batch is handled.
 */
const PATIENCE_MS = 100;

/**
 * The runs of this isolate that have not ended yet, and when each began (unix ms). One that has not ended after
 * `LONGEST_RUN_MS` was cut off by the platform.
 */
const unfinished = new Map<DeliveryRun, number>();

/**
 * Handles queue messages: attempts the deliveries that are due, and queues each delivery again that must be retried.
 * From the queue of first attempts, deliveries to endpoints that fail or do not answer are moved to the retry queue, so
 * that they delay no others. Where the database of a shard fails, all messages of this shard come again, and an attempt
 * whose outcome was not stored is made again.
 */
export async function deliverWebhooks(
  batch: MessageBatch<DeliveryMessage>,
  env: Bindings,
  config: Config,
  execution: ExecutionContext,
): Promise<void> {
  const byShard = Map.groupBy(batch.messages, (message) => shardOf(message.body.deliveryId) ?? DEFAULT_SHARD);
  const takes = batch.queue.endsWith('retries') ? 'all' : 'first_attempts';
  const deliverOfShard = async ([shard, messages]: [string, Message<DeliveryMessage>[]]) => {
    try {
      const ids = [...new Set(messages.map((message) => message.body.deliveryId))];
      const context = makeContext(env, config, { shard, actor: { kind: 'system' }, requestId: null });
      const unanswered = unansweredEndpoints(context.now());
      await awaitBriefly(context, await startDeliveries(context, { ids, takes, unanswered }), execution);
      for (const message of messages) message.ack();
    } catch (error) {
      logLine('error', 'deliveries not attempted', { shard, count: messages.length, error: describeError(error) });
      for (const message of messages) message.retry({ delaySeconds: RETRY_DELAY_SECONDS });
    }
  };
  await Promise.all([...byShard].map(deliverOfShard));
}

/** Waits a short time for the end of a run. Throws where the run ends in this time and could not store its outcomes. */
async function awaitBriefly(context: PlatformContext, run: DeliveryRun, execution: ExecutionContext): Promise<void> {
  const beganAt = context.now();
  const { ended } = run;
  execution.waitUntil(ended.catch(() => undefined));
  await context.wakeLater(run.left);
  if (await isOverWithin(PATIENCE_MS * (1 + unfinished.size), ended)) return;
  unfinished.set(run, beganAt);
  const settled = ended
    .catch((error) => logLine('error', 'deliveries not recorded', { error: describeError(error) }))
    .finally(() => unfinished.delete(run));
  execution.waitUntil(settled);
}

/** The ids of endpoints that are slow to answer the unfinished runs of this isolate. Other isolates' runs are not known. */
function unansweredEndpoints(now: number): string[] {
  for (const [run, beganAt] of unfinished) if (now - beganAt > LONGEST_RUN_MS) unfinished.delete(run);
  return slowEndpoints(
    [...unfinished.keys()].map(({ hints }) => hints),
    now,
  );
}

async function isOverWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Logs queue messages that failed every time. No delivery is lost: its row stays pending, and the sweep queues it
 * again. But each such message means that this consumer or the database did not work for a while.
 */
export function recordDeadLetters(batch: MessageBatch<DeliveryMessage>): void {
  for (const message of batch.messages) {
    logLine('error', 'dead letter', { delivery: message.body.deliveryId, attempts: message.attempts });
    message.ack();
  }
}
