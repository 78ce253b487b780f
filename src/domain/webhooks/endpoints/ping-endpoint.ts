import { deliveryIdFor } from '../../../core/derive.ts';
import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import { type DeliveryView, findDelivery } from '../../../db/deliveries.ts';
import { outboxToEndpointStatements } from '../../../db/outbox.ts';
import { auditOf, type Context } from '../../context.ts';
import { composeEvent, pingData } from '../event-data.ts';
import { endpointNotFound, readEnabledEndpoint } from '../queries.ts';

/**
 * Queues a `webhook.ping` event for an endpoint of this workspace, whatever event types the endpoint is subscribed to.
 * Returns the delivery. A resumed operation makes no second ping. Throws `not_found` and `webhook_endpoint_disabled`.
 */
export async function pingEndpoint(
  context: Context,
  { id, operationId }: { readonly id: string; readonly operationId: string },
): Promise<DeliveryView> {
  await readEnabledEndpoint(context, id);
  const { database } = context;
  const ping = { type: 'webhook.ping', subject: operationId, paymentId: null, data: pingData(id) } as const;
  const event = await composeEvent(context, ping);
  const [, [queued]] = await database.batch([
    ...outboxToEndpointStatements(database, event, id),
    auditIfChangedStatement(database, auditOf(context, 'webhook_endpoint.ping', id)),
  ]);
  const deliveryId = deliveryIdFor(event.id, id);
  await context.wake([deliveryId]);
  if (queued) return { ...queued, eventType: event.type, attempts: [] };
  const earlier = await findDelivery(database, context.workspace.id, deliveryId);
  if (earlier?.endpoint) return earlier.delivery;
  // The endpoint was disabled or deleted after it was read.
  await readEnabledEndpoint(context, id);
  throw endpointNotFound();
}
