import { describeError, logLine } from '../core/log.ts';
import type { DeliveryMessage } from '../env.ts';

/** The platform's limit for one `sendBatch`. */
const BATCH = 100;
/** The platform's longest delay of a message: 12 hours. */
const MAX_DELAY_SECONDS = 43_200;

/** Sends deliveries on their way at once. A send that fails is logged and healed by the sweep: the rows are the truth. */
export function wakeDeliveries(
  queue: Queue<DeliveryMessage>,
  requestId: string | null,
): (deliveryIds: readonly string[]) => Promise<void> {
  return (deliveryIds) =>
    sendAll(
      queue,
      deliveryIds.map((deliveryId) => ({ body: { deliveryId } })),
      requestId,
    );
}

/** Like `wakeDeliveries`, each at its time (unix ms). */
export function wakeDeliveriesAt(
  queue: Queue<DeliveryMessage>,
): (wakes: readonly { readonly deliveryId: string; readonly at: number }[]) => Promise<void> {
  return (wakes) => {
    const now = Date.now();
    const delaySeconds = (at: number) => Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((at - now) / 1000)));
    return sendAll(
      queue,
      wakes.map(({ deliveryId, at }) => ({ body: { deliveryId }, delaySeconds: delaySeconds(at) })),
      null,
    );
  };
}

async function sendAll(
  queue: Queue<DeliveryMessage>,
  messages: readonly MessageSendRequest<DeliveryMessage>[],
  requestId: string | null,
): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    const part = messages.slice(start, start + BATCH);
    try {
      await queue.sendBatch(part);
    } catch (error) {
      logLine('error', 'deliveries not queued', {
        request_id: requestId,
        count: part.length,
        error: describeError(error),
      });
    }
  }
}
