import { ApiError } from '../../../core/errors.ts';
import { type DeliveryView, findDelivery, restartDelivery } from '../../../db/deliveries.ts';
import { REPLAY_LIMIT_MS } from '../../../db/replays.ts';
import { auditOf, type Context } from '../../context.ts';
import { requireEnabled } from '../queries.ts';

/**
 * Queues a delivery again, whatever its status, with the full number of retries. If an attempt is under way now, the
 * delivery is sent again only if that attempt fails. `unlessSentSince` (unix ms): when the form that asks for it was made.
 * Does nothing if the delivery was queued again since then, so that the form sent twice sends it once. Throws `not_found`
 * if the delivery, its endpoint or its event does not exist, and `webhook_endpoint_disabled`.
 */
export async function redeliver(
  context: Context,
  id: string,
  { unlessSentSince }: { readonly unlessSentSince?: number } = {},
): Promise<DeliveryView> {
  const found = await findDelivery(context.database, context.workspace.id, id);
  if (!found?.endpoint || found.delivery.eventType === null) throw deliveryNotFound();
  // Events count as deleted after 30 days. Their rows are deleted a little later.
  if (found.delivery.createdAt < context.now() - REPLAY_LIMIT_MS) throw deliveryNotFound();
  requireEnabled(found.endpoint);
  const audit = auditOf(context, 'delivery.redeliver', id);
  const restarted = await restartDelivery(context.database, found.delivery, audit, unlessSentSince);
  if (restarted) {
    await context.wake([id]);
    return { ...found.delivery, ...restarted };
  }
  const present = await findDelivery(context.database, context.workspace.id, id);
  if (!present) throw deliveryNotFound();
  return present.delivery;
}

function deliveryNotFound(): ApiError {
  return new ApiError(
    'not_found',
    'No delivery with this id, of an event and endpoint that still exist, is in your workspace.',
  );
}
