import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { DeliveryMessage } from '../../../src/env.ts';
import worker from '../../../src/index.ts';
import { countingD1 } from './counting.ts';
import { losingQueue } from './direct.ts';

/** A batch handed to a consumer: `answered` when the queue has its answer, `over` when every request has ended. */
export function hand(ids: readonly string[], queue: string) {
  const fresh = losingQueue();
  const retries = losingQueue();
  const database = countingD1(env.DB);
  const messages = ids.map((deliveryId, index) => ({
    id: `message-${index}`,
    timestamp: new Date(),
    attempts: 1,
    body: { deliveryId },
  }));
  const batch = createMessageBatch<DeliveryMessage>(queue, messages);
  const context = createExecutionContext();
  const answered = worker.queue(batch, { ...env, DB: database, DELIVERIES: fresh, RETRIES: retries }, context);
  return { answered, over: () => getQueueResult(batch, context), fresh: fresh.sent, retries: retries.sent, database };
}

/** The same, once every request has ended. */
export async function handAndFinish(ids: readonly string[], queue: string) {
  const handed = hand(ids, queue);
  await handed.answered;
  const { explicitAcks } = await handed.over();
  return { ...handed, acked: explicitAcks };
}
