import { deliveryIdFor } from '../../../core/derive.ts';
import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import { type DeliveryView, findDelivery } from '../../../db/deliveries.ts';
import { outboxToEndpointStatements } from '../../../db/outbox.ts';
import { auditOf, type Context } from '../../context.ts';
import { composeEvent } from '../compose-event.ts';
import type { WebhookPingData } from '../event-schemas.ts';
import { endpointNotFound, readEndpoint, requireEnabled } from '../queries.ts';

/**
 * Sends a `webhook.ping` to an endpoint of this workspace, whatever it is subscribed to, and answers its delivery. An
 * operation that is resumed is the same ping. Throws `not_found`, and `webhook_endpoint_disabled` for one that takes no events.
 */
export async function pingEndpoint(context: Context, id: string, operationId: string): Promise<DeliveryView> {
  const endpoint = await readEndpoint(context, id);
  requireEnabled(endpoint);
  const { database } = context;
  const data: WebhookPingData = { webhook_endpoint_id: id };
  const event = await composeEvent(context, { type: 'webhook.ping', subject: operationId, paymentId: null, data });
  const [, [queued]] = await database.batch([
    ...outboxToEndpointStatements(database, event, id),
    auditIfChangedStatement(database, auditOf(context, 'webhook_endpoint.ping', id)),
  ]);
  const deliveryId = deliveryIdFor(event.id, id);
  await context.wake([deliveryId]);
  if (queued) return { ...queued, eventType: event.type, attempts: [] };
  const earlier = await findDelivery(database, context.workspace.id, deliveryId);
  if (!earlier) requireEnabled(await readEndpoint(context, id));
  if (!earlier) throw endpointNotFound();
  return earlier.delivery;
}
