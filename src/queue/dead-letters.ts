import { logLine } from '../core/log.ts';
import type { DeliveryMessage } from '../env.ts';

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
