import { DEFAULT_SHARD, shardOf } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { databaseOf } from '../db/client.ts';
import type { PlatformContext } from '../domain/context.ts';
import { type DeliveryRun, startDeliveries } from '../domain/webhooks/delivery/deliver.ts';
import { slowEndpoints } from '../domain/webhooks/delivery/slow-endpoints.ts';
import type { Bindings, Config, DeliveryMessage } from '../env.ts';
import { makeContext } from '../make-context.ts';

const RETRY_DELAY_SECONDS = 30;
/**
 * A batch keeps the queue waiting this long for answers, and longer for each run that goes on already. What is slower goes
 * on by itself while the next batch comes.
 */
const PATIENCE_MS = 100;

/** Longer than any run takes: one that has not ended by then was cut off, and its endpoints are asked again. */
const LONGEST_RUN_MS = 30_000;

/** The runs of this isolate that go on by themselves, and when each began (unix ms). */
const goingOn = new Map<DeliveryRun, number>();

/**
 * Consumes wake-up calls: attempts what is due and sends the next call of each delivery that has to try again. In the queue
 * of first attempts, deliveries of endpoints that fail or keep silent are handed on to the other one, so that they hold up
 * nobody. Where the database fails, every message comes again; what an attempt's answer could not be recorded for is sent
 * again.
 */
export async function deliverWebhooks(
  batch: MessageBatch<DeliveryMessage>,
  env: Bindings,
  config: Config,
  execution: ExecutionContext,
): Promise<void> {
  const takes = batch.queue.endsWith('retries') ? 'all' : 'first_attempts';
  const byShard = Map.groupBy(batch.messages, (message) => shardOf(message.body.deliveryId) ?? DEFAULT_SHARD);
  for (const [shard, messages] of byShard) {
    try {
      const ids = [...new Set(messages.map((message) => message.body.deliveryId))];
      const context = contextOf(shard, env, config);
      const unanswered = unansweredEndpoints(context.now());
      await follow(context, await startDeliveries(context, { ids, takes, unanswered }), execution);
      for (const message of messages) message.ack();
    } catch (error) {
      logLine('error', 'deliveries not attempted', { count: messages.length, error: describeError(error) });
      for (const message of messages) message.retry({ delaySeconds: RETRY_DELAY_SECONDS });
    }
  }
}

function contextOf(shard: string, env: Bindings, config: Config): PlatformContext {
  const database = databaseOf(env, shard);
  if (!database) throw new RangeError(`No database is bound for the shard ${shard}`);
  return makeContext(env, config, { database, shard, actor: { kind: 'system' }, requestId: null });
}

/** Waits for the end of a run, but not for endpoints that take long. Throws where it ended in time and was not recorded. */
async function follow(context: PlatformContext, run: DeliveryRun, execution: ExecutionContext): Promise<void> {
  const beganAt = context.now();
  const { ended } = run;
  execution.waitUntil(ended.catch(() => undefined));
  await context.wakeLater(run.left);
  if (await isOverWithin(PATIENCE_MS * (1 + goingOn.size), ended)) return;
  goingOn.set(run, beganAt);
  const settled = ended
    .catch((error) => logLine('error', 'deliveries not recorded', { error: describeError(error) }))
    .finally(() => goingOn.delete(run));
  execution.waitUntil(settled);
}

/** The endpoints that are slow to answer. Only a hint of this isolate; that one fails is in its row. */
function unansweredEndpoints(now: number): string[] {
  for (const [run, beganAt] of goingOn) if (now - beganAt > LONGEST_RUN_MS) goingOn.delete(run);
  return slowEndpoints(
    [...goingOn.keys()].map(({ hints }) => hints),
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
 * Wake-up calls that failed again and again. Nothing is lost with them: the delivery rows stay pending and the sweep wakes
 * them again. They are logged, because each one means that the consumer or the database was broken for a while.
 */
export function recordDeadLetters(batch: MessageBatch<DeliveryMessage>): void {
  for (const message of batch.messages) {
    logLine('error', 'dead letter', { delivery: message.body.deliveryId, attempts: message.attempts });
    message.ack();
  }
}
