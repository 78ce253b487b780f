import { describeError, logLine } from '../core/log.ts';
import type { DeliveryMessage } from '../env.ts';

/** The platform's limit for one `sendBatch`. */
const BATCH = 100;

/** Sends deliveries on their way at once. A send that fails is logged and healed by the sweep: the rows are the truth. */
export function wakeDeliveries(
  queue: Queue<DeliveryMessage>,
  requestId: string | null,
): (deliveryIds: readonly string[]) => Promise<void> {
  return async (deliveryIds) => {
    for (let start = 0; start < deliveryIds.length; start += BATCH) {
      const messages = deliveryIds.slice(start, start + BATCH).map((deliveryId) => ({ body: { deliveryId } }));
      try {
        await queue.sendBatch(messages);
      } catch (error) {
        logLine('error', 'deliveries not queued', {
          request_id: requestId,
          count: messages.length,
          error: describeError(error),
        });
      }
    }
  };
}
