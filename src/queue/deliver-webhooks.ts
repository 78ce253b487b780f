import { DEFAULT_SHARD, shardOf } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { databaseOf } from '../db/client.ts';
import { deliver, type NextWake } from '../domain/webhooks/deliver.ts';
import type { Bindings, Config, DeliveryMessage } from '../env.ts';
import { keyringOf } from './keyring.ts';

/** The platform's longest delay of a message: 12 hours. */
const MAX_DELAY_SECONDS = 43_200;
const RETRY_DELAY_SECONDS = 30;

/**
 * Consumes wake-up calls: attempts what is due and sends the next call of each delivery that has to try again. Where the
 * database fails, every message comes again; what an attempt's answer could not be recorded for is sent again.
 */
export async function deliverWebhooks(
  batch: MessageBatch<DeliveryMessage>,
  env: Bindings,
  config: Config,
): Promise<void> {
  const byShard = Map.groupBy(batch.messages, (message) => shardOf(message.body.deliveryId) ?? DEFAULT_SHARD);
  for (const [shard, messages] of byShard) {
    try {
      const wakes = await deliverShard(shard, messages, env, config);
      await sendWakes(env.DELIVERIES, wakes);
      for (const message of messages) message.ack();
    } catch (error) {
      logLine('error', 'deliveries not attempted', { count: messages.length, error: describeError(error) });
      for (const message of messages) message.retry({ delaySeconds: RETRY_DELAY_SECONDS });
    }
  }
}

async function deliverShard(
  shard: string,
  messages: readonly Message<DeliveryMessage>[],
  env: Bindings,
  config: Config,
): Promise<NextWake[]> {
  const database = databaseOf(env, shard);
  if (!database) throw new RangeError(`No database is bound for the shard ${shard}`);
  const ids = [...new Set(messages.map((message) => message.body.deliveryId))];
  return await deliver(
    {
      database,
      keyring: await keyringOf(config),
      allowLocalWebhooks: config.allowLocalWebhooks,
      ownHosts: [new URL(config.publicUrl).host],
      now: Date.now,
      random: Math.random,
    },
    ids,
  );
}

/** A call that is lost here is healed by the sweep. */
async function sendWakes(queue: Queue<DeliveryMessage>, wakes: readonly NextWake[]): Promise<void> {
  if (wakes.length === 0) return;
  const now = Date.now();
  await queue.sendBatch(
    wakes.map((wake) => ({
      body: { deliveryId: wake.deliveryId },
      delaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((wake.at - now) / 1000))),
    })),
  );
}
